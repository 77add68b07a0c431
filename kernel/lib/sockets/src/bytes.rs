//! Bytes on their way from one end of a connection to the other.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::SocketStatus;

/// Bytes as they were sent, and how many of the first were taken.
#[derive(Debug, Default)]
pub(crate) struct Bytes {
    pieces: VecDeque<Vec<u8>>,
    /// How much of the first piece was taken.
    taken: usize,
    len: usize,
}

impl Bytes {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes sure that the next piece has a place.
    pub(crate) fn reserve(&mut self) -> Result<(), SocketStatus> {
        let reserved = self.pieces.try_reserve(1);
        reserved.map_err(|_| SocketStatus::InsufficientResources)
    }

    /// Puts a piece behind the others; there is a place for it.
    pub(crate) fn push(&mut self, piece: Vec<u8>) {
        if !piece.is_empty() {
            self.len = self.len.saturating_add(piece.len());
            self.pieces.push_back(piece);
        }
    }

    /// A copy of at most so many of the first.
    pub(crate) fn peek(&self, most: usize) -> Result<Vec<u8>, SocketStatus> {
        let mut copy = with_capacity(most.min(self.len))?;
        let mut skip = self.taken;
        for piece in &self.pieces {
            let left = most.saturating_sub(copy.len());
            let rest = piece.get(skip..).unwrap_or_default();
            skip = 0;
            copy.extend_from_slice(rest.get(..left).unwrap_or(rest));
            if copy.len() >= most {
                break;
            }
        }
        Ok(copy)
    }

    /// Takes at most so many of the first.
    pub(crate) fn take(&mut self, most: usize) -> Result<Vec<u8>, SocketStatus> {
        // As it was sent, if it is read as a whole.
        if self.taken == 0
            && self.pieces.front().is_some_and(|first| {
                first.len() == most || first.len() < most && self.pieces.len() == 1
            })
            && let Some(first) = self.pieces.pop_front()
        {
            self.len = self.len.saturating_sub(first.len());
            return Ok(first);
        }
        let copy = self.peek(most)?;
        self.skip(copy.len());
        Ok(copy)
    }

    fn skip(&mut self, count: usize) {
        self.len = self.len.saturating_sub(count);
        let mut left = count.saturating_add(self.taken);
        while let Some(first) = self.pieces.front() {
            let Some(rest) = left.checked_sub(first.len()) else {
                break;
            };
            left = rest;
            self.pieces.pop_front();
        }
        self.taken = left;
    }

    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        (self.taken, self.len) = (0, 0);
    }
}

/// A vector with room for so many bytes.
pub(crate) fn with_capacity(len: usize) -> Result<Vec<u8>, SocketStatus> {
    let mut bytes = Vec::new();
    let reserved = bytes.try_reserve_exact(len);
    reserved.map_err(|_| SocketStatus::InsufficientResources)?;
    Ok(bytes)
}

/// Room for one more.
pub(crate) fn reserve<T>(queue: &mut VecDeque<T>) -> Result<(), SocketStatus> {
    let reserved = queue.try_reserve(1);
    reserved.map_err(|_| SocketStatus::InsufficientResources)
}
