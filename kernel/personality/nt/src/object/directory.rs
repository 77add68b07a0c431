//! Directories of objects.

use abi::NtStatus;
use abi::access::DIRECTORY_QUERY;
use abi::io::UnicodeString;
use abi::object::ObjectDirectoryInformation;
use alloc::vec::Vec;
use executive::object::{Directory, Object, ObjectKind};
use hal::user;
use zerocopy::{FromZeros, IntoBytes};

use crate::call::{Call, Outcome, probe, refused, violation, write};

/// NtCreateDirectoryObject(directory, access, attributes)
pub(crate) fn nt_create_directory_object(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Directory)?;
    new.create(call, || {
        Ok(Object::Directory(Directory::new().map_err(refused)?))
    })
}

/// NtOpenDirectoryObject(directory, access, attributes)
pub(crate) fn nt_open_directory_object(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Directory)?.open(call)
}

/// NtQueryDirectoryObject(directory, buffer, length, single, restart, context,
/// return length)
///
/// The context is the number of the next entry. The buffer gets the structures, one
/// of zeros behind the last, and then the characters of names and types. One entry
/// that does not fit is too much; of many, those that fit are given, and be it none.
pub(crate) fn nt_query_directory_object(call: &Call<'_>) -> Outcome {
    let (buffer, length) = (call.word(1)?, call.value32(2)?);
    let (is_single, restarts, context_at) = (call.flag(3)?, call.flag(4)?, call.word(5)?);
    let start = probe::<u32>(context_at)?;
    let return_length = call.optional_result::<u32>(6)?;
    let directory = call.directory(0, DIRECTORY_QUERY)?;
    let start = if restarts { 0 } else { start };
    let mut listing = Listing::default();
    let mut next = start;
    let mut status = NtStatus::SUCCESS;
    while let Some((name, object)) = entry(&directory, next)? {
        let needed = listing.add(&name, object.kind().name(), length)?;
        if needed > u64::from(length) {
            if is_single {
                return_length.set(&u32::try_from(needed).unwrap_or(u32::MAX))?;
                return Err(NtStatus::BUFFER_TOO_SMALL);
            }
            status = NtStatus::MORE_ENTRIES;
            break;
        }
        next = next.wrapping_add(1);
        if is_single {
            break;
        }
    }
    if next == start && status == NtStatus::SUCCESS {
        return_length.set(&0)?;
        return Err(NtStatus::NO_MORE_ENTRIES);
    }
    // Of an empty list only the end is written, and if that fits.
    let bytes = match listing.bytes() > u64::from(length) {
        true => 0,
        false => listing.write(buffer)?,
    };
    write(context_at, &next)?;
    return_length.set(&u32::try_from(bytes).unwrap_or(u32::MAX))?;
    Ok(status)
}

/// The entry of a directory with the number that a context gives.
fn entry(directory: &Directory, number: u32) -> Result<Option<(Vec<u16>, Object)>, NtStatus> {
    match usize::try_from(number) {
        Ok(number) => directory.entry(number).map_err(refused),
        Err(_) => Ok(None),
    }
}

/// Entries as they will stand in the buffer, with offsets into the characters
/// instead of addresses.
#[derive(Default)]
struct Listing {
    entries: Vec<ObjectDirectoryInformation>,
    characters: Vec<u16>,
}

impl Listing {
    /// Adds an entry if all of them fit into `length` bytes with it; how many bytes
    /// they then need.
    fn add(&mut self, name: &[u16], kind: &str, length: u32) -> Result<u64, NtStatus> {
        let (entries, characters) = (self.entries.len(), self.characters.len());
        let mut entry = ObjectDirectoryInformation::new_zeroed();
        entry.name = self.text(name.iter().copied())?;
        entry.type_name = self.text(kind.encode_utf16())?;
        self.entries
            .try_reserve(1)
            .map_err(|_| NtStatus::NO_MEMORY)?;
        self.entries.push(entry);
        let needed = self.bytes();
        if needed > u64::from(length) {
            self.entries.truncate(entries);
            self.characters.truncate(characters);
        }
        Ok(needed)
    }

    fn text(&mut self, units: impl Iterator<Item = u16>) -> Result<UnicodeString, NtStatus> {
        let start = self.characters.len();
        for unit in units.chain([0]) {
            self.characters
                .try_reserve(1)
                .map_err(|_| NtStatus::NO_MEMORY)?;
            self.characters.push(unit);
        }
        let units = self.characters.len().saturating_sub(start);
        let maximum = u16::try_from(units.saturating_mul(2));
        let maximum_length_bytes = maximum.map_err(|_| NtStatus::NAME_TOO_LONG)?;
        Ok(UnicodeString {
            length_bytes: maximum_length_bytes.saturating_sub(2),
            maximum_length_bytes,
            reserved_04: 0,
            buffer: u64::try_from(start.saturating_mul(2)).unwrap_or(u64::MAX),
        })
    }

    /// Bytes of the structures, that of zeros included.
    fn structures_bytes(&self) -> u64 {
        const ENTRY_BYTES: usize = size_of::<ObjectDirectoryInformation>();
        let count = self.entries.len().saturating_add(1);
        u64::try_from(count.saturating_mul(ENTRY_BYTES)).unwrap_or(u64::MAX)
    }

    fn bytes(&self) -> u64 {
        let characters = u64::try_from(size_of_val(self.characters.as_slice()));
        self.structures_bytes()
            .saturating_add(characters.unwrap_or(u64::MAX))
    }

    fn write(&mut self, buffer: u64) -> Result<u64, NtStatus> {
        let characters_at = buffer.wrapping_add(self.structures_bytes());
        for entry in &mut self.entries {
            for string in [&mut entry.name, &mut entry.type_name] {
                string.buffer = string.buffer.wrapping_add(characters_at);
            }
        }
        let end = [ObjectDirectoryInformation::new_zeroed()];
        let entries = self.entries.as_bytes();
        let end_at = buffer.wrapping_add(u64::try_from(entries.len()).unwrap_or(u64::MAX));
        user::copy_out(buffer, entries).map_err(violation)?;
        user::copy_out(end_at, end.as_bytes()).map_err(violation)?;
        user::copy_out(characters_at, self.characters.as_bytes()).map_err(violation)?;
        Ok(self.bytes())
    }
}
