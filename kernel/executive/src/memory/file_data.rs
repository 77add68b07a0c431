//! What a file contains: bytes of the archive, and pages once it is written.
//!
//! A page is made at its first write or view, and is from then on the one that
//! reads, writes and views of the file share. Behind the file's end a page holds
//! zeros, unless a view wrote there; what is left of that goes when the file
//! grows. Every page is charged to the machine.

mod image;

use core::ops::Range;
use core::sync::atomic::{AtomicU32, Ordering};

use arrayvec::ArrayVec;
use files::locks::{Locks, Owner};
use hal::Ref;
use hal::cpu::interrupts;
use hal::lock::Lock;
use hal::memory::{CommonFrame, CommonRow, OwnedFrame};
use hal::user::{self, UserFault};
use vm::PAGE_SIZE;

use super::Image;
use super::commit::Charge;
use super::touched::{RUN, TouchedPages};
use crate::io::Irp;
use crate::{Error, rank, scheduler};
use image::LastImage;

const PAGE_BYTES: usize = PAGE_SIZE as usize;
/// A row of pages that are made together.
const ROW_BYTES: u64 = CommonRow::PAGES * PAGE_SIZE;
/// What is copied at once.
const STRETCH_BYTES: u64 = 0x10_0000;
static ZEROS: [u8; PAGE_BYTES] = [0; PAGE_BYTES];

/// The longest file.
pub const MOST_BYTES: u64 = 1 << 44;

/// The content of a file.
pub struct FileData {
    /// What it was in the archive.
    origin: &'static [u8],
    /// How many sections show it.
    sections: AtomicU32,
    /// How many images of it are held that are not the archive's.
    images: AtomicU32,
    state: Lock<rank::FilePages, State>,
}

struct State {
    size_bytes: u64,
    /// How much of the origin still shows where there are no pages.
    origin_bytes: u64,
    pages: TouchedPages,
    charge: Charge,
    /// Whether it was, or a section that can write it was made.
    is_written: bool,
    /// Another after every change that is not by a view.
    version: u64,
    /// How many sections can write it.
    writers: u32,
    image: Option<LastImage>,
    locks: Locks<Ref<Irp>>,
}

/// Where the bytes of pages are.
enum Found {
    Frames(ArrayVec<CommonFrame, RUN>),
    /// Of one page, and zeros behind them.
    Origin(&'static [u8]),
}

/// Copies a part of a page that begins with these bytes and goes on with zeros.
fn read_origin(origin: &[u8], within: &Range<usize>, to: u64) -> Result<(), Error> {
    let there = within.start.min(origin.len())..within.end.min(origin.len());
    let copied = there.len();
    user::copy_out(to, origin.get(there).unwrap_or_default())?;
    let to = to.wrapping_add(u64::try_from(copied).unwrap_or(u64::MAX));
    let rest = within.len().saturating_sub(copied);
    Ok(user::copy_out(to, ZEROS.get(..rest).unwrap_or_default())?)
}

impl FileData {
    /// That of a file of the archive, or of an empty one.
    pub fn new(origin: &'static [u8]) -> Result<Ref<Self>, Error> {
        let origin_bytes = u64::try_from(origin.len()).map_err(|_| Error::TooLong)?;
        Ok(Ref::try_new(Self {
            origin,
            sections: AtomicU32::new(0),
            images: AtomicU32::new(0),
            state: Lock::new(State {
                size_bytes: origin_bytes,
                origin_bytes,
                pages: TouchedPages::new(),
                charge: Charge::to(None),
                is_written: false,
                version: 0,
                writers: 0,
                image: None,
                locks: Locks::new(),
            }),
        })?)
    }

    /// How long it is.
    pub fn size_bytes(&self) -> u64 {
        self.state.lock().size_bytes
    }

