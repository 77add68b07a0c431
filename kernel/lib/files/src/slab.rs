//! A store of nodes by number, whose numbers are never those of others.
//!
//! Nodes lie in pieces of [`PIECE`], so that growing moves none of them and
//! asks for no large block of memory. A number has a generation: what is kept
//! of a node that is gone finds nothing, not the node that has its place.

use crate::FileError;
use alloc::vec::Vec;

/// Slots in a piece.
const PIECE: u32 = 64;

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    index: u32,
    generation: u32,
}

impl NodeId {
    /// As a number that programs see (NT `FileInternalInformation`). Neither
    /// 0 nor -1, which mean that there is none.
    #[must_use]
    pub fn to_u64(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.index)
    }

    /// What a program passes: whether there is such a node the tree knows.
    #[must_use]
    pub fn from_u64(number: u64) -> Self {
        // Both halves fit.
        let half = |value: u64| u32::try_from(value & 0xFFFF_FFFF).unwrap_or_default();
        Self {
            index: half(number),
            generation: half(number >> 32),
        }
    }
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    content: Option<T>,
}

/// The store.
#[derive(Debug)]
pub struct Slab<T> {
    pieces: Vec<Vec<Slot<T>>>,
    /// The free slots, as many as the vector has room for all slots.
    free: Vec<u32>,
    len: u32,
    limit: u32,
}

impl<T> Slab<T> {
    /// An empty one for no more than `limit` nodes.
    pub const fn new(limit: u32) -> Self {
        Self {
            pieces: Vec::new(),
            free: Vec::new(),
            len: 0,
            limit,
        }
    }

    /// How many nodes there are.
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// The bytes of a slot, with the node in it.
    pub const SLOT_BYTES: usize = size_of::<Slot<T>>();

    /// How many slots are empty, and will be once so many nodes more are there.
    /// Their memory stays for the nodes to come.
    pub fn vacant(&self, more: u32) -> u32 {
        // Never more than there are numbers.
        let slots = u32::try_from(self.pieces.len()).unwrap_or(u32::MAX);
        let slots = slots.saturating_mul(PIECE);
        let len = self.len.saturating_add(more);
        slots.max(len.next_multiple_of(PIECE)).saturating_sub(len)
    }

    /// Makes sure that the next insertion succeeds.
    pub fn reserve(&mut self) -> Result<(), FileError> {
        if self.len >= self.limit {
            return Err(FileError::DiskFull);
        }
        if !self.free.is_empty() {
            return Ok(());
        }
        let first = u32::try_from(self.pieces.len())
            .ok()
            .and_then(|pieces| pieces.checked_mul(PIECE))
            .ok_or(FileError::DiskFull)?;
        let end = first.checked_add(PIECE).ok_or(FileError::DiskFull)?;
        let mut piece = Vec::new();
        let no_memory = |_| FileError::NoMemory;
        piece.try_reserve_exact(PIECE as usize).map_err(no_memory)?;
        self.pieces.try_reserve(1).map_err(no_memory)?;
        // Nothing is free: room for all slots, so that removing needs none.
        self.free.try_reserve(end as usize).map_err(no_memory)?;
        piece.extend((first..end).map(|_| Slot {
            generation: 1,
            content: None,
        }));
        self.pieces.push(piece);
        self.free.extend((first..end).rev());
        Ok(())
    }

    /// Adds a node.
    #[inline]
    pub fn insert(&mut self, content: T) -> Result<NodeId, FileError> {
        self.reserve()?;
        let index = self.free.pop().ok_or(FileError::NoMemory)?;
        let slot = self.slot_mut(index).ok_or(FileError::NoMemory)?;
        slot.content = Some(content);
        let generation = slot.generation;
        self.len = self.len.saturating_add(1);
        Ok(NodeId { index, generation })
    }

    /// A node by number.
    pub fn get(&self, id: NodeId) -> Option<&T> {
        let (piece, offset) = place(id.index);
        let slot = self.pieces.get(piece)?.get(offset)?;
        (slot.generation == id.generation)
            .then_some(slot.content.as_ref())
            .flatten()
    }

    /// A node by number, to change it.
    pub fn get_mut(&mut self, id: NodeId) -> Option<&mut T> {
        let slot = self.slot_mut(id.index)?;
        (slot.generation == id.generation)
            .then_some(slot.content.as_mut())
            .flatten()
    }

    /// Takes out a node. Its slot is used again, but for one whose
    /// generations are used up.
    pub fn remove(&mut self, id: NodeId) -> Option<T> {
        let slot = self.slot_mut(id.index)?;
        if slot.generation != id.generation {
            return None;
        }
        let content = slot.content.take()?;
        // One less than all, so that no number is -1.
        slot.generation = slot.generation.saturating_add(1);
        let is_used_up = slot.generation == u32::MAX;
        if !is_used_up && self.free.len() < self.free.capacity() {
            self.free.push(id.index);
        }
        self.len = self.len.saturating_sub(1);
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
