//! What is asked page by page: what was written, is resident, is locked.
//!
//! Each search looks at a part of the range only, so that a caller can let others run
//! in between.

pub use hal::memory::address_space::Search;
use vm::{Locks, Page, PageRange, Protection, State};

use super::space::Space;
use crate::Error;

/// A page that shows something.
#[derive(Clone, Copy, Debug)]
pub struct Resident {
    /// Which.
    pub page: Page,
    /// What it allows now.
    pub protection: Protection,
    /// Whether its frame is this process's alone.
    pub is_private: bool,
    /// Whether it is locked.
    pub is_locked: bool,
}

impl Space {
    /// The pages of a range that lies in one watched allocation.
    pub fn watched(&self, address: u64, size_bytes: u64) -> Result<PageRange, Error> {
        Ok(self.regions.watched(address, size_bytes)?)
    }

    /// Searches a range for a page that was written since that was forgotten.
    pub fn next_written(&self, range: PageRange) -> Search {
        self.tables.next_written(range)
    }

    /// Forgets that a page was written.
    pub fn forget_write(&mut self, page: Page) {
        self.tables.forget_write(page);
    }

    /// Searches a range for a page that shows something.
    pub fn next_shown(&self, range: PageRange) -> Search {
        self.tables.next_shown(range)
    }

    /// What a page is, if it is resident.
    pub fn resident(&self, page: Page) -> Option<Resident> {
        let shown = self.tables.shown(page)?;
        let info = self.regions.look_up(page)?;
        let State::Committed(protection) = info.state else {
            return None;
        };
        // A copy that was made is written in place.
        let protection = match protection {
            Protection::WRITE_COPY if shown.is_private => Protection::READ_WRITE,
            protection => protection,
        };
        Some(Resident {
            page,
            protection,
            is_private: shown.is_private,
            is_locked: self.regions.is_locked(page),
        })
    }

    /// Pages of views of data sections that are committed, and not copies.
    pub fn shared_committed_pages(&self) -> u64 {
        let runs = self.regions.runs(self.regions.bounds());
        let shared = runs.filter(|info| {
            let copies = |protection: Protection| protection.is_copy_on_write();
            let is_data = matches!(info.kind, vm::Kind::Mapped { .. });
            is_data && matches!(info.state, State::Committed(now) if !copies(now))
        });
        shared.map(|info| info.run.size_pages()).sum()
    }

    /// Locks the pages of a range, up to so many in all; whether one was locked.
    pub fn lock(&mut self, range: PageRange, locks: Locks, most_pages: u64) -> Result<bool, Error> {
        let lock = |regions: &mut vm::Regions| regions.lock(range, locks, most_pages);
        Ok(self.regions.change(lock)?)
    }

    /// Takes locks away that all pages of a range have.
    pub fn unlock(&mut self, range: PageRange, locks: Locks) -> Result<(), Error> {
        Ok(self
            .regions
            .change(|regions| regions.unlock(range, locks))?)
    }
}
