//! Ids of processes and threads: given out in order, never twice.
//!
//! An id is claimed first, which is where memory may run out, and names an
//! object once that is complete; between the two it is in use but not found.
//! The entries stand in one vector sorted by id: a claim goes to the end.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::fmt;

/// Ids are multiples of this; what is below is ignored, as NT does.
const STEP: u32 = 4;

/// Why there is no id. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdError {
    /// Exhaustion: all have been given out since the start.
    NoneLeft,
    /// Exhaustion: the kernel has no memory for a longer list.
    NoMemory,
}

impl IdError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::NoneLeft | Self::NoMemory => 0xC000_009A,
        }
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoneLeft => "all ids for processes and threads have been used",
            Self::NoMemory => "kernel memory for ids is exhausted",
        })
    }
}

/// The ids in use and their objects (the halves of NT `CLIENT_ID`).
#[derive(Debug)]
pub struct ClientIds<T> {
    entries: Vec<(u32, Option<T>)>,
    last: u32,
}

impl<T> ClientIds<T> {
    /// No ids yet; the first will be 4.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            last: 0,
        }
    }

    /// Takes the next id. It is in use until [`ClientIds::remove`].
    ///
    /// # Errors
    /// [`IdError`] says which exhaustion.
    pub fn claim(&mut self) -> Result<u32, IdError> {
        let id = self.last.checked_add(STEP).ok_or(IdError::NoneLeft)?;
        self.entries.try_reserve(1).map_err(|_| IdError::NoMemory)?;
        self.entries.push((id, None));
        self.last = id;
        Ok(id)
    }

    /// Makes an id that was claimed name an object.
    ///
    /// # Errors
    /// The object comes back if the id is not in use, or names one already.
    pub fn publish(&mut self, id: u32, object: T) -> Result<(), T> {
        let found = self.find(id).ok();
        match found.and_then(|index| self.entries.get_mut(index)) {
            Some((_, place @ None)) => {
                *place = Some(object);
                Ok(())
            }
            _ => Err(object),
        }
    }

    /// The object of an id. The two low bits are ignored.
    #[must_use]
    pub fn get(&self, id: u32) -> Option<&T> {
        let (_, object) = self.entries.get(self.find(id).ok()?)?;
        object.as_ref()
    }

    /// The object with the lowest id above this one: all of them in order,
    /// from 0 on, also when some come or go between the calls.
    #[must_use]
    pub fn next_after(&self, id: u32) -> Option<(u32, &T)> {
        let start = match self.find(id) {
            Ok(index) => index.saturating_add(1),
            Err(index) => index,
        };
        let rest = self.entries.get(start..)?;
        rest.iter()
            .find_map(|(id, object)| object.as_ref().map(|object| (*id, object)))
    }

    /// All objects in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.entries
            .iter()
            .filter_map(|(id, object)| object.as_ref().map(|object| (*id, object)))
    }

    /// Gives up an id, with its object if it names one. It is not used again.
    pub fn remove(&mut self, id: u32) -> Option<T> {
        let index = self.find(id).ok()?;
        let (_, object) = self.entries.remove(index);
        object
    }

    /// Ids in use, whether they name an object yet or not.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is in use.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where an id stands, or else where it would.
    fn find(&self, id: u32) -> Result<usize, usize> {
        let id = id & !STEP.wrapping_sub(1);
        self.entries.binary_search_by_key(&id, |(id, _)| *id)
    }
}

impl<T> Default for ClientIds<T> {
    fn default() -> Self {
        Self::new()
    }
}
