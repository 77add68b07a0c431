//! What files are called, what streams they have, and what else few ask.

use abi::NtStatus;
use abi::file::*;
use alloc::vec::Vec;
use executive::object::Object;
use objects::SEPARATOR;
use zerocopy::{FromZeros, IntoBytes};

use super::information::{Answer, Known};
use super::volume::serial_number;
use crate::call::{Outcome, refused};
use crate::system::for_each_process;

/// The one stream of a file: its data.
const DATA_STREAM: [u16; 7] = [0x3A, 0x3A, 0x24, 0x44, 0x41, 0x54, 0x41];

/// Answers the classes that are not of files themselves.
pub(super) fn query(answer: &Answer, known: &Known<'_>, class: u32) -> Outcome {
    match class {
        FILE_STREAM_INFORMATION => streams(answer, known),
        FILE_HARD_LINK_INFORMATION => names(answer, known),
        FILE_ID_INFORMATION => answer.fixed(|| {
            Ok(FileIdInformation {
                volume_serial_number: serial_number(known.file.node().map_err(refused)?.volume())
                    .into(),
                file_id: [known.number()?, 0],
            })
        }),
        FILE_STANDARD_LINK_INFORMATION => answer.fixed(|| {
            let file = known.node()?;
            let mut information = FileStandardLinkInformation::new_zeroed();
            information.number_of_accessible_links = file.links;
            information.total_number_of_links = file.links;
            information.delete_pending = file.is_delete_pending.into();
            information.directory = file.is_directory.into();
            Ok(information)
        }),
        FILE_COMPRESSION_INFORMATION => answer.fixed(|| {
            let mut information = FileCompressionInformation::new_zeroed();
            (information.compressed_file_size, _) = known.sizes()?;
            Ok(information)
        }),
        FILE_IS_REMOTE_DEVICE_INFORMATION => answer.fixed(|| known.node().map(|_| 0_u8)),
        FILE_CASE_SENSITIVE_INFORMATION => answer.fixed(|| match known.node()?.is_directory {
            true => Ok(0_u32),
            false => Err(NtStatus::INVALID_PARAMETER),
        }),
        FILE_PROCESS_IDS_USING_FILE_INFORMATION => users(answer, known),
        FILE_ALTERNATE_NAME_INFORMATION if answer.length < size_of::<u64>() => {
            Err(NtStatus::INFO_LENGTH_MISMATCH)
        }
        // The volume keeps no names of old.
        FILE_ALTERNATE_NAME_INFORMATION => {
            known.node()?;
            Err(NtStatus::OBJECT_NAME_NOT_FOUND)
        }
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// A file has its data, a directory nothing.
fn streams(answer: &Answer, known: &Known<'_>) -> Outcome {
    // The structure has room for a letter.
    if answer.length < size_of::<FileStreamInformation>().saturating_add(size_of::<u64>()) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    if known.node()?.is_directory {
        return answer.finish(NtStatus::SUCCESS, 0);
    }
    let name = DATA_STREAM.as_bytes();
    let mut entry = FileStreamInformation::new_zeroed();
    (entry.stream_allocation_size, entry.stream_size) = known.sizes()?;
    entry.stream_name_length = u32::try_from(name.len()).unwrap_or_default();
    let bytes = joined(entry.as_bytes(), name)?;
    // No part of an entry is told.
    match bytes.len() > answer.length {
        true => answer.finish(NtStatus::BUFFER_OVERFLOW, 0),
        false => answer.bytes(&bytes),
    }
}

/// The numbers of the processes that have a handle of it.
fn users(answer: &Answer, known: &Known<'_>) -> Outcome {
    if answer.length < size_of::<FileProcessIdsUsingFileInformation>() {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    known.file.node().map_err(refused)?;
    let mut ids = Vec::new();
    for_each_process(|process| {
        let is_of_it = |object: &Object| matches!(object, Object::File(file) if file.is_of_same_node(known.file));
        if process.handles().has(is_of_it) {
            let reserved = ids.try_reserve(1);
            reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
            ids.push(process.id());
        }
        Ok(())
    })?;
    let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    let bytes = joined(count.as_bytes(), ids.as_slice().as_bytes())?;
    match bytes.len() > answer.length {
        true => Err(NtStatus::INFO_LENGTH_MISMATCH),
        false => answer.bytes(&bytes),
    }
}

/// The one name that a file has.
fn names(answer: &Answer, known: &Known<'_>) -> Outcome {
    const HEADER: usize = 8;
    const NAME_OFFSET: usize = 0x1C;
    if answer.length < size_of::<FileLinksInformation>() {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let node = known.file.node().map_err(refused)?;
    let path = known.path()?;
    let name = path.rsplit(|unit| *unit == SEPARATOR).next();
    // The root is called `.`.
    let name = name.filter(|name| !name.is_empty()).unwrap_or(&[0x2E]);
    let mut links = FileLinksInformation::new_zeroed();
    let end = NAME_OFFSET.saturating_add(name.as_bytes().len());
    links.bytes_needed = u32::try_from(end).unwrap_or(u32::MAX);
    if end > answer.length {
        let header = links.as_bytes().get(..HEADER).unwrap_or_default();
        answer.bytes(header)?;
        return answer.finish(NtStatus::BUFFER_OVERFLOW, HEADER);
    }
    links.entries_returned = 1;
    links.parent_file_id = node.parent_id().map_err(refused)?;
    links.file_name_length = u32::try_from(name.len()).unwrap_or_default();
    let fixed = links.as_bytes().get(..NAME_OFFSET).unwrap_or_default();
    answer.bytes(&joined(fixed, name.as_bytes())?)
}

fn joined(fixed: &[u8], name: &[u8]) -> Result<Vec<u8>, NtStatus> {
    let mut bytes = Vec::new();
    let reserved = bytes.try_reserve_exact(fixed.len().saturating_add(name.len()));
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    bytes.extend_from_slice(fixed);
    bytes.extend_from_slice(name);
    Ok(bytes)
}
