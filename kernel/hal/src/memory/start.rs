//! From the boot page tables to our own: frames, direct map, kernel image.

use core::ops::Range;

use bootinfo::BootInfo;
use spin::Once;
use vm::{Frame, FrameMeta, PAGE_SIZE, Page};
use x86_64::PhysAddr;
use x86_64::registers::control::{Cr3, Cr3Flags};
use x86_64::structures::paging::{PageTableFlags, PhysFrame};

use super::frames::{self, OwnedFrame, PermanentFrame};
use super::{kernel_space, layout, tables};
use crate::{OutOfMemory, guards, stacks};

const LARGE_PAGE: u64 = 0x20_0000;
/// What the boot page tables reach.
const BOOT_MAP_END: u64 = 1 << 32;
/// The interrupt table and data of the BIOS stay as they are.
const LOW_MEMORY_END: u64 = 0x1_0000;
const MODULES: usize = bootinfo::MODULES_MAX;

static MODULE_MEMORY: Once<arrayvec::ArrayVec<Range<u64>, MODULES>> = Once::new();

unsafe extern "C" {
    static __boot_start: u8;
    static __boot_end: u8;
    static __kernel_start: u8;
    static __kernel_end: u8;
    static __text_start: u8;
    static __text_end: u8;
    static __rodata_start: u8;
    static __rodata_end: u8;
    static __data_start: u8;
    static __data_end: u8;
    static __symbols_start: u8;
    static __symbols_end: u8;
}

/// The physical addresses of a part of the kernel image.
fn part(start: *const u8, end: *const u8) -> Range<u64> {
    start as u64 - layout::KERNEL_IMAGE..end as u64 - layout::KERNEL_IMAGE
}

fn image() -> Range<u64> {
    (&raw const __boot_start) as u64..part(&raw const __kernel_start, &raw const __kernel_end).end
}

/// Sets up frames and the final page tables, and gives the boot section back. Once.
///
/// # Errors
/// When there is not even memory for the page tables.
pub fn start(info: &BootInfo<'_>) -> Result<(), OutOfMemory> {
    assert!(
        MODULE_MEMORY.get().is_none(),
        "memory was started twice: frames would have two owners"
    );
    MODULE_MEMORY.call_once(|| {
        info.modules
            .iter()
            .map(|module| module.start..module.end)
            .collect()
    });
    let metadata = place_metadata(info)?;
    // SAFETY: `place_metadata` found usable memory of this size that nothing
    // else uses: `usable` below leaves it out.
    let entries = unsafe {
        let start = (layout::DIRECT_MAP + metadata.start) as *mut FrameMeta;
        let count = info.memory.ram_end().div_ceil(PAGE_SIZE) as usize;
        start
            .cast::<u8>()
            .write_bytes(0, count * size_of::<FrameMeta>());
        core::slice::from_raw_parts_mut(start, count)
    };
    frames::init(entries);
    for range in usable(info, &metadata) {
        add(range.start.min(BOOT_MAP_END)..range.end.min(BOOT_MAP_END));
    }
    let root = OwnedFrame::empty_table()?.into_frame();
    map_direct(root, info)?;
    map_image(root)?;
    share_upper_half(root)?;
    kernel_space::init(root);
    let frame = PhysFrame::containing_address(PhysAddr::new(root.address()));
    // SAFETY: the new tables map the code, data and stack in use as before.
    unsafe { Cr3::write(frame, Cr3Flags::empty()) };
    for range in usable(info, &metadata) {
        add(range.start.max(BOOT_MAP_END)..range.end.max(BOOT_MAP_END));
    }
    // The boot section has done its work.
    add((&raw const __boot_start) as u64..(&raw const __boot_end) as u64);
    Ok(())
}

fn add(range: Range<u64>) {
    let (start, end) = (range.start.div_ceil(PAGE_SIZE), range.end / PAGE_SIZE);
    if start < end {
        frames::add(Frame(start), Frame(end));
    }
}

/// Usable memory without the kernel, the frame metadata and low memory.
fn usable<'a>(
    info: &'a BootInfo<'_>,
    metadata: &Range<u64>,
) -> impl Iterator<Item = Range<u64>> + 'a {
    let metadata = metadata.clone();
    info.memory
        .usable()
        .flat_map(|range| without(range, image()))
        .flat_map(move |range| without(range, metadata.clone()))
        .flat_map(|range| without(range, 0..LOW_MEMORY_END))
}

/// The parts of a range outside another.
fn without(range: Range<u64>, hole: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let below = range.start..range.end.min(hole.start);
    let above = range.start.max(hole.end)..range.end;
    [below, above]
        .into_iter()
        .filter(|part| part.start < part.end)
}

