//! Closing handles.

use abi::NtStatus;

use crate::call::{Call, Outcome, refused};

/// NtClose(handle)
pub(crate) fn nt_close(call: &Call<'_>) -> Outcome {
    let handle = call.word(0)?;
    // Pseudo handles, of which there are more than are used, stay.
    const LAST_PSEUDO_HANDLE: u64 = 6;
    if handle.wrapping_neg() <= LAST_PSEUDO_HANDLE && handle != 0 {
        return Ok(NtStatus::SUCCESS);
    }
    call.process().handles().close(handle).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}
