//! Reads what a file contains.

use core::ops::Range;

use alloc::vec::Vec;
use arrayvec::ArrayVec;
use files::locks::Owner;
use hal::memory::CommonFrame;
use hal::user;
use vm::PAGE_SIZE;

use super::super::touched::RUN;
use super::FileData;
use super::parts::{for_each_page, for_each_stretch, in_page};
use crate::Error;

/// So many at once: few files have holes.
static ZEROS: [u8; 256] = [0; 256];

/// Where the bytes of pages are.
pub(super) enum Found {
    Frames(ArrayVec<CommonFrame, RUN>),
    /// Of one page, and zeros behind them.
    Origin(&'static [u8]),
}

/// Copies a part of a page that begins with these bytes and goes on with zeros.
fn read_origin(origin: &[u8], within: &Range<usize>, to: u64) -> Result<(), Error> {
    let there = within.start.min(origin.len())..within.end.min(origin.len());
    let copied = there.len();
    user::copy_out(to, origin.get(there).unwrap_or_default())?;
    let mut to = to.wrapping_add(u64::try_from(copied).unwrap_or(u64::MAX));
    let mut left = within.len().saturating_sub(copied);
    while left != 0 {
        let part = ZEROS.get(..left).unwrap_or(&ZEROS);
        user::copy_out(to, part)?;
        to = to.wrapping_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        left = left.saturating_sub(part.len());
    }
    Ok(())
}

impl FileData {
    /// Copies so many bytes at an offset to the current process, as far as there
    /// are any and nobody else has locked them; how many there were.
    pub fn read_to_user(
        &self,
        owner: Owner,
        offset: u64,
        to: u64,
        bytes: u64,
    ) -> Result<u64, Error> {
        let mut state = self.state.lock();
        if !state.locks.is_empty() {
            state.locks.check_read(offset, bytes, owner)?;
        }
        let asked = bytes;
        let bytes = bytes.min(state.size_bytes.saturating_sub(offset));
        let (number, within) = (
            offset.wrapping_div(PAGE_SIZE),
            offset.wrapping_rem(PAGE_SIZE),
        );
        if within.saturating_add(bytes) <= PAGE_SIZE
            && let Some(frame) = state.pages.get(number).cloned()
        {
            // As most reads are.
            drop(state);
            frame.read_to_user(in_page(within), to, in_page(bytes))?;
            return Ok(bytes);
        }
        drop(state);
        if let Some(remote) = self.remote().filter(|_| !self.is_in_memory()) {
            return self.read_shared(remote, offset, asked, &mut |done, part| {
                Ok(user::copy_out(to.wrapping_add(done), part)?)
            });
        }
        for_each_stretch(offset, bytes, |at, bytes, done| {
            self.read_stretch(at, to.wrapping_add(done), bytes)
        })?;
        Ok(bytes)
    }

    /// Appends so many bytes at an offset to others, as far as there are any and nobody
    /// else has locked them.
    #[cold]
    pub fn append_to(
        &self,
        owner: Owner,
        offset: u64,
        bytes: u64,
        to: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let state = self.state.lock();
        state.locks.check_read(offset, bytes, owner)?;
        let bytes = bytes.min(state.size_bytes.saturating_sub(offset));
        drop(state);
        to.try_reserve_exact(usize::try_from(bytes).unwrap_or(usize::MAX))?;
        if let Some(remote) = self.remote().filter(|_| !self.is_in_memory()) {
            self.read_shared(remote, offset, bytes, &mut |_, part| {
                to.extend_from_slice(part);
                Ok(())
            })?;
            return Ok(());
        }
        for_each_page(offset, bytes, |number, within, _| {
            let start = to.len();
            to.resize(start.saturating_add(within.len()), 0);
            let part = to.get_mut(start..).unwrap_or_default();
            match self.find(number, 1) {
                Found::Frames(frames) => {
                    if let Some(frame) = frames.first() {
                        frame.read(within.start, part);
                    }
                }
                Found::Origin(origin) => {
                    let there = origin.get(within.start..).unwrap_or_default();
                    for (to, from) in part.iter_mut().zip(there) {
                        *to = *from;
                    }
                }
            }
            Ok(())
        })
    }

    fn read_stretch(&self, offset: u64, to: u64, bytes: u64) -> Result<(), Error> {
        let end_page = offset.saturating_add(bytes).div_ceil(PAGE_SIZE);
        let mut found = ArrayVec::new().into_iter();
        for_each_page(offset, bytes, |number, within, done| {
            let to = to.wrapping_add(done);
            let frame: CommonFrame = match found.next() {
                Some(frame) => frame,
                None => match self.find(number, end_page.saturating_sub(number)) {
                    Found::Origin(origin) => return read_origin(origin, &within, to),
                    Found::Frames(frames) => {
                        found = frames.into_iter();
                        match found.next() {
                            Some(frame) => frame,
                            None => return Ok(()),
                        }
                    }
                },
            };
            Ok(frame.read_to_user(within.start, to, within.len())?)
        })
    }

    /// Where the bytes of up to so many pages are.
    pub(super) fn find(&self, number: u64, pages: u64) -> Found {
        let mut state = self.state.lock();
        let frames = state.pages.run(number, pages);
        match frames.is_empty() {
            true => Found::Origin(self.origin_of(&state, number)),
            false => Found::Frames(frames),
        }
    }
}