/// Finds memory for one metadata entry for each frame.
fn place_metadata(info: &BootInfo<'_>) -> Result<Range<u64>, OutOfMemory> {
    let frames = info.memory.ram_end().div_ceil(PAGE_SIZE);
    let size = (frames * size_of::<FrameMeta>() as u64).next_multiple_of(PAGE_SIZE);
    usable(info, &(0..0))
        .map(|range| range.start..range.end.min(BOOT_MAP_END))
        .filter(|range| range.start < range.end && range.end - range.start >= size)
        .last()
        .map(|range| range.end - size..range.end)
        .ok_or(OutOfMemory)
}

/// Maps all RAM at the direct map: data, but the kernel's code and constants
/// read-only, so that no page is writable here and executable there.
fn map_direct(root: Frame, info: &BootInfo<'_>) -> Result<(), OutOfMemory> {
    let read_only = part(&raw const __text_start, &raw const __rodata_end);
    let symbols = part(&raw const __symbols_start, &raw const __symbols_end);
    let flags = kernel_space::data_flags();
    for range in info
        .memory
        .ranges()
        .iter()
        .filter(|range| range.kind.is_ram())
    {
        let mut address = range.start / PAGE_SIZE * PAGE_SIZE;
        while address < range.end {
            let large = address.is_multiple_of(LARGE_PAGE)
                && address + LARGE_PAGE <= range.end
                && !overlaps(&image(), address..address + LARGE_PAGE);
            let page = Page::containing(layout::DIRECT_MAP + address);
            let (level, size, mut flags) = match large {
                true => (1, LARGE_PAGE, flags | PageTableFlags::HUGE_PAGE),
                false => (0, PAGE_SIZE, flags),
            };
            if guards::READ_ONLY_ALIAS
                && !large
                && (read_only.contains(&address) || symbols.contains(&address))
            {
                flags.remove(PageTableFlags::WRITABLE);
            }
            // SAFETY: the tables are not in use yet.
            let entry = unsafe { tables::entry_or_new(root, page, level) }?;
            tables::set(entry, Frame::containing(address), flags);
            address += size;
        }
    }
    Ok(())
}

fn overlaps(one: &Range<u64>, other: Range<u64>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Maps the kernel image: code executable, constants read-only, guards absent.
fn map_image(root: Frame) -> Result<(), OutOfMemory> {
    let data = kernel_space::data_flags();
    let constant = data - PageTableFlags::WRITABLE;
    let code = constant - PageTableFlags::NO_EXECUTE;
    let parts = [
        (&raw const __text_start, &raw const __text_end, code),
        (&raw const __rodata_start, &raw const __rodata_end, constant),
        (&raw const __data_start, &raw const __data_end, data),
        (
            &raw const __symbols_start,
            &raw const __symbols_end,
            constant,
        ),
    ];
    for (start, end, flags) in parts {
        for physical in part(start, end).step_by(PAGE_SIZE as usize) {
            let address = layout::KERNEL_IMAGE + physical;
            if guards::STACK_GUARD && stacks::guard_pages().any(|guard| guard == address) {
                continue;
            }
            // SAFETY: the tables are not in use yet.
            let entry = unsafe { tables::entry_or_new(root, Page::containing(address), 0) }?;
            tables::set(entry, Frame::containing(physical), flags);
        }
    }
    Ok(())
}

/// Makes the second-level tables of the whole kernel half, so that its root
/// entries never change and every address space can copy them.
fn share_upper_half(root: Frame) -> Result<(), OutOfMemory> {
    const ROOT_ENTRY_SPAN: u64 = 1 << 39;
    for start in [
        layout::DIRECT_MAP,
        layout::HEAP,
        layout::KERNEL_STACKS,
        layout::DEVICES,
        layout::SNAPSHOTS,
    ] {
        assert!(
            start % ROOT_ENTRY_SPAN == 0,
            "{start:#x} does not begin a root entry"
        );
        // SAFETY: the tables are not in use yet.
        unsafe { tables::entry_or_new(root, Page::containing(start), tables::ROOT_LEVEL - 1) }?;
    }
    Ok(())
}

/// Whether physical memory belongs to a boot module.
pub(super) fn is_module_memory(address: u64, size: u64) -> bool {
    MODULE_MEMORY.get().is_some_and(|modules| {
        modules.iter().any(|module| {
            module.start <= address && address + size <= module.end.next_multiple_of(PAGE_SIZE)
        })
    })
}

/// The bytes of a boot module, up to the end of its last page.
pub fn module_bytes(number: usize) -> Option<&'static [u8]> {
    let module = MODULE_MEMORY.get()?.get(number)?;
    let size = (module.end - module.start) as usize;
    // The frame is made only to name where the module is in the direct map.
    let start = frames::pointer(PermanentFrame::of_module(module.start).frame());
    // SAFETY: the direct map covers modules, which nothing writes.
    Some(unsafe {
        core::slice::from_raw_parts(
            start.wrapping_add((module.start % PAGE_SIZE) as usize),
            size,
        )
    })
}
