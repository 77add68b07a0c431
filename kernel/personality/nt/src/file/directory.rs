//! What directories have.

use abi::NtStatus;
use abi::file::*;
use alloc::vec::Vec;
use executive::io::{Answer, Begun, Entry, Node};
use executive::process::IoKind;
use hal::user;
use zerocopy::{FromZeros, IntoBytes};

use super::information::{reparse_tag, times};
use super::operation::Operation;
use crate::call::{Call, Outcome, refused, violation};
use crate::new_handle::read_text;

/// The mask of who gives none.
const EVERYTHING: [u16; 1] = [b'*' as u16];
/// Entries begin at multiples of this.
const ALIGNMENT: usize = 8;
/// Bytes of the name of old, which files here do not have, and its length.
const SHORT_NAME_BYTES: usize = 0x1A;

/// NtQueryDirectoryFile(file, event, apc, context, result, buffer, length, class,
/// single, mask, restart)
pub(crate) fn nt_query_directory_file(call: &Call<'_>) -> Outcome {
    let file = call.file(0, FILE_READ_DATA)?;
    let operation = Operation::read(call)?;
    let (buffer, length, class) = (call.word(5)?, call.value32(6)?, call.value32(7)?);
    let (is_single, restarts) = (call.flag(8)?, call.flag(10)?);
    let mask = match call.word(9)? {
        0 => None,
        address => Some(read_text(address)?),
    };
    let room = usize::try_from(length).unwrap_or(usize::MAX);
    if room < fixed_bytes(class)? {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let node = file.node().map_err(refused)?;
    let is_first = !node.is_listed();
    match (is_first, restarts) {
        // The mask of the first call holds for all.
        (true, _) => {
            let mask = mask.as_deref().filter(|mask| !mask.is_empty());
            node.list(mask.unwrap_or(&EVERYTHING)).map_err(refused)?;
        }
        (false, true) => node.list_again().map_err(refused)?,
        (false, false) => {}
    }
    let asked = operation.begin(call, &file, IoKind::Other)?;
    let listed = Listed::of(node, class, room, is_single)?;
    if listed.bytes.is_empty() {
        return Err(match is_first {
            true => NtStatus::NO_SUCH_FILE,
            false => NtStatus::NO_MORE_FILES,
        });
    }
    user::copy_out(buffer, &listed.bytes).map_err(violation)?;
    let bytes = u64::try_from(listed.bytes.len()).unwrap_or(u64::MAX);
    let answer = Answer {
        status: listed.status.0,
        information: bytes,
        ..Answer::default()
    };
    operation.end(&asked, &Begun::Done(answer), buffer)
}

/// What a call answers.
struct Listed {
    bytes: Vec<u8>,
    status: NtStatus,
}

impl Listed {
    fn of(node: &Node, class: u32, room: usize, is_single: bool) -> Result<Self, NtStatus> {
        let mut listed = Self {
            bytes: Vec::new(),
            status: NtStatus::SUCCESS,
        };
        let mut previous_at = 0;
        loop {
            let is_first = listed.bytes.is_empty();
            match listed.add_next(node, class, room, &mut previous_at) {
                Ok(true) if !is_single && listed.status == NtStatus::SUCCESS => {}
                Ok(_) => return Ok(listed),
                Err(status) if is_first => return Err(status),
                // The listing is behind those entries: they are given.
                Err(_) => return Ok(listed),
            }
        }
    }

    /// Adds an entry and moves the listing on, if there is one and it fits.
    fn add_next(
        &mut self,
        node: &Node,
        class: u32,
        room: usize,
        previous_at: &mut usize,
    ) -> Result<bool, NtStatus> {
        let Some(entry) = node.next_entry().map_err(refused)? else {
            return Ok(false);
        };
        let at = self.bytes.len().next_multiple_of(ALIGNMENT);
        let encoded = encode(&entry, class)?;
        let left = room.saturating_sub(at);
        let is_first = self.bytes.is_empty();
        if encoded.len() > left && !is_first {
            return Ok(false);
        }
        // Of a first entry the name may be cut.
        let given = encoded.get(..left.min(encoded.len())).unwrap_or_default();
        let grown = self
            .bytes
            .try_reserve(ALIGNMENT.saturating_add(given.len()));
        grown.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        if !is_first {
            self.link(*previous_at, at)?;
        }
        if given.len() < encoded.len() {
            self.status = NtStatus::BUFFER_OVERFLOW;
        }
        self.bytes.resize(at, 0);
        self.bytes.extend_from_slice(given);
        *previous_at = at;
        node.move_on(entry.name);
        Ok(true)
    }

    /// Says in one entry where the next begins.
    fn link(&mut self, from: usize, to: usize) -> Result<(), NtStatus> {
        let offset = u32::try_from(to.saturating_sub(from));
        let offset = offset
            .map_err(|_| NtStatus::INTEGER_OVERFLOW)?
            .to_le_bytes();
        let place = self
            .bytes
            .get_mut(from..)
            .and_then(|rest| rest.get_mut(..offset.len()));
        if let Some(place) = place {
            place.copy_from_slice(&offset);
        }
        Ok(())
    }
}

/// Bytes of an entry before its name.
fn fixed_bytes(class: u32) -> Result<usize, NtStatus> {
    Ok(match class {
        FILE_DIRECTORY_INFORMATION => 0x40,
        FILE_FULL_DIRECTORY_INFORMATION => 0x44,
        FILE_BOTH_DIRECTORY_INFORMATION => 0x5E,
        FILE_NAMES_INFORMATION => size_of::<FileNamesInformation>(),
        FILE_ID_BOTH_DIRECTORY_INFORMATION => 0x68,
        FILE_ID_FULL_DIRECTORY_INFORMATION => 0x50,
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    })
}

/// One entry with its name.
fn encode(entry: &Entry, class: u32) -> Result<Vec<u8>, NtStatus> {
    let name = entry.name.as_bytes();
    let fixed = fixed_bytes(class)?;
    let mut bytes = Vec::new();
    let reserved = bytes.try_reserve_exact(fixed.saturating_add(name.len()));
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    let length = u32::try_from(name.len()).map_err(|_| NtStatus::NAME_TOO_LONG)?;
    if class == FILE_NAMES_INFORMATION {
        let mut header = FileNamesInformation::new_zeroed();
        header.file_name_length = length;
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(name);
        return Ok(bytes);
    }
    let mut header = FileDirectoryInformation::new_zeroed();
    let [creation, access, write, change] = times(&entry.information);
    header.creation_time = creation;
    header.last_access_time = access;
    header.last_write_time = write;
    header.change_time = change;
    if let Some((size_bytes, allocated_bytes)) = entry.sizes() {
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        header.end_of_file = signed(size_bytes);
        header.allocation_size = signed(allocated_bytes);
    }
    header.file_attributes = entry.information.attributes;
    header.file_name_length = length;
    bytes.extend_from_slice(header.as_bytes());
    // Of what leads elsewhere the tag takes the size's place.
    let ea_size = reparse_tag(header.file_attributes).to_le_bytes();
    match class {
        FILE_FULL_DIRECTORY_INFORMATION => bytes.extend_from_slice(&ea_size),
        FILE_BOTH_DIRECTORY_INFORMATION => {
            bytes.extend_from_slice(&ea_size);
            bytes.extend_from_slice(&[0; SHORT_NAME_BYTES]);
        }
        FILE_ID_BOTH_DIRECTORY_INFORMATION => {
            bytes.extend_from_slice(&ea_size);
            bytes.extend_from_slice(&[0; SHORT_NAME_BYTES]);
            bytes.extend_from_slice(&[0; 2]);
            bytes.extend_from_slice(&entry.id.to_le_bytes());
        }
        FILE_ID_FULL_DIRECTORY_INFORMATION => {
            bytes.extend_from_slice(&ea_size);
            bytes.extend_from_slice(&[0; 4]);
            bytes.extend_from_slice(&entry.id.to_le_bytes());
        }
        _ => {}
    }
    bytes.extend_from_slice(name);
    Ok(bytes)
}
