//! Buddy allocator of physical frames, over storage that the caller gives.
//!
//! A block of order n is 2^n frames, aligned to its size. Only the first
//! frame of a block says what the block is; the others say "inside". So
//! adding a range costs one step for each block, and a wrong free is seen:
//! a frame that is not the head of an allocated block is refused.
//!
//! Single frames that are freed are not joined with their buddies until a
//! larger block is wanted and there is none: the next page fault takes them
//! as they are.
//!
//! A block may have several owners (copy-on-write pages, shared image pages).

#[cfg(test)]
mod tests;

use crate::Frame;

/// Largest block order: 2^10 frames, 4 MiB.
pub const MAX_ORDER: usize = 10;
/// Number of orders.
const ORDERS: usize = MAX_ORDER + 1;
/// Most single free frames that wait to be joined (4 MiB).
const WAITING_FRAMES: u64 = 1024;
/// End of a list.
const NONE: u32 = u32::MAX;

/// What the allocator stores for one frame. All zeroes is the value of a
/// frame that was never added, so zeroed memory is valid storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct FrameMeta {
    /// Head of a free block: next in its list. Of a used one: its owners.
    next_or_owners: u32,
    /// Head of a free block: previous in its list.
    previous: u32,
    /// [`INSIDE`], or [`FREE`] or [`USED`] plus the order.
    tag: u8,
}

/// Not the head of a block, or never added.
const INSIDE: u8 = 0;
/// Head of a free block.
const FREE: u8 = 0x40;
/// Head of an allocated block.
const USED: u8 = 0x80;

/// A wrong call: always the kernel's own mistake, never a program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The frame lies outside the storage, or its range was added before.
    NotManaged,
    /// Not the head of an allocated block: freed twice, or never allocated.
    NotAllocated,
    /// Allocated with another order than it is freed with.
    WrongOrder,
    /// Freed while it has other owners, or has too many owners to add one.
    Owners,
}

/// Numbers of frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameCounts {
    /// Frames that were added.
    pub total: u64,
    /// Frames in no allocated block.
    pub free: u64,
    /// Frames in allocated blocks.
    pub used: u64,
    /// Free blocks of each order.
    pub free_blocks: [u64; ORDERS],
}

/// The allocator.
#[derive(Debug)]
pub struct Buddy<'a> {
    meta: &'a mut [FrameMeta],
    first: Frame,
    heads: [u32; ORDERS],
    /// Bit n is set when the list of order n is not empty.
    available: u32,
    total_frames: u64,
    used_frames: u64,
    free_blocks: [u64; ORDERS],
}

impl<'a> Buddy<'a> {
    /// An allocator for the frames from `first` on, one for each element of
    /// `meta`, which must be default values. It has no free frames yet. What
    /// is in `meta` past 2^32 - 1 elements (16 TiB) is not used.
    #[must_use]
    pub fn new(first: Frame, meta: &'a mut [FrameMeta]) -> Self {
        let length = meta.len().min(NONE as usize);
        Self {
            meta: meta.get_mut(..length).unwrap_or_default(),
            first,
            heads: [NONE; ORDERS],
            available: 0,
            total_frames: 0,
            used_frames: 0,
            free_blocks: [0; ORDERS],
        }
    }

    /// Makes `count` frames from `start` on free for allocation; they must
    /// not have been added before. Fails, and adds nothing, when some lie
    /// outside the storage, or where an overlap is seen: when an old block
    /// begins where a new one would.
    pub fn add_range(&mut self, start: Frame, count: u64) -> Result<(), FrameError> {
        let end = start.0.checked_add(count).ok_or(FrameError::NotManaged)?;
        if count > 0 {
            self.index(start)?;
            self.index(Frame(end.saturating_sub(1)))?;
        }
        for (block, _) in blocks(start.0, end) {
            let index = self.index(Frame(block))?;
            if self.tag(index) != INSIDE {
                return Err(FrameError::NotManaged);
            }
        }
        for (block, order) in blocks(start.0, end) {
            let index = self.index(Frame(block))?;
            self.insert_merged(index, order);
        }
        self.total_frames = self.total_frames.saturating_add(count);
        Ok(())
    }

