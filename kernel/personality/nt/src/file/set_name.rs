//! Giving files other names.

use abi::NtStatus;
use abi::file::*;
use abi::object::OBJ_CASE_INSENSITIVE;
use alloc::vec::Vec;
use executive::io::{self, File, NewName, Renaming};
use executive::object::{Object, namespace};

use crate::call::{Call, read, read_vec, refused};
use crate::new_handle::Attributes;

/// Bytes before the name.
const NAME_OFFSET: u64 = 0x14;

/// Renames a file as the buffer of a call says; what a plain one calls `Replace` is
/// a flag among others.
pub(super) fn rename(
    call: &Call<'_>,
    file: &File,
    (buffer, length): (u64, u32),
    is_extended: bool,
) -> Result<(), NtStatus> {
    let (information, name) = read_name(buffer, length)?;
    let flags = match is_extended {
        true => information.flags,
        // A BOOLEAN, and garbage behind it.
        false if information.flags & 0xFF != 0 => FILE_RENAME_REPLACE_IF_EXISTS,
        false => 0,
    };
    if flags & !FILE_RENAME_VALID_FLAGS != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let has = |flag| flags & flag != 0;
    let renaming = Renaming {
        replaces: has(FILE_RENAME_REPLACE_IF_EXISTS),
        is_posix: has(FILE_RENAME_POSIX_SEMANTICS),
        ignores_read_only: has(FILE_RENAME_IGNORE_READONLY_ATTRIBUTE),
    };
    let node = file.node().map_err(refused)?;
    let is_mere = information.root_directory == 0 && name.first() != Some(&objects::SEPARATOR);
    if is_mere {
        return node.rename(NewName::Here(&name), renaming).map_err(refused);
    }
    let attributes = Attributes::of_name(information.root_directory, name, OBJ_CASE_INSENSITIVE);
    let root = attributes.root(call)?;
    let name = attributes.name().unwrap_or_default();
    let found = namespace::find_device(root, name, attributes.walk());
    let (object, rest) = found.map_err(refused)?;
    let new = match &object {
        Object::Device(device) => io::new_name_on(device, &rest),
        Object::File(directory) => io::new_name_in(directory, &rest),
        _ => return Err(NtStatus::OBJECT_TYPE_MISMATCH),
    };
    node.rename(new.map_err(refused)?, renaming)
        .map_err(refused)
}

/// A file has one name: whoever wants another is told what a file system without
/// hard links tells.
pub(super) fn link(file: &File, (buffer, length): (u64, u32)) -> Result<(), NtStatus> {
    read_name(buffer, length)?;
    file.node().map_err(refused)?;
    Err(NtStatus::INVALID_DEVICE_REQUEST)
}

fn read_name(buffer: u64, length: u32) -> Result<(FileRenameInformation, Vec<u16>), NtStatus> {
    let information = read::<FileRenameInformation>(buffer)?;
    let bytes = information.file_name_length;
    let end = NAME_OFFSET.saturating_add(bytes.into());
    if bytes == 0 || !bytes.is_multiple_of(2) || end > length.into() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let units = usize::try_from(bytes >> 1).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    let name = read_vec(buffer.wrapping_add(NAME_OFFSET), units)?;
    Ok((information, name))
}
