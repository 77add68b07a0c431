//! Pages that are made at their first touch and shown to all who look.

use alloc::vec::Vec;

use hal::memory::CommonFrame;

use crate::Error;

/// Those that have been touched.
pub(super) struct TouchedPages {
    /// Sorted by their numbers.
    pages: Vec<(u64, CommonFrame)>,
}

impl TouchedPages {
    /// None.
    pub(super) const fn new() -> Self {
        Self { pages: Vec::new() }
    }

    /// The frame of a page, if it has been touched.
    pub(super) fn get(&self, number: u64) -> Option<&CommonFrame> {
        let index = self.position(number).ok()?;
        self.pages.get(index).map(|(_, frame)| frame)
    }

    /// The frame of a page, which is made now if it has none.
    pub(super) fn get_or_make(
        &mut self,
        number: u64,
        make: impl FnOnce() -> Result<CommonFrame, Error>,
    ) -> Result<&CommonFrame, Error> {
        let index = match self.position(number) {
            Ok(index) => index,
            Err(index) => {
                self.pages.try_reserve(1)?;
                self.pages.insert(index, (number, make()?));
                index
            }
        };
        match self.pages.get(index) {
            Some((_, frame)) => Ok(frame),
            None => unreachable!("it was found or inserted there"),
        }
    }

    /// How many there are from a number up to another.
    pub(super) fn count(&self, from: u64, end: u64) -> u64 {
        let place = |number| self.position(number).unwrap_or_else(|index| index);
        let count = place(end).saturating_sub(place(from));
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// Lets go of the pages from a number on; how many that were.
    pub(super) fn truncate(&mut self, from: u64) -> u64 {
        let kept = self.position(from).unwrap_or_else(|index| index);
        let removed = self.pages.len().saturating_sub(kept);
        self.pages.truncate(kept);
        u64::try_from(removed).unwrap_or(u64::MAX)
    }

    fn position(&self, number: u64) -> Result<usize, usize> {
        // Most files are written in order.
        match self.pages.last() {
            Some((last, _)) if *last >= number => {
                self.pages.binary_search_by_key(&number, |(page, _)| *page)
            }
            _ => Err(self.pages.len()),
        }
    }
}