    /// Takes a block of 2^`order` frames, aligned to its size, with one
    /// owner. `None` when no block is large enough. Contents are undefined.
    #[must_use]
    pub fn allocate(&mut self, order: usize) -> Option<Frame> {
        let index = match self.take(order) {
            Some(index) => index,
            None if order == 0 => return None,
            None => {
                self.join_single_frames();
                self.take(order)?
            }
        };
        self.used_frames = self.used_frames.saturating_add(1 << order);
        Some(self.first.plus(u64::from(index)))
    }

    /// Takes 2^`order` single frames in a row, each with one owner, if there are
    /// any that need not be joined first.
    #[must_use]
    pub fn allocate_row(&mut self, order: usize) -> Option<Frame> {
        let first = self.take(order)?;
        let end = first.saturating_add(1 << order);
        for meta in self.meta.get_mut(first as usize..end as usize)? {
            *meta = FrameMeta {
                next_or_owners: 1,
                previous: NONE,
                tag: USED,
            };
        }
        self.used_frames = self.used_frames.saturating_add(1 << order);
        Some(self.first.plus(u64::from(first)))
    }

    /// Gives back a block that was allocated with the same order and has no
    /// other owner.
    #[inline]
    pub fn free(&mut self, frame: Frame, order: usize) -> Result<(), FrameError> {
        let (index, meta) = self.used(frame)?;
        if usize::from(meta.tag & !USED) != order {
            return Err(FrameError::WrongOrder);
        }
        if meta.next_or_owners != 1 {
            return Err(FrameError::Owners);
        }
        self.give_back(index, order);
        Ok(())
    }

    /// Adds an owner to an allocated block; returns how many it has now.
    #[inline]
    pub fn share(&mut self, frame: Frame) -> Result<u32, FrameError> {
        let (_, meta) = self.used(frame)?;
        let owners = meta.next_or_owners.checked_add(1);
        meta.next_or_owners = owners.ok_or(FrameError::Owners)?;
        Ok(meta.next_or_owners)
    }

    /// Takes away one owner; the last one frees the block. True when it was
    /// the last.
    #[inline]
    pub fn release(&mut self, frame: Frame) -> Result<bool, FrameError> {
        let (index, meta) = self.used(frame)?;
        meta.next_or_owners = meta.next_or_owners.saturating_sub(1);
        if meta.next_or_owners > 0 {
            return Ok(false);
        }
        let order = usize::from(meta.tag & !USED);
        self.give_back(index, order);
        Ok(true)
    }

    /// Number of owners of an allocated block.
    pub fn owners(&self, frame: Frame) -> Result<u32, FrameError> {
        let index = self.index(frame)?;
        let meta = self.meta.get(index as usize);
        let used = meta.filter(|meta| meta.tag & USED != 0);
        used.map(|meta| meta.next_or_owners)
            .ok_or(FrameError::NotAllocated)
    }

    /// How many frames there are, and how they are used.
    #[must_use]
    pub const fn counts(&self) -> FrameCounts {
        FrameCounts {
            total: self.total_frames,
            free: self.total_frames.saturating_sub(self.used_frames),
            used: self.used_frames,
            free_blocks: self.free_blocks,
        }
    }

    /// The frame after the last one that could be managed.
    #[must_use]
    pub const fn end(&self) -> Frame {
        self.first.plus(self.meta.len() as u64)
    }

    /// Position of a frame in the storage.
    fn index(&self, frame: Frame) -> Result<u32, FrameError> {
        // A frame below the first one becomes a huge offset.
        let offset = frame.0.wrapping_sub(self.first.0);
        if offset < self.meta.len() as u64 {
            Ok(offset as u32)
        } else {
            Err(FrameError::NotManaged)
        }
    }

    /// The storage of an allocated block's head.
    fn used(&mut self, frame: Frame) -> Result<(u32, &mut FrameMeta), FrameError> {
        let index = self.index(frame)?;
        let meta = self.meta.get_mut(index as usize);
        let used = meta.filter(|meta| meta.tag & USED != 0);
        used.map(|meta| (index, meta))
            .ok_or(FrameError::NotAllocated)
    }

    fn tag(&self, index: u32) -> u8 {
        self.meta
            .get(index as usize)
            .map_or(INSIDE, |meta| meta.tag)
    }

