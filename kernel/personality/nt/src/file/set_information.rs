//! Changing files: times and attributes, position, size, deletion.

use abi::NtStatus;
use abi::access::{DELETE, IO_COMPLETION_MODIFY_STATE};
use abi::file::*;
use abi::token::{SE_MANAGE_VOLUME_PRIVILEGE, SE_RESTORE_PRIVILEGE};
use executive::io::{BasicUpdate, Deletion, File, Quiet};

use super::set_name::{link, rename};
use super::{ResultBlock, pipe};
use crate::call::{Call, Outcome, read, refused};
use crate::win32::quirks;

/// NtSetInformationFile(file, result, buffer, length, class)
pub(crate) fn nt_set_information_file(call: &Call<'_>) -> Outcome {
    let (buffer, length, class) = (call.word(2)?, call.value32(3)?, call.value32(4)?);
    let result = ResultBlock::at(call.word(1)?)?;
    let (size, wanted) = match class {
        FILE_BASIC_INFORMATION => (size_of::<FileBasicInformation>(), FILE_WRITE_ATTRIBUTES),
        FILE_RENAME_INFORMATION | FILE_RENAME_INFORMATION_EX => {
            (size_of::<FileRenameInformation>(), DELETE)
        }
        FILE_LINK_INFORMATION | FILE_LINK_INFORMATION_EX => {
            (size_of::<FileRenameInformation>(), FILE_WRITE_ATTRIBUTES)
        }
        FILE_SHORT_NAME_INFORMATION => (size_of::<u64>(), DELETE),
        FILE_VALID_DATA_LENGTH_INFORMATION => (size_of::<i64>(), FILE_WRITE_DATA),
        FILE_DISPOSITION_INFORMATION => (size_of::<u8>(), DELETE),
        FILE_DISPOSITION_INFORMATION_EX => (size_of::<u32>(), DELETE),
        FILE_POSITION_INFORMATION => (size_of::<i64>(), 0),
        FILE_MODE_INFORMATION => (size_of::<u32>(), 0),
        FILE_PIPE_INFORMATION => (size_of::<FilePipeInformation>(), FILE_WRITE_ATTRIBUTES),
        FILE_COMPLETION_INFORMATION | FILE_REPLACE_COMPLETION_INFORMATION => {
            (size_of::<FileCompletionInformation>(), 0)
        }
        FILE_IO_COMPLETION_NOTIFICATION_INFORMATION => (size_of::<u32>(), 0),
        FILE_ALLOCATION_INFORMATION | FILE_END_OF_FILE_INFORMATION => {
            (size_of::<i64>(), FILE_WRITE_DATA)
        }
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    };
    if usize::try_from(length).is_ok_and(|length| length < size) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let file = quirks::file_with(call, 0, wanted)?;
    match class {
        FILE_BASIC_INFORMATION => set_basic(call, &file, &read(buffer)?)?,
        FILE_DISPOSITION_INFORMATION => set_deletion(&file, u32::from(read::<u8>(buffer)? != 0))?,
        FILE_DISPOSITION_INFORMATION_EX => set_deletion(&file, read(buffer)?)?,
        FILE_POSITION_INFORMATION => set_position(&file, read(buffer)?)?,
        FILE_MODE_INFORMATION => set_mode(&file, read(buffer)?)?,
        FILE_RENAME_INFORMATION => rename(call, &file, (buffer, length), false)?,
        FILE_RENAME_INFORMATION_EX => rename(call, &file, (buffer, length), true)?,
        FILE_LINK_INFORMATION | FILE_LINK_INFORMATION_EX => link(&file, (buffer, length))?,
        FILE_SHORT_NAME_INFORMATION => set_short_name(call, &file, buffer)?,
        FILE_VALID_DATA_LENGTH_INFORMATION => set_valid_length(call, &file, read(buffer)?)?,
        FILE_ALLOCATION_INFORMATION => set_allocation(&file, read(buffer)?)?,
        FILE_PIPE_INFORMATION => set_modes(&file, &read(buffer)?)?,
        FILE_COMPLETION_INFORMATION => set_port(call, &file, &read(buffer)?)?,
        FILE_REPLACE_COMPLETION_INFORMATION => replace_port(call, &file, &read(buffer)?)?,
        FILE_IO_COMPLETION_NOTIFICATION_INFORMATION => set_quiet(&file, read(buffer)?)?,
        _ => set_end(&file, read(buffer)?)?,
    }
    result.set(NtStatus::SUCCESS, 0)
}

