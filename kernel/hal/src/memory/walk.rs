//! Looks at the page tables in use: for reports and for the W^X check.

use core::fmt;

use vm::{Frame, Page};
use x86_64::registers::control::Cr3;
use x86_64::structures::paging::PageTableFlags;

use super::{kernel_space, tables};

const LARGE_LEVEL_MAX: u32 = 2;
const LEVEL_BITS: u32 = 9;
/// Bits 47 and up of an address are equal.
const SIGN_SHIFT: u32 = 16;

pub(super) fn current_root() -> Frame {
    Frame::containing(Cr3::read().0.start_address().as_u64())
}

/// Whether a page is mapped at `address` in the address space in use.
pub(crate) fn is_mapped(address: u64) -> bool {
    if (address as i64) << SIGN_SHIFT >> SIGN_SHIFT != address as i64 {
        return false;
    }
    let mut frame = current_root();
    for level in (0..=tables::ROOT_LEVEL).rev() {
        // SAFETY: the tables in use are tables; the entry is only read.
        let entry =
            unsafe { &tables::table(frame)[tables::index(Page::containing(address), level)] };
        if !entry.flags().contains(PageTableFlags::PRESENT) {
            return false;
        }
        if entry.flags().contains(PageTableFlags::HUGE_PAGE) && level > 0 {
            return level <= LARGE_LEVEL_MAX;
        }
        frame = tables::frame_of(entry);
    }
    true
}

/// A page that breaks a promise about the address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Writable and executable.
    WritableAndExecutable(u64),
    /// In the kernel half, but open to user mode.
    KernelOpenToUser(u64),
    /// In the user half, but closed to user mode.
    UserClosed(u64),
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WritableAndExecutable(page) => {
                write!(out, "{page:#x} is writable and executable")
            }
            Self::KernelOpenToUser(page) => {
                write!(out, "{page:#x} of the kernel is open to user mode")
            }
            Self::UserClosed(page) => {
                write!(out, "{page:#x} of the user half belongs to the kernel")
            }
        }
    }
}

/// Checks every page of the address space in use; returns how many there are.
///
/// # Errors
/// The first page that is both writable and executable or on the wrong side.
pub fn check_write_xor_execute() -> Result<u64, Violation> {
    let mut pages = 0;
    check_table(current_root(), tables::ROOT_LEVEL, 0, true, &mut pages)?;
    Ok(pages)
}

fn check_table(
    frame: Frame,
    level: u32,
    base: u64,
    user: bool,
    pages: &mut u64,
) -> Result<(), Violation> {
    // A processor that cannot forbid execution breaks no promise of ours.
    let no_execute = kernel_space::no_execute();
    for index in 0..tables::ENTRIES {
        // SAFETY: the tables in use are tables; the entry is only read.
        let entry = unsafe { &tables::table(frame)[index] };
        let flags = entry.flags();
        if !flags.contains(PageTableFlags::PRESENT) {
            continue;
        }
        let page = base << LEVEL_BITS | index as u64;
        let user = user && flags.contains(PageTableFlags::USER_ACCESSIBLE);
        if level > 0 && !flags.contains(PageTableFlags::HUGE_PAGE) {
            check_table(tables::frame_of(entry), level - 1, page, user, pages)?;
            continue;
        }
        *pages += 1;
        let address = (page << (12 + LEVEL_BITS * level)) as i64;
        let address = (address << SIGN_SHIFT >> SIGN_SHIFT) as u64;
        let is_kernel = address >= super::layout::LOWER_HALF_END;
        if flags.contains(PageTableFlags::WRITABLE) && flags & no_execute != no_execute {
            return Err(Violation::WritableAndExecutable(address));
        }
        if is_kernel && user {
            return Err(Violation::KernelOpenToUser(address));
        }
        if !is_kernel && !user {
            return Err(Violation::UserClosed(address));
        }
    }
    Ok(())
}
