//! Atoms: numbers for names.
use crate::call;
use abi::NtStatus;
use abi::atom::{ATOM_BASIC_INFORMATION, ATOM_TABLE_INFORMATION};

/// Adds a name, or counts it once more.
pub fn add(name: &[u16]) -> Result<u16, NtStatus> {
    by_name(call::nt_add_atom, name)
}

/// The atom of a name.
pub fn find(name: &[u16]) -> Result<u16, NtStatus> {
    by_name(call::nt_find_atom, name)
}

/// A stub that takes name, length and the place of an atom.
type ByName = unsafe extern "system" fn(u64, u64, u64) -> NtStatus;

fn by_name(stub: ByName, name: &[u16]) -> Result<u16, NtStatus> {
    let mut atom = 0_u16;
    let length = size_of_val(name) as u64;
    // SAFETY: reads the name, writes the atom.
    let status = unsafe { stub(name.as_ptr() as u64, length, &raw mut atom as u64) };
    status.is_success().then_some(atom).ok_or(status)
}

/// Counts an atom once less.
pub fn delete(atom: u16) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_delete_atom(atom.into()) }
}

/// Asks about an atom with a buffer of so many bytes; the status, and the length that
/// is told.
pub fn query(atom: u16, buffer: &mut [u16], bytes: usize) -> (NtStatus, u32) {
    query_class(atom, ATOM_BASIC_INFORMATION, buffer, bytes)
}

/// The same about all atoms.
pub fn list(buffer: &mut [u16], bytes: usize) -> (NtStatus, u32) {
    query_class(0, ATOM_TABLE_INFORMATION, buffer, bytes)
}

/// The same in any class.
pub fn query_class(atom: u16, class: u32, buffer: &mut [u16], bytes: usize) -> (NtStatus, u32) {
    assert!(bytes <= size_of_val(buffer));
    let mut length = u32::MAX;
    // SAFETY: writes the buffer and the length only.
    let status = unsafe {
        call::nt_query_information_atom(
            atom.into(),
            class.into(),
            buffer.as_mut_ptr() as u64,
            bytes as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}
