//! The walk over multiboot2 tags that checks every size before any use.
//!
//! The multiboot2 crate asserts what this file proves: every tag that the
//! kernel reads is whole, aligned, and large enough for its type (Multiboot2
//! specification, 3.6).

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::BootError;

/// Numbers of the tags the kernel reads.
pub mod number {
    pub const END: u32 = 0;
    pub const COMMAND_LINE: u32 = 1;
    pub const LOADER_NAME: u32 = 2;
    pub const MODULE: u32 = 3;
    pub const MEMORY_MAP: u32 = 6;
    pub const FRAMEBUFFER: u32 = 8;
    pub const ACPI_OLD: u32 = 14;
    pub const ACPI_NEW: u32 = 15;
}

const TAG_ALIGNMENT: usize = 8;
const HEADER_BYTES: usize = 8;
const MODULE_BYTES: usize = 16;
const MEMORY_MAP_BYTES: usize = 16;
const MEMORY_ENTRY_BYTES: usize = 24;
const FRAMEBUFFER_BYTES: usize = 32;
const RGB_FIELDS_BYTES: usize = 6;
const PALETTE_COUNT_BYTES: usize = 2;
const PALETTE_ENTRY_BYTES: usize = 3;
/// Offset of the type byte in the framebuffer tag, and its values.
const FRAMEBUFFER_TYPE_OFFSET: usize = 29;
const FRAMEBUFFER_INDEXED: u8 = 0;
const FRAMEBUFFER_RGB: u8 = 1;

/// Bytes of the header: total size and a reserved word.
const INFORMATION_HEADER_BYTES: usize = 8;
/// GRUB's information has a few KiB; this much is a mistake.
const INFORMATION_MAX_BYTES: usize = 1 << 20;

/// Two words: size and reserved of the information, number and size of a tag.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct TwoWords {
    first: U32,
    second: U32,
}

/// One tag, header included.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    pub number: u32,
    /// Exactly as long as the tag says.
    pub bytes: &'a [u8],
    /// With the padding up to the next tag.
    pub padded: &'a [u8],
}

/// Multiboot2 information whose tags are proven whole.
#[derive(Debug, Clone, Copy)]
pub struct CheckedTags<'a> {
    information: &'a [u8],
}

/// The total size that the first eight bytes of multiboot2 information state.
///
/// # Errors
/// [`BootError::InformationSize`] when no information can have that size.
pub fn stated_size_bytes(header: &[u8], available_bytes: usize) -> Result<usize, BootError> {
    let (words, _) = TwoWords::ref_from_prefix(header).map_err(|_| BootError::InformationSize {
        stated_bytes: 0,
        available_bytes: header.len(),
    })?;
    let stated_bytes = words.first.get();
    usize::try_from(stated_bytes)
        .ok()
        .filter(|size| (INFORMATION_HEADER_BYTES..=INFORMATION_MAX_BYTES).contains(size))
        .filter(|size| *size <= available_bytes)
        .ok_or(BootError::InformationSize {
            stated_bytes,
            available_bytes,
        })
}

/// Checks the whole chain of tags.
///
/// # Errors
/// The first fault found, as a [`BootError`].
pub fn check_multiboot2(bytes: &[u8]) -> Result<CheckedTags<'_>, BootError> {
    if !bytes.as_ptr().addr().is_multiple_of(TAG_ALIGNMENT) {
        return Err(BootError::Misaligned);
    }
    let size = stated_size_bytes(bytes, bytes.len())?;
    let information = bytes.get(..size).unwrap_or_default();
    let mut offset = INFORMATION_HEADER_BYTES;
    loop {
        let tag = tag_at(information, offset)?;
        if tag.number == number::END {
            return Ok(CheckedTags { information });
        }
        check_tag(tag, offset)?;
        offset = offset.saturating_add(tag.padded.len());
    }
}

impl<'a> CheckedTags<'a> {
    /// Every tag before the end tag.
    pub(crate) fn iter(self) -> impl Iterator<Item = Tag<'a>> {
        let mut offset = INFORMATION_HEADER_BYTES;
        core::iter::from_fn(move || {
            let tag = tag_at(self.information, offset).ok()?;
            offset = offset.saturating_add(tag.padded.len());
            (tag.number != number::END).then_some(tag)
        })
    }

    /// The checked bytes, from the header to the stated end.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.information
    }
}

/// The tag at an offset, with a size that lies inside the information.
fn tag_at(information: &[u8], offset: usize) -> Result<Tag<'_>, BootError> {
    let rest = information
        .get(offset..)
        .filter(|rest| !rest.is_empty())
        .ok_or(BootError::NoEndTag)?;
    let (words, _) = TwoWords::ref_from_prefix(rest).map_err(|_| BootError::NoEndTag)?;
    let number = words.first.get();
    let fault = BootError::TagSize {
        tag: number,
        size_bytes: words.second.get(),
        offset_bytes: offset,
    };
    let size = usize::try_from(words.second.get()).map_err(|_| fault)?;
    if size < HEADER_BYTES {
        return Err(fault);
    }
    let padded_size = size.checked_next_multiple_of(TAG_ALIGNMENT).ok_or(fault)?;
    Ok(Tag {
        number,
        bytes: rest.get(..size).ok_or(fault)?,
        padded: rest.get(..padded_size).ok_or(fault)?,
    })
}

/// Whether a tag that the kernel reads is large enough for what it holds.
fn check_tag(tag: Tag<'_>, offset: usize) -> Result<(), BootError> {
    let size = tag.bytes.len();
    let fits = match tag.number {
        number::MODULE => size >= MODULE_BYTES,
        number::MEMORY_MAP => {
            let entry_size = word_at(tag.bytes, HEADER_BYTES);
            if let Some(size_bytes) = entry_size.filter(|size| *size != MEMORY_ENTRY_BYTES as u32) {
                return Err(BootError::MemoryEntrySize { size_bytes });
            }
            size.checked_sub(MEMORY_MAP_BYTES)
                .is_some_and(|entries| entries.is_multiple_of(MEMORY_ENTRY_BYTES))
        }
        number::FRAMEBUFFER => size >= framebuffer_bytes(tag.bytes),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(BootError::TagSize {
        tag: tag.number,
        size_bytes: u32::try_from(size).unwrap_or(u32::MAX),
        offset_bytes: offset,
    })
}

/// How large a framebuffer tag with these bytes must be.
fn framebuffer_bytes(bytes: &[u8]) -> usize {
    let colours = match bytes.get(FRAMEBUFFER_TYPE_OFFSET) {
        Some(&FRAMEBUFFER_RGB) => RGB_FIELDS_BYTES,
        Some(&FRAMEBUFFER_INDEXED) => {
            let count = match bytes.get(FRAMEBUFFER_BYTES..) {
                Some([low, high, ..]) => usize::from(u16::from_le_bytes([*low, *high])),
                _ => 0,
            };
            PALETTE_COUNT_BYTES.saturating_add(count.saturating_mul(PALETTE_ENTRY_BYTES))
        }
        _ => 0,
    };
    FRAMEBUFFER_BYTES.saturating_add(colours)
}

fn word_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let (word, _) = U32::ref_from_prefix(bytes.get(offset..)?).ok()?;
    Some(word.get())
}
