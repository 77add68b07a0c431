//! Lays a table out in bytes; the inverse of the reader, for tools and tests.

mod sites;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use crate::format::{
    BLOCK_FUNCTIONS, BLOCK_STRINGS, BUILD_ID_BYTES, Flags, HEADER_BYTES, INLINED_MAX, MAGIC,
    NAME_MAX_BYTES, VERSION, expected_start,
};

pub use sites::{Call, InlinedFunction, LINE_END, Lines, SITE_DISTANCE_END, Site};

/// The most tokens a table can have.
pub const TOKENS_MAX: usize = 1 << 15;

/// The longest text a token can have.
pub const TOKEN_MAX_BYTES: usize = 255;

/// What a table is made of.
#[derive(Debug, Clone, Copy)]
pub struct TableParts<'a> {
    /// The kernel's build id, or the program's identity.
    pub build_id: [u8; BUILD_ID_BYTES],
    /// The size of the section reserved for the table; `None` for a file that has
    /// nothing but the table.
    pub capacity_bytes: Option<u32>,
    /// The pieces of names, those used most often first: they get short codes.
    pub tokens: &'a [&'a str],
    /// The functions by rising address, as signed numbers; none may overlap.
    pub functions: &'a [Function],
    /// Source lines and inlined functions.
    pub lines: Lines<'a>,
}

/// A function to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Address of its first byte.
    pub start: u64,
    /// Its size in bytes.
    pub size: u32,
    /// Its name, as places in [`TableParts::tokens`].
    pub name: Vec<u16>,
}

/// Why no table can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// A function begins before the end of the one before it.
    Overlap {
        /// Its address.
        start: u64,
    },
    /// A function is too far from the first to be addressed.
    TooFar {
        /// Its address.
        start: u64,
    },
    /// The name at this place among those given (those of functions, paths of
    /// files, names of inlined functions) is longer than [`NAME_MAX_BYTES`].
    NameTooLong {
        /// Its place.
        index: usize,
    },
    /// The name at this place uses a token that does not exist.
    NoSuchToken {
        /// Its place.
        index: usize,
    },
    /// A site is not after the one before it, too far from it, names a file or
    /// function that was not given, has a line above 2^19 or more than
    /// [`INLINED_MAX`] inlined functions; or is more than 4 GiB after the first
    /// function; or all sites take more than 512 MiB.
    Site {
        /// Its address.
        address: u64,
    },
    /// There are too many tokens, one is too long, or all together are.
    Tokens,
    /// The table does not fit its section.
    TooSmall {
        /// How large the section must be at least.
        need_bytes: u32,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap { start } => write!(
                f,
                "the function at {start:#x} begins before the end of the one before it; give \
                 functions sorted and without overlap"
            ),
            Self::TooFar { start } => write!(
                f,
                "the function at {start:#x} is more than 4 GiB after the first; link the kernel's \
                 code closer together"
            ),
            Self::NameTooLong { index } => write!(
                f,
                "name {index} is longer than {NAME_MAX_BYTES} bytes, the most a table holds; \
                 simplify its type"
            ),
            Self::NoSuchToken { index } => {
                write!(f, "name {index} uses a token that was not given")
            }
            Self::Site { address } => write!(
                f,
                "the source lines at {address:#x} cannot be stored: sites must be sorted, within \
                 1 MiB of each other and 4 GiB of the first function, with lines up to 2^19 and \
                 at most {INLINED_MAX} inlined functions, all of them given, in 512 MiB together"
            ),
            Self::Tokens => write!(
                f,
                "more than {TOKENS_MAX} tokens were given, one of more than {TOKEN_MAX_BYTES} \
                 bytes, or more than 64 KiB of them; give fewer or shorter ones"
            ),
            Self::TooSmall { need_bytes } => write!(
                f,
                "the table needs {need_bytes} bytes, more than its section has; reserve more"
            ),
        }
    }
}

impl core::error::Error for WriteError {}

