//! Page and frame numbers: no address crosses a function as a bare integer.

/// Bytes in a page and in a frame (Intel SDM volume 3, 4.5).
pub const PAGE_SIZE: u64 = 0x1000;
/// log2 of [`PAGE_SIZE`].
pub const PAGE_SHIFT: u32 = 12;
/// Pages between two allocation bases (64 KiB, NT `MM_ALLOCATION_GRANULARITY`).
pub const GRANULARITY_PAGES: u64 = 16;

/// Number of a physical 4 KiB frame: the physical address divided by 4096.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame(pub u64);

impl Frame {
    /// The frame that holds a physical address.
    #[must_use]
    pub const fn containing(physical_address: u64) -> Self {
        Self(physical_address >> PAGE_SHIFT)
    }

    /// Physical address of the frame's first byte.
    #[must_use]
    pub const fn address(self) -> u64 {
        self.0 << PAGE_SHIFT
    }

    /// The frame `count` frames later.
    #[must_use]
    pub const fn plus(self, count: u64) -> Self {
        Self(self.0.saturating_add(count))
    }
}

/// Number of a virtual 4 KiB page: the virtual address divided by 4096.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page(pub u64);

impl Page {
    /// The page that holds a virtual address.
    #[must_use]
    pub const fn containing(address: u64) -> Self {
        Self(address >> PAGE_SHIFT)
    }

    /// Virtual address of the page's first byte.
    #[must_use]
    pub const fn address(self) -> u64 {
        self.0 << PAGE_SHIFT
    }

    /// The page `pages` pages later.
    #[must_use]
    pub const fn plus(self, pages: u64) -> Self {
        Self(self.0.saturating_add(pages))
    }

    /// The page `pages` pages earlier, or page 0.
    #[must_use]
    pub const fn minus(self, pages: u64) -> Self {
        Self(self.0.saturating_sub(pages))
    }

    /// Pages from `earlier` to this page; 0 when this page comes first.
    #[must_use]
    pub const fn pages_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The allocation granule (64 KiB) boundary at or below this page.
    #[must_use]
    pub const fn granule_down(self) -> Self {
        Self(self.0 & !GRANULE_MASK)
    }

    /// The allocation granule (64 KiB) boundary at or above this page.
    #[must_use]
    pub const fn granule_up(self) -> Self {
        Self(self.0.saturating_add(GRANULE_MASK) & !GRANULE_MASK)
    }
}

/// The bits of a page number below the allocation granularity.
const GRANULE_MASK: u64 = 15;
const _: () = assert!(GRANULE_MASK.wrapping_add(1) == GRANULARITY_PAGES);

/// Pages from `start` up to, not including, `end`; empty when they are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PageRange {
    /// First page.
    pub start: Page,
    /// One past the last page.
    pub end: Page,
}

impl PageRange {
    /// The pages from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: Page, end: Page) -> Self {
        Self { start, end }
    }

    /// `size_pages` pages from `start`.
    #[must_use]
    pub const fn sized(start: Page, size_pages: u64) -> Self {
        Self::new(start, start.plus(size_pages))
    }

    /// All pages that hold one of `size_bytes` bytes from `address`; `None`
    /// when the last byte would lie past the end of the 64-bit space.
    #[must_use]
    pub const fn covering(address: u64, size_bytes: u64) -> Option<Self> {
        let start = Page::containing(address);
        if size_bytes == 0 {
            return Some(Self::new(start, start));
        }
        match address.checked_add(size_bytes.wrapping_sub(1)) {
            Some(last) => Some(Self::new(start, Page::containing(last).plus(1))),
            None => None,
        }
    }

    /// Number of pages.
    #[must_use]
    pub const fn size_pages(self) -> u64 {
        self.end.pages_since(self.start)
    }

    /// Number of bytes.
    #[must_use]
    pub const fn size_bytes(self) -> u64 {
        self.size_pages() << PAGE_SHIFT
    }

    /// True when no page is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start.0 >= self.end.0
    }

    /// True when `page` is in it.
    #[must_use]
    pub const fn contains(self, page: Page) -> bool {
        self.start.0 <= page.0 && page.0 < self.end.0
    }

    /// True when every page of `other` is in it.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.start.0 <= other.start.0 && other.end.0 <= self.end.0
    }

    /// The pages in both ranges.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        let start = self.start.max(other.start);
        Self::new(start, self.end.min(other.end).max(start))
    }

    /// The pages, in order.
    pub fn pages(self) -> impl DoubleEndedIterator<Item = Page> {
        (self.start.0..self.end.0).map(Page)
    }
}
