//! Images of what is in a file that was written.
//!
//! An image is made of a copy, so that no write or view can change what was
//! checked. The last one is known here while anybody holds it: until the file
//! changes, all who ask get that one.

use core::sync::atomic::Ordering;

use hal::Ref;
use hal::cpu::interrupts;
use hal::memory::Snapshot;
use pe::PeError;
use vm::PAGE_SIZE;

use super::parts::STRETCH_BYTES;
use super::read::Found;
use super::{FileData, PAGE_BYTES};
use crate::memory::commit::Charge;
use crate::memory::image::FilePlace;
use crate::memory::{HeldImage, Image};
use crate::{Error, scheduler};

/// What every program file begins with.
const START: &[u8; 2] = b"MZ";

/// The image that was made last.
pub(super) struct LastImage {
    image: Ref<Image>,
    /// Of which version of the file.
    version: u64,
}

impl FileData {
    /// The image of what is in the file now. A new one is told where the file is,
    /// and what may be its symbol table.
    pub fn image(
        this: &Ref<Self>,
        name: &str,
        place: impl FnOnce() -> Result<FilePlace, Error>,
        symbols: impl FnOnce() -> Option<&'static [u8]>,
    ) -> Result<HeldImage, Error> {
        if let Some(image) = this.last_image() {
            return Ok(image);
        }
        let (version, size_bytes) = {
            let state = this.state.lock();
            (state.version, state.size_bytes)
        };
        // NT takes no longer ones either.
        let bytes = u32::try_from(size_bytes).ok().filter(|&bytes| bytes != 0);
        let bytes = usize::try_from(bytes.ok_or(Error::NotForImage)?);
        let bytes = bytes.map_err(|_| Error::NotForImage)?;
        this.check_start()?;
        let mut charge = Charge::to(None);
        charge.add(size_bytes.div_ceil(PAGE_SIZE))?;
        let copy = Snapshot::new(bytes, |number, page| {
            this.copy_page(number, page);
            Ok::<_, Error>(())
        })?;
        let image = Image::of_copy(name, place()?, (this, copy, charge), symbols())?;
        let held = HeldImage::new(image.clone());
        let mut state = this.state.lock();
        let before = match state.version == version && state.writers == 0 {
            true => state.image.replace(LastImage { image, version }),
            false => None,
        };
        drop(state);
        // Outside the lock: it may have been the last reference.
        drop(before);
        Ok(held)
    }

    /// The image that was made last, if it still shows what is in the file.
    fn last_image(&self) -> Option<HeldImage> {
        let state = self.state.lock();
        let last = state.image.as_ref()?;
        let is_current = last.version == state.version && state.writers == 0;
        is_current.then(|| HeldImage::new(last.image.clone()))
    }

    /// Refuses what is no program before all of it is copied.
    fn check_start(&self) -> Result<(), Error> {
        let mut start = [0; START.len()];
        match self.find(0, 1) {
            Found::Origin(origin) => {
                for (to, from) in start.iter_mut().zip(origin) {
                    *to = *from;
                }
            }
            Found::Frames(frames) => {
                if let Some(frame) = frames.first() {
                    frame.read(0, &mut start);
                }
            }
        }
        match start == *START {
            true => Ok(()),
            false => Err(PeError::NotMz.into()),
        }
    }

    /// Copies a page; between stretches the clock and other threads get their turn.
    fn copy_page(&self, number: u64, to: &mut [u8; PAGE_BYTES]) {
        let end = number.saturating_add(1).saturating_mul(PAGE_SIZE);
        if end.is_multiple_of(STRETCH_BYTES) {
            interrupts::let_pending_in();
            scheduler::yield_now();
        }
        match self.find(number, 1) {
            Found::Origin(origin) => {
                if let Some(room) = to.get_mut(..origin.len()) {
                    room.copy_from_slice(origin);
                }
            }
            Found::Frames(frames) => {
                if let Some(frame) = frames.first() {
                    frame.read(0, to);
                }
            }
        }
    }

    /// Notes that an image of it is held.
    pub(in crate::memory) fn note_image(&self) {
        self.images.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that an image of it no longer is.
    pub(in crate::memory) fn forget_image(&self, image: &Image) {
        self.images.fetch_sub(1, Ordering::Relaxed);
        let mut state = self.state.lock();
        let is_last = |last: &LastImage| core::ptr::eq::<Image>(&*last.image, image);
        // Another may have asked for it meanwhile.
        let is_idle = state.image.as_ref().is_some_and(is_last) && !image.is_held();
        let forgotten = state.image.take_if(|_| is_idle);
        drop(state);
        drop(forgotten);
    }
}