/// The bytes of a table, as many as are used.
///
/// # Errors
/// [`WriteError`]; all but `TooSmall` are the caller's fault.
pub fn write(parts: &TableParts<'_>) -> Result<Vec<u8>, WriteError> {
    if parts.tokens.len() > TOKENS_MAX {
        return Err(WriteError::Tokens);
    }
    let (tokens, text) = pack_tokens(parts.tokens).ok_or(WriteError::Tokens)?;
    let short_tokens = length(short_tokens(parts.tokens.len()));
    let text_base = parts.functions.first().map_or(0, |first| first.start);
    let mut packer = Packer {
        parts,
        short_tokens,
        text_base,
        end: 0,
        blocks: Vec::new(),
        entries: Vec::new(),
    };
    for (index, function) in parts.functions.iter().enumerate() {
        packer.add(index, function)?;
    }

    let (string_places, strings) = packer.strings()?;
    let lines = sites::pack(&parts.lines, text_base)?;
    let flags = Flags {
        is_dense: parts.lines.is_dense,
        is_wide: string_places.iter().any(|place| place >> 16 != 0)
            || lines
                .restarts
                .iter()
                .flatten()
                .any(|number| number >> 24 != 0),
    };
    let place_bytes = if flags.is_wide { 4 } else { 2 };
    let string_blocks = records(&string_places, place_bytes);
    let restart_bytes = if flags.is_wide { 4 } else { 3 };
    let restarts = records(lines.restarts.as_flattened(), restart_bytes);

    let all = [
        packer.blocks,
        packer.entries,
        tokens,
        text,
        string_blocks,
        strings,
        lines.inlined,
        restarts,
        lines.sites,
    ];
    let mut used = usize::from(HEADER_BYTES);
    let mut offsets = Vec::new();
    for part in &all {
        offsets.push(length(used));
        used = used.saturating_add(part.len());
    }
    let used_bytes = length(used);
    let capacity_bytes = parts.capacity_bytes.unwrap_or(used_bytes);
    if used_bytes > capacity_bytes {
        return Err(WriteError::TooSmall {
            need_bytes: used_bytes,
        });
    }

    let mut table = Vec::with_capacity(used);
    table.extend(MAGIC);
    table.extend(VERSION.to_le_bytes());
    table.extend(HEADER_BYTES.to_le_bytes());
    table.extend(length(parts.lines.files.len()).to_le_bytes());
    table.extend(capacity_bytes.to_le_bytes());
    table.extend(used_bytes.to_le_bytes());
    table.extend(text_base.to_le_bytes());
    table.extend(text_base.wrapping_add(packer.end).to_le_bytes());
    table.extend(parts.build_id);
    table.extend(length(parts.functions.len()).to_le_bytes());
    table.extend(length(parts.tokens.len()).to_le_bytes());
    table.extend(short_tokens.to_le_bytes());
    for offset in offsets {
        table.extend(offset.to_le_bytes());
    }
    table.extend(lines.widths.to_bytes());
    table.push(flags.to_byte());
    for part in all {
        table.extend(part);
    }
    Ok(table)
}

/// Lays out the blocks and entries.
struct Packer<'a> {
    parts: &'a TableParts<'a>,
    short_tokens: u32,
    text_base: u64,
    /// The end of the function before, from `text_base`.
    end: u64,
    blocks: Vec<u8>,
    entries: Vec<u8>,
}

