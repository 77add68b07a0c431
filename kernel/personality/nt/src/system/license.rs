//! Licences: nothing here needs one, so none has a value.

use abi::NtStatus;

use crate::call::{Call, Outcome, check_writable, probe};
use crate::new_handle::read_text;

/// NtQueryLicenseValue(name, value type, buffer, length, return length)
pub(crate) fn nt_query_license_value(call: &Call<'_>) -> Outcome {
    let (name, buffer, return_length) = (call.word(0)?, call.word(2)?, call.word(4)?);
    let name = read_text(name)?;
    call.optional_result::<u32>(1)?;
    if buffer != 0 {
        check_writable(buffer, call.value32(3)?)?;
    }
    probe::<u32>(return_length)?;
    match name.is_empty() {
        true => Err(NtStatus::INVALID_PARAMETER),
        false => Err(NtStatus::OBJECT_NAME_NOT_FOUND),
    }
}
