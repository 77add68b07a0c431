//! Base relocations: checked once, walked in order, applied page by page.
//!
//! Fixups are demanded in ascending order without overlap, as linkers write
//! them. So relocating each page on its own, in any order, gives what
//! relocating the whole image at once would.

use zerocopy::little_endian::{U16, U32};

use crate::layout::{Layout, PAGE_BYTES, Page};
use crate::records::{record, records};
use crate::{Directory, PeError};

const BLOCK_HEADER_BYTES: u32 = 8;
const FIELD_BYTES: u32 = 8;
/// IMAGE_REL_BASED_ABSOLUTE: padding.
const KIND_PADDING: u16 = 0;
/// IMAGE_REL_BASED_DIR64: add the distance to a 64-bit address.
const KIND_ADDRESS: u16 = 10;

/// The offsets from the image base of all 64-bit addresses to adjust, ascending.
#[derive(Clone, Debug)]
pub struct Relocations<'a> {
    blocks: Blocks<'a>,
    page_rva: u32,
    entries: &'a [U16],
}

impl Iterator for Relocations<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            while let Some((entry, rest)) = self.entries.split_first() {
                self.entries = rest;
                if kind(entry) == KIND_ADDRESS {
                    return Some(target(self.page_rva, entry));
                }
            }
            let block = self.blocks.next()?.ok()?;
            self.page_rva = block.page_rva;
            self.entries = block.entries;
        }
    }
}

/// The checked relocation directory; empty if the image has none.
#[derive(Clone, Copy)]
pub(crate) struct RelocationTable<'a>(&'a [u8]);

impl<'a> RelocationTable<'a> {
    pub fn parse(layout: &Layout<'a>) -> Result<Self, PeError> {
        let directory = layout
            .headers
            .optional
            .data_directories
            .base_relocation_table;
        if directory.virtual_address == 0 {
            return Ok(Self(&[]));
        }
        let malformed = PeError::BadDirectory(Directory::Relocation);
        let bytes = layout
            .data(directory.virtual_address, directory.size)
            .ok_or(malformed)?;
        let mut free_from = 0;
        let mut last_page_rva = 0;
        for block in Blocks(bytes) {
            let block = block.map_err(|Malformed| malformed)?;
            if block.page_rva < last_page_rva {
                return Err(malformed);
            }
            last_page_rva = block.page_rva;
            for entry in block.entries {
                let rva = target(block.page_rva, entry);
                match kind(entry) {
                    KIND_PADDING => continue,
                    KIND_ADDRESS if rva >= free_from && layout.is_in_section(rva, FIELD_BYTES) => {
                        free_from = rva.saturating_add(FIELD_BYTES);
                    }
                    _ => return Err(PeError::BadRelocation { rva }),
                }
            }
        }
        Ok(Self(bytes))
    }

    pub fn iter(self) -> Relocations<'a> {
        Relocations {
            blocks: Blocks(self.0),
            page_rva: 0,
            entries: &[],
        }
    }

    /// All fixups that touch the page at `page_rva`.
    pub fn touching(self, page_rva: u32) -> impl Iterator<Item = u32> {
        Blocks(self.0)
            .map_while(Result::ok)
            .skip_while(move |block| block.page_rva.saturating_add(PAGE_BYTES) < page_rva)
            .take_while(move |block| block.page_rva <= page_rva)
            .flat_map(|block| {
                let addresses = block
                    .entries
                    .iter()
                    .filter(|entry| kind(entry) == KIND_ADDRESS);
                addresses.map(move |entry| target(block.page_rva, entry))
            })
            .filter(move |&rva| touches(rva, page_rva))
    }
}

/// Whether the field at `rva` has bytes in the page at `page_rva`.
pub(crate) fn touches(rva: u32, page_rva: u32) -> bool {
    let end = rva.saturating_add(FIELD_BYTES);
    end > page_rva && u64::from(rva) < u64::from(page_rva).saturating_add(PAGE_BYTES.into())
}

/// Adds `delta` to the field at `rva`, as far as it lies in the page at
/// `page_rva`; `page` holds the page's bytes from the file. The part of the
/// field that lies in a neighbour is read from the file.
pub(crate) fn apply(layout: &Layout<'_>, page_rva: u32, page: &mut Page, rva: u32, delta: u64) {
    let inside = rva
        .checked_sub(page_rva)
        .and_then(|offset| page.get_mut(offset as usize..)?.first_chunk_mut());
    if let Some(field) = inside {
        *field = u64::from_le_bytes(*field).wrapping_add(delta).to_le_bytes();
        return;
    }
    let places = (0..FIELD_BYTES).map(|index| rva.saturating_add(index));
    let mut field = [0; FIELD_BYTES as usize];
    for (byte, rva) in field.iter_mut().zip(places.clone()) {
        *byte = layout.byte_at(rva);
    }
    let field = u64::from_le_bytes(field).wrapping_add(delta).to_le_bytes();
    for (byte, rva) in field.into_iter().zip(places) {
        let slot = rva
            .checked_sub(page_rva)
            .and_then(|offset| page.get_mut(offset as usize));
        if let Some(slot) = slot {
            *slot = byte;
        }
    }
}

fn kind(entry: &U16) -> u16 {
    entry.get() >> 12
}

fn target(page_rva: u32, entry: &U16) -> u32 {
    page_rva.saturating_add(u32::from(entry.get() & 0xFFF))
}

struct Block<'a> {
    page_rva: u32,
    entries: &'a [U16],
}

struct Malformed;

/// Walks the blocks, one for each page that has fixups.
#[derive(Clone, Debug)]
struct Blocks<'a>(&'a [u8]);

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let block = take_block(&mut self.0);
        if block.is_none() {
            self.0 = &[];
        }
        Some(block.ok_or(Malformed))
    }
}

fn take_block<'a>(bytes: &mut &'a [u8]) -> Option<Block<'a>> {
    let [page_rva, size] = record::<[U32; 2]>(bytes, 0)?;
    let size = size.get();
    let entry_bytes = size.checked_sub(BLOCK_HEADER_BYTES)?;
    let aligned = page_rva.get().is_multiple_of(PAGE_BYTES) && size.is_multiple_of(4);
    if !aligned || entry_bytes == 0 {
        return None;
    }
    let entries = records(
        bytes,
        BLOCK_HEADER_BYTES as usize,
        entry_bytes.div_euclid(2) as usize,
    )?;
    *bytes = bytes.get(size as usize..)?;
    Some(Block {
        page_rva: page_rva.get(),
        entries,
    })
}
