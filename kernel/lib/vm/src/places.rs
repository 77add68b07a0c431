//! Ranges of addresses of any length, taken and given back.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::{Page, PageRange};

/// Pages that stay free behind each range: what runs over its end faults.
const GUARD_PAGES: u64 = 1;

/// Which ranges within bounds are taken.
#[derive(Debug)]
pub struct Places {
    bounds: PageRange,
    /// In ascending order, each with its guard.
    taken: Vec<PageRange>,
}

/// There is no room for a range, or no memory to note it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlace;

impl Places {
    /// All free.
    #[must_use]
    pub const fn new(bounds: PageRange) -> Self {
        Self {
            bounds,
            taken: Vec::new(),
        }
    }

    /// Takes the lowest room there is for so many pages. Takes time proportional
    /// to the ranges that are taken.
    ///
    /// # Errors
    /// [`NoPlace`], and nothing has changed.
    pub fn take(&mut self, size_pages: u64) -> Result<PageRange, NoPlace> {
        self.taken.try_reserve(1).map_err(|_| NoPlace)?;
        let whole = size_pages.checked_add(GUARD_PAGES).ok_or(NoPlace)?;
        let mut start = self.bounds.start;
        let mut index = 0_usize;
        for next in &self.taken {
            if next.start.pages_since(start) >= whole {
                break;
            }
            start = next.end;
            index = index.saturating_add(1);
        }
        if self.bounds.end.pages_since(start) < whole {
            return Err(NoPlace);
        }
        self.taken.insert(index, PageRange::sized(start, whole));
        Ok(PageRange::sized(start, size_pages))
    }

    /// Gives back the range that begins at a page. False: none does.
    pub fn give_back(&mut self, start: Page) -> bool {
        let found = self.taken.binary_search_by_key(&start, |range| range.start);
        found.is_ok_and(|index| {
            self.taken.remove(index);
            true
        })
    }
}
