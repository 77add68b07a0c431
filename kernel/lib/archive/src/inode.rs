//! Inodes: what a file is and where its bytes lie.

use core::ops::Range;

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::error::ArchiveError;
use crate::superblock::to_bytes;
use crate::volume::{BLOCK_BYTES, Volume};

/// Inodes are numbered by slots of this size.
const SLOT_BYTES: usize = 32;
const IS_EXTENDED: u16 = 1;
const LAYOUT_SHIFT: u32 = 1;
const LAYOUT_MASK: u16 = 7;
const LAYOUT_FLAT_PLAIN: u16 = 0;
const LAYOUT_FLAT_INLINE: u16 = 2;
/// Extended attributes in the inode: a header, then slots of four bytes, the
/// count being one more than the slots.
const ATTRIBUTE_HEADER_BYTES: usize = 12;
const ATTRIBUTE_SLOT_BYTES: usize = 4;

/// `struct erofs_inode_compact`; the extended one starts with the same fields
/// up to the mode.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Compact {
    format: U16,
    attribute_count: U16,
    mode: U16,
    links: U16,
    size_bytes: U32,
    reserved: U32,
    first_block: U32,
    serial: U32,
    owner: U16,
    group: U16,
    reserved_end: U32,
}

/// `struct erofs_inode_extended`.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Extended {
    format: U16,
    attribute_count: U16,
    mode: U16,
    reserved: U16,
    size_bytes: U64,
    first_block: U32,
    serial: U32,
    owner: U32,
    group: U32,
    time: U64,
    time_nanoseconds: U32,
    links: U32,
    reserved_end: [u8; 16],
}

const _: () = assert!(size_of::<Compact>() == SLOT_BYTES);
const _: () = assert!(size_of::<Extended>() == 2 * SLOT_BYTES);

/// What an inode is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, which is never followed.
    SymbolicLink,
    /// A device, pipe or socket.
    Special,
}

impl NodeKind {
    fn from_mode(mode: u16) -> Self {
        match mode & 0o170_000 {
            0o100_000 => Self::File,
            0o040_000 => Self::Directory,
            0o120_000 => Self::SymbolicLink,
            _ => Self::Special,
        }
    }
}

/// The bytes from an inode on, and where they begin.
fn find<'a>(volume: &Volume<'a>, number: u64) -> Result<(usize, &'a [u8]), ArchiveError> {
    let damaged = ArchiveError::Inode { number };
    let offset = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_mul(SLOT_BYTES))
        .and_then(|offset| offset.checked_add(volume.inodes_offset))
        .ok_or(damaged)?;
    Ok((offset, volume.image.get(offset..).ok_or(damaged)?))
}

/// A checked inode; its ranges lie inside the image.
pub struct Inode {
    pub kind: NodeKind,
    pub size_bytes: u64,
    /// The content's start, from the beginning of a block.
    pub blocks: Range<usize>,
    /// The content's end, behind the inode.
    pub tail: Range<usize>,
}

impl Inode {
    /// When the inode with a number was last written: a short one when the image was made.
    pub fn time(volume: &Volume<'_>, number: u64) -> Result<(u64, u32), ArchiveError> {
        let damaged = ArchiveError::Inode { number };
        let (_, bytes) = find(volume, number)?;
        let (compact, _) = Compact::ref_from_prefix(bytes).map_err(|_| damaged)?;
        if compact.format.get() & IS_EXTENDED == 0 {
            return Ok(volume.time);
        }
        let (extended, _) = Extended::ref_from_prefix(bytes).map_err(|_| damaged)?;
        Ok((extended.time.get(), extended.time_nanoseconds.get()))
    }

    /// Reads and checks the inode with a number.
    pub fn read(volume: &Volume<'_>, number: u64) -> Result<Self, ArchiveError> {
        let damaged = ArchiveError::Inode { number };
        let (offset, bytes) = find(volume, number)?;
        let (compact, _) = Compact::ref_from_prefix(bytes).map_err(|_| damaged)?;
        let (size_bytes, first_block, inode_bytes) = if compact.format.get() & IS_EXTENDED == 0 {
            let size = u64::from(compact.size_bytes.get());
            (size, compact.first_block.get(), size_of::<Compact>())
        } else {
            let (extended, _) = Extended::ref_from_prefix(bytes).map_err(|_| damaged)?;
            let size = extended.size_bytes.get();
            (size, extended.first_block.get(), size_of::<Extended>())
        };
        let tail_start = attribute_bytes(compact.attribute_count.get())
            .checked_add(inode_bytes)
            .and_then(|length| length.checked_add(offset))
            .ok_or(damaged)?;
        let size = usize::try_from(size_bytes).map_err(|_| ArchiveError::Content { number })?;
        let blocks_bytes = match (compact.format.get() >> LAYOUT_SHIFT) & LAYOUT_MASK {
            LAYOUT_FLAT_PLAIN => size,
            LAYOUT_FLAT_INLINE => size
                .div_ceil(BLOCK_BYTES)
                .saturating_sub(1)
                .saturating_mul(BLOCK_BYTES),
            layout => return Err(ArchiveError::Layout { number, layout }),
        };
        let tail_bytes = size.saturating_sub(blocks_bytes);
        let (blocks, tail) = blocks_range(volume, first_block, blocks_bytes)
            .zip(tail_range(volume, tail_start, tail_bytes))
            .ok_or(ArchiveError::Content { number })?;
        Ok(Self {
            kind: NodeKind::from_mode(compact.mode.get()),
            size_bytes,
            blocks,
            tail,
        })
    }
}

fn attribute_bytes(count: u16) -> usize {
    match usize::from(count).checked_sub(1) {
        None => 0,
        Some(slots) => slots
            .saturating_mul(ATTRIBUTE_SLOT_BYTES)
            .saturating_add(ATTRIBUTE_HEADER_BYTES),
    }
}

fn blocks_range(volume: &Volume<'_>, first_block: u32, length: usize) -> Option<Range<usize>> {
    if length == 0 {
        return Some(0..0);
    }
    range_in(volume.image, to_bytes(first_block)?, length)
}

/// A tail may not go beyond the block that its inode ends in.
fn tail_range(volume: &Volume<'_>, start: usize, length: usize) -> Option<Range<usize>> {
    if length == 0 {
        return Some(0..0);
    }
    let left_in_block = BLOCK_BYTES.checked_sub(start % BLOCK_BYTES)?;
    if length > left_in_block {
        return None;
    }
    range_in(volume.image, start, length)
}

fn range_in(image: &[u8], start: usize, length: usize) -> Option<Range<usize>> {
    let range = start..start.checked_add(length)?;
    image.get(range.clone())?;
    Some(range)
}
