//! Values at indexes that stay theirs; freed indexes are used again.

use alloc::vec::Vec;

use crate::OutOfMemory;
use crate::list::Place;

/// Where a value is, and which of the values that were there it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) index: u32,
    generation: u32,
}

enum State<T> {
    Used(T),
    /// The next free slot.
    Free(Place),
}

struct Slot<T> {
    generation: u32,
    state: State<T>,
}

pub(crate) struct Slab<T> {
    slots: Vec<Slot<T>>,
    free: Place,
    used: usize,
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Place::NONE,
            used: 0,
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// Makes sure that `more` values can be added without failing.
    pub(crate) fn reserve(&mut self, more: usize) -> Result<(), OutOfMemory> {
        let free = self.slots.len().saturating_sub(self.used);
        self.slots
            .try_reserve(more.saturating_sub(free))
            .map_err(|_| OutOfMemory)
    }

    /// Adds a value.
    pub(crate) fn insert(&mut self, value: T) -> Result<Key, OutOfMemory> {
        let index = match self.free.get() {
            Some(index) => index,
            None => {
                self.slots.try_reserve(1).map_err(|_| OutOfMemory)?;
                let index = u32::try_from(self.slots.len()).map_err(|_| OutOfMemory)?;
                if Place::from(index).is_none() {
                    return Err(OutOfMemory);
                }
                self.slots.push(Slot {
                    generation: 0,
                    state: State::Free(Place::NONE),
                });
                index
            }
        };
        let slot = self.slot_mut(index);
        let before = core::mem::replace(&mut slot.state, State::Used(value));
        let generation = slot.generation;
        if let State::Free(next) = before {
            self.free = next;
        }
        self.used = self.used.saturating_add(1);
        Ok(Key { index, generation })
    }

    /// Takes a value out.
    pub(crate) fn remove(&mut self, index: u32) -> T {
        let next = self.free;
        let slot = self.slot_mut(index);
        slot.generation = slot.generation.wrapping_add(1);
        match core::mem::replace(&mut slot.state, State::Free(next)) {
            State::Used(value) => {
                self.free = index.into();
                self.used = self.used.saturating_sub(1);
                value
            }
            State::Free(_) => unreachable!("nothing is at index {index} to be removed"),
        }
    }

    /// The index of a key whose value is still there.
    #[inline]
    pub(crate) fn find(&self, key: Key) -> Option<u32> {
        let slot = self.slots.get(usize::try_from(key.index).ok()?)?;
        let is_used = matches!(slot.state, State::Used(_));
        (is_used && slot.generation == key.generation).then_some(key.index)
    }

    /// The key of the value at an index that is in use.
    pub(crate) fn key(&self, index: u32) -> Key {
        let slot = usize::try_from(index)
            .ok()
            .and_then(|index| self.slots.get(index));
        match slot {
            Some(slot) => Key {
                index,
                generation: slot.generation,
            },
            None => unreachable!("there is no index {index}"),
        }
    }

    /// The value at an index that is in use.
    #[inline]
    pub(crate) fn at(&self, index: u32) -> &T {
        let slot = usize::try_from(index)
            .ok()
            .and_then(|index| self.slots.get(index));
        match slot {
            Some(Slot {
                state: State::Used(value),
                ..
            }) => value,
            _ => unreachable!("nothing is at index {index}"),
        }
    }

    /// The value at an index that is in use.
    #[inline]
    pub(crate) fn at_mut(&mut self, index: u32) -> &mut T {
        match &mut self.slot_mut(index).state {
            State::Used(value) => value,
            State::Free(_) => unreachable!("nothing is at index {index}"),
        }
    }

    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.slots.capacity()
    }

    /// Every index that is in use.
    #[cfg(test)]
    pub(crate) fn indexes(&self) -> Vec<u32> {
        let used = |slot: &Slot<T>| matches!(slot.state, State::Used(_));
        let indexes = (0..).zip(&self.slots);
        indexes
            .filter_map(|(index, slot)| used(slot).then_some(index))
            .collect()
    }

    #[inline]
    fn slot_mut(&mut self, index: u32) -> &mut Slot<T> {
        let slot = usize::try_from(index)
            .ok()
            .and_then(|index| self.slots.get_mut(index));
        match slot {
            Some(slot) => slot,
            None => unreachable!("there is no index {index}"),
        }
    }
}
