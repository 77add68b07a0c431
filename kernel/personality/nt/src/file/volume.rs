//! What is known of the volume that a file is on, or of its device.

use abi::NtStatus;
use abi::file::*;
use alloc::vec::Vec;
use executive::io::{self, File, Target, VolumeId};
use executive::memory::commitment_counts;
use hal::user;
use zerocopy::{FromZeros, Immutable, IntoBytes};

use super::ResultBlock;
use crate::call::{Call, Outcome, refused, violation};

/// The number of the volume `C:`; those of others are the next ones.
const SERIAL_NUMBER: u32 = 0x5045_5452;
/// Programs know what a file system of this name can do.
const FILE_SYSTEM_NAME: [u16; 4] = [0x4E, 0x54, 0x46, 0x53];
const FILE_SYSTEM_FLAGS: u32 = FILE_CASE_PRESERVED_NAMES
    | FILE_UNICODE_ON_DISK
    | FILE_SUPPORTS_POSIX_UNLINK_RENAME
    | FILE_SUPPORTS_OBJECT_IDS
    | FILE_SUPPORTS_OPEN_BY_FILE_ID;
const MOST_NAME_UNITS: u32 = 255;
pub(super) const SECTOR_BYTES: u32 = 512;
const SECTORS_PER_UNIT: u32 = 8;

