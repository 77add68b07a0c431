//! A table over the bytes of its section: what is checked beforehand.

use crate::TableError;
use crate::format::{
    BLOCK_BYTES, BLOCK_FUNCTIONS, BUILD_ID_BYTES, Flags, HEADER_BYTES, MAGIC, TOKEN_BYTES, VERSION,
    Widths, array_at, field, u16_at, u32_at, u64_at,
};
use crate::name::{Dictionary, Strings};
use crate::sites::Sites;

/// A symbol table whose header was found in order.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    build_id: [u8; BUILD_ID_BYTES],
    capacity_bytes: u32,
    used_bytes: u32,
    functions: u32,
    pub(crate) text_base: u64,
    /// How far the last function's end is from `text_base`.
    pub(crate) text_bytes: u64,
    pub(crate) blocks: &'a [u8],
    pub(crate) entries: &'a [u8],
    pub(crate) dictionary: Dictionary<'a>,
    pub(crate) strings: Strings<'a>,
    pub(crate) sites: Sites<'a>,
}

impl<'a> Table<'a> {
    /// Reads the header of the table at the front of `bytes`, its section.
    ///
    /// # Errors
    /// [`TableError`], [`TableError::Empty`] for a section of zeros.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, TableError> {
        if bytes.iter().take(MAGIC.len()).all(|&byte| byte == 0) {
            return Err(TableError::Empty);
        }
        let too_short = TableError::TooShort {
            available_bytes: bytes.len(),
        };
        let header = bytes.get(..usize::from(HEADER_BYTES)).ok_or(too_short)?;
        if !header.starts_with(&MAGIC) {
            return Err(TableError::Magic);
        }
        let version = u16_at(header, field::VERSION).ok_or(too_short)?;
        if version != VERSION {
            return Err(TableError::Version { found: version });
        }
        let number = |place| u32_at(header, place).ok_or(too_short);
        let address = |place| u64_at(header, place).ok_or(too_short);

        let header_bytes = u16_at(header, field::HEADER_BYTES).ok_or(too_short)?;
        let widths = array_at(header, field::WIDTHS).ok_or(too_short)?;
        let widths = Widths::from_bytes(widths).ok_or(TableError::Widths)?;
        let [flags] = array_at(header, field::FLAGS).ok_or(too_short)?;
        let flags = Flags::from_byte(flags).ok_or(TableError::Flags)?;

        let capacity_bytes = number(field::CAPACITY)?;
        let used_bytes = number(field::USED)?;
        let sizes = TableError::Sizes {
            used_bytes,
            capacity_bytes,
            available_bytes: bytes.len(),
        };
        let fits =
            usize::try_from(capacity_bytes).is_ok_and(|bytes_wanted| bytes_wanted <= bytes.len());
        if header_bytes != HEADER_BYTES || used_bytes > capacity_bytes || !fits {
            return Err(sizes);
        }

        let blocks_offset = number(field::BLOCKS_OFFSET)?;
        let entries_offset = number(field::ENTRIES_OFFSET)?;
        let tokens_offset = number(field::TOKENS_OFFSET)?;
        let text_offset = number(field::TEXT_OFFSET)?;
        if blocks_offset < u32::from(HEADER_BYTES) {
            return Err(TableError::Part { part: "blocks" });
        }
        let blocks = part(bytes, blocks_offset, entries_offset, "blocks")?;
        let entries = part(bytes, entries_offset, tokens_offset, "entries")?;
        let tokens = part(bytes, tokens_offset, text_offset, "tokens")?;
        let string_blocks_offset = number(field::STRING_BLOCKS_OFFSET)?;
        let strings_offset = number(field::STRINGS_OFFSET)?;
        let inlined_offset = number(field::INLINED_OFFSET)?;
        let restarts_offset = number(field::RESTARTS_OFFSET)?;
        let sites_offset = number(field::SITES_OFFSET)?;
        let text = part(bytes, text_offset, string_blocks_offset, "token texts")?;
        let text = core::str::from_utf8(text).map_err(|_| TableError::Part {
            part: "token texts",
        })?;

        let functions = number(field::FUNCTIONS)?;
        if !has_records(blocks, BLOCK_BYTES, functions.div_ceil(BLOCK_FUNCTIONS)) {
            return Err(TableError::Part { part: "blocks" });
        }
        if !has_records(tokens, TOKEN_BYTES, number(field::TOKENS)?) {
            return Err(TableError::Part { part: "tokens" });
        }
        let text_base = address(field::TEXT_BASE)?;
        let dictionary = Dictionary {
            tokens: tokens.as_chunks().0,
            text,
            short_tokens: number(field::SHORT_TOKENS)?,
        };
        let strings = Strings {
            blocks: part(bytes, string_blocks_offset, strings_offset, "string blocks")?,
            bytes: part(bytes, strings_offset, inlined_offset, "strings")?,
            is_wide: flags.is_wide,
            dictionary,
        };
        let sites = Sites {
            inlined: part(bytes, inlined_offset, restarts_offset, "inlined functions")?,
            restarts: part(bytes, restarts_offset, sites_offset, "restarts")?,
            bits: part(bytes, sites_offset, used_bytes, "sites")?,
            widths,
            flags,
            files: number(field::FILES)?,
        };
        Ok(Self {
            build_id: array_at(header, field::BUILD_ID).ok_or(too_short)?,
            capacity_bytes,
            used_bytes,
            functions,
            text_base,
            text_bytes: address(field::TEXT_END)?.wrapping_sub(text_base),
            blocks,
            entries,
            dictionary,
            strings,
            sites,
        })
    }

    /// What the table describes: the build id of a kernel, the identity of a
    /// program.
    #[must_use]
    pub fn build_id(&self) -> &[u8; BUILD_ID_BYTES] {
        &self.build_id
    }

    /// How many functions the table names.
    #[must_use]
    pub fn functions(&self) -> u32 {
        self.functions
    }

    /// The size of the table in bytes.
    #[must_use]
    pub fn used_bytes(&self) -> u32 {
        self.used_bytes
    }

    /// The size of the section reserved for it in bytes.
    #[must_use]
    pub fn capacity_bytes(&self) -> u32 {
        self.capacity_bytes
    }
}

/// The bytes from `start` to `end`, which must lie in the table in this order.
fn part<'a>(
    bytes: &'a [u8],
    start: u32,
    end: u32,
    part: &'static str,
) -> Result<&'a [u8], TableError> {
    let start = usize::try_from(start).ok();
    let end = usize::try_from(end).ok();
    start
        .zip(end)
        .and_then(|(start, end)| bytes.get(start..end))
        .ok_or(TableError::Part { part })
}

fn has_records(part: &[u8], record_bytes: usize, count: u32) -> bool {
    usize::try_from(count)
        .ok()
        .and_then(|count| count.checked_mul(record_bytes))
        == Some(part.len())
}