impl Packer<'_> {
    fn add(&mut self, index: usize, function: &Function) -> Result<(), WriteError> {
        let start = function.start.wrapping_sub(self.text_base);
        if start < self.end {
            return Err(WriteError::Overlap {
                start: function.start,
            });
        }
        let Ok(start_short) = u32::try_from(start) else {
            return Err(WriteError::TooFar {
                start: function.start,
            });
        };
        let is_block_start =
            u32::try_from(index).is_ok_and(|index| index.is_multiple_of(BLOCK_FUNCTIONS));
        if is_block_start {
            self.blocks.extend(start_short.to_le_bytes());
            self.blocks.extend(length(self.entries.len()).to_le_bytes());
        }
        let has_gap = !is_block_start && start != expected_start(self.end);
        put_varint(
            &mut self.entries,
            u64::from(function.size) << 1 | u64::from(has_gap),
        );
        if has_gap {
            put_varint(&mut self.entries, start.saturating_sub(self.end));
        }
        let name = self.text(index, &function.name)?;
        self.entries.extend(name);
        self.end = start.saturating_add(u64::from(function.size));
        Ok(())
    }

    /// The paths of files and the names of inlined functions: where the blocks
    /// of them are, and they.
    fn strings(&self) -> Result<(Vec<u32>, Vec<u8>), WriteError> {
        let Lines { files, inlined, .. } = self.parts.lines;
        let names = inlined.iter().map(|function| &function.name);
        let mut blocks = Vec::new();
        let mut strings: Vec<u8> = Vec::new();
        for (number, text) in (0_u32..).zip(files.iter().chain(names)) {
            if number.is_multiple_of(BLOCK_STRINGS) {
                blocks.push(length(strings.len()));
            }
            let index = usize::try_from(number).unwrap_or(usize::MAX);
            let index = index.saturating_add(self.parts.functions.len());
            strings.extend(self.text(index, text)?);
        }
        Ok((blocks, strings))
    }

    /// A text as its number of code bytes and these.
    fn text(&self, index: usize, tokens: &[u16]) -> Result<Vec<u8>, WriteError> {
        let mut codes = Vec::<u8>::new();
        let mut name_bytes = 0_usize;
        for &token in tokens {
            let Some(text) = self.parts.tokens.get(usize::from(token)) else {
                return Err(WriteError::NoSuchToken { index });
            };
            name_bytes = name_bytes.saturating_add(text.len());
            match u32::from(token).checked_sub(self.short_tokens) {
                None => codes.extend(token.to_le_bytes().first()),
                Some(long) => {
                    let page = self.short_tokens.saturating_add(long >> 8);
                    codes.extend(page.to_le_bytes().first());
                    codes.extend(long.to_le_bytes().first());
                }
            }
        }
        if name_bytes > NAME_MAX_BYTES {
            return Err(WriteError::NameTooLong { index });
        }
        let mut text = Vec::new();
        put_varint(&mut text, u64::from(length(codes.len())));
        text.extend(codes);
        Ok(text)
    }
}

/// How many of so many tokens get codes of one byte, so that all others can get
/// codes of two.
#[must_use]
pub fn short_tokens(tokens: usize) -> usize {
    (0..=256_usize)
        .rev()
        .find(|&short| {
            let pages = 256_usize.saturating_sub(short);
            short.saturating_add(pages.saturating_mul(256)) >= tokens
        })
        .unwrap_or(0)
}

/// The token records and the text they are cut from: a token inside another's
/// text takes no bytes of its own. `None` if they do not fit.
fn pack_tokens(tokens: &[&str]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut longest_first: Vec<&str> = tokens.to_vec();
    longest_first.sort_unstable_by_key(|token| (Reverse(token.len()), *token));
    let mut text = String::new();
    let mut places = BTreeMap::new();
    for token in longest_first {
        let place = match text.find(token) {
            Some(place) => place,
            None => {
                let shared = (0..token.len())
                    .rev()
                    .filter_map(|shared| token.get(..shared))
                    .find(|shared| text.ends_with(shared))
                    .unwrap_or("");
                let place = text.len().checked_sub(shared.len())?;
                text.push_str(token.get(shared.len()..)?);
                place
            }
        };
        places.insert(token, u16::try_from(place).ok()?);
    }
    let mut records = Vec::new();
    for token in tokens {
        records.extend(places.get(token)?.to_le_bytes());
        records.push(u8::try_from(token.len()).ok()?);
    }
    Some((records, text.into_bytes()))
}

/// The lowest `width_bytes` bytes of all numbers.
fn records(numbers: &[u32], width_bytes: usize) -> Vec<u8> {
    let bytes = numbers.iter().map(|number| number.to_le_bytes());
    bytes
        .flat_map(|bytes| bytes.into_iter().take(width_bytes))
        .collect()
}

fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.extend((value & 0x7F | 0x80).to_le_bytes().first());
        value >>= 7;
    }
    bytes.extend(value.to_le_bytes().first());
}

/// A length as the format stores it; 4 GiB of table cannot come up.
fn length(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
