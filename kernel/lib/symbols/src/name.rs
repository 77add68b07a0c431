//! Names and paths, put together from the table's tokens as they are written.

use core::fmt;

use crate::format::{BLOCK_STRINGS, NAME_MAX_BYTES, TOKEN_BYTES, take_varint};

/// The pieces names are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dictionary<'a> {
    pub(crate) tokens: &'a [[u8; TOKEN_BYTES]],
    pub(crate) text: &'a str,
    /// How many tokens have a code of one byte.
    pub(crate) short_tokens: u32,
}

impl<'a> Dictionary<'a> {
    /// Takes the code of a token from the front of `codes`.
    #[inline(always)]
    fn take_token(&self, codes: &mut &[u8]) -> Option<&'a str> {
        let (&first, rest) = codes.split_first()?;
        *codes = rest;
        let mut index = u32::from(first);
        if let Some(page) = index.checked_sub(self.short_tokens) {
            let (&second, rest) = codes.split_first()?;
            *codes = rest;
            // Both fit in 16 bits, so does the sum but for a damaged header.
            let long = page.wrapping_mul(256).wrapping_add(u32::from(second));
            index = long.wrapping_add(self.short_tokens);
        }
        let &[low, high, length] = self.tokens.get(usize::try_from(index).ok()?)?;
        let start = usize::from(u16::from_le_bytes([low, high]));
        self.text
            .get(start..start.wrapping_add(usize::from(length)))
    }
}

/// Texts that the table has by their number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strings<'a> {
    pub(crate) blocks: &'a [u8],
    pub(crate) bytes: &'a [u8],
    pub(crate) is_wide: bool,
    pub(crate) dictionary: Dictionary<'a>,
}

impl<'a> Strings<'a> {
    pub(crate) fn name(&self, index: u32) -> Option<Name<'a>> {
        Some(Name {
            codes: self.codes(index)?,
            dictionary: self.dictionary,
        })
    }

    /// A path; an empty one stands for none.
    pub(crate) fn path(&self, index: u32) -> Option<Name<'a>> {
        let codes = self.codes(index)?;
        if codes.is_empty() {
            return None;
        }
        Some(Name {
            codes,
            dictionary: self.dictionary,
        })
    }

    #[inline(always)]
    fn codes(&self, index: u32) -> Option<&'a [u8]> {
        let block = usize::try_from(index / BLOCK_STRINGS).ok()?;
        let place = match self.is_wide {
            false => u16::from_le_bytes(*self.blocks.as_chunks().0.get(block)?).into(),
            true => u32::from_le_bytes(*self.blocks.as_chunks().0.get(block)?),
        };
        let mut rest = self.bytes.get(usize::try_from(place).ok()?..)?;
        let mut codes: &[u8] = &[];
        for _ in 0..=index % BLOCK_STRINGS {
            let codes_bytes = usize::try_from(take_varint(&mut rest)?).ok()?;
            (codes, rest) = rest.split_at_checked(codes_bytes)?;
        }
        Some(codes)
    }
}

/// A function's demangled name, or a file's path; write it with `Display`.
///
/// Where a damaged table has no text, `?` stands.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    pub(crate) codes: &'a [u8],
    pub(crate) dictionary: Dictionary<'a>,
}

impl Name<'_> {
    /// Writes the name, as its `Display` does.
    ///
    /// # Errors
    /// Those of `out`.
    #[inline]
    pub fn write_to(&self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        let mut codes = self.codes;
        let mut room_bytes = NAME_MAX_BYTES;
        while !codes.is_empty() {
            let piece = self.dictionary.take_token(&mut codes).unwrap_or("?");
            let Some(left) = room_bytes.checked_sub(piece.len()) else {
                break;
            };
            room_bytes = left;
            out.write_str(piece)?;
        }
        Ok(())
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}
