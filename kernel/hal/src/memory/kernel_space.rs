//! The kernel half: one set of tables that every address space shares.

use core::mem::ManuallyDrop;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering};

use spin::Once;
use vm::{Frame, PAGE_SIZE, Page, PageRange};
use x86_64::instructions::tlb;
use x86_64::registers::control::Cr3;
use x86_64::structures::paging::{PageTableFlags, PhysFrame};
use x86_64::{PhysAddr, VirtAddr};

use super::frames::{OwnedFrame, SharedFrame};
use super::kernel_stack::Stacks;
use super::{layout, tables, walk};
use crate::OutOfMemory;
use crate::lock::{Lock, rank};

/// Set once the processor honours the no-execute bit; it is reserved before.
static NO_EXECUTE: AtomicBool = AtomicBool::new(false);
/// The root whose upper half every other root copies.
static ROOT: Once<Frame> = Once::new();
pub(super) static SPACE: Lock<rank::KernelSpace, Space> = Lock::new(Space {
    next_device: layout::DEVICES,
    stacks: Stacks::new(),
});

/// What is mapped, apart from the heap.
pub(super) struct Space {
    next_device: u64,
    pub(super) stacks: Stacks,
}

/// A device's registers could not be mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// No frames for page tables.
    OutOfMemory,
    /// No addresses left, or no such physical addresses.
    OutOfAddresses,
    /// Memory lies there, which must not be reached in a second way.
    IsMemory,
}

impl From<OutOfMemory> for DeviceError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// Says that page tables may forbid execution.
pub(crate) fn use_no_execute() {
    NO_EXECUTE.store(true, Ordering::Relaxed);
}

/// The no-execute flag, where the processor has it.
pub(super) fn no_execute() -> PageTableFlags {
    match NO_EXECUTE.load(Ordering::Relaxed) {
        true => PageTableFlags::NO_EXECUTE,
        false => PageTableFlags::empty(),
    }
}

/// Flags of kernel data.
pub(super) fn data_flags() -> PageTableFlags {
    PageTableFlags::PRESENT | PageTableFlags::WRITABLE | PageTableFlags::GLOBAL | no_execute()
}

/// Takes `root` as the model of every kernel half. Once.
pub(super) fn init(root: Frame) {
    ROOT.call_once(|| root);
}

fn root() -> Frame {
    *ROOT
        .get()
        .expect("the kernel's page tables are made before they are used")
}

/// Leaves every process's address space.
pub(crate) fn activate() {
    let (current, flags) = Cr3::read();
    let wanted = PhysFrame::containing_address(PhysAddr::new(root().address()));
    if current != wanted {
        // SAFETY: the model's kernel half is every address space's.
        unsafe { Cr3::write(wanted, flags) };
    }
}

/// Gives a new root the kernel's half.
pub(super) fn copy_kernel_half(new: Frame) {
    // SAFETY: the entries of the model's upper half never change after `init`,
    // and `new` is not in use yet.
    let (model, new) = unsafe { (tables::table(root()), tables::table(new)) };
    for index in tables::ENTRIES / 2..tables::ENTRIES {
        new[index] = model[index].clone();
    }
}

/// Maps fresh frames where nothing is mapped; all of them or none. Stacks that are
/// kept give theirs where there are no others.
pub(super) fn map_new(space: &mut Space, range: PageRange) -> Result<(), OutOfMemory> {
    map_free(range).or_else(|error| match space.stacks.give_back() {
        true => map_free(range),
        false => Err(error),
    })
}

fn map_free(range: PageRange) -> Result<(), OutOfMemory> {
    let mapped = range.pages().try_for_each(|page| {
        // SAFETY: the caller holds `SPACE` and owns the range.
        let entry = unsafe { tables::entry_or_new(root(), page, 0) }?;
        tables::set(entry, OwnedFrame::zeroed()?.into_frame(), data_flags());
        Ok(())
    });
    if mapped.is_err() {
        unmap(range);
    }
    mapped
}

