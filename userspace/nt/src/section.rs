//! Sections and their views, and memory of other processes.
use crate::call;
use crate::memory::Range;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::io::CURRENT_PROCESS;
use abi::section::VIEW_UNMAP;

/// A new section of the page file.
pub fn create(size_bytes: u64, protection: u32, allocation: u32) -> Result<Handle, NtStatus> {
    create_with(size_bytes, protection, allocation, ALL_ACCESS)
}

/// The same with chosen access.
pub fn create_with(
    size_bytes: u64,
    protection: u32,
    allocation: u32,
    access: u64,
) -> Result<Handle, NtStatus> {
    let at = &raw const size_bytes as u64;
    // SAFETY: writes the handle, reads the size.
    made(|handle| unsafe {
        call::nt_create_section(
            handle,
            access,
            0,
            at,
            protection.into(),
            allocation.into(),
            0,
        )
    })
}

/// Maps a view into a process, at `base` or anywhere.
pub fn map_into(
    section: &Handle,
    process: u64,
    base: u64,
    offset_bytes: u64,
    size_bytes: u64,
    protection: u32,
) -> Result<Range, NtStatus> {
    let mut range = Range { base, size_bytes };
    let mut offset = offset_bytes;
    // SAFETY: adds memory, changes `range` and `offset` only.
    let status = unsafe {
        call::nt_map_view_of_section(
            section.raw(),
            process,
            &raw mut range.base as u64,
            0,
            0,
            &raw mut offset as u64,
            &raw mut range.size_bytes as u64,
            VIEW_UNMAP.into(),
            0,
            protection.into(),
        )
    };
    status.is_success().then_some(range).ok_or(status)
}

/// Maps a view of all of a section into this process.
pub fn map(section: &Handle, protection: u32) -> Result<Range, NtStatus> {
    map_into(section, CURRENT_PROCESS, 0, 0, 0, protection)
}

/// Takes a view out of a process.
///
/// # Safety
/// Nothing uses the view.
pub unsafe fn unmap(process: u64, address: u64) -> NtStatus {
    // SAFETY: the caller's promise.
    unsafe { call::nt_unmap_view_of_section(process, address) }
}

/// Reads memory of a process; how many bytes were read.
pub fn read_memory(process: u64, address: u64, to: &mut [u8]) -> (NtStatus, u64) {
    let mut done = 0_u64;
    // SAFETY: writes `to` and `done` only.
    let status = unsafe {
        call::nt_read_virtual_memory(
            process,
            address,
            to.as_mut_ptr() as u64,
            to.len() as u64,
            &raw mut done as u64,
        )
    };
    (status, done)
}

/// Writes memory of a process; how many bytes were written.
///
/// # Safety
/// Nothing relies on the memory.
pub unsafe fn write_memory(process: u64, address: u64, from: &[u8]) -> (NtStatus, u64) {
    let mut done = 0_u64;
    // SAFETY: the caller's promise; otherwise writes `done` only.
    let status = unsafe {
        call::nt_write_virtual_memory(
            process,
            address,
            from.as_ptr() as u64,
            from.len() as u64,
            &raw mut done as u64,
        )
    };
    (status, done)
}
