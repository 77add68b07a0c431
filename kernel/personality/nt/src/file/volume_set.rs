//! Changing what a volume is called.

use abi::NtStatus;
use abi::file::*;
use executive::io::{self, MOST_LABEL_UNITS, Target};

use super::ResultBlock;
use crate::call::{Call, Outcome, read, read_vec, refused};

/// Bytes of a FILE_FS_LABEL_INFORMATION before the label, and with its first letter.
const LABEL_OFFSET: u64 = 4;
const LABEL_BYTES: u32 = 8;

/// NtSetVolumeInformationFile(file, result, buffer, length, class)
pub(crate) fn nt_set_volume_information_file(call: &Call<'_>) -> Outcome {
    let (buffer, length, class) = (call.word(2)?, call.value32(3)?, call.value32(4)?);
    let result = ResultBlock::at(call.word(1)?)?;
    let least = match class {
        FILE_FS_LABEL_INFORMATION => LABEL_BYTES,
        FILE_FS_CONTROL_INFORMATION => 0x30,
        FILE_FS_OBJECTID_INFORMATION => 0x40,
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    };
    if length < least {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let file = call.file(0, FILE_WRITE_DATA)?;
    let bytes = read::<u32>(buffer)?;
    let volume = match file.target() {
        Target::Volume(volume) if class == FILE_FS_LABEL_INFORMATION => *volume,
        // Neither quotas nor numbers can be set, and no label through a file.
        Target::Volume(_) | Target::Node(_) => return Err(NtStatus::INVALID_PARAMETER),
        _ => return Err(NtStatus::INVALID_DEVICE_REQUEST),
    };
    if !bytes.is_multiple_of(2) || LABEL_OFFSET.saturating_add(bytes.into()) > length.into() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let units = usize::try_from(bytes >> 1).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    if units > MOST_LABEL_UNITS {
        return Err(NtStatus::INVALID_VOLUME_LABEL);
    }
    let label = read_vec(buffer.wrapping_add(LABEL_OFFSET), units)?;
    io::set_label(volume, &label).map_err(refused)?;
    result.set(NtStatus::SUCCESS, 0)
}
