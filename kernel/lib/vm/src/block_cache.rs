//! Freed blocks of heap kept for the next ones of their size.
//!
//! The heap's own list is searched for every block; most blocks are small, and of
//! the size of one that was freed just before. Sizes are rounded up to classes of
//! [`GRANULE_BYTES`]. What is kept is bounded, to 160 KiB, and can be taken out again
//! when the heap runs short.

/// The sizes of classes are the multiples of this; blocks are aligned to it.
pub const GRANULE_BYTES: usize = 1 << GRANULE_SHIFT;
/// The largest blocks that are kept.
const LARGEST_BYTES: usize = 1 << LARGEST_SHIFT;

const GRANULE_SHIFT: u32 = 4;
const LARGEST_SHIFT: u32 = 11;
const CLASSES: usize = LARGEST_BYTES >> GRANULE_SHIFT;
/// Most blocks that are kept of a class, and most bytes, but one block always is.
const MOST_OF_A_CLASS: usize = 6;
const MOST_BYTES_OF_A_CLASS: usize = 1024;

/// The size of a block that may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockClass(usize);

impl BlockClass {
    /// The class of a block of this size and alignment; `None`: it is too large,
    /// or of no size.
    #[inline]
    #[must_use]
    pub const fn of(size_bytes: usize, alignment: usize) -> Option<Self> {
        // Both are looked at together: shifted so, an alignment has bits in the
        // places of sizes that are too large if it is larger than the granule.
        const SHIFT: u32 = LARGEST_SHIFT - GRANULE_SHIFT - 1;
        let last = size_bytes.wrapping_sub(1);
        match (last | alignment << SHIFT) < LARGEST_BYTES {
            true => Some(Self(last >> GRANULE_SHIFT)),
            false => None,
        }
    }

    /// The size of all its blocks.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> usize {
        self.0.wrapping_add(1) << GRANULE_SHIFT
    }

    /// How many blocks of it are kept at most.
    const fn most(self) -> usize {
        match MOST_BYTES_OF_A_CLASS.checked_div(self.bytes()) {
            None | Some(0) => 1,
            Some(many) if many > MOST_OF_A_CLASS => MOST_OF_A_CLASS,
            Some(some) => some,
        }
    }
}

/// A cache line: what there is of a class.
#[derive(Clone, Copy)]
struct Shelf<B> {
    len: u32,
    most: u32,
    blocks: [B; MOST_OF_A_CLASS],
}

/// The blocks that are kept; `B` says where one is.
pub struct BlockCache<B>([Shelf<B>; CLASSES]);

impl<B: Copy> BlockCache<B> {
    /// Nothing is kept; `filler` stands where a block could.
    #[must_use]
    pub const fn new(filler: B) -> Self {
        let mut shelves = [Shelf {
            len: 0,
            most: 0,
            blocks: [filler; MOST_OF_A_CLASS],
        }; CLASSES];
        let mut rest = shelves.as_mut_slice();
        while let Some((last, others)) = rest.split_last_mut() {
            last.most = BlockClass(others.len()).most() as u32;
            rest = others;
        }
        Self(shelves)
    }

    /// How many bytes all kept blocks have.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let classes = (0..CLASSES).map(BlockClass);
        let kept = classes
            .zip(&self.0)
            .map(|(class, shelf)| class.bytes().wrapping_mul(shelf.len as usize));
        kept.sum()
    }

    /// The block of this class that was kept last; it is no longer kept.
    #[inline]
    pub fn take(&mut self, class: BlockClass) -> Option<B> {
        let shelf = self.0.get_mut(class.0)?;
        let last = shelf.len.wrapping_sub(1);
        let block = *shelf.blocks.get(last as usize)?;
        shelf.len = last;
        Some(block)
    }

    /// Keeps a block. False: there are enough already, it is not kept.
    #[inline]
    #[must_use]
    pub fn keep(&mut self, class: BlockClass, block: B) -> bool {
        let Some(shelf) = self.0.get_mut(class.0) else {
            return false;
        };
        let len = shelf.len;
        if len >= shelf.most {
            return false;
        }
        let Some(place) = shelf.blocks.get_mut(len as usize) else {
            return false;
        };
        *place = block;
        shelf.len = len.wrapping_add(1);
        true
    }

    /// Any of the kept blocks, which is then no longer kept.
    pub fn take_any(&mut self) -> Option<(BlockClass, B)> {
        let class = self.0.iter().position(|shelf| shelf.len > 0)?;
        let class = BlockClass(class);
        Some((class, self.take(class)?))
    }
}

#[cfg(test)]
mod tests;
