//! The handles of a process, one by one.

use abi::NtStatus;
use abi::object::{OBJ_INHERIT, OBJ_PROTECT_CLOSE};
use abi::process::{ProcessHandleEntry, ProcessHandleSnapshot};
use alloc::vec::Vec;
use executive::object::Listed;
use executive::process::Process;
use zerocopy::{FromZeros, IntoBytes};

use crate::call::{Outcome, refused};
use crate::object::type_index;
use crate::query::Query;

/// Answers with everything about each handle.
pub(super) fn handle_list(query: &Query, process: &Process) -> Outcome {
    let handles = process.handles().list().map_err(refused)?;
    let mut header = ProcessHandleSnapshot::new_zeroed();
    header.count = u64::try_from(handles.len()).unwrap_or(u64::MAX);
    let entries = handles.iter().map(entry);
    let answer = joined(header.as_bytes(), entries, handles.len())?;
    query.answer_all(&answer, NtStatus::INFO_LENGTH_MISMATCH)
}

/// Answers with the value of each handle.
pub(super) fn handle_values(query: &Query, process: &Process) -> Outcome {
    let handles = process.handles().list().map_err(refused)?;
    let values = handles.iter().map(|listed| {
        // They are small on purpose: programs keep them in 32 bits.
        u32::try_from(listed.handle).unwrap_or(u32::MAX)
    });
    let answer = joined(&[], values, handles.len())?;
    query.answer_all(&answer, NtStatus::BUFFER_TOO_SMALL)
}

fn joined<T: IntoBytes + zerocopy::Immutable>(
    header: &[u8],
    entries: impl Iterator<Item = T>,
    count: usize,
) -> Result<Vec<u8>, NtStatus> {
    let size = count
        .checked_mul(size_of::<T>())
        .and_then(|size| size.checked_add(header.len()));
    let mut answer = Vec::new();
    answer
        .try_reserve_exact(size.ok_or(NtStatus::NO_MEMORY)?)
        .map_err(|_| NtStatus::NO_MEMORY)?;
    answer.extend_from_slice(header);
    entries.for_each(|entry| answer.extend_from_slice(entry.as_bytes()));
    Ok(answer)
}

fn entry(listed: &Listed) -> ProcessHandleEntry {
    let mut entry = ProcessHandleEntry::new_zeroed();
    entry.handle = listed.handle;
    entry.handle_count = listed.handle_count.into();
    // Other references are not told: they come and go with every call.
    entry.pointer_count = listed.handle_count.into();
    entry.granted_access = listed.access;
    entry.object_type_index = type_index(listed.kind).into();
    if listed.inherit {
        entry.handle_attributes |= OBJ_INHERIT;
    }
    if listed.protect_from_close {
        entry.handle_attributes |= OBJ_PROTECT_CLOSE;
    }
    entry
}
