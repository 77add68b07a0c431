//! Code pages, from the tables that the system's files have.

use alloc::vec::Vec;

use crate::ConsoleStatus;

/// UTF-8's number.
pub(crate) const UTF8: u32 = 65001;
/// Where a file's header ends, and how many bytes of it name leading bytes.
const LEAD_AT: usize = 14;
const LEAD_BYTES: usize = 12;
const SINGLES: usize = 256;

/// How bytes stand for characters.
#[derive(Debug)]
pub struct CodePage {
    number: u32,
    /// What single bytes stand for, then what those behind each leading byte do; empty
    /// if nobody has the file.
    table: Vec<u16>,
    /// Where a leading byte's own begins, in units of [`SINGLES`]; 0: it leads nothing.
    leads: Vec<u8>,
}

impl CodePage {
    /// One without a table: UTF-8, or only ASCII.
    #[must_use]
    pub const fn bare(number: u32) -> Self {
        Self {
            number,
            table: Vec::new(),
            leads: Vec::new(),
        }
    }

    /// From the file of its number (`c_*.nls`); `None`: it is none, or memory is short.
    #[must_use]
    pub fn of_file(number: u32, file: &[u8]) -> Option<Self> {
        let word = |at: usize| {
            let bytes = file.get(at.checked_mul(2)?..)?.first_chunk()?;
            Some(u16::from_le_bytes(*bytes))
        };
        let header = usize::from(word(0)?);
        if word(1).map(u32::from) != Some(number) {
            return None;
        }
        let first = header.checked_add(1)?;
        let mut table = Vec::new();
        table.try_reserve_exact(SINGLES).ok()?;
        for at in 0..SINGLES {
            table.push(word(first.checked_add(at)?)?);
        }
        let mut behind = first.checked_add(SINGLES)?;
        // Pictures of control characters may follow.
        behind = behind.checked_add(1)?.checked_add(word(behind)?.into())?;
        let mut leads = Vec::new();
        if word(behind).is_some_and(|ranges| ranges != 0) {
            let offsets = behind.checked_add(1)?;
            leads.try_reserve_exact(SINGLES).ok()?;
            leads.resize(SINGLES, 0);
            for (lead, place) in leads.iter_mut().enumerate() {
                let offset = usize::from(word(offsets.checked_add(lead)?)?);
                if offset == 0 {
                    continue;
                }
                *place = u8::try_from(table.len().checked_div(SINGLES)?).ok()?;
                table.try_reserve(SINGLES).ok()?;
                for at in 0..SINGLES {
                    table.push(word(offsets.checked_add(offset)?.checked_add(at)?)?);
                }
            }
        }
        // The header names the leading bytes, too: files without are cut off.
        file.get(LEAD_AT..LEAD_AT.checked_add(LEAD_BYTES)?)?;
        Some(Self {
            number,
            table,
            leads,
        })
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whether a byte leads another.
    fn lead(&self, byte: u8) -> usize {
        let place = self.leads.get(usize::from(byte));
        place.map_or(0, |place| (*place).into())
    }

    fn unit(&self, block: usize, byte: u8) -> u16 {
        let at = block.saturating_mul(SINGLES).saturating_add(byte.into());
        match self.table.get(at) {
            Some(unit) => *unit,
            None if byte.is_ascii() => byte.into(),
            None => b'?'.into(),
        }
    }

    /// Bytes as characters; of a character that is cut off the bytes stay in `kept`.
    pub(crate) fn decode(&self, bytes: &[u8], kept: &mut Partial, put: &mut dyn FnMut(u16)) {
        for byte in bytes {
            match self.number {
                UTF8 => kept.take_utf8(*byte, put),
                _ => match kept.bytes.pop() {
                    Some(lead) => put(self.unit(self.lead(lead), *byte)),
                    None if self.lead(*byte) != 0 => {
                        let _ = kept.bytes.try_push(*byte);
                    }
                    None => put(self.unit(0, *byte)),
                },
            }
        }
    }

    /// A character as bytes.
    pub(crate) fn encode(&self, character: char, to: &mut Vec<u8>) -> Result<(), ConsoleStatus> {
        to.try_reserve(4)?;
        if self.number == UTF8 {
            to.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(());
        }
        if character.is_ascii() {
            to.push(u8::try_from(character).unwrap_or(b'?'));
            return Ok(());
        }
        let wanted = u16::try_from(u32::from(character)).ok();
        let place = self.table.iter().position(|unit| Some(*unit) == wanted);
        let (block, byte) = match place.map(|place| (place >> 8, place & 0xFF)) {
            Some((block, byte)) => (block, u8::try_from(byte).unwrap_or(b'?')),
            None => (0, b'?'),
        };
        if block != 0 {
            let lead = self
                .leads
                .iter()
                .position(|&lead| usize::from(lead) == block);
            to.push(
                lead.and_then(|lead| u8::try_from(lead).ok())
                    .unwrap_or(b'?'),
            );
        }
        to.push(byte);
        Ok(())
    }
}

/// Bytes of a character that is not complete.
#[derive(Debug, Default)]
pub(crate) struct Partial {
    bytes: arrayvec::ArrayVec<u8, 4>,
}

impl Partial {
    fn take_utf8(&mut self, byte: u8, put: &mut dyn FnMut(u16)) {
        // There is room: four bytes are complete, or none.
        let _ = self.bytes.try_push(byte);
        let replacement = u16::try_from(u32::from(char::REPLACEMENT_CHARACTER)).unwrap_or(0);
        match core::str::from_utf8(&self.bytes) {
            Ok(text) => text.encode_utf16().for_each(&mut *put),
            Err(error) if error.error_len().is_none() => return,
            Err(_) => {
                put(replacement);
                if self.bytes.len() > 1 {
                    // It may begin a character of its own.
                    self.bytes.clear();
                    self.take_utf8(byte, put);
                    return;
                }
            }
        }
        self.bytes.clear();
    }
}