/// NtQueryVolumeInformationFile(file, result, buffer, length, class)
pub(crate) fn nt_query_volume_information_file(call: &Call<'_>) -> Outcome {
    let (buffer, length, class) = (call.word(2)?, call.value32(3)?, call.value32(4)?);
    let result = ResultBlock::at(call.word(1)?)?;
    let wanted = match class {
        FILE_FS_CONTROL_INFORMATION => FILE_READ_DATA,
        _ => 0,
    };
    let least = least_bytes(class)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length < least {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let file = call.file(0, wanted)?;
    let known = know(&file, class)?;
    let given = known.get(..length.min(known.len())).unwrap_or(&known);
    user::copy_out(buffer, given).map_err(violation)?;
    let status = match given.len() < known.len() {
        true => NtStatus::BUFFER_OVERFLOW,
        false => NtStatus::SUCCESS,
    };
    result.set(status, u64::try_from(given.len()).unwrap_or(u64::MAX))
}

/// The structure of a class; where a name ends it, it has room for a letter.
fn least_bytes(class: u32) -> Result<usize, NtStatus> {
    Ok(match class {
        FILE_FS_VOLUME_INFORMATION => 0x18,
        FILE_FS_SIZE_INFORMATION => size_of::<FileFsSizeInformation>(),
        FILE_FS_DEVICE_INFORMATION => size_of::<FileFsDeviceInformation>(),
        FILE_FS_ATTRIBUTE_INFORMATION => 0x10,
        FILE_FS_CONTROL_INFORMATION => size_of::<FileFsControlInformation>(),
        FILE_FS_FULL_SIZE_INFORMATION => size_of::<FileFsFullSizeInformation>(),
        FILE_FS_OBJECTID_INFORMATION => 0x40,
        FILE_FS_SECTOR_SIZE_INFORMATION => size_of::<FileFsSectorSizeInformation>(),
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    })
}

/// The number of a volume.
pub(super) fn serial_number(volume: VolumeId) -> u32 {
    SERIAL_NUMBER.wrapping_add(volume.number().into())
}

/// In units: all, those that are free, and those that the caller may use.
fn units(volume: VolumeId) -> Result<[i64; 3], NtStatus> {
    let unit_bytes = u64::from(SECTOR_BYTES).saturating_mul(SECTORS_PER_UNIT.into());
    let units = match io::room(volume) {
        None => {
            let counts = commitment_counts();
            let free = counts.limit.saturating_sub(counts.charged);
            [counts.limit, free, free]
        }
        Some(room) => {
            let room = room.map_err(refused)?;
            let in_units = |bytes: u64| bytes.checked_div(unit_bytes).unwrap_or(0);
            [room.total, room.free, room.available].map(in_units)
        }
    };
    Ok(units.map(|units| i64::try_from(units).unwrap_or(i64::MAX)))
}

fn know(file: &File, class: u32) -> Result<Vec<u8>, NtStatus> {
    let volume = match file.target() {
        Target::Volume(volume) => *volume,
        Target::Node(node) => node.volume(),
        _ => VolumeId::C,
    };
    let (device_type, characteristics) = match file.target() {
        Target::Null => (FILE_DEVICE_NULL, 0),
        Target::Console | Target::Terminal(_) => (FILE_DEVICE_CONSOLE, 0),
        Target::Pipe(_) | Target::Pipes(_) | Target::Host(_) => (FILE_DEVICE_NAMED_PIPE, 0),
        Target::Socket(_) => (FILE_DEVICE_NETWORK, 0),
        Target::Volume(_) | Target::Node(_) => (FILE_DEVICE_DISK, FILE_DEVICE_IS_MOUNTED),
    };
    if class == FILE_FS_DEVICE_INFORMATION {
        return bytes_of(&FileFsDeviceInformation {
            device_type,
            characteristics,
        });
    }
    if device_type != FILE_DEVICE_DISK {
        return Err(NtStatus::INVALID_DEVICE_REQUEST);
    }
    match class {
        FILE_FS_VOLUME_INFORMATION => describe(volume),
        FILE_FS_SIZE_INFORMATION => {
            let [total_units, _, available_units] = units(volume)?;
            bytes_of(&FileFsSizeInformation {
                total_units,
                available_units,
                sectors_per_unit: SECTORS_PER_UNIT,
                bytes_per_sector: SECTOR_BYTES,
            })
        }
        FILE_FS_FULL_SIZE_INFORMATION => {
            let [total_units, actual_available_units, caller_available_units] = units(volume)?;
            bytes_of(&FileFsFullSizeInformation {
                total_units,
                caller_available_units,
                actual_available_units,
                sectors_per_unit: SECTORS_PER_UNIT,
                bytes_per_sector: SECTOR_BYTES,
            })
        }
        FILE_FS_ATTRIBUTE_INFORMATION => file_system(volume),
        FILE_FS_CONTROL_INFORMATION => {
            let mut control = FileFsControlInformation::new_zeroed();
            (control.default_quota_threshold, control.default_quota_limit) = (-1, -1);
            bytes_of(&control)
        }
        FILE_FS_SECTOR_SIZE_INFORMATION => bytes_of(&sectors()),
        // Nothing on it has numbers for whoever follows links.
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

fn sectors() -> FileFsSectorSizeInformation {
    FileFsSectorSizeInformation {
        logical_bytes_per_sector: SECTOR_BYTES,
        physical_bytes_per_sector_for_atomicity: SECTOR_BYTES,
        physical_bytes_per_sector_for_performance: SECTOR_BYTES,
        effective_physical_bytes_per_sector_for_atomicity: SECTOR_BYTES,
        flags: SSINFO_FLAGS_ALIGNED_DEVICE
            | SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE
            | SSINFO_FLAGS_NO_SEEK_PENALTY,
        byte_offset_for_sector_alignment: 0,
        byte_offset_for_partition_alignment: 0,
    }
}

/// FILE_FS_VOLUME_INFORMATION.
fn describe(volume: VolumeId) -> Result<Vec<u8>, NtStatus> {
    let label = io::label(volume).map_err(refused)?;
    let mut bytes = Vec::new();
    let created = i64::try_from(io::ARCHIVE_TIME).unwrap_or_default();
    put(&mut bytes, &created)?;
    put(&mut bytes, &serial_number(volume))?;
    put(&mut bytes, &length_of(&label))?;
    // No object numbers, and padding.
    put(&mut bytes, &[0_u8; 2])?;
    put(&mut bytes, label.as_slice())?;
    Ok(bytes)
}

/// FILE_FS_ATTRIBUTE_INFORMATION.
fn file_system(volume: VolumeId) -> Result<Vec<u8>, NtStatus> {
    let flags = match io::is_read_only(volume) {
        true => FILE_SYSTEM_FLAGS | FILE_READ_ONLY_VOLUME,
        false => FILE_SYSTEM_FLAGS,
    };
    let mut bytes = Vec::new();
    put(&mut bytes, &flags)?;
    put(&mut bytes, &MOST_NAME_UNITS)?;
    put(&mut bytes, &length_of(&FILE_SYSTEM_NAME))?;
    put(&mut bytes, FILE_SYSTEM_NAME.as_slice())?;
    Ok(bytes)
}

fn length_of(name: &[u16]) -> u32 {
    u32::try_from(name.as_bytes().len()).unwrap_or(u32::MAX)
}

fn bytes_of<T: IntoBytes + Immutable>(value: &T) -> Result<Vec<u8>, NtStatus> {
    let mut bytes = Vec::new();
    put(&mut bytes, value)?;
    Ok(bytes)
}

fn put<T: IntoBytes + Immutable + ?Sized>(to: &mut Vec<u8>, value: &T) -> Result<(), NtStatus> {
    let value = value.as_bytes();
    to.try_reserve(value.len())
        .map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    to.extend_from_slice(value);
    Ok(())
}
