//! Pages both written and run, for one instruction: see `trap::alone`.

use vm::Page;
use x86_64::VirtAddr;
use x86_64::instructions::tlb;
use x86_64::structures::paging::PageTableFlags;

use super::address_space::AddressSpace;
use super::{kernel_space, tables, walk};

/// Lets a page that may be written be run as well. False: it may not be written, or
/// the space is not the active one.
pub(crate) fn open(space: &mut AddressSpace, page: Page) -> bool {
    space.is_active() && take_from_writable(page, kernel_space::no_execute())
}

/// Lets a page of the active address space that was opened only be run.
pub(crate) fn close(page: Page) {
    take_from_writable(page, PageTableFlags::WRITABLE);
}

fn take_from_writable(page: Page, flags: PageTableFlags) -> bool {
    const WRITABLE: PageTableFlags = PageTableFlags::PRESENT
        .union(PageTableFlags::WRITABLE)
        .union(PageTableFlags::USER_ACCESSIBLE);
    // SAFETY: the tables in use are tables. Nobody changes them meanwhile: whoever opens
    // has the space, and what closes comes directly from user mode on the only processor.
    let entry = unsafe { tables::leaf(walk::current_root(), page) };
    let Some(entry) = entry.filter(|entry| entry.flags().contains(WRITABLE)) else {
        return false;
    };
    tables::set(entry, tables::frame_of(entry), entry.flags() - flags);
    tlb::flush(VirtAddr::new_truncate(page.address()));
    true
}
