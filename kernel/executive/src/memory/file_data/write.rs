//! Writes what a file contains, and makes the pages for it.

use hal::memory::{CommonFrame, CommonRow};
use hal::user::UserFault;
use vm::PAGE_SIZE;

use super::parts::{for_each_page, for_each_part, for_each_stretch};
use super::{FileData, MOST_BYTES, PAGE_BYTES, State, filled};
use crate::Error;

/// A row of pages that are made together.
const ROW_BYTES: u64 = CommonRow::PAGES * PAGE_SIZE;

impl FileData {
    /// Copies so many bytes from the current process to an offset; the file grows
    /// if it must. Without room for all of it nothing is done; where bytes cannot be
    /// read, it has not grown, but what it had may be overwritten up to there.
    pub fn write_from_user(&self, offset: u64, from: u64, bytes: u64) -> Result<(), Error> {
        let end = offset.saturating_add(bytes);
        if end > MOST_BYTES {
            return Err(Error::VolumeFull);
        }
        let (mut promised, size_before) = self.promise(offset, end)?;
        let mut reached = offset;
        let written = for_each_stretch(offset, bytes, |at, bytes, done| {
            let from = from.wrapping_add(done);
            self.write_stretch(at, from, bytes, &mut promised)?;
            reached = at.saturating_add(bytes);
            Ok(())
        });
        let mut state = self.state.lock();
        // A view may have made some of the pages meanwhile.
        state.charge.sub(promised);
        // Unless another went on from there, or shows it.
        if written.is_err() && state.size_bytes == reached && !self.is_shown() {
            state.shrink(size_before);
        }
        written
    }

    /// Charges the pages of a range that are still to be made; how many, and how
    /// long the file is without them.
    fn promise(&self, offset: u64, end: u64) -> Result<(u64, u64), Error> {
        let mut state = self.state.lock();
        state.note_change();
        state.is_written |= offset < end;
        let (first, end) = (offset.wrapping_div(PAGE_SIZE), end.div_ceil(PAGE_SIZE));
        let missing = end
            .saturating_sub(first)
            .saturating_sub(state.pages.count(first, end));
        let charged = state.charge.add(missing);
        charged.map_err(|_| Error::VolumeFull)?;
        Ok((missing, state.size_bytes))
    }

    /// Writes without giving way to anybody, and makes the pages for it.
    fn write_stretch(
        &self,
        offset: u64,
        from: u64,
        bytes: u64,
        promised: &mut u64,
    ) -> Result<(), Error> {
        if offset > self.size_bytes() {
            self.state.lock().clear_behind_end();
        }
        let written = for_each_part::<ROW_BYTES>(offset, bytes, |at, part, done| {
            let from = from.wrapping_add(done);
            match part == ROW_BYTES && self.add_row(at.wrapping_div(PAGE_SIZE), from, promised)? {
                true => Ok(()),
                false => self.write_pages(at, from, part, promised),
            }
        });
        let mut state = self.state.lock();
        state.note_change();
        match written {
            Ok(()) => state.size_bytes = state.size_bytes.max(offset.saturating_add(bytes)),
            Err(_) => state.drop_behind_end(),
        }
        written
    }

    fn write_pages(
        &self,
        offset: u64,
        from: u64,
        bytes: u64,
        promised: &mut u64,
    ) -> Result<(), Error> {
        for_each_page(offset, bytes, |number, within, done| {
            let from = from.wrapping_add(done);
            if within.len() == PAGE_BYTES && !self.has_page(number) {
                return self.add_page(number, from, promised);
            }
            let frame = self.page_for_write(number, promised)?;
            Ok(frame.write_from_user(within.start, from, within.len())?)
        })
    }

    fn has_page(&self, number: u64) -> bool {
        self.state.lock().pages.get(number).is_some()
    }

    /// Makes the pages of a row of what the current process has at an address, as
    /// [`Self::add_page`] does; false: some are there, or there are no such frames.
    fn add_row(&self, number: u64, from: u64, promised: &mut u64) -> Result<bool, Error> {
        let is_missing = |state: &State| {
            let end = number.saturating_add(CommonRow::PAGES);
            state.pages.count(number, end) == 0
        };
        let (true, Some(rest)) = (
            is_missing(&self.state.lock()),
            promised.checked_sub(CommonRow::PAGES),
        ) else {
            return Ok(false);
        };
        let Some(row) = CommonRow::copied_from_user(from).map_err(full)? else {
            return Ok(false);
        };
        let mut state = self.state.lock();
        // A view of the file, from which it was copied, can have made one meanwhile.
        if !is_missing(&state) {
            return Ok(false);
        }
        let added = state.pages.add_row(number, row);
        added.map_err(|_| Error::VolumeFull)?;
        *promised = rest;
        Ok(true)
    }

    /// Makes a page of what the current process has at an address; what is there of
    /// the file need not be copied first.
    fn add_page(&self, number: u64, from: u64, promised: &mut u64) -> Result<(), Error> {
        let frame = CommonFrame::copied_from_user(from).map_err(full)?;
        let mut state = self.state.lock();
        if *promised == 0 {
            // Another cut off what was there when the write began.
            state.charge.add(1).map_err(|_| Error::VolumeFull)?;
            *promised = 1;
        }
        match state.pages.add(number, frame) {
            Ok(true) => {
                *promised = promised.saturating_sub(1);
                return Ok(());
            }
            Ok(false) => {}
            Err(_) => return Err(Error::VolumeFull),
        }
        drop(state);
        // A view of the file, from which it was copied, made the page meanwhile.
        let frame = self.page_for_write(number, promised)?;
        Ok(frame.write_from_user(0, from, PAGE_BYTES)?)
    }

    /// The frame of a page, one of those that are promised if it is made now.
    fn page_for_write(&self, number: u64, promised: &mut u64) -> Result<CommonFrame, Error> {
        let mut state = self.state.lock();
        let origin = self.origin_of(&state, number);
        let State { pages, charge, .. } = &mut *state;
        let made = pages.get_or_make(number, || {
            // The list may grow or a frame be missing: then the rest stays promised.
            let frame = filled(origin)?;
            match promised.checked_sub(1) {
                Some(rest) => *promised = rest,
                // It was there when the write began, and another cut it off.
                None => charge.add(1)?,
            }
            Ok(frame)
        });
        made.cloned().map_err(|_: Error| Error::VolumeFull)
    }
}

/// Without memory for a page the volume is full.
fn full(fault: UserFault) -> Error {
    match fault {
        UserFault::OutOfMemory => Error::VolumeFull,
        fault => fault.into(),
    }
}
