//! Copies of memory of a process that need not be the current one.

use hal::memory::address_space::Shown;
use vm::fault::{Fault, Mode};
use vm::{Access, Page, PageInfo, PageRange, State, VmError};

use super::fault::Resolution;
use super::space::Space;
use crate::Error;

/// A page may have to be entered, and then be copied.
const MOST_FAULTS: usize = 3;

impl Space {
    /// Copies from the process's memory; how many bytes could be read.
    pub fn read(&mut self, address: u64, to: &mut [u8]) -> usize {
        let mut done = 0_usize;
        while let Some((page, offset, part)) = next_part(address, done, to.len()) {
            let place = to.get_mut(done..).and_then(|rest| rest.get_mut(..part));
            let Some(place) = place else {
                break;
            };
            if self.touch(page, Access::Read).is_err() || !self.tables.read(page, offset, place) {
                break;
            }
            done = done.saturating_add(part);
        }
        done
    }

    /// Copies to the process's memory; how many bytes could be written.
    pub fn write(&mut self, address: u64, from: &[u8]) -> usize {
        let mut done = 0_usize;
        while let Some((page, offset, part)) = next_part(address, done, from.len()) {
            let piece = from.get(done..).and_then(|rest| rest.get(..part));
            let Some(piece) = piece else {
                break;
            };
            if self.touch(page, Access::Write).is_err() || !self.tables.write(page, offset, piece) {
                break;
            }
            done = done.saturating_add(part);
        }
        done
    }

    /// Enters all pages of a range, as if they were touched.
    pub fn enter(&mut self, range: PageRange) -> Result<(), Error> {
        if !self.is_committed(range) {
            return Err(VmError::NotCommitted.into());
        }
        for page in range.pages() {
            self.touch(page, Access::Read)?;
        }
        Ok(())
    }

    /// The first part of a range that is of a view and committed, and equal in
    /// everything.
    pub fn next_in_view(&self, range: PageRange) -> Option<PageRange> {
        let mut runs = self.regions.runs(range);
        let committed =
            runs.find(|info| info.kind.is_view() && matches!(info.state, State::Committed(_)))?;
        Some(committed.run.intersection(range))
    }

    /// Enters those pages of a range that can be.
    pub fn prefetch(&mut self, range: PageRange) {
        for page in range.pages() {
            // The others do not depend on it.
            let _ = self.touch(page, Access::Read);
        }
    }

    /// What a page shows, if it is entered.
    pub fn shown(&self, page: Page) -> Option<Shown> {
        self.tables.shown(page)
    }

    fn is_committed(&self, range: PageRange) -> bool {
        let committed = |run: &PageInfo| matches!(run.state, State::Committed(_));
        let pages = self.regions.runs(range).filter(committed).map(|run| {
            let part = run.run.intersection(range);
            part.size_pages()
        });
        pages.fold(0, u64::saturating_add) == range.size_pages()
    }

    /// Enters a page as the process itself would by touching it. Guards stay.
    pub(super) fn touch(&mut self, page: Page, access: Access) -> Result<(), Error> {
        let mode = Mode::Kernel;
        for _ in 0..MOST_FAULTS {
            let info = self.regions.look_up(page);
            if let Some(State::Committed(protection)) = info.map(|info| info.state)
                && protection.is_guard()
            {
                return Err(Error::AccessDenied);
            }
            let shown = self.tables.shown(page);
            if shown.is_some_and(|shown| shown.rights.allow(access)) {
                return Ok(());
            }
            match self.resolve_once(Fault { page, access, mode })? {
                Resolution::Retry(_) => {}
                _ => return Err(Error::AccessDenied),
            }
        }
        Err(Error::AccessDenied)
    }
}

/// The page, the offset in it and the length of the part that comes after `done`
/// of `total` bytes; `None`: there is none, or no such address.
fn next_part(address: u64, done: usize, total: usize) -> Option<(Page, usize, usize)> {
    let left = total.checked_sub(done).filter(|&left| left > 0)?;
    let at = address.checked_add(u64::try_from(done).ok()?)?;
    if at >= hal::memory::layout::USER_END {
        return None;
    }
    let offset = at.checked_rem(vm::PAGE_SIZE)?;
    let in_page = usize::try_from(vm::PAGE_SIZE.checked_sub(offset)?).ok()?;
    let offset = usize::try_from(offset).ok()?;
    Some((Page::containing(at), offset, left.min(in_page)))
}
