//! Stacks that grow: a guard page that moves down when it is touched.
//!
//! From the top: committed pages, one committed guard page, reserved pages,
//! and the lowest page, which is never usable. Touching the guard page makes
//! it usable and makes the page below the guard. In the pages that the thread
//! wants for itself then (`TEB.GuaranteedStackBytes`), there is no new guard and
//! the program gets `STATUS_STACK_OVERFLOW`; it has all of these to handle it.

use super::{CUTS, Kind, Place, Regions, State};
use crate::{Page, PageRange, Parameter, Protection, VmError};

/// Pages at the bottom of a stack that are never usable.
const LOWEST_PAGES: u64 = 1;
/// Pages of the guard.
const GUARD_PAGES: u64 = 1;

/// What touching the guard page came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackGrowth {
    /// The page is usable, and is the stack's limit now.
    Grown {
        /// The page below it, the guard now: an entry of it loses its rights.
        guard: Page,
    },
    /// The page is usable, and all below it that ever will be.
    Overflow {
        /// The lowest of them, the stack's limit now.
        limit: Page,
    },
    /// The page is not the guard page of a stack (any more).
    NotGuard,
}

impl Regions {
    /// Makes a stack of `size_pages`, of which the upper `committed_pages`
    /// are usable at once. Returns all its pages: the stack's base in NT's
    /// sense is their end, its limit `committed_pages` below that.
    pub fn place_stack(
        &mut self,
        place: Place,
        size_pages: u64,
        committed_pages: u64,
    ) -> Result<PageRange, VmError> {
        let usable_pages = size_pages.saturating_sub(LOWEST_PAGES.saturating_add(GUARD_PAGES));
        if committed_pages == 0 || committed_pages > usable_pages {
            return Err(VmError::InvalidParameter(Parameter::Unnumbered));
        }
        let charged_pages = committed_pages.saturating_add(GUARD_PAGES);
        self.check_commitment(charged_pages)?;
        self.make_room(CUTS.saturating_add(1))?;
        let protection = Protection::READ_WRITE;
        let range = self.place(place, size_pages, Kind::Stack, protection, State::Reserved)?;
        let limit = range.end.minus(committed_pages);
        self.commit_part(PageRange::new(limit, range.end), protection);
        let guard = PageRange::new(limit.minus(GUARD_PAGES), limit);
        self.commit_part(guard, protection.with_guard());
        Ok(range)
    }

    /// Opens the guard page of a stack and makes the page below the guard, or all
    /// of the lowest `guaranteed_pages` (at least one) that are to be usable if it is
    /// one of them.
    pub fn grow_stack(
        &mut self,
        page: Page,
        guaranteed_pages: u64,
    ) -> Result<StackGrowth, VmError> {
        let Some(info) = self.look_up(page) else {
            return Ok(StackGrowth::NotGuard);
        };
        let (Kind::Stack, State::Committed(protection)) = (info.kind, info.state) else {
            return Ok(StackGrowth::NotGuard);
        };
        if !protection.is_guard() {
            return Ok(StackGrowth::NotGuard);
        }
        let base = info.allocation_base;
        let guaranteed_pages = guaranteed_pages.max(1);
        if page.pages_since(base) < LOWEST_PAGES.saturating_add(guaranteed_pages) {
            let limit = page.min(base.plus(LOWEST_PAGES));
            let opened = PageRange::new(limit, page.plus(1));
            self.open(opened, protection.without_guard())?;
            return Ok(StackGrowth::Overflow { limit });
        }
        let opened = PageRange::sized(page, 1);
        let guard = page.minus(GUARD_PAGES);
        let below = self.look_up(guard).map(|below| below.state);
        self.check_commitment(u64::from(below == Some(State::Reserved)))?;
        self.make_room(CUTS.saturating_add(1))?;
        self.commit_part(opened, protection.without_guard());
        self.commit_part(PageRange::new(guard, page), protection.with_guard());
        Ok(StackGrowth::Grown { guard })
    }

    /// Commits pages of a stack for use, all or none.
    fn open(&mut self, range: PageRange, protection: Protection) -> Result<(), VmError> {
        let reserved_pages = self
            .runs_from(self.position(range.start), range.end)
            .filter(|run| run.state == State::Reserved)
            .fold(0, |pages: u64, run| {
                pages.saturating_add(run.pages_in(range))
            });
        self.check_commitment(reserved_pages)?;
        self.make_room_for_cuts(range)?;
        self.commit_part(range, protection);
        Ok(())
    }

    fn commit_part(&mut self, range: PageRange, protection: Protection) {
        self.change(self.position(range.start), range, |run| {
            run.state = State::Committed(protection);
            run.is_charged = true;
        });
    }
}
