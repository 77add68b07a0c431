//! Handles. There are no objects with handles yet: none can be closed.

use abi::NtStatus;

use crate::call::{Call, Outcome};

/// NtClose(handle)
pub(crate) fn nt_close(_call: &Call<'_>) -> Outcome {
    Err(NtStatus::INVALID_HANDLE)
}
