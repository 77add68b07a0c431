//! Values by small numbers, which are used again.

use alloc::vec::Vec;

use crate::Error;

/// A list with gaps.
pub(crate) struct Slots<T>(Vec<Option<T>>);

impl<T> Slots<T> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The number that the next value gets; adding it cannot fail.
    pub(crate) fn next(&mut self) -> Result<u32, Error> {
        let free = self.0.iter().position(Option::is_none);
        let number = match free {
            Some(number) => number,
            None => {
                self.0.try_reserve(1)?;
                self.0.len()
            }
        };
        u32::try_from(number).map_err(|_| Error::OutOfMemory)
    }

    /// Puts a value at the number that [`Slots::next`] gave.
    pub(crate) fn put(&mut self, number: u32, value: T) {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        match self.0.get_mut(index) {
            Some(slot) => *slot = Some(value),
            None => self.0.push(Some(value)),
        }
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.0.get(usize::try_from(number).ok()?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.0.get_mut(usize::try_from(number).ok()?)?.as_mut()
    }

    pub(crate) fn take(&mut self, number: u32) -> Option<T> {
        self.0.get_mut(usize::try_from(number).ok()?)?.take()
    }

    /// The first value from a number on, and its number.
    pub(crate) fn first_from(&self, number: u32) -> Option<(u32, &T)> {
        let first = usize::try_from(number).ok()?;
        let later = self.0.get(first..)?.iter().zip(number..);
        later
            .filter_map(|(slot, number)| Some((number, slot.as_ref()?)))
            .next()
    }

    pub(crate) fn clear(&mut self) {
        self.0 = Vec::new();
    }
}
