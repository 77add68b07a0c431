//! Kernel stacks: mapped with a guard below, a few kept for the next.
//!
//! Mapping a stack costs eight frames and their zeros. Threads come and go, so a few
//! stacks stay mapped when their threads have ended. Their frames count as free, and
//! are when somebody finds no other: see [`give_back_kept`].

use core::sync::atomic::{AtomicU64, Ordering};

use arrayvec::ArrayVec;
use vm::{PAGE_SIZE, Page, PageRange};

use super::kernel_space::{SPACE, map_new, unmap};
use super::layout;
use crate::OutOfMemory;

const WORDS: usize = 64;
/// How many stacks are kept mapped.
const MOST_KEPT: usize = 8;
const FRAMES_OF_ONE: u64 = layout::KERNEL_STACK_SIZE / PAGE_SIZE;

static KEPT_FRAMES: AtomicU64 = AtomicU64::new(0);

/// Which places for stacks are taken.
pub(super) struct Stacks {
    /// A bit for each that is in use or kept.
    taken: [u64; WORDS],
    /// The places of those that are mapped and unused.
    kept: ArrayVec<u64, MOST_KEPT>,
}

/// A mapped kernel stack with a guard below it.
#[derive(Debug)]
pub(crate) struct KernelStack {
    slot: u64,
}

/// How many frames are in stacks that nobody uses.
pub(super) fn kept_frames() -> u64 {
    KEPT_FRAMES.load(Ordering::Relaxed)
}

/// Frees the frames of the stacks that nobody uses. False: there were none, or the
/// caller is at work on the kernel's address space and must do so itself.
#[cold]
pub(super) fn give_back_kept() -> bool {
    let space = SPACE.try_lock();
    space.is_some_and(|mut space| space.stacks.give_back())
}

impl Stacks {
    pub(super) const fn new() -> Self {
        Self {
            taken: [0; WORDS],
            kept: ArrayVec::new_const(),
        }
    }

    /// Frees the frames of the stacks that are kept. False: there were none.
    pub(super) fn give_back(&mut self) -> bool {
        let mut has_given = false;
        while let Some(slot) = self.take_kept() {
            unmap(pages(slot));
            self.free(slot);
            has_given = true;
        }
        has_given
    }

    fn take_kept(&mut self) -> Option<u64> {
        let slot = self.kept.pop()?;
        KEPT_FRAMES.fetch_sub(FRAMES_OF_ONE, Ordering::Relaxed);
        Some(slot)
    }

    /// False: enough are kept.
    fn keep(&mut self, slot: u64) -> bool {
        let is_kept = self.kept.try_push(slot).is_ok();
        if is_kept {
            KEPT_FRAMES.fetch_add(FRAMES_OF_ONE, Ordering::Relaxed);
        }
        is_kept
    }

    /// Takes a place that is free.
    fn take(&mut self) -> Result<u64, OutOfMemory> {
        let is_free = |&word: &u64| word != u64::MAX;
        let word = self.taken.iter().position(is_free).ok_or(OutOfMemory)?;
        let bit = self.taken[word].trailing_ones();
        self.taken[word] |= 1 << bit;
        Ok(word as u64 * u64::from(u64::BITS) + u64::from(bit))
    }

    fn free(&mut self, slot: u64) {
        let (word, bit) = (slot / u64::from(u64::BITS), slot % u64::from(u64::BITS));
        self.taken[word as usize] &= !(1 << bit);
    }
}

impl KernelStack {
    /// One that is kept, or a new one. What another thread left there is still in it.
    pub(crate) fn new() -> Result<Self, OutOfMemory> {
        let mut space = SPACE.lock();
        if let Some(slot) = space.stacks.take_kept() {
            return Ok(Self { slot });
        }
        let slot = space.stacks.take()?;
        if let Err(error) = map_new(&mut space, pages(slot)) {
            space.stacks.free(slot);
            return Err(error);
        }
        Ok(Self { slot })
    }

    /// One past its highest address.
    pub(crate) fn top(&self) -> u64 {
        layout::kernel_stack(self.slot).end
    }
}

fn pages(slot: u64) -> PageRange {
    let stack = layout::kernel_stack(slot);
    PageRange::new(Page::containing(stack.start), Page::containing(stack.end))
}

impl Drop for KernelStack {
    fn drop(&mut self) {
        let mut space = SPACE.lock();
        if !space.stacks.keep(self.slot) {
            unmap(pages(self.slot));
            space.stacks.free(self.slot);
        }
    }
}
