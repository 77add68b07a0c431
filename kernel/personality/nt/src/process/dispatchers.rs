//! Where a freestanding program's dispatchers are: a class of our own.

use abi::NtStatus;
use abi::process::ProcessDispatchers;
use executive::process::{EntryPoint, Process};

use crate::query::Change;

/// Takes the addresses.
pub(super) fn set_dispatchers(process: &Process, change: &Change) -> Result<(), NtStatus> {
    let dispatchers = change.value::<ProcessDispatchers>()?;
    process.set_entry_point(EntryPoint::Exception, dispatchers.exception);
    process.set_entry_point(EntryPoint::Apc, dispatchers.apc);
    Ok(())
}