    /// Takes a block from the lists, cut from a larger one if need be.
    fn take(&mut self, order: usize) -> Option<u32> {
        let wanted = u32::try_from(order).ok().filter(|_| order <= MAX_ORDER)?;
        let larger = self.available.checked_shr(wanted)?.trailing_zeros();
        let mut found = order.saturating_add(larger as usize);
        let index = *self.heads.get(found)?;
        self.unlink(index, found);
        while found > order {
            found = found.saturating_sub(1);
            self.link(index.saturating_add(1 << found), found);
        }
        *self.meta.get_mut(index as usize)? = FrameMeta {
            next_or_owners: 1,
            previous: NONE,
            tag: USED | order as u8,
        };
        Some(index)
    }

    #[inline]
    fn give_back(&mut self, index: u32, order: usize) {
        self.used_frames = self.used_frames.saturating_sub(1 << order);
        let [single_frames, ..] = self.free_blocks;
        if order == 0 && single_frames < WAITING_FRAMES {
            self.link(index, order);
        } else {
            self.insert_merged(index, order);
        }
    }

    /// Joins the single free frames with their buddies, as far as possible.
    fn join_single_frames(&mut self) {
        let [first, ..] = self.heads;
        let mut next = first;
        while let Some(meta) = self.meta.get_mut(next as usize) {
            meta.tag = INSIDE;
            next = meta.next_or_owners;
        }
        let ([head, ..], [blocks, ..]) = (&mut self.heads, &mut self.free_blocks);
        (*head, *blocks) = (NONE, 0);
        self.available &= !1;
        next = first;
        while let Some(meta) = self.meta.get(next as usize) {
            let index = next;
            next = meta.next_or_owners;
            self.insert_merged(index, 0);
        }
    }

    /// Puts a block in its list, joined with its buddies as far as they are
    /// free.
    fn insert_merged(&mut self, index: u32, mut order: usize) {
        let mut block = self.first.0.saturating_add(u64::from(index));
        self.set_tag(index, INSIDE);
        while order < MAX_ORDER {
            let Ok(buddy) = self.index(Frame(block ^ (1 << order))) else {
                break;
            };
            if self.tag(buddy) != FREE | order as u8 {
                break;
            }
            self.unlink(buddy, order);
            block &= !(1 << order);
            order = order.saturating_add(1);
        }
        if let Ok(index) = self.index(Frame(block)) {
            self.link(index, order);
        }
    }

    /// Puts a block at the front of the list of its order.
    #[inline]
    fn link(&mut self, index: u32, order: usize) {
        let Some(head) = self.heads.get_mut(order) else {
            return;
        };
        let next = core::mem::replace(head, index);
        if let Some(meta) = self.meta.get_mut(index as usize) {
            *meta = FrameMeta {
                next_or_owners: next,
                previous: NONE,
                tag: FREE | order as u8,
            };
        }
        if let Some(meta) = self.meta.get_mut(next as usize) {
            meta.previous = index;
        }
        self.available |= 1 << order;
        if let Some(blocks) = self.free_blocks.get_mut(order) {
            *blocks = blocks.saturating_add(1);
        }
    }

    /// Takes a block out of the list of its order; its head becomes inside.
    #[inline]
    fn unlink(&mut self, index: u32, order: usize) {
        let Some(meta) = self.meta.get_mut(index as usize) else {
            return;
        };
        let FrameMeta {
            next_or_owners: next,
            previous,
            ..
        } = core::mem::take(meta);
        if let Some(meta) = self.meta.get_mut(next as usize) {
            meta.previous = previous;
        }
        if let Some(meta) = self.meta.get_mut(previous as usize) {
            meta.next_or_owners = next;
        } else if let Some(head) = self.heads.get_mut(order) {
            *head = next;
            if next == NONE {
                self.available &= !(1 << order);
            }
        }
        if let Some(blocks) = self.free_blocks.get_mut(order) {
            *blocks = blocks.saturating_sub(1);
        }
    }

    fn set_tag(&mut self, index: u32, tag: u8) {
        if let Some(meta) = self.meta.get_mut(index as usize) {
            meta.tag = tag;
        }
    }
}

/// The largest aligned blocks that make up the frames from `start` to `end`:
/// first frame and order of each.
fn blocks(start: u64, end: u64) -> impl Iterator<Item = (u64, usize)> {
    let mut next = start;
    core::iter::from_fn(move || {
        let left = end.checked_sub(next).filter(|&left| left > 0)?;
        let order = next
            .trailing_zeros()
            .min(left.ilog2())
            .min(MAX_ORDER as u32);
        let block = next;
        next = next.saturating_add(1 << order);
        Some((block, order as usize))
    })
}
