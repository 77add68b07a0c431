//! The address map: kernel/MEMORY.md in constants.

use core::ops::Range;

/// Where all of RAM is mapped, never executable.
pub const DIRECT_MAP: u64 = 0xffff_8000_0000_0000;
/// Where the kernel heap grows.
pub const HEAP: u64 = 0xffff_9000_0000_0000;
/// How far the kernel heap may grow.
pub const HEAP_LIMIT: u64 = 0x10_0000_0000;
/// Where the threads' kernel stacks lie, one a slot.
pub const KERNEL_STACKS: u64 = 0xffff_a000_0000_0000;
/// The distance from one kernel stack to the next; what a stack does not use guards it.
pub const KERNEL_STACK_SLOT: u64 = 64 * 1024;
/// The mapped part of a slot, at its top.
pub const KERNEL_STACK_SIZE: u64 = 32 * 1024;
/// How many kernel stacks there can be.
pub const KERNEL_STACK_COUNT: u64 = 4096;
/// Where device registers are mapped.
pub const DEVICES: u64 = 0xffff_b000_0000_0000;
/// How much of them can be.
pub const DEVICES_LIMIT: u64 = 0x1_0000_0000;
/// Where the kernel reads copies of files, each in a row of pages.
pub const SNAPSHOTS: u64 = 0xffff_c000_0000_0000;
/// How much of them there can be.
pub const SNAPSHOTS_LIMIT: u64 = 0x80_0000_0000;
/// The kernel image, at this plus its physical address.
pub const KERNEL_IMAGE: u64 = 0xffff_ffff_8000_0000;

/// The first address a program may use.
pub const USER_START: u64 = 0x1_0000;
/// The end of what a program may use; Windows' highest user address plus one.
pub const USER_END: u64 = 0x7fff_ffff_0000;

/// The end of the lower canonical half.
pub const LOWER_HALF_END: u64 = 0x8000_0000_0000;

/// The kernel stack in whose slot `address` lies, without its guard.
pub fn kernel_stack_containing(address: u64) -> Option<Range<u64>> {
    let offset = address.checked_sub(KERNEL_STACKS)?;
    (offset < KERNEL_STACK_COUNT * KERNEL_STACK_SLOT)
        .then(|| kernel_stack(offset / KERNEL_STACK_SLOT))
}

/// The kernel stack of a slot.
pub fn kernel_stack(slot: u64) -> Range<u64> {
    let end = KERNEL_STACKS + (slot + 1) * KERNEL_STACK_SLOT;
    end - KERNEL_STACK_SIZE..end
}
