//! The bytes of a table, version 3: field places, limits, number encoding.
//!
//! All numbers are little-endian; all offsets count from the table's first
//! byte. A table is a header and nine parts, each beginning where the one
//! before it ends:
//!
//! | part | holds |
//! |---|---|
//! | blocks | a record for every 8 functions: address offset (u32), place of its first entry in the part `entries` (u32) |
//! | entries | a record for every function, by rising address offset |
//! | tokens | a record of 3 bytes for every token: place in `text` (u16), length (u8) |
//! | text | the UTF-8 bytes the tokens are cut from |
//! | string blocks | for every 4 strings the place of the first in `strings` (u16; wide: u32) |
//! | strings | paths of source files, then names of inlined functions: number of code bytes (varint), codes |
//! | inlined | bits: for every inlined function its file and its first line |
//! | restarts | for every 14 sites: address offset, bit of the first in `sites` (3 bytes each; wide: 4) |
//! | sites | bits: the addresses whose source line is known |
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
//! A table is *wide*, as its flags say, if it would not fit otherwise.
//!
//! A *site* is an address with its source lines: the last byte of a call (one
//! before its return address), the first byte of an instruction that stops on
//! purpose, or that of a function without either. In a *dense* table, as its
//! flags say, there is one wherever the source changes, and it holds up to the
//! next or to the end of its function; a file with an empty path is not known.
//! Sites are sorted, and every 14th needs no other to be read:
//!
//! - address: for a restart in its record, else the distance from the site
//!   before (number `address`). Distance 0 says that the file changes (fixed
//!   `file_bits`); the true distance follows.
//! - file: for a restart fixed `file_bits`, else that of the site before.
//! - line in the function at that address: for a restart fixed `line_bits`; else
//!   number `line`: 0 for none, else 1 + the zigzag difference from the last
//!   line there was.
//! - the chain of inlined functions, outermost first. Each link begins with a
//!   bit, 0 for the end. After a 1, another bit: after 0 the function (number
//!   `function`) and its line (number `inlined_line`: 0 for none, else 1 + the
//!   distance from the function's first line), then the next link; after 1 the
//!   bit (fixed `jump_bits`) of a function where this chain goes on.
//!
//! `bits.rs` says what numbers are; the header has each kind's parameter.

use crate::bits::PARAMETER_MAX;

/// Bytes of a build id: the linker's SHA-1.
pub const BUILD_ID_BYTES: usize = 20;

/// No name is written longer than this.
pub const NAME_MAX_BYTES: usize = 4096;

pub(crate) const MAGIC: [u8; 8] = *b"PETRLSYM";
pub(crate) const VERSION: u16 = 3;
pub(crate) const HEADER_BYTES: u16 = 116;

pub(crate) const BLOCK_FUNCTIONS: u32 = 8;
pub(crate) const BLOCK_BYTES: usize = 8;
pub(crate) const TOKEN_BYTES: usize = 3;
pub(crate) const BLOCK_STRINGS: u32 = 4;
pub(crate) const RESTART_SITES: usize = 14;
pub(crate) const FUNCTION_ALIGNMENT: u64 = 16;

/// Functions inlined into each other at one address; no chain is longer.
pub const INLINED_MAX: usize = 64;

/// Where the header's fields are.
pub(crate) mod field {
    pub(crate) const VERSION: usize = 8;
    pub(crate) const HEADER_BYTES: usize = 10;
    /// How many of the strings are source files.
    pub(crate) const FILES: usize = 12;
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
    pub(crate) const STRING_BLOCKS_OFFSET: usize = 88;
    pub(crate) const STRINGS_OFFSET: usize = 92;
    pub(crate) const INLINED_OFFSET: usize = 96;
    pub(crate) const RESTARTS_OFFSET: usize = 100;
    pub(crate) const SITES_OFFSET: usize = 104;
    /// Seven widths and parameters, in the order of `Widths`.
    pub(crate) const WIDTHS: usize = 108;
    pub(crate) const FLAGS: usize = 115;
}

/// Widths of fields, and parameters of numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Widths {
    pub(crate) file_bits: u8,
    pub(crate) line_bits: u8,
    pub(crate) jump_bits: u8,
    pub(crate) address: u8,
    pub(crate) line: u8,
    pub(crate) function: u8,
    pub(crate) inlined_line: u8,
}

impl Widths {
    /// As the header has them.
    pub(crate) fn from_bytes(bytes: [u8; 7]) -> Option<Self> {
        let [file_bits, line_bits, jump_bits, parameters @ ..] = bytes;
        let [address, line, function, inlined_line] = parameters;
        let fit = [file_bits, line_bits, jump_bits]
            .iter()
            .all(|&bits| bits <= 32)
            && parameters.iter().all(|&k| k <= PARAMETER_MAX);
        fit.then_some(Self {
            file_bits,
            line_bits,
            jump_bits,
            address,
            line,
            function,
            inlined_line,
        })
    }

    /// The inverse of `from_bytes`.
    #[cfg(any(test, feature = "writer"))]
    pub(crate) fn to_bytes(self) -> [u8; 7] {
        [
            self.file_bits,
            self.line_bits,
            self.jump_bits,
            self.address,
            self.line,
            self.function,
            self.inlined_line,
        ]
    }
}

/// What differs between tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// A site holds up to the next.
    pub(crate) is_dense: bool,
    /// Places in `strings`, and both fields of restarts, have 4 bytes.
    pub(crate) is_wide: bool,
}

impl Flags {
    /// As the header has them.
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        (byte < 4).then_some(Self {
            is_dense: byte & 1 != 0,
            is_wide: byte & 2 != 0,
        })
    }

    /// The inverse of `from_byte`.
    #[cfg(any(test, feature = "writer"))]
    pub(crate) fn to_byte(self) -> u8 {
        u8::from(self.is_dense) | u8::from(self.is_wide) << 1
    }
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
