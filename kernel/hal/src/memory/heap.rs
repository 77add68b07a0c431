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
        #[inline(never)]
        fn small(class: BlockClass) -> *mut u8 {
            allocate_small(class)
        }
        match BlockClass::of(layout.size(), layout.align()) {
            Some(class) => small(class),
            None => allocate_large(layout),
        }
    }

    #[inline(never)]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller got it from `alloc`, where null is no block.
        unsafe { free(NonNull::new_unchecked(pointer), layout) }
    }
}

/// Gets a block like the global allocator, but without a call where there is one.
#[inline(always)]
pub(crate) fn allocate(layout: Layout) -> *mut u8 {
    match BlockClass::of(layout.size(), layout.align()) {
        Some(class) => allocate_small(class),
        None => allocate_large(layout),
    }
}

/// Gives a block back likewise.
///
/// # Safety
/// The block came from `allocate` or the global allocator with this layout, and
/// nobody uses it.
#[inline(always)]
pub(crate) unsafe fn free(block: NonNull<u8>, layout: Layout) {
    if let Some(class) = BlockClass::of(layout.size(), layout.align())
        && HEAP.0.lock().kept.keep(class, Kept(block))
    {
        return;
    }
    // SAFETY: as the caller says.
    unsafe { give_back(block, layout) }
}

#[inline(always)]
fn allocate_small(class: BlockClass) -> *mut u8 {
    if failures::must_fail() {
        return null_mut();
    }
    let kept = HEAP.0.lock().kept.take(class);
    match kept {
        Some(Kept(block)) => block.as_ptr(),
        None => search(layout_of(class)),
    }
}

#[inline(never)]
fn allocate_large(layout: Layout) -> *mut u8 {
    match failures::must_fail() {
        true => null_mut(),
        false => search(layout),
    }
}

#[inline(never)]
fn search(layout: Layout) -> *mut u8 {
    HEAP.0.lock().search(layout)
}

/// # Safety
/// That of `free`.
#[inline(never)]
unsafe fn give_back(block: NonNull<u8>, layout: Layout) {
    // SAFETY: the block was asked for with this layout, so the list gave it out with
    // `listed` of it: blocks are kept by their classes.
    unsafe { HEAP.0.lock().list.deallocate(block, listed(layout)) }
}

/// What the list is asked for where `layout` is wanted: a block of a class is the
/// same for all its sizes.
fn listed(layout: Layout) -> Layout {
    BlockClass::of(layout.size(), layout.align()).map_or(layout, layout_of)
}

fn layout_of(class: BlockClass) -> Layout {
    let layout = Layout::from_size_align(class.bytes(), GRANULE_BYTES);
    layout.expect("every class has a layout")
}

impl State {
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
            // SAFETY: the block came from the list with the layout of its class,
            // and nobody has it.
            unsafe { self.list.deallocate(block, layout_of(class)) };
            has_given = true;
        }
        has_given
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
