//! The keys by number, whose numbers are never those of others.
//!
//! Keys lie in pieces of [`PIECE`], so that growing moves none of them and asks
//! for no large block of memory. A number has a generation: what is kept of a
//! key that is gone finds nothing, not the key that has its place.

use crate::RegistryError;
use alloc::vec::Vec;

/// Slots in a piece.
const PIECE: u32 = 32;

/// The number of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    index: u32,
    generation: u32,
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    content: Option<T>,
}

/// The store.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    pieces: Vec<Vec<Slot<T>>>,
    /// The free slots; the vector has room for all slots.
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self {
            pieces: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Makes sure that the next insertion succeeds.
    pub(crate) fn reserve(&mut self) -> Result<(), RegistryError> {
        if !self.free.is_empty() {
            return Ok(());
        }
        let first = u32::try_from(self.pieces.len())
            .ok()
            .and_then(|pieces| pieces.checked_mul(PIECE))
            .ok_or(RegistryError::Full)?;
        let end = first.checked_add(PIECE).ok_or(RegistryError::Full)?;
        let mut piece = Vec::new();
        piece.try_reserve_exact(PIECE as usize)?;
        self.pieces.try_reserve(1)?;
        // Nothing is free: room for all slots, so that removing needs none.
        self.free.try_reserve(end as usize)?;
        piece.extend((first..end).map(|_| Slot {
            generation: 1,
            content: None,
        }));
        self.pieces.push(piece);
        self.free.extend((first..end).rev());
        Ok(())
    }

    /// Adds a key.
    pub(crate) fn insert(&mut self, content: T) -> Result<KeyId, RegistryError> {
        self.reserve()?;
        let index = self.free.pop().ok_or(RegistryError::NoMemory)?;
        let slot = self.slot_mut(index).ok_or(RegistryError::NoMemory)?;
        slot.content = Some(content);
        let generation = slot.generation;
        Ok(KeyId { index, generation })
    }

    /// A key by number.
    pub(crate) fn get(&self, id: KeyId) -> Option<&T> {
        let (piece, offset) = place(id.index);
        let slot = self.pieces.get(piece)?.get(offset)?;
        (slot.generation == id.generation)
            .then_some(slot.content.as_ref())
            .flatten()
    }

    /// A key by number, to change it.
    pub(crate) fn get_mut(&mut self, id: KeyId) -> Option<&mut T> {
        let slot = self.slot_mut(id.index)?;
        (slot.generation == id.generation)
            .then_some(slot.content.as_mut())
            .flatten()
    }

    /// Takes out a key. Its slot is used again, unless its generations are used
    /// up.
    pub(crate) fn remove(&mut self, id: KeyId) -> Option<T> {
        let slot = self.slot_mut(id.index)?;
        if slot.generation != id.generation {
            return None;
        }
        let content = slot.content.take()?;
        slot.generation = slot.generation.saturating_add(1);
        let is_used_up = slot.generation == u32::MAX;
        if !is_used_up && self.free.len() < self.free.capacity() {
            self.free.push(id.index);
        }
        Some(content)
    }

    fn slot_mut(&mut self, index: u32) -> Option<&mut Slot<T>> {
        let (piece, offset) = place(index);
        self.pieces.get_mut(piece)?.get_mut(offset)
    }
}

/// The piece of a slot and its place there.
const fn place(index: u32) -> (usize, usize) {
    ((index / PIECE) as usize, (index % PIECE) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_finds_its_own_key_only() {
        let mut slab = Slab::new();
        let first = slab.insert('a').unwrap();
        assert_eq!(slab.remove(first), Some('a'));
        let second = slab.insert('b').unwrap();
        assert_eq!(second.index, first.index);
        assert_eq!(slab.get(first), None);
        assert_eq!(slab.get_mut(first), None);
        assert_eq!(slab.remove(first), None);
        assert_eq!(slab.get(second), Some(&'b'));
    }

    #[test]
    fn many_keys_lie_in_pieces() {
        let mut slab = Slab::new();
        let ids: Vec<_> = (0..1000).map(|n| slab.insert(n).unwrap()).collect();
        for (number, id) in ids.iter().enumerate() {
            assert_eq!(slab.get(*id), Some(&number));
        }
        for id in &ids {
            assert!(slab.remove(*id).is_some());
        }
        assert_eq!(slab.free.len(), slab.pieces.len() * PIECE as usize);
    }
}
