//! The kernel heap: linked_list_allocator over pages mapped on demand.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::{NonNull, null_mut};

use linked_list_allocator::Heap;
use vm::PAGE_SIZE;

use super::{kernel_space, layout};
use crate::OutOfMemory;
use crate::lock::{Lock, rank};

/// The least the heap grows by.
const GROWTH: u64 = 16 * PAGE_SIZE;

struct KernelHeap(Lock<rank::Heap, Heap>);

#[global_allocator]
static HEAP: KernelHeap = KernelHeap(Lock::new(Heap::empty()));

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
    let heap = HEAP.0.lock();
    HeapCounts {
        size_bytes: heap.size(),
        used_bytes: heap.used(),
    }
}

// SAFETY: the backing allocator hands out disjoint parts of the heap's pages,
// which stay mapped, and fails with null.
unsafe impl GlobalAlloc for KernelHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut heap = self.0.lock();
        if let Ok(memory) = heap.allocate_first_fit(layout) {
            return memory.as_ptr();
        }
        match grow(&mut heap, layout) {
            Ok(()) => heap
                .allocate_first_fit(layout)
                .map_or(null_mut(), NonNull::as_ptr),
            Err(OutOfMemory) => null_mut(),
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let Some(memory) = NonNull::new(pointer) else {
            return;
        };
        // SAFETY: the caller got the memory from `alloc` with this layout.
        unsafe { self.0.lock().deallocate(memory, layout) }
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
