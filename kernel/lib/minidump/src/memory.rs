//! Memory of the process: ranges of it, and how they are read.

use crate::output::Output;

/// Size of a page, in bytes.
pub const PAGE_BYTES: u64 = 0x1000;

/// What is read at once; divides a page.
const CHUNK_BYTES: u64 = 512;

/// A part of the process's address space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryRange {
    /// Address of its first byte.
    pub start: u64,
    /// Its length in bytes; what is beyond the last address does not count.
    pub bytes: u64,
}

impl MemoryRange {
    /// The length within the address space.
    pub(crate) fn bytes_in_space(&self) -> u64 {
        match self.start.wrapping_neg() {
            0 => self.bytes,
            left => self.bytes.min(left),
        }
    }
}

/// The process's memory. Any `FnMut(u64, &mut [u8]) -> bool` is one.
pub trait Memory {
    /// Copies what is at `address` to `to`, and says whether it could. Never
    /// asked for bytes of two pages at once. What cannot be read stands as zeros
    /// in the dump, so one unreadable page hides nothing else.
    fn read(&mut self, address: u64, to: &mut [u8]) -> bool;
}

impl<F: FnMut(u64, &mut [u8]) -> bool> Memory for F {
    fn read(&mut self, address: u64, to: &mut [u8]) -> bool {
        self(address, to)
    }
}

/// Puts a range into the dump.
pub(crate) fn put(
    output: &mut Output<'_, impl FnMut(&[u8])>,
    memory: &mut impl Memory,
    range: &MemoryRange,
) {
    let mut address = range.start;
    let mut left = range.bytes_in_space();
    while left > 0 {
        let to_boundary = CHUNK_BYTES.saturating_sub(address.wrapping_rem(CHUNK_BYTES));
        let bytes = to_boundary.min(left);
        let mut chunk = [0; CHUNK_BYTES as usize];
        // Always there: a chunk has room for itself.
        if let Some(part) = chunk.get_mut(..bytes as usize) {
            if !memory.read(address, part) {
                part.fill(0);
            }
            output.put(part);
        }
        address = address.wrapping_add(bytes);
        left = left.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_with_the_address_space() {
        for (start, bytes, expected) in [
            (0, 0, 0),
            (0, u64::MAX, u64::MAX),
            (1, u64::MAX, u64::MAX),
            (2, u64::MAX, u64::MAX - 1),
            (u64::MAX, 5, 1),
            (u64::MAX - 4, 5, 5),
            (0x1000, 5, 5),
        ] {
            assert_eq!(MemoryRange { start, bytes }.bytes_in_space(), expected);
        }
    }
}
