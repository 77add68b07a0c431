//! Attributes of files (NT `FILE_ATTRIBUTE_*`) and which of them can be set.
//!
//! `FILE_ATTRIBUTE_NORMAL` says that there are none: it is shown when nothing
//! else is, and never stored. Whether something is a directory its creation
//! decides for good.

use crate::FileError;

/// No writing, no deleting.
pub const READONLY: u32 = 0x1;
/// Not listed by default.
pub const HIDDEN: u32 = 0x2;
/// Part of the system.
pub const SYSTEM: u32 = 0x4;
/// A directory.
pub const DIRECTORY: u32 = 0x10;
/// Changed since the last backup.
pub const ARCHIVE: u32 = 0x20;
/// None of the others.
pub const NORMAL: u32 = 0x80;
/// Not worth writing back.
pub const TEMPORARY: u32 = 0x100;
/// Leads elsewhere. No program sets it.
pub const REPARSE_POINT: u32 = 0x400;
/// Its data is elsewhere.
pub const OFFLINE: u32 = 0x1000;
/// Not to be indexed.
pub const NOT_CONTENT_INDEXED: u32 = 0x2000;

/// What a program can set; other bits it passes are ignored, as on NTFS.
const SETTABLE: u32 =
    READONLY | HIDDEN | SYSTEM | ARCHIVE | TEMPORARY | OFFLINE | NOT_CONTENT_INDEXED;

/// What is stored of attributes that a program sets.
///
/// # Errors
/// [`FileError::InvalidParameter`] for a directory that would be temporary.
pub const fn stored(attributes: u32, is_directory: bool) -> Result<u32, FileError> {
    if is_directory && attributes & TEMPORARY != 0 {
        return Err(FileError::InvalidParameter);
    }
    Ok(attributes & SETTABLE)
}

/// What a program sees of stored attributes.
#[must_use]
pub const fn shown(stored: u32, is_directory: bool) -> u32 {
    let attributes = stored | if is_directory { DIRECTORY } else { 0 };
    if attributes == 0 { NORMAL } else { attributes }
}