    /// How much memory it takes beside the archive.
    pub fn allocated_bytes(&self) -> u64 {
        let state = self.state.lock();
        let rounded = state
            .size_bytes
            .div_ceil(PAGE_SIZE)
            .saturating_mul(PAGE_SIZE);
        rounded.max(state.charge.pages().saturating_mul(PAGE_SIZE))
    }

    /// Whether it was this file of the archive.
    pub(super) fn is_from(&self, file: &'static [u8]) -> bool {
        !file.is_empty() && core::ptr::eq(self.origin, file)
    }

    /// The bytes of the archive, if the file still consists of nothing else.
    pub fn unchanged(&self) -> Option<&'static [u8]> {
        let state = self.state.lock();
        let whole = u64::try_from(self.origin.len()).ok()?;
        let is_whole = state.size_bytes == whole && state.origin_bytes == whole;
        (is_whole && !state.is_written).then_some(self.origin)
    }

    /// Notes that a section shows it, which then cannot become shorter, and may
    /// write it.
    pub(super) fn note_section(&self, writes: bool) {
        if writes {
            let mut state = self.state.lock();
            state.note_change();
            state.is_written = true;
            state.writers = state.writers.saturating_add(1);
        }
        self.sections.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that one no longer does.
    pub(super) fn forget_section(&self, writes: bool) {
        if writes {
            let mut state = self.state.lock();
            // What its views wrote nobody noted.
            state.note_change();
            state.writers = state.writers.saturating_sub(1);
        }
        self.sections.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether an image is made of it, or of what it was, and held.
    pub fn is_run(&self) -> bool {
        self.images.load(Ordering::Relaxed) != 0
            || (!self.origin.is_empty() && Image::is_in_use(self.origin))
    }

    /// Whether a section shows it.
    pub fn is_shown(&self) -> bool {
        self.sections.load(Ordering::Relaxed) != 0
    }

    /// The frame of a page, for views and writes.
    pub(super) fn page(&self, number: u64) -> Result<CommonFrame, Error> {
        let mut state = self.state.lock();
        let origin = self.origin_of(&state, number);
        state.page(number, origin)
    }

    /// Uses the locks on its bytes.
    pub fn with_locks<T>(&self, use_them: impl FnOnce(&mut Locks<Ref<Irp>>) -> T) -> T {
        use_them(&mut self.state.lock().locks)
    }

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
        for_each_stretch(offset, bytes, |at, bytes, done| {
            self.read_stretch(at, to.wrapping_add(done), bytes)
        })?;
        Ok(bytes)
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

    /// Makes the file longer, with zeros, or shorter.
    pub fn set_size(&self, size_bytes: u64) -> Result<(), Error> {
        if size_bytes > MOST_BYTES {
            return Err(Error::VolumeFull);
        }
        // Neither a view nor a program loses what it shows.
        let is_kept = size_bytes < self.size_bytes() && (self.is_shown() || self.is_run());
        if is_kept {
            return Err(Error::FileShown);
        }
        let mut state = self.state.lock();
        state.note_change();
        if size_bytes < state.size_bytes {
            state.shrink(size_bytes);
        }
        state.clear_behind_end();
        state.size_bytes = size_bytes;
        Ok(())
    }

    /// Where the bytes of up to so many pages are.
    fn find(&self, number: u64, pages: u64) -> Found {
        let mut state = self.state.lock();
        let frames = state.pages.run(number, pages);
        match frames.is_empty() {
            true => Found::Origin(self.origin_of(&state, number)),
            false => Found::Frames(frames),
        }
    }

    /// What the archive has of a page.
    fn origin_of(&self, state: &State, number: u64) -> &'static [u8] {
        let start = number.saturating_mul(PAGE_SIZE);
        let end = start.saturating_add(PAGE_SIZE).min(state.origin_bytes);
        let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
            return &[];
        };
        self.origin.get(start..end).unwrap_or_default()
    }
}

