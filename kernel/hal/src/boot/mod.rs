//! From the 32-bit entry to the kernel's main function.

use core::arch::global_asm;

use bootinfo::{BootError, BootInfo};

use crate::cpu::{descriptors, local};
use crate::memory::layout;
use crate::{serial, time};

global_asm!(include_str!("entry.s"));

/// What a multiboot2 loader leaves in eax.
const MULTIBOOT2_MAGIC: u32 = 0x36d7_6289;
/// How much memory the boot page tables map.
const BOOT_MAP_END: u64 = 1 << 32;

unsafe extern "Rust" {
    fn petrel_main(info: &BootInfo<'static>) -> !;
}

/// Names the function that the kernel starts with, once the machine can log,
/// trap and panic: `fn(&BootInfo<'static>) -> !`.
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        #[unsafe(no_mangle)]
        fn petrel_main(info: &$crate::BootInfo<'static>) -> ! {
            $main(info)
        }
    };
}

/// Called by entry.s in long mode, on the boot stack, with the boot page tables.
#[unsafe(no_mangle)]
extern "C" fn boot_rust_entry(magic: u32, information: u32, entry_cycles: u64) -> ! {
    local::init();
    descriptors::init();
    time::start_of_kernel(entry_cycles);
    serial::init();
    crate::log::init();
    match read_information(magic, information.into()) {
        Ok(mut info) => {
            keep_within_limits(&mut info);
            // SAFETY: `entry!` defines it with this signature.
            unsafe { petrel_main(&info) }
        }
        Err(error) => panic!("the boot loader's information cannot be used: {error}"),
    }
}

/// Leaves out memory that the kernel's records, which must lie below 4 GiB
/// until the final page tables are made, could not describe.
fn keep_within_limits(info: &mut BootInfo<'static>) {
    const MOST_MEMORY: u64 = 256 << 30;
    if info.memory.cut_off(MOST_MEMORY) {
        // There is room for this warning or for eight others.
        let _ = info.warnings.try_push("memory above 256 GiB is not used");
    }
}

/// Apart, as the stack of start-up is that of the first thread: what this takes of it
/// is given back.
#[inline(never)]
fn read_information(magic: u32, address: u64) -> Result<BootInfo<'static>, BootError> {
    if magic != MULTIBOOT2_MAGIC {
        return bootinfo::from_pvh(address, boot_memory);
    }
    let header = boot_memory(address, 8).and_then(|bytes| bytes.first_chunk::<8>());
    let size = bootinfo::multiboot2_size_bytes(header.ok_or(BootError::NoMemoryMap)?)?;
    let bytes = boot_memory(address, size).ok_or(BootError::NoMemoryMap)?;
    bootinfo::from_multiboot2(bytes, address)
}

/// Physical memory while the boot page tables are in use.
///
/// What `BootInfo` keeps of it is marked as loaded in its memory map, so that
/// the final tables map it and the frame allocator leaves it alone.
fn boot_memory(address: u64, size: usize) -> Option<&'static [u8]> {
    let end = address.checked_add(size as u64)?;
    if end > BOOT_MAP_END {
        return None;
    }
    // SAFETY: the first 4 GiB are mapped at the direct map; nothing writes to
    // what the boot loader left before the frame allocator is set up.
    Some(unsafe { core::slice::from_raw_parts((layout::DIRECT_MAP + address) as *const u8, size) })
}
