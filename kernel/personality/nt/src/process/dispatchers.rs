//! Where a freestanding program's dispatchers are: a class of our own.

use abi::NtStatus;
use abi::process::ProcessDispatchers;
use executive::process::{EntryPoint, Process};
use hal::memory::layout;

use crate::query::Change;

/// Takes the addresses.
pub(super) fn set_dispatchers(process: &Process, change: &Change) -> Result<(), NtStatus> {
    let dispatchers = change.value::<ProcessDispatchers>()?;
    // An address that cannot be would fault on the way back, again and again.
    let cannot_be = |address: u64| address >= layout::USER_END;
    if cannot_be(dispatchers.exception) || cannot_be(dispatchers.apc) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    process.set_entry_point(EntryPoint::Exception, dispatchers.exception);
    process.set_entry_point(EntryPoint::Apc, dispatchers.apc);
    Ok(())
}