fn set_basic(call: &Call<'_>, file: &File, new: &FileBasicInformation) -> Result<(), NtStatus> {
    let update = BasicUpdate {
        creation: new.creation_time,
        access: new.last_access_time,
        write: new.last_write_time,
        change: new.change_time,
        attributes: quirks::new_attributes(call, new),
    };
    file.node()
        .and_then(|node| node.set_basic(&update))
        .map_err(refused)
}

fn set_deletion(file: &File, flags: u32) -> Result<(), NtStatus> {
    if flags & !FILE_DISPOSITION_VALID_FLAGS != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let has = |flag| flags & flag != 0;
    let deletion = Deletion {
        deletes: has(FILE_DISPOSITION_DELETE),
        is_posix: has(FILE_DISPOSITION_POSIX_SEMANTICS),
        is_on_close: has(FILE_DISPOSITION_ON_CLOSE),
        ignores_read_only: has(FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE),
    };
    // What runs stays, whether FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK asks or not.
    file.node()
        .and_then(|node| node.set_deletion(deletion))
        .map_err(refused)
}

fn set_position(file: &File, position: i64) -> Result<(), NtStatus> {
    let position = u64::try_from(position).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    file.set_position(position);
    Ok(())
}

/// For a file without one: the port stays, unless it is replaced.
fn set_port(
    call: &Call<'_>,
    file: &File,
    information: &FileCompletionInformation,
) -> Result<(), NtStatus> {
    let port = call.completion_port_by(information.port, IO_COMPLETION_MODIFY_STATE)?;
    file.set_port(port, information.key).map_err(refused)
}

/// What was begun before is told to the port of before.
fn replace_port(
    call: &Call<'_>,
    file: &File,
    information: &FileCompletionInformation,
) -> Result<(), NtStatus> {
    let new = match information.port {
        0 => None,
        handle => {
            let port = call.completion_port_by(handle, IO_COMPLETION_MODIFY_STATE)?;
            Some((port, information.key))
        }
    };
    file.replace_port(new).map_err(refused)
}

fn set_modes(file: &File, information: &FilePipeInformation) -> Result<(), NtStatus> {
    let modes = pipe::modes(information.read_mode, information.completion_mode)?;
    file.set_pipe_modes(modes).map_err(refused)
}

fn set_quiet(file: &File, bits: u32) -> Result<(), NtStatus> {
    file.add_quiet(Quiet::from_bits(bits).ok_or(NtStatus::INVALID_PARAMETER)?);
    Ok(())
}

/// Only hints can change: whether calls wait was decided when it was opened.
fn set_mode(file: &File, flags: u32) -> Result<(), NtStatus> {
    const WAITS: u32 = FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;
    const SETTABLE: u32 = FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | WAITS;
    let before = file.mode();
    let waits = flags & WAITS;
    let is_synchronous =
        waits == FILE_SYNCHRONOUS_IO_ALERT || waits == FILE_SYNCHRONOUS_IO_NONALERT;
    if flags & !SETTABLE != 0 || waits == WAITS || is_synchronous != before.is_synchronous {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    file.set_flags(flags | (before.flags & FILE_NO_INTERMEDIATE_BUFFERING));
    Ok(())
}

/// The volume keeps no names of old.
fn set_short_name(call: &Call<'_>, file: &File, buffer: u64) -> Result<(), NtStatus> {
    read::<u64>(buffer)?;
    call.need_privilege(SE_RESTORE_PRIVILEGE)?;
    file.node().map_err(refused)?;
    Err(NtStatus::SHORT_NAMES_NOT_ENABLED_ON_VOLUME)
}

/// All of a file is valid from the start, so that there is nothing to move.
fn set_valid_length(call: &Call<'_>, file: &File, size: i64) -> Result<(), NtStatus> {
    call.need_privilege(SE_MANAGE_VOLUME_PRIVILEGE)?;
    let size_bytes = u64::try_from(size).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    let node = file.node().map_err(refused)?;
    let data = node.data().map_err(refused)?;
    match size_bytes == data.size_bytes() {
        true => Ok(()),
        false => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// Room is made when it is written: a file is only made shorter by that.
fn set_allocation(file: &File, size: i64) -> Result<(), NtStatus> {
    let size_bytes = u64::try_from(size).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    let node = file.node().map_err(refused)?;
    let is_shorter = size_bytes < node.data().map_err(refused)?.size_bytes();
    match is_shorter {
        true => node.set_size(size_bytes).map_err(refused),
        false => Ok(()),
    }
}

fn set_end(file: &File, size: i64) -> Result<(), NtStatus> {
    let size_bytes = u64::try_from(size).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    file.node()
        .and_then(|node| node.set_size(size_bytes))
        .map_err(refused)
}
