//! The kernel heap: linked_list_allocator over pages mapped on demand.
//!
//! In front of its list, which is searched, small blocks that were freed are kept
//! by size (`vm::BlockCache`); they go back to the list before the heap grows.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::{NonNull, null_mut};

use linked_list_allocator::Heap;
use vm::{BlockCache, BlockClass, GRANULE_BYTES, PAGE_SIZE};

use super::{failures, kernel_space, layout};
use crate::OutOfMemory;
use crate::lock::{Lock, rank};

/// The least the heap grows by.
const GROWTH: u64 = 16 * PAGE_SIZE;

/// Where a block is that is free, though the list has it as used.
#[derive(Clone, Copy)]
struct Kept(NonNull<u8>);

// SAFETY: a kept block belongs to the heap alone, whoever looks at it.
unsafe impl Send for Kept {}

struct State {
    list: Heap,
    /// Small blocks that were freed; each came from `list` with the layout of its
    /// class.
    kept: BlockCache<Kept>,
}

struct KernelHeap(Lock<rank::Heap, State>);

/// LLVM makes one zeroed allocation of an allocation and zeros written there, in
/// any crate and after it was settled what crates need of each other.
#[used]
static NEEDED: unsafe fn(Layout) -> *mut u8 = alloc::alloc::alloc_zeroed;

#[global_allocator]
static HEAP: KernelHeap = KernelHeap(Lock::new(State {
    list: Heap::empty(),
    kept: BlockCache::new(Kept(NonNull::dangling())),
}));

/// How much of the heap is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeapCounts {
    /// Bytes mapped.
    pub size_bytes: usize,
    /// Bytes allocated.
    pub used_bytes: usize,
}

/// The heap's size and use.
pub fn counts() -> HeapCounts {
    let state = HEAP.0.lock();
    HeapCounts {
        size_bytes: state.list.size(),
        used_bytes: state.list.used() - state.kept.bytes(),
    }
}

// SAFETY: the list hands out disjoint parts of the heap's pages, which stay
// mapped; what is kept was handed out by it, freed since and goes to one caller;
// without memory it is null.
unsafe impl GlobalAlloc for KernelHeap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if failures::must_fail() {
            return null_mut();
        }
        let class = BlockClass::of(layout.size(), layout.align());
        let mut state = self.0.lock();
        if let Some(class) = class
            && let Some(Kept(block)) = state.kept.take(class)
        {
            return block.as_ptr();
        }
        state.search(listed(layout))
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller got it from `alloc`, where null is no block.
        let block = unsafe { NonNull::new_unchecked(pointer) };
        let class = BlockClass::of(layout.size(), layout.align());
        let mut state = self.0.lock();
        if let Some(class) = class
            && state.kept.keep(class, Kept(block))
        {
            return;
        }
        // SAFETY: the caller got the block from `alloc` with this layout, so the
        // list gave it out with `listed` of it: blocks are kept by their classes.
        unsafe { state.give_back(block, listed(layout)) }
    }
}

/// What the list is asked for where `layout` is wanted: a block of a class is the
/// same for all its sizes.
fn listed(layout: Layout) -> Layout {
    let (size, align) = match BlockClass::of(layout.size(), layout.align()) {
        Some(class) => (class.bytes(), GRANULE_BYTES),
        None => (layout.size(), layout.align()),
    };
    // What is rounded up is small, so there is such a layout.
    Layout::from_size_align(size, align).unwrap_or(layout)
}

impl State {
    #[inline(never)]
    fn search(&mut self, layout: Layout) -> *mut u8 {
        let mut found = self.list.allocate_first_fit(layout);
        if found.is_err() && self.give_all_back() {
            found = self.list.allocate_first_fit(layout);
        }
        if found.is_err() && grow(&mut self.list, layout).is_ok() {
            found = self.list.allocate_first_fit(layout);
        }
        found.map_or(null_mut(), NonNull::as_ptr)
    }

    /// What is kept becomes part of larger holes. False: there was nothing.
    fn give_all_back(&mut self) -> bool {
        let mut has_given = false;
        while let Some((class, Kept(block))) = self.kept.take_any() {
            let layout = Layout::from_size_align(class.bytes(), GRANULE_BYTES);
            let layout = layout.expect("every class has a layout");
            // SAFETY: the block came from the list with the layout of its class,
            // and nobody has it.
            unsafe { self.give_back(block, layout) };
            has_given = true;
        }
        has_given
    }

    /// # Safety
    /// The block came from the list with this layout, and nobody uses it.
    #[inline(never)]
    unsafe fn give_back(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: as the caller says.
        unsafe { self.list.deallocate(block, layout) }
    }
}

/// Adds enough pages for `layout` at the end of the heap.
fn grow(heap: &mut Heap, layout: Layout) -> Result<(), OutOfMemory> {
    // A block may need its size again for alignment, and a header.
    let wanted = (layout.size() as u64)
        .checked_add(layout.align() as u64)
        .and_then(|bytes| bytes.checked_add(PAGE_SIZE))
        .ok_or(OutOfMemory)?;
    let size = wanted.next_multiple_of(PAGE_SIZE).max(GROWTH);
    let end = layout::HEAP + heap.size() as u64;
    if size > layout::HEAP + layout::HEAP_LIMIT - end {
        return Err(OutOfMemory);
    }
    kernel_space::map_heap(end, size / PAGE_SIZE)?;
    if heap.size() == 0 {
        // SAFETY: the pages were just mapped, are ours and stay mapped.
        unsafe { heap.init(end as *mut u8, size as usize) };
    } else {
        // SAFETY: the pages right after the heap were just mapped.
        unsafe { heap.extend(size as usize) };
    }
    Ok(())
}
