//! Variables of the firmware: a machine with a BIOS has none.

use abi::NtStatus;

use crate::call::{Call, Outcome, check_writable, probe, read};
use crate::new_handle::read_text;

/// NtQuerySystemEnvironmentValue(name, buffer, length, return length)
pub(crate) fn nt_query_system_environment_value(call: &Call<'_>) -> Outcome {
    read_text(call.word(0)?)?;
    check_writable(call.word(1)?, call.value32(2)?)?;
    call.optional_result::<u32>(3)?;
    Err(NtStatus::NOT_IMPLEMENTED)
}

/// NtQuerySystemEnvironmentValueEx(name, vendor, buffer, buffer length, attributes)
pub(crate) fn nt_query_system_environment_value_ex(call: &Call<'_>) -> Outcome {
    read_text(call.word(0)?)?;
    read::<[u8; 16]>(call.word(1)?)?;
    let buffer = call.word(2)?;
    let length = probe::<u32>(call.word(3)?)?;
    if buffer != 0 {
        check_writable(buffer, length)?;
    }
    call.optional_result::<u32>(4)?;
    Err(NtStatus::NOT_IMPLEMENTED)
}
