//! One directory of the namespace: names and what they stand for, sorted.
//!
//! The order is that of folded names, and among names that differ only in
//! case that of their units. Such names can live side by side, as on NT: who
//! cares about case may add `test` to `Test`. Who does not finds the first of
//! them, capitals first, and may add neither.

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use crate::name::{compare, search};
use crate::{Case, NameError, ObjectName};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The entries of a directory object.
#[derive(Debug)]
pub struct Directory<T> {
    entries: Vec<(ObjectName, T)>,
}

/// A name that is free and for which there is room: the proof that an
/// insertion cannot fail. Dropped, it leaves the directory as it was.
#[derive(Debug)]
pub struct FreeName<'directory, T> {
    entries: &'directory mut Vec<(ObjectName, T)>,
    position: usize,
    name: ObjectName,
}

impl<T> Directory<T> {
    /// An empty directory.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a name stands for.
    #[must_use]
    pub fn look_up(&self, name: &[u16], case: Case) -> Option<&T> {
        let (_, object) = self.entries.get(self.find(name, case).ok()?)?;
        Some(object)
    }

    /// Makes sure that a name is free and of memory for it, so that the
    /// caller still has the object when not.
    ///
    /// # Errors
    /// [`NameError::NameInvalid`] as [`ObjectName::new`],
    /// [`NameError::NameCollision`] by the rule `case`,
    /// [`NameError::NoMemory`].
    pub fn reserve(&mut self, name: &[u16], case: Case) -> Result<FreeName<'_, T>, NameError> {
        if self.find(name, case).is_ok() {
            return Err(NameError::NameCollision);
        }
        let position = match self.find(name, Case::Sensitive) {
            Ok(_) => return Err(NameError::NameCollision),
            Err(position) => position,
        };
        let name = ObjectName::new(name)?;
        self.entries
            .try_reserve(1)
            .map_err(|_| NameError::NoMemory)?;
        Ok(FreeName {
            entries: &mut self.entries,
            position,
            name,
        })
    }

    /// Adds an entry. On failure the object is dropped: where it must not be,
    /// use [`Directory::reserve`].
    ///
    /// # Errors
    /// As [`Directory::reserve`].
    pub fn insert(&mut self, name: &[u16], object: T, case: Case) -> Result<(), NameError> {
        self.reserve(name, case)?.insert(object);
        Ok(())
    }

    /// Takes out the entry of just this name.
    pub fn remove(&mut self, name: &[u16]) -> Option<T> {
        let position = self.find(name, Case::Sensitive).ok()?;
        let (_, object) = self.entries.remove(position);
        Some(object)
    }

    /// Takes out the last entry: called until `None` to empty a directory
    /// without dropping what is in it.
    pub fn take_last(&mut self) -> Option<(ObjectName, T)> {
        self.entries.pop()
    }

    /// The entry with this number in the order of names, for
    /// `NtQueryDirectoryObject`, whose callers count on by themselves.
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<(&ObjectName, &T)> {
        let (name, object) = self.entries.get(index)?;
        Some((name, object))
    }

    /// All entries in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectName, &T)> {
        self.entries.iter().map(|(name, object)| (name, object))
    }

    /// Where a name stands, or else where it belongs. Without regard to case
    /// it is the first of those that match.
    fn find(&self, name: &[u16], case: Case) -> Result<usize, usize> {
        let order = |other: &ObjectName| {
            let folded = compare(other.units(), name, Case::Insensitive);
            match case {
                Case::Insensitive => folded,
                Case::Sensitive => folded.then_with(|| other.units().cmp(name)),
            }
        };
        let order_at = |position: usize| Some(order(&self.entries.get(position)?.0));
        let mut position = search(self.entries.len(), order_at)?;
        while let Some(before) = position.checked_sub(1)
            && order_at(before) == Some(Ordering::Equal)
        {
            position = before;
        }
        Ok(position)
    }
}

impl<T> Default for Directory<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> FreeName<'_, T> {
    /// Gives the name to an object.
    pub fn insert(self, object: T) {
        self.entries.insert(self.position, (self.name, object));
    }
}
