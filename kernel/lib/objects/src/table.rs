//! The handle table: slots in one vector, the free ones in a list inside it.
//!
//! A slot holds an entry, or else the number of the next free slot; the list
//! is last in, first out. The slot remembers its generation through both.
//!
//! Rules that hold between any two calls: every free slot stands in the list
//! once; `len` counts the slots with an entry; none of these is below
//! `lowest_used`.

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use crate::handle::{LAST_SLOT, next_generation};
use crate::{Handle, HandleError};
use alloc::vec::Vec;

/// Most handles any table can have.
pub const MAX_HANDLES: u32 = LAST_SLOT;

/// End of the list of free slots: slot 0 is none.
const NO_SLOT: u32 = 0;

/// What a handle stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// The object.
    pub object: T,
    /// The access that was granted (NT `ACCESS_MASK`).
    pub access: u32,
    /// Child processes get it too (NT `OBJ_INHERIT`).
    pub inherit: bool,
    /// A close is refused (NT `HANDLE_FLAG_PROTECT_FROM_CLOSE`).
    pub protect_from_close: bool,
}

impl<T> Entry<T> {
    /// An entry with neither flag set.
    #[must_use]
    pub const fn new(object: T, access: u32) -> Self {
        Self {
            object,
            access,
            inherit: false,
            protect_from_close: false,
        }
    }
}

#[derive(Debug)]
enum State<T> {
    Used(Entry<T>),
    Free { next: u32 },
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    state: State<T>,
}

/// The handles of one process.
#[derive(Debug)]
pub struct HandleTable<T> {
    /// Slot 1 is the first element.
    slots: Vec<Slot<T>>,
    first_free: u32,
    lowest_used: u32,
    len: u32,
    most_handles: u32,
}

/// A place that is free for sure: the proof that an insertion cannot fail.
/// Dropped, it leaves the table as it was.
#[derive(Debug)]
pub struct Vacancy<'table, T> {
    slot: &'table mut Slot<T>,
    number: u32,
    next_free: u32,
    first_free: &'table mut u32,
    lowest_used: &'table mut u32,
    len: &'table mut u32,
}

impl<T> HandleTable<T> {
    /// An empty table for up to `most_handles` handles, which is cut to
    /// [`MAX_HANDLES`]: what bounds the kernel memory a program can take.
    #[must_use]
    pub const fn new(most_handles: u32) -> Self {
        Self {
            slots: Vec::new(),
            first_free: NO_SLOT,
            lowest_used: 1,
            len: 0,
            most_handles: if most_handles < MAX_HANDLES {
                most_handles
            } else {
                MAX_HANDLES
            },
        }
    }

    /// How many handles there are.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What a handle stands for. Every system call on an object comes by
    /// here: one bounds check, and slot and generation compared.
    #[inline]
    #[must_use]
    pub fn get(&self, handle: Handle) -> Option<&Entry<T>> {
        match self.slots.get(index(handle.slot()))? {
            Slot {
                generation,
                state: State::Used(entry),
            } if *generation == handle.generation() => Some(entry),
            _ => None,
        }
    }

    /// The same, to change its flags.
    #[must_use]
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut Entry<T>> {
        match self.slots.get_mut(index(handle.slot()))? {
            Slot {
                generation,
                state: State::Used(entry),
            } if *generation == handle.generation() => Some(entry),
            _ => None,
        }
    }

