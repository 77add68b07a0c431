//! Little-endian numbers of structures, one after another.

use alloc::vec::Vec;

use crate::ConsoleStatus;

/// Reads a structure from its beginning on.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ConsoleStatus> {
        let (first, rest) = self
            .0
            .split_first_chunk()
            .ok_or(ConsoleStatus::InvalidParameter)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ConsoleStatus> {
        self.take().map(u32::from_le_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, ConsoleStatus> {
        self.take().map(u16::from_le_bytes)
    }

    pub(crate) fn i16(&mut self) -> Result<i16, ConsoleStatus> {
        self.take().map(i16::from_le_bytes)
    }

    /// Left, top, right and bottom.
    pub(crate) fn sides(&mut self) -> Result<[i16; 4], ConsoleStatus> {
        Ok([self.i16()?, self.i16()?, self.i16()?, self.i16()?])
    }

    /// The rest as UTF-16; half a unit is one too many.
    pub(crate) fn units(&self) -> Result<impl Iterator<Item = u16>, ConsoleStatus> {
        let (pairs, rest) = self.0.as_chunks::<2>();
        match rest {
            [] => Ok(pairs.iter().map(|pair| u16::from_le_bytes(*pair))),
            _ => Err(ConsoleStatus::InvalidParameter),
        }
    }
}

/// Bytes from numbers.
pub(crate) fn bytes_of(
    units: impl ExactSizeIterator<Item = u16>,
) -> Result<Vec<u8>, ConsoleStatus> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(units.len().saturating_mul(2))?;
    units.for_each(|unit| bytes.extend_from_slice(&unit.to_le_bytes()));
    Ok(bytes)
}
