//! Extended attributes, which no file here has.

use abi::NtStatus;
use abi::file::{FILE_READ_EA, FILE_WRITE_EA};

use super::ResultBlock;
use crate::call::{Call, Outcome, check_readable, check_writable, read, refused};

/// Bytes of an entry before its name, in what is set and in a list of names.
const FULL_HEADER: usize = 8;
/// The longest entry: a name of 255 letters and a value of 65,535 bytes.
const MOST_BYTES: u64 = 0x1_0108;

/// NtQueryEaFile(file, result, buffer, length, single, list, list length, index,
/// restart)
pub(crate) fn nt_query_ea_file(call: &Call<'_>) -> Outcome {
    ResultBlock::at(call.word(1)?)?;
    let (buffer, length) = (call.word(2)?, call.value32(3)?);
    let (list, list_length, index) = (call.word(5)?, call.value32(6)?, call.word(7)?);
    call.flag(4)?;
    call.flag(8)?;
    if index != 0 {
        read::<u32>(index)?;
    }
    if list != 0 {
        check_readable(list, list_length)?;
    }
    let file = call.file(0, FILE_READ_EA)?;
    check_writable(buffer, length)?;
    file.node().map_err(refused)?;
    Err(match index {
        0 => NtStatus::NO_EAS_ON_FILE,
        _ => NtStatus::NONEXISTENT_EA_ENTRY,
    })
}

/// NtSetEaFile(file, result, buffer, length)
pub(crate) fn nt_set_ea_file(call: &Call<'_>) -> Outcome {
    ResultBlock::at(call.word(1)?)?;
    let (buffer, length) = (call.word(2)?, call.value32(3)?);
    let file = call.file(0, FILE_WRITE_EA)?;
    check_list(buffer, length)?;
    file.node().map_err(refused)?;
    Err(NtStatus::EAS_NOT_SUPPORTED)
}

/// Whether a list that a program passes is one: its first entry has a name.
pub(super) fn check_list(buffer: u64, length: u32) -> Result<(), NtStatus> {
    let header = read::<[u8; FULL_HEADER]>(buffer)?;
    let [_, _, _, _, _, name_bytes, low, high] = header;
    let value_bytes = u64::from(u16::from_le_bytes([low, high]));
    // Behind the name is a zero.
    let end = u64::from(name_bytes)
        .saturating_add(value_bytes)
        .saturating_add(9);
    match name_bytes == 0 || end > u64::from(length).min(MOST_BYTES) {
        true => Err(NtStatus::EA_LIST_INCONSISTENT),
        false => Ok(()),
    }
}