    /// Makes sure of a place, so that the caller still has the object when
    /// there is none.
    ///
    /// # Errors
    /// [`HandleError::TooMany`] or [`HandleError::NoMemory`].
    #[inline(always)]
    pub fn reserve(&mut self) -> Result<Vacancy<'_, T>, HandleError> {
        if self.first_free == NO_SLOT {
            self.grow(1)?;
        }
        let number = self.first_free;
        // The list holds free slots only, so neither failure happens.
        let slot = self
            .slots
            .get_mut(index(number))
            .ok_or(HandleError::Internal)?;
        let State::Free { next } = slot.state else {
            return Err(HandleError::Internal);
        };
        Ok(Vacancy {
            slot,
            number,
            next_free: next,
            first_free: &mut self.first_free,
            lowest_used: &mut self.lowest_used,
            len: &mut self.len,
        })
    }

    /// Adds an entry. On failure the entry is dropped: where its object must
    /// not be dropped, use [`HandleTable::reserve`].
    ///
    /// # Errors
    /// [`HandleError::TooMany`] or [`HandleError::NoMemory`].
    pub fn insert(&mut self, entry: Entry<T>) -> Result<Handle, HandleError> {
        Ok(self.reserve()?.insert(entry))
    }

    /// Adds an entry with this handle, as a process that inherits it from
    /// its parent needs it. The handles must come in the order of
    /// [`HandleTable::iter`], into a table that began empty.
    ///
    /// # Errors
    /// [`HandleError::TooMany`] if the slot is above what the table may have,
    /// [`HandleError::NoMemory`], [`HandleError::Internal`],
    /// [`HandleError::Invalid`] for a handle without a slot.
    pub fn insert_at(&mut self, handle: Handle, entry: Entry<T>) -> Result<(), HandleError> {
        if handle.slot() == NO_SLOT {
            return Err(HandleError::Invalid);
        }
        let missing = handle.slot().saturating_sub(self.slot_count());
        if missing == 0 {
            return Err(HandleError::Internal);
        }
        self.grow(missing)?;
        // Growing put the slots into the list in order: the last is first.
        let vacancy = self.reserve()?;
        vacancy.slot.generation = handle.generation();
        vacancy.insert(entry);
        Ok(())
    }

    /// Takes an entry out: the handle is closed. What becomes of the object
    /// is the caller's business, who may have a lock to release first.
    ///
    /// # Errors
    /// [`HandleError::Invalid`], or [`HandleError::NotClosable`] if the entry
    /// is protected from close.
    #[inline]
    pub fn remove(&mut self, handle: Handle) -> Result<Entry<T>, HandleError> {
        let entry = self.get(handle).ok_or(HandleError::Invalid)?;
        if entry.protect_from_close {
            return Err(HandleError::NotClosable);
        }
        self.release(handle).ok_or(HandleError::Invalid)
    }

    /// Takes out the entry with the lowest slot, protected or not: called
    /// until `None` when the process ends. All calls together look at each
    /// slot once.
    pub fn take_first(&mut self) -> Option<(Handle, Entry<T>)> {
        if self.is_empty() {
            return None;
        }
        let (handle, _) = self.iter_from(self.lowest_used).next()?;
        self.lowest_used = handle.slot();
        Some((handle, self.release(handle)?))
    }

    /// All handles and what they stand for, in order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, &Entry<T>)> {
        self.iter_from(self.lowest_used)
    }

    /// The first of them after a handle, or of all.
    pub fn next_after(&self, after: Option<Handle>) -> Option<(Handle, &Entry<T>)> {
        let first = after.map_or(self.lowest_used, |handle| handle.slot().saturating_add(1));
        self.iter_from(first).next()
    }

    /// The same from a slot on.
    fn iter_from(&self, first: u32) -> impl Iterator<Item = (Handle, &Entry<T>)> {
        let slots = self.slots.get(index(first)..).unwrap_or_default();
        (first..)
            .zip(slots)
            .filter_map(|(number, slot)| match &slot.state {
                State::Used(entry) => Some((Handle::new(number, slot.generation), entry)),
                State::Free { .. } => None,
            })
    }

    /// Frees the slot of a handle, which must be valid.
    #[inline]
    fn release(&mut self, handle: Handle) -> Option<Entry<T>> {
        let slot = self.slots.get_mut(index(handle.slot()))?;
        let free = State::Free {
            next: self.first_free,
        };
        let State::Used(entry) = core::mem::replace(&mut slot.state, free) else {
            return None;
        };
        slot.generation = next_generation(slot.generation);
        self.first_free = handle.slot();
        self.len = self.len.saturating_sub(1);
        Some(entry)
    }

    /// Adds free slots at the end, the highest first in the list.
    #[inline]
    fn grow(&mut self, count: u32) -> Result<(), HandleError> {
        let first = self.slot_count().saturating_add(1);
        let end = first.saturating_add(count);
        if end > self.most_handles.saturating_add(1) {
            return Err(HandleError::TooMany);
        }
        self.slots
            .try_reserve(count as usize)
            .map_err(|_| HandleError::NoMemory)?;
        for number in first..end {
            self.slots.push(Slot {
                generation: 0,
                state: State::Free {
                    next: self.first_free,
                },
            });
            self.first_free = number;
        }
        Ok(())
    }

    /// Slots there are, with an entry or without.
    fn slot_count(&self) -> u32 {
        // Never more than MAX_HANDLES.
        u32::try_from(self.slots.len()).unwrap_or(MAX_HANDLES)
    }
}

impl<T> Vacancy<'_, T> {
    /// The handle the entry will have.
    #[must_use]
    pub const fn handle(&self) -> Handle {
        Handle::new(self.number, self.slot.generation)
    }

    /// Puts the entry in.
    pub fn insert(self, entry: Entry<T>) -> Handle {
        let handle = self.handle();
        self.slot.state = State::Used(entry);
        *self.first_free = self.next_free;
        *self.lowest_used = self.number.min(*self.lowest_used);
        *self.len = self.len.saturating_add(1);
        handle
    }
}

/// Where a slot stands in the vector; slot 0 stands beyond any end.
#[inline]
const fn index(slot: u32) -> usize {
    (slot as usize).wrapping_sub(1)
}
