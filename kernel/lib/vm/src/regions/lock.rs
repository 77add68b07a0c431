//! `NtLockVirtualMemory`: pages that must stay in memory.
//!
//! All pages stay anyway; what is locked is noted because the calls say so, and
//! because a program may lock only so much.

use super::{Regions, State};
use crate::{Page, PageRange, VmError};

/// What keeps pages in memory: `MAP_PROCESS` and `MAP_SYSTEM` (phnt `ntmmapi.h`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locks(u8);

impl Locks {
    /// Nothing does.
    pub const NONE: Self = Self(0);

    /// Those of a call's number, of which there must be one.
    #[must_use]
    pub const fn from_nt(number: u32) -> Option<Self> {
        match number {
            1..=3 => Some(Self(number as u8)),
            _ => None,
        }
    }

    /// Whether one of these keeps pages in memory at all costs (`MAP_SYSTEM`).
    #[must_use]
    pub const fn is_system(self) -> bool {
        self.0 & 2 != 0
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Regions {
    /// Notes locks of committed pages, of up to `most_pages` in all; whether one of
    /// them was locked like that.
    pub fn lock(
        &mut self,
        range: PageRange,
        locks: Locks,
        most_pages: u64,
    ) -> Result<bool, VmError> {
        self.check_committed(range)?;
        let position = self.position(range.start);
        let mut was_locked = false;
        let mut more_pages = 0_u64;
        for run in self.runs_from(position, range.end) {
            was_locked |= run.locks.has_any(locks);
            if run.locks == Locks::NONE {
                more_pages = more_pages.saturating_add(run.pages_in(range));
            }
        }
        if self.locked_pages().saturating_add(more_pages) > most_pages {
            return Err(VmError::WorkingSetQuota);
        }
        self.make_room_for_cuts(range)?;
        self.change(position, range, |run| run.locks = run.locks.with(locks));
        Ok(was_locked)
    }

    /// Takes locks away that all the pages have.
    pub fn unlock(&mut self, range: PageRange, locks: Locks) -> Result<(), VmError> {
        self.check_committed(range)
            .map_err(|_| VmError::NotLocked)?;
        let position = self.position(range.start);
        if self
            .runs_from(position, range.end)
            .any(|run| !run.locks.has_all(locks))
        {
            return Err(VmError::NotLocked);
        }
        self.make_room_for_cuts(range)?;
        self.change(position, range, |run| run.locks = run.locks.without(locks));
        Ok(())
    }

    /// Whether anything keeps a page in memory.
    #[must_use]
    pub fn is_locked(&self, page: Page) -> bool {
        let run = self.runs.get(self.position(page));
        run.is_some_and(|run| run.range.start <= page && run.locks != Locks::NONE)
    }

    /// How many pages are locked.
    #[must_use]
    pub fn locked_pages(&self) -> u64 {
        let locked = self.runs.iter().filter(|run| run.locks != Locks::NONE);
        locked
            .map(|run| run.range.size_pages())
            .fold(0, u64::saturating_add)
    }

    /// Refuses a range of which a page is not committed.
    fn check_committed(&self, range: PageRange) -> Result<(), VmError> {
        let runs = self.runs_from(self.position(range.start), range.end);
        let committed = runs
            .filter(|run| run.state != State::Reserved)
            .fold(0, |pages: u64, run| {
                pages.saturating_add(run.pages_in(range))
            });
        match committed == range.size_pages() {
            true => Ok(()),
            false => Err(VmError::NotCommitted),
        }
    }
}
