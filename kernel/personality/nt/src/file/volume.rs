//! What is known of the volume that a file is on, or of its device.

use abi::NtStatus;
use abi::file::*;
use executive::io::Target;

use super::ResultBlock;
use crate::call::{Call, Outcome, write};

/// NtQueryVolumeInformationFile(file, result, buffer, length, class)
pub(crate) fn nt_query_volume_information_file(call: &Call<'_>) -> Outcome {
    let (buffer, length, class) = (call.word(2)?, call.value32(3)?, call.value32(4)?);
    let result = ResultBlock::at(call.word(1)?)?;
    let file = call.file(0, 0)?;
    if class != FILE_FS_DEVICE_INFORMATION {
        return Err(NtStatus::INVALID_INFO_CLASS);
    }
    let size = size_of::<FileFsDeviceInformation>();
    if usize::try_from(length).is_ok_and(|length| length < size) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let (device_type, characteristics) = match file.target() {
        Target::Null => (FILE_DEVICE_NULL, 0),
        Target::Console => (FILE_DEVICE_CONSOLE, 0),
        Target::Pipe(_) | Target::Pipes(_) => (FILE_DEVICE_NAMED_PIPE, 0),
        Target::Node(_) => (FILE_DEVICE_DISK, FILE_DEVICE_IS_MOUNTED),
    };
    let information = FileFsDeviceInformation {
        device_type,
        characteristics,
    };
    write(buffer, &information)?;
    let bytes = u64::try_from(size).unwrap_or(u64::MAX);
    result.set(NtStatus::SUCCESS, bytes)
}
