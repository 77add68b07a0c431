//! What a file contains: bytes of the archive, and pages once it is written.
//!
//! A page is made at its first write or view, and is from then on the one that
//! reads, writes and views of the file share. Behind the file's end a page holds
//! zeros, unless a view wrote there; what is left of that goes when the file
//! grows. Every page is charged to the machine.

mod image;
mod parts;
mod read;
mod shared;
mod write;

use core::sync::atomic::{AtomicU32, Ordering};

use files::locks::Locks;
use hal::Ref;
use hal::lock::Lock;
use hal::memory::{CommonFrame, OwnedFrame};
use vm::PAGE_SIZE;

use super::Image;
use super::commit::Charge;
use super::touched::TouchedPages;
use crate::io::{Irp, Remote};
use crate::{Error, rank};
use image::LastImage;
use shared::Loaded;

const PAGE_BYTES: usize = PAGE_SIZE as usize;

/// The longest file.
pub const MOST_BYTES: u64 = 1 << 44;

/// The content of a file.
pub struct FileData {
    /// What it was in the archive.
    origin: &'static [u8],
    /// What it is on the host, if it is there.
    remote: Option<Ref<Remote>>,
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
    loaded: Loaded,
}

impl FileData {
    /// That of a file of the archive, or of an empty one.
    #[inline]
    pub fn new(origin: &'static [u8]) -> Result<Ref<Self>, Error> {
        let origin_bytes = u64::try_from(origin.len()).map_err(|_| Error::TooLong)?;
        Self::with_origin(origin, origin_bytes, None)
    }

    #[inline]
    fn with_origin(
        origin: &'static [u8],
        size_bytes: u64,
        remote: Option<Ref<Remote>>,
    ) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            origin,
            remote,
            sections: AtomicU32::new(0),
            images: AtomicU32::new(0),
            state: Lock::new(State {
                size_bytes,
                origin_bytes: u64::try_from(origin.len()).unwrap_or(u64::MAX),
                pages: TouchedPages::new(),
                charge: Charge::to(None),
                is_written: false,
                version: 0,
                writers: 0,
                image: None,
                locks: Locks::new(),
                loaded: Loaded::default(),
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
    pub(crate) fn note_section(&self, writes: bool) {
        if writes {
            let mut state = self.state.lock();
            state.note_change();
            state.is_written = true;
            state.writers = state.writers.saturating_add(1);
        }
        self.sections.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that one no longer does.
    pub(crate) fn forget_section(&self, writes: bool) {
        if writes {
            let mut state = self.state.lock();
            // What its views wrote nobody noted.
            state.note_change();
            state.writers = state.writers.saturating_sub(1);
        }
        self.sections.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether an image is made of it, or of what it was, and held.
    #[inline]
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

    /// Whether it can be made so long: neither a view nor a program loses what it shows.
    pub fn check_size(&self, size_bytes: u64) -> Result<(), Error> {
        let is_shorter = size_bytes < self.size_bytes();
        match is_shorter && (self.is_shown() || self.is_run()) {
            true => Err(Error::FileShown),
            false => Ok(()),
        }
    }

    /// Makes the file longer, with zeros, or shorter.
    pub fn set_size(&self, size_bytes: u64) -> Result<(), Error> {
        if size_bytes > MOST_BYTES {
            return Err(Error::VolumeFull);
        }
        self.check_size(size_bytes)?;
        let mut state = self.state.lock();
        state.note_change();
        if size_bytes < state.size_bytes {
            state.shrink(size_bytes);
        }
        state.clear_behind_end();
        state.size_bytes = size_bytes;
        Ok(())
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

/// A page that begins with these bytes and goes on with zeros.
fn filled(start: &[u8]) -> Result<CommonFrame, Error> {
    let mut frame = OwnedFrame::zeroed()?;
    if let Some(room) = frame.bytes_mut().get_mut(..start.len()) {
        room.copy_from_slice(start);
    }
    Ok(CommonFrame::of(frame))
}
