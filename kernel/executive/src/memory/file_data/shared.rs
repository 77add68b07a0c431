//! What is in files of the host's.
//!
//! It is read there and written there, whenever a program does. For a section or an
//! image all of it comes to memory first, and stays as long as a section shows it:
//! who reads then sees what views write. What views have written goes to the host
//! when the file is flushed and when the last section goes: the pages that are not
//! what they were, for which each has a number that says so.

use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use hal::Ref;
use hal::memory::CommonFrame;
use vm::PAGE_SIZE;

use super::{FileData, PAGE_BYTES, filled};
use crate::Error;
use crate::io::{Remote, Turn};

/// Pages that came from the host.
#[derive(Default)]
pub(super) struct Loaded {
    is_loaded: bool,
    /// What says of each what was in it.
    digests: Vec<u64>,
    /// What says of the whole file what it was when an image was made.
    whole: u64,
}

/// Takes a part, and how many bytes came before it.
type Take<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;

impl FileData {
    /// That of a file of the host's.
    pub(crate) fn remote_file(remote: Ref<Remote>, size_bytes: u64) -> Result<Ref<Self>, Error> {
        Self::with_origin(&[], size_bytes, Some(remote))
    }

    /// What it is on the host, if it is there.
    pub(crate) fn remote(&self) -> Option<&Ref<Remote>> {
        self.remote.as_ref()
    }

    /// Whether another is of the same file of the host's.
    pub(crate) fn is_same_remote(&self, other: &Self) -> bool {
        match (&self.remote, &other.remote) {
            (Some(one), Some(other)) => one.number() == other.number(),
            _ => false,
        }
    }

    /// Notes how long it is on the host. What is in view keeps the length it has.
    pub(crate) fn note_size(&self, size_bytes: u64) {
        let mut state = self.state.lock();
        if !state.loaded.is_loaded {
            state.size_bytes = size_bytes;
        }
    }

    /// Gives so many bytes at an offset in parts, as far as there are any; how many in all.
    #[cold]
    pub(super) fn read_shared(
        &self,
        remote: &Ref<Remote>,
        offset: u64,
        bytes: u64,
        take: &mut Take<'_>,
    ) -> Result<u64, Error> {
        let mut turn = remote.share().turn()?;
        let fid = remote.reader()?;
        let mut done = 0_u64;
        while done < bytes {
            let rest = bytes.saturating_sub(done);
            let part = turn.read(fid, offset.saturating_add(done), rest)?;
            take(done, part)?;
            let read = u64::try_from(part.len()).unwrap_or(rest);
            done = done.saturating_add(read);
            // Only at its end there is less than is asked for.
            if read == 0 || read < turn.most_read().min(rest) {
                break;
            }
        }
        Ok(done)
    }

    /// Whether its pages are what is in it.
    pub(super) fn is_in_memory(&self) -> bool {
        self.remote.is_none() || self.state.lock().loaded.is_loaded
    }

    /// Writes bytes of the current process to the host, and to what is in view.
    pub(crate) fn write_shared(
        &self,
        turn: &mut Turn,
        remote: &Remote,
        offset: u64,
        from: u64,
        bytes: u64,
    ) -> Result<(), Error> {
        let fid = remote.writer()?;
        let mut done = 0_u64;
        while done < bytes {
            let (at, from) = (offset.saturating_add(done), from.wrapping_add(done));
            let rest = bytes.saturating_sub(done);
            let written = turn.write_from_user(fid, at, from, rest)?;
            done = done.saturating_add(written);
        }
        if self.is_in_memory() {
            return self.write_from_user(offset, from, bytes);
        }
        let mut state = self.state.lock();
        state.note_change();
        state.size_bytes = state.size_bytes.max(offset.saturating_add(bytes));
        Ok(())
    }

    /// Has all that is in it in memory.
    pub(crate) fn load(&self, turn: &mut Turn, remote: &Remote) -> Result<(), Error> {
        if self.state.lock().loaded.is_loaded {
            return Ok(());
        }
        let fid = remote.reader()?;
        let size_bytes = turn.size_of(remote)?;
        {
            let mut state = self.state.lock();
            state.shrink(0);
            state.loaded.digests.clear();
            state.size_bytes = size_bytes;
        }
        let mut whole = 0;
        let read = self.load_pages(turn, fid, size_bytes, &mut whole);
        let mut state = self.state.lock();
        if read.is_err() {
            state.shrink(0);
            state.size_bytes = size_bytes;
            return read;
        }
        if state.loaded.whole != whole {
            state.loaded.whole = whole;
            state.note_change();
        }
        state.is_written = true;
        state.loaded.is_loaded = true;
        Ok(())
    }

