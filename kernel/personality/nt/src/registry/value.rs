//! Setting and deleting values.

use abi::NtStatus;
use abi::access::KEY_SET_VALUE;
use alloc::vec::Vec;
use registry::MAX_DATA_BYTES;

use crate::call::{Call, Outcome, read_vec, refused};

/// NtSetValueKey(key, name, title index, type, buffer, length)
pub(crate) fn nt_set_value_key(call: &Call<'_>) -> Outcome {
    let key = call.key(0, KEY_SET_VALUE)?;
    let name = call.key_text(1)?;
    let kind = call.value32(3)?;
    let length = usize::try_from(call.value32(5)?).unwrap_or(usize::MAX);
    if length > MAX_DATA_BYTES {
        return Err(NtStatus::INSUFFICIENT_RESOURCES);
    }
    let data = match length {
        0 => Vec::new(),
        length => read_vec::<u8>(call.word(4)?, length)?,
    };
    key.set_value(&name, kind, &data).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtDeleteValueKey(key, name)
pub(crate) fn nt_delete_value_key(call: &Call<'_>) -> Outcome {
    let key = call.key(0, KEY_SET_VALUE)?;
    let name = call.key_text(1)?;
    key.delete_value(&name).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}