/// Frees the frames of a range that nobody uses any more.
pub(super) fn unmap(range: PageRange) {
    // SAFETY: the caller holds `SPACE` and owns the range.
    unsafe {
        tables::visit(root(), range, &mut |page, entry| {
            let frame = tables::frame_of(entry);
            entry.set_unused();
            tlb::flush(VirtAddr::new_truncate(page.address()));
            drop(OwnedFrame::from_frame(frame));
        });
    }
}

/// Maps a shared frame for the kernel to read, where nothing is mapped.
pub(super) fn map_read_only(page: Page, frame: SharedFrame) -> Result<(), OutOfMemory> {
    let mut space = SPACE.lock();
    // SAFETY: `SPACE` is locked, and the caller owns the page.
    let find = || unsafe { tables::entry_or_new(root(), page, 0) };
    let entry = match find() {
        Err(OutOfMemory) if space.stacks.give_back() => find(),
        found => found,
    }?;
    tables::set(
        entry,
        frame.into_frame(),
        data_flags() - PageTableFlags::WRITABLE,
    );
    Ok(())
}

/// The frame that `map_read_only` mapped, shared once more.
pub(super) fn read_only_frame(page: Page) -> Option<SharedFrame> {
    let _space = SPACE.lock();
    // SAFETY: `SPACE` is locked.
    let entry = unsafe { tables::leaf(root(), page) }?;
    // SAFETY: the entry has one share, and keeps it: this value is not dropped.
    let held = ManuallyDrop::new(unsafe { SharedFrame::from_frame(tables::frame_of(entry)) });
    Some((*held).clone())
}

/// Lets go of the frames of a range that `map_read_only` mapped.
pub(super) fn unmap_read_only(range: PageRange) {
    let _space = SPACE.lock();
    // SAFETY: the caller owns the range, to which nothing refers any more.
    unsafe {
        tables::visit(root(), range, &mut |page, entry| {
            let frame = tables::frame_of(entry);
            entry.set_unused();
            tlb::flush(VirtAddr::new_truncate(page.address()));
            drop(SharedFrame::from_frame(frame));
        });
    }
}

/// Maps `pages` more pages of heap from `start` on.
pub(super) fn map_heap(start: u64, pages: u64) -> Result<(), OutOfMemory> {
    map_new(
        &mut SPACE.lock(),
        PageRange::sized(Page::containing(start), pages),
    )
}

/// Maps device registers, uncached. They stay mapped.
pub(crate) fn map_device(physical: u64, size: u64) -> Result<NonNull<u8>, DeviceError> {
    const PHYSICAL_END: u64 = 1 << 46;
    let mut space = SPACE.lock();
    let first = Frame::containing(physical);
    let last = physical
        .checked_add(size.max(1) - 1)
        .filter(|&last| last < PHYSICAL_END);
    let count = Frame::containing(last.ok_or(DeviceError::OutOfAddresses)?).0 - first.0 + 1;
    let is_memory = |number| walk::is_mapped(layout::DIRECT_MAP + first.plus(number).address());
    if (0..count).any(is_memory) {
        return Err(DeviceError::IsMemory);
    }
    let start = space.next_device;
    if start + count * PAGE_SIZE > layout::DEVICES + layout::DEVICES_LIMIT {
        return Err(DeviceError::OutOfAddresses);
    }
    let flags = data_flags() | PageTableFlags::NO_CACHE | PageTableFlags::WRITE_THROUGH;
    for number in 0..count {
        // SAFETY: `SPACE` is locked and the addresses are new.
        let entry =
            unsafe { tables::entry_or_new(root(), Page::containing(start).plus(number), 0) }?;
        tables::set(entry, first.plus(number), flags);
    }
    // A page between devices catches overruns.
    space.next_device = start + (count + 1) * PAGE_SIZE;
    let address = start + physical % PAGE_SIZE;
    NonNull::new(address as *mut u8).ok_or(DeviceError::OutOfAddresses)
}
