//! Changing keys: deleted, renamed, flushed, and what programs note of them.

use abi::NtStatus;
use abi::access::{DELETE, KEY_SET_VALUE, KEY_WRITE};
use abi::registry::*;

use crate::call::{Call, Outcome, refused};

/// NtDeleteKey(key)
pub(crate) fn nt_delete_key(call: &Call<'_>) -> Outcome {
    call.key(0, DELETE)?.delete().map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtRenameKey(key, name)
pub(crate) fn nt_rename_key(call: &Call<'_>) -> Outcome {
    let key = call.key(0, KEY_WRITE)?;
    let name = call.key_text(1)?;
    key.rename(&name).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtFlushKey(key)
///
/// What is in memory alone is as safe as it will be.
pub(crate) fn nt_flush_key(call: &Call<'_>) -> Outcome {
    call.key(0, 0)?.view(|_| ()).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtSetInformationKey(key, class, buffer, length)
pub(crate) fn nt_set_information_key(call: &Call<'_>) -> Outcome {
    let change = call.change()?;
    let needed = match change.class {
        KEY_SET_HANDLE_TAGS_INFORMATION => 0,
        _ => KEY_SET_VALUE,
    };
    let key = call.key(0, needed)?;
    match change.class {
        KEY_WRITE_TIME_INFORMATION => {
            let time = change.value::<i64>()?;
            key.set_last_write(time.cast_unsigned())
        }
        KEY_WOW64_FLAGS_INFORMATION => key.set_user_flags(among(change.value()?, KEY_WOW64_FLAGS)?),
        KEY_CONTROL_FLAGS_INFORMATION => {
            key.set_control_flags(among(change.value()?, KEY_CONTROL_FLAGS)?)
        }
        KEY_SET_VIRTUALIZATION_INFORMATION => {
            key.set_virtual_flags(among(change.value()?, KEY_VIRTUAL_FLAGS)?)
        }
        KEY_SET_LAYER_INFORMATION => match among(change.value()?, KEY_LAYER_FLAGS)? {
            0 => key.view(|_| ()),
            // It is laid over nothing.
            _ => return Err(NtStatus::NOT_SUPPORTED),
        },
        KEY_SET_HANDLE_TAGS_INFORMATION => {
            key.set_tags(change.value()?);
            Ok(())
        }
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    }
    .map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// Flags, if there are no others.
fn among(flags: u32, all: u32) -> Result<u32, NtStatus> {
    match flags & !all {
        0 => Ok(flags),
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}