impl State {
    /// An image of what was there is not one of what is.
    fn note_change(&mut self) {
        self.version = self.version.wrapping_add(1);
    }

    fn page(&mut self, number: u64, origin: &[u8]) -> Result<CommonFrame, Error> {
        let charge = &mut self.charge;
        let made = self.pages.get_or_make(number, || {
            let frame = filled(origin)?;
            charge.add(1)?;
            Ok(frame)
        });
        Ok(made?.clone())
    }

    /// Cuts off what is behind that size, if there is anything.
    fn shrink(&mut self, size_bytes: u64) {
        if size_bytes < self.size_bytes {
            self.origin_bytes = self.origin_bytes.min(size_bytes);
            self.size_bytes = size_bytes;
            self.drop_behind_end();
            self.clear_behind_end();
        }
    }

    /// Lets go of the pages that lie wholly behind the file's end.
    fn drop_behind_end(&mut self) {
        let removed = self.pages.truncate(self.size_bytes.div_ceil(PAGE_SIZE));
        self.charge.sub(removed);
    }

    /// Has zeros from the file's end to the end of its page.
    fn clear_behind_end(&mut self) {
        let number = self.size_bytes.wrapping_div(PAGE_SIZE);
        let Ok(within) = usize::try_from(self.size_bytes.wrapping_rem(PAGE_SIZE)) else {
            return;
        };
        if let Some(frame) = self.pages.get(number)
            && within != 0
        {
            frame.clear(within, PAGE_BYTES.saturating_sub(within));
        }
    }
}

/// Without memory for a page the volume is full.
fn full(fault: UserFault) -> Error {
    match fault {
        UserFault::OutOfMemory => Error::VolumeFull,
        fault => fault.into(),
    }
}

/// A page that begins with these bytes and goes on with zeros.
fn filled(start: &[u8]) -> Result<CommonFrame, Error> {
    let mut frame = OwnedFrame::zeroed()?;
    if let Some(room) = frame.bytes_mut().get_mut(..start.len()) {
        room.copy_from_slice(start);
    }
    Ok(CommonFrame::of(frame))
}

/// Goes over a range in stretches, between which the clock and other threads get
/// their turn: where it begins, how long it is, and how many bytes came before it.
fn for_each_stretch(
    offset: u64,
    bytes: u64,
    mut use_stretch: impl FnMut(u64, u64, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut done = 0_u64;
    while done < bytes {
        let part = STRETCH_BYTES.min(bytes.saturating_sub(done));
        use_stretch(offset.saturating_add(done), part, done)?;
        done = done.saturating_add(part);
        if done < bytes {
            interrupts::let_pending_in();
            scheduler::yield_now();
        }
    }
    Ok(())
}

/// Goes over the parts of pages that a range consists of: the page, the part, and
/// how many bytes came before it.
fn for_each_page(
    offset: u64,
    bytes: u64,
    mut use_part: impl FnMut(u64, Range<usize>, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    for_each_part::<PAGE_SIZE>(offset, bytes, |at, part, done| {
        let start = in_page(at.wrapping_rem(PAGE_SIZE));
        let end = start.saturating_add(in_page(part));
        use_part(at.wrapping_div(PAGE_SIZE), start..end, done)
    })
}

/// Goes over a range in parts of so many bytes, a power of two, which end where a
/// multiple of them does: where each begins, how long it is, and how many bytes came
/// before it.
#[inline(always)]
fn for_each_part<const PART: u64>(
    offset: u64,
    bytes: u64,
    mut use_part: impl FnMut(u64, u64, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut done = 0_u64;
    while done < bytes {
        let at = offset.saturating_add(done);
        let part = PART
            .saturating_sub(at & PART.wrapping_sub(1))
            .min(bytes.saturating_sub(done));
        use_part(at, part, done)?;
        done = done.saturating_add(part);
    }
    Ok(())
}

/// A number of bytes of a page.
fn in_page(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(PAGE_BYTES)
}
