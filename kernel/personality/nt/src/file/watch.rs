//! Watching directories.

use abi::NtStatus;
use abi::file::{FILE_NOTIFY_VALID_MASK, FILE_READ_DATA};
use executive::io::WantedChanges;
use executive::process::IoKind;

use super::operation::Operation;
use crate::call::{Call, Outcome, probe_bytes, refused};
use crate::win32::quirks;

/// NtNotifyChangeDirectoryFile(file, event, apc, context, result, buffer, length, filter,
/// whether below too)
pub(crate) fn nt_notify_change_directory_file(call: &Call<'_>) -> Outcome {
    // Of a directory that is the right to list it.
    let file = call.file(0, FILE_READ_DATA)?;
    let operation = Operation::read(call)?;
    let (buffer, length, filter) = (call.word(5)?, call.value32(6)?, call.value32(7)?);
    if filter == 0 || filter & !FILE_NOTIFY_VALID_MASK != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    // What is told once is not kept.
    probe_bytes(buffer, length.into())?;
    let wanted = WantedChanges {
        filter,
        is_deep: call.flag(8)?,
        room: usize::try_from(length).unwrap_or(usize::MAX),
    };
    let mut asked = operation.begin(call, &file, IoKind::Other)?;
    asked.is_synchronous &= !quirks::watches_apart(call);
    let begun = file.watch(&asked, wanted, buffer).map_err(refused)?;
    operation.end(&asked, &begun, buffer)
}
