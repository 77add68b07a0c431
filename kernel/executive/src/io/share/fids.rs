//! The numbers that stand for files and directories of the host's.

use alloc::vec::Vec;

use super::Share;
use crate::Error;

/// Most of them.
const MOST: usize = 0x1_0000;

/// Which numbers are in use.
pub(super) struct Fids {
    all: Vec<State>,
    /// No free number is below this.
    first_free: usize,
    released: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Used,
    /// The host has yet to be told.
    Released,
}

/// A number that is in use until it is dropped.
pub(super) struct Fid {
    share: &'static Share,
    number: u32,
}

impl Fids {
    pub(super) const fn new() -> Self {
        Self {
            all: Vec::new(),
            first_free: 0,
            released: 0,
        }
    }

    fn take(&mut self) -> Result<u32, Error> {
        let rest = self.all.get(self.first_free..).unwrap_or_default();
        let free = rest.iter().position(|state| *state == State::Free);
        let number = match free {
            Some(free) => self.first_free.saturating_add(free),
            None if self.all.len() >= MOST => return Err(Error::TooManyHandles),
            None => {
                self.all.try_reserve(1)?;
                self.all.push(State::Free);
                self.all.len().saturating_sub(1)
            }
        };
        if let Some(state) = self.all.get_mut(number) {
            *state = State::Used;
        }
        self.first_free = number.saturating_add(1);
        u32::try_from(number).map_err(|_| Error::TooManyHandles)
    }

    fn release(&mut self, number: u32) {
        if let Ok(number) = usize::try_from(number)
            && let Some(state) = self.all.get_mut(number)
        {
            *state = State::Released;
            self.released = self.released.saturating_add(1);
        }
    }

    /// One that the host has yet to be told of, which is free then.
    pub(super) fn take_released(&mut self) -> Option<u32> {
        if self.released == 0 {
            return None;
        }
        let place = self
            .all
            .iter()
            .position(|state| *state == State::Released)?;
        self.released = self.released.saturating_sub(1);
        if let Some(state) = self.all.get_mut(place) {
            *state = State::Free;
        }
        self.first_free = self.first_free.min(place);
        u32::try_from(place).ok()
    }
}

impl Fid {
    /// One that stands for nothing yet.
    #[inline(never)]
    pub(super) fn new(share: &'static Share) -> Result<Self, Error> {
        let number = share.fids.lock().take()?;
        Ok(Self { share, number })
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }
}

impl Drop for Fid {
    #[inline(never)]
    fn drop(&mut self) {
        self.share.fids.lock().release(self.number);
    }
}
