//! Where a freestanding program's dispatchers are: a class of our own.

use abi::NtStatus;
use abi::process::ProcessDispatchers;
use executive::process::{EntryPoint, Process};

use crate::call::{Outcome, read};

/// Takes the addresses from a buffer.
pub(crate) fn set_dispatchers(process: &Process, buffer: u64, length: u32) -> Outcome {
    if usize::try_from(length) != Ok(size_of::<ProcessDispatchers>()) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let dispatchers = read::<ProcessDispatchers>(buffer)?;
    process.set_entry_point(EntryPoint::Exception, dispatchers.exception);
    process.set_entry_point(EntryPoint::Apc, dispatchers.apc);
    Ok(NtStatus::SUCCESS)
}
