//! The bytes of a table, version 1: field places, limits, number encoding.
//!
//! All numbers are little-endian; all offsets count from the table's first
//! byte. A table is a header and four parts, each beginning where the one
//! before it ends:
//!
//! | part | holds |
//! |---|---|
//! | blocks | a record for every 8 functions: address offset (u32), place of its first entry in the part `entries` (u32) |
//! | entries | a record for every function, by rising address offset |
//! | tokens | a record of 3 bytes for every token: place in `text` (u16), length (u8) |
//! | text | the UTF-8 bytes the tokens are cut from |
//!
//! *Addresses* are stored as offsets from `text_base`, modulo 2^64: the boot
//! code, linked 2 GiB above a kernel that lies in the last 2 GiB of the
//! address space, so comes after it.
//!
//! An *entry* is: the function's size times two, plus one if a gap follows
//! (varint); the gap (varint), if so; the number of code bytes (varint); the
//! codes of the name. A function with a gap starts that many bytes after the
//! end of the function before it; one without starts at the next address
//! divisible by 16, where compilers put functions. The first of a block starts
//! at the block's address.
//!
//! A *name* is a run of tokens. A code byte below the header's `short_tokens`
//! is a token of its own; any other, `b`, with the byte after it, `c`, is token
//! `short_tokens + (b - short_tokens) * 256 + c`.
//!
//! A *varint* has 7 bits a byte, lowest first, the top bit set in all bytes but
//! the last; at most 5 bytes.
//!
//! Version 2 adds source lines and inlined functions as further parts; the
//! header keeps a place for their offsets.

/// Bytes of a build id: the linker's SHA-1.
pub const BUILD_ID_BYTES: usize = 20;

/// No name is written longer than this.
pub const NAME_MAX_BYTES: usize = 4096;

pub(crate) const MAGIC: [u8; 8] = *b"PETRLSYM";
pub(crate) const VERSION: u16 = 1;
pub(crate) const HEADER_BYTES: u16 = 96;

pub(crate) const BLOCK_FUNCTIONS: u32 = 8;
pub(crate) const BLOCK_BYTES: usize = 8;
pub(crate) const TOKEN_BYTES: usize = 3;
pub(crate) const FUNCTION_ALIGNMENT: u64 = 16;

/// Where the header's fields are.
pub(crate) mod field {
    pub(crate) const VERSION: usize = 8;
    pub(crate) const HEADER_BYTES: usize = 10;
    /// Bit 0: lines, bit 1: inlined functions. Zero in version 1.
    pub(crate) const FLAGS: usize = 12;
    /// Size of the reserved section.
    pub(crate) const CAPACITY: usize = 16;
    /// How much of it is used, header included.
    pub(crate) const USED: usize = 20;
    pub(crate) const TEXT_BASE: usize = 24;
    /// After the last byte of the last function.
    pub(crate) const TEXT_END: usize = 32;
    pub(crate) const BUILD_ID: usize = 40;
    pub(crate) const FUNCTIONS: usize = 60;
    pub(crate) const TOKENS: usize = 64;
    pub(crate) const SHORT_TOKENS: usize = 68;
    pub(crate) const BLOCKS_OFFSET: usize = 72;
    pub(crate) const ENTRIES_OFFSET: usize = 76;
    pub(crate) const TOKENS_OFFSET: usize = 80;
    pub(crate) const TEXT_OFFSET: usize = 84;
    /// Zero in version 1.
    pub(crate) const LINES_OFFSET: usize = 88;
    /// Zero in version 1.
    pub(crate) const INLINES_OFFSET: usize = 92;
}

/// Where a function starts when its entry has no gap.
pub(crate) const fn expected_start(end_before: u64) -> u64 {
    end_before
        .saturating_add(FUNCTION_ALIGNMENT - 1)
        .saturating_div(FUNCTION_ALIGNMENT)
        .saturating_mul(FUNCTION_ALIGNMENT)
}

pub(crate) fn array_at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..)?.first_chunk().copied()
}

pub(crate) fn u16_at(bytes: &[u8], place: usize) -> Option<u16> {
    array_at(bytes, place).map(u16::from_le_bytes)
}

pub(crate) fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    array_at(bytes, place).map(u32::from_le_bytes)
}

pub(crate) fn u64_at(bytes: &[u8], place: usize) -> Option<u64> {
    array_at(bytes, place).map(u64::from_le_bytes)
}

/// Takes a varint from the front of `bytes`.
#[inline]
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    // Nearly all have one or two bytes.
    let (value, rest) = match **bytes {
        [low @ 0..0x80, ref rest @ ..] => (u64::from(low), rest),
        [low, high @ 0..0x80, ref rest @ ..] => {
            (u64::from(low & 0x7F) | u64::from(high) << 7, rest)
        }
        _ => return take_long_varint(bytes),
    };
    *bytes = rest;
    Some(value)
}

fn take_long_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
