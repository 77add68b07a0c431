//! Directories: blocks of entries, each with its names behind them.

use zerocopy::little_endian::{U16, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::error::ArchiveError;
use crate::inode::{Inode, NodeKind};
use crate::volume::{BLOCK_BYTES, Case, Volume};

/// `struct erofs_dirent`.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct RawEntry {
    inode: U64,
    name_offset: U16,
    file_type: u8,
    reserved: u8,
}

/// An entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub kind: NodeKind,
    /// Its size in bytes, as its inode states it.
    pub size_bytes: u64,
    /// The number of its inode, which opens it without its path.
    pub number: u64,
}

/// The entries of a directory, without `.` and `..`, in the image's order:
/// sorted by the bytes of their names.
///
/// A damaged entry table ends the iteration with an error; an entry whose own
/// inode or name is bad is an error and the next one follows.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    volume: Volume<'a>,
    number: u64,
    blocks: &'a [u8],
    tail: &'a [u8],
    /// The block at hand, and which of its entries comes next.
    block: &'a [u8],
    index: usize,
}

impl<'a> Entries<'a> {
    pub(crate) fn new(volume: Volume<'a>, number: u64, inode: &Inode) -> Self {
        let part = |range: &core::ops::Range<usize>| volume.image.get(range.clone());
        Self {
            volume,
            number,
            blocks: part(&inode.blocks).unwrap_or_default(),
            tail: part(&inode.tail).unwrap_or_default(),
            block: &[],
            index: 0,
        }
    }

    /// The inode number behind a name.
    pub(crate) fn find(mut self, name: &[u8], case: Case) -> Result<Option<u64>, ArchiveError> {
        while let Some(raw) = self.next_raw() {
            let (inode, found) = raw?;
            let fits = match case {
                Case::Exact => found == name,
                Case::Ignored => found.eq_ignore_ascii_case(name),
            };
            if fits {
                return Ok(Some(inode));
            }
        }
        Ok(None)
    }

    /// The next entry's inode number and name, `.` and `..` left out.
    fn next_raw(&mut self) -> Option<Result<(u64, &'a [u8]), ArchiveError>> {
        loop {
            if self.block.is_empty() {
                self.take_block()?;
            }
            let Some((inode, name, is_last)) = entry_at(self.block, self.index) else {
                self.stop();
                return Some(Err(ArchiveError::Directory {
                    number: self.number,
                }));
            };
            self.index = self.index.saturating_add(1);
            if is_last {
                self.block = &[];
            }
            if name != b"." && name != b".." {
                return Some(Ok((inode, name)));
            }
        }
    }

    fn take_block(&mut self) -> Option<()> {
        let source = if self.blocks.is_empty() {
            &mut self.tail
        } else {
            &mut self.blocks
        };
        let length = source.len().min(BLOCK_BYTES);
        let (block, rest) = source.split_at_checked(length)?;
        *source = rest;
        self.block = block;
        self.index = 0;
        (!block.is_empty()).then_some(())
    }

    fn stop(&mut self) {
        self.blocks = &[];
        self.tail = &[];
        self.block = &[];
    }

    fn entry(&self, inode: u64, name: &'a [u8]) -> Result<Entry<'a>, ArchiveError> {
        let found = Inode::read(&self.volume, inode)?;
        Ok(Entry {
            name: core::str::from_utf8(name).map_err(|_| ArchiveError::Name { number: inode })?,
            kind: found.kind,
            size_bytes: found.size_bytes,
            number: inode,
        })
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<Entry<'a>, ArchiveError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let raw = self.next_raw()?;
        Some(raw.and_then(|(inode, name)| self.entry(inode, name)))
    }
}

/// Inode number and name of an entry of a block, and whether it is the last.
///
/// Names lie behind the entries, in the same order and without gaps; so the
/// first name's offset tells how many entries there are, and a name ends where
/// the next one starts. The last one ends at a zero byte or with the block.
fn entry_at(block: &[u8], index: usize) -> Option<(u64, &[u8], bool)> {
    let table_bytes = usize::from(raw_at(block, 0)?.name_offset.get());
    let count = table_bytes.checked_div(size_of::<RawEntry>())?;
    let entry = raw_at(block, index)?;
    let start = usize::from(entry.name_offset.get());
    let next = index.checked_add(1)?;
    let is_last = next >= count;
    let end = if is_last {
        block.len()
    } else {
        usize::from(raw_at(block, next)?.name_offset.get())
    };
    if index >= count || start < table_bytes {
        return None;
    }
    let mut name = block.get(start..end)?;
    if is_last {
        name = name.split(|byte| *byte == 0).next()?;
    }
    (!name.is_empty()).then_some((entry.inode.get(), name, is_last))
}

fn raw_at(block: &[u8], index: usize) -> Option<&RawEntry> {
    let offset = index.checked_mul(size_of::<RawEntry>())?;
    let (entry, _) = RawEntry::ref_from_prefix(block.get(offset..)?).ok()?;
    Some(entry)
}
