//! How many pages of an address space show something.

/// Counts of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Residency {
    /// Those that show something.
    pub pages: u64,
    /// Those among them whose frame is this address space's alone.
    pub private_pages: u64,
    /// The most that ever showed something.
    pub peak_pages: u64,
}

impl Residency {
    #[inline]
    pub(super) fn add(&mut self, is_private: bool) {
        self.pages += 1;
        self.private_pages += u64::from(is_private);
        self.peak_pages = self.peak_pages.max(self.pages);
    }

    #[inline]
    pub(super) fn remove(&mut self, is_private: bool) {
        self.pages -= 1;
        self.private_pages -= u64::from(is_private);
    }

    /// A page's frame became the address space's own.
    #[inline]
    pub(super) fn own(&mut self) {
        self.private_pages += 1;
    }
}
