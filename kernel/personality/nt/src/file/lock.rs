//! Locks on ranges of a file's bytes.

use abi::NtStatus;
use abi::file::{FILE_READ_DATA, FILE_WRITE_DATA};
use executive::io::{LockMode, LockRange};
use executive::object::Object;
use executive::process::IoKind;

use super::ResultBlock;
use super::operation::Operation;
use crate::call::{Call, Outcome, read, refused};

const READ_OR_WRITE: u32 = FILE_READ_DATA | FILE_WRITE_DATA;

/// NtLockFile(file, event, apc, context, result, offset, length, key, fails at once,
/// exclusive)
pub(crate) fn nt_lock_file(call: &Call<'_>) -> Outcome {
    let (file, _) = call.file_for_any(0, READ_OR_WRITE)?;
    let operation = Operation::of_lock(call)?;
    let range = range(call, 5)?;
    let key = call.value32(7)?;
    let fails_at_once = call.flag(8)?;
    let mode = match call.flag(9)? {
        true => LockMode::Exclusive,
        false => LockMode::Shared,
    };
    let process = call.process().id();
    let asked = operation.begin(call, &file, IoKind::Other)?;
    let begun = file.lock_range(&asked, range, (process, key), mode, !fails_at_once);
    // Locks do not stay behind a handle that another thread has closed meanwhile.
    let found = call.found(0).map(|found| found.object);
    if !found.is_ok_and(|object| object.is_same(&Object::File(file.clone()))) {
        call.process().handles().forget_closed(&file);
    }
    operation.end(&asked, &begun.map_err(refused)?, 0)
}

/// NtUnlockFile(file, result, offset, length, key)
pub(crate) fn nt_unlock_file(call: &Call<'_>) -> Outcome {
    let (file, _) = call.file_for_any(0, READ_OR_WRITE)?;
    let result = ResultBlock::of_lock(call, call.word(1)?)?;
    let range = range(call, 2)?;
    let owner = (call.process().id(), call.value32(4)?);
    file.unlock_range(range, owner).map_err(refused)?;
    result.set(NtStatus::SUCCESS, 0)
}

/// The range whose offset and length are there.
fn range(call: &Call<'_>, number: usize) -> Result<LockRange, NtStatus> {
    let start = read::<u64>(call.word(number)?)?;
    let length = read::<u64>(call.word(number.saturating_add(1))?)?;
    LockRange::new(start, length).map_err(|error| refused(error.into()))
}