    fn load_pages(
        &self,
        turn: &mut Turn,
        fid: u32,
        size_bytes: u64,
        whole: &mut u64,
    ) -> Result<(), Error> {
        let mut offset = 0_u64;
        while offset < size_bytes {
            // Whole pages, so that each is read at once.
            let most = turn
                .most_read()
                .wrapping_div(PAGE_SIZE)
                .saturating_mul(PAGE_SIZE);
            let rest = size_bytes.saturating_sub(offset);
            let part = turn.read(fid, offset, rest.min(most))?;
            if part.is_empty() {
                // It became shorter meanwhile: zeros follow.
                break;
            }
            for (number, page) in (offset.wrapping_div(PAGE_SIZE)..).zip(part.chunks(PAGE_BYTES)) {
                let frame = filled(page)?;
                let digest = digest_of(&frame);
                *whole = whole.rotate_left(5) ^ digest;
                let mut state = self.state.lock();
                state.loaded.digests.try_reserve(1)?;
                state.charge.add(1)?;
                state.pages.add(number, frame)?;
                state.loaded.digests.push(digest);
            }
            let read = u64::try_from(part.len()).unwrap_or(rest);
            offset = offset.saturating_add(read);
            if !read.is_multiple_of(PAGE_SIZE) {
                break;
            }
        }
        Ok(())
    }

    /// Writes to the host what views have written.
    pub(crate) fn write_back(&self, turn: &mut Turn) -> Result<(), Error> {
        let Some(remote) = &self.remote else {
            return Ok(());
        };
        let Ok(fid) = remote.writer() else {
            return Ok(());
        };
        let mut number = 0_u64;
        loop {
            let changed = {
                let mut state = self.state.lock();
                if !state.loaded.is_loaded {
                    return Ok(());
                }
                state.next_changed(number)
            };
            let Some((page, frame, bytes)) = changed else {
                return Ok(());
            };
            let digest = digest_of(&frame);
            let size = usize::try_from(bytes).unwrap_or(PAGE_BYTES);
            let mut done = 0_usize;
            while done < size {
                let at = page.saturating_mul(PAGE_SIZE);
                let at = at.saturating_add(u64::try_from(done).unwrap_or(0));
                let rest = u64::try_from(size.saturating_sub(done)).unwrap_or(0);
                let written = turn.write(fid, at, rest, &mut |room| {
                    frame.read(done, room);
                    Ok(())
                })?;
                done = done.saturating_add(usize::try_from(written).unwrap_or(size));
            }
            self.state.lock().note_digest(page, digest);
            number = page.saturating_add(1);
        }
    }

    /// Writes to the host what views have written, and lets go of what was in memory,
    /// unless somebody has it in view still.
    pub(crate) fn settle(&self, turn: &mut Turn) -> Result<(), Error> {
        if self.sections.load(Ordering::Relaxed) != 0 {
            return Ok(());
        }
        let written = self.write_back(turn);
        let mut state = self.state.lock();
        if state.loaded.is_loaded {
            state.loaded.is_loaded = false;
            let size_bytes = state.size_bytes;
            state.shrink(0);
            state.size_bytes = size_bytes;
        }
        written
    }
}

impl super::State {
    /// The first page from a number on that is not what it was, and how much of it
    /// the file has.
    fn next_changed(&mut self, number: u64) -> Option<(u64, CommonFrame, u64)> {
        let end = self.size_bytes.div_ceil(PAGE_SIZE);
        for number in number..end {
            let known = usize::try_from(number).ok();
            let known = known.and_then(|number| self.loaded.digests.get(number).copied());
            let Some(frame) = self.pages.get(number) else {
                continue;
            };
            if known != Some(digest_of(frame)) {
                let start = number.saturating_mul(PAGE_SIZE);
                let bytes = self.size_bytes.saturating_sub(start).min(PAGE_SIZE);
                return Some((number, frame.clone(), bytes));
            }
        }
        None
    }

    fn note_digest(&mut self, number: u64, digest: u64) {
        let Ok(number) = usize::try_from(number) else {
            return;
        };
        let digests = &mut self.loaded.digests;
        if number >= digests.len() {
            let more = number.saturating_add(1).saturating_sub(digests.len());
            if digests.try_reserve(more).is_err() {
                // It is written again then.
                return;
            }
            digests.resize(number.saturating_add(1), 0);
        }
        if let Some(place) = digests.get_mut(number) {
            *place = digest;
        }
    }
}

/// A number for what is in a page: another for another content, but by chance.
fn digest_of(frame: &CommonFrame) -> u64 {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut page = [0; PAGE_BYTES];
    frame.read(0, &mut page);
    let words = page.chunks_exact(size_of::<u64>());
    words.fold(MIX, |digest, word| {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        (digest ^ word).wrapping_mul(MIX).rotate_left(29)
    })
}
