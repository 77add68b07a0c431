//! Names of objects: UTF-16, compared with or without regard to case.
//!
//! Folding maps one unit to one unit, as NT's `RtlUpcaseUnicodeChar` does, so
//! names of different length never match and surrogates stay what they are.
//! Only pairs that map both ways count: a dotless i is not a capital I, nor a
//! sharp s two of them, so no name outside ASCII passes for one inside.

#[cfg(test)]
mod tests;

use crate::NameError;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt::{self, Write as _};

/// What separates the components of a path (NT `OBJ_NAME_PATH_SEPARATOR`).
pub const SEPARATOR: u16 = b'\\' as u16;

/// Most units in a path and so in a name. A `UNICODE_STRING` can count 32,767
/// of them, but NT takes one less: there is room for a zero at the end.
pub const MAX_UNITS: usize = 32_766;

/// Whether case matters (NT `OBJ_CASE_INSENSITIVE` absent or present).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `Name` and `NAME` are two names.
    Sensitive,
    /// They are the same.
    Insensitive,
}

/// The capital form of a unit, or the unit itself if it has none.
#[inline]
#[must_use]
pub fn fold(unit: u16) -> u16 {
    match unit {
        0x61..=0x7A => unit ^ 0x20,
        0..0x80 => unit,
        _ => capital(unit).unwrap_or(unit),
    }
}

/// The capital of a unit above ASCII, if the two map to each other.
#[cold]
fn capital(unit: u16) -> Option<u16> {
    let small = char::from_u32(u32::from(unit))?;
    let capital = only(small.to_uppercase())?;
    (only(capital.to_lowercase()) == Some(small)).then_some(capital)?;
    u16::try_from(u32::from(capital)).ok()
}

/// The one character of an iterator that has just one.
fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

/// Compares two names, unit by unit.
#[inline]
#[must_use]
pub fn compare(left: &[u16], right: &[u16], case: Case) -> Ordering {
    match case {
        Case::Sensitive => left.cmp(right),
        Case::Insensitive => {
            for (left, right) in left.iter().zip(right) {
                // What is the same anyway need not be folded, which takes longer.
                if left != right {
                    let (left, right) = (fold(*left), fold(*right));
                    if left != right {
                        return left.cmp(&right);
                    }
                }
            }
            left.len().cmp(&right.len())
        }
    }
}

/// Where something stands among so many in order, or else where it belongs. Of several
/// that match it is any. What matches is searched no further, so this is cheaper for
/// names than `binary_search_by`.
#[inline]
pub fn search(count: usize, order_at: impl Fn(usize) -> Option<Ordering>) -> Result<usize, usize> {
    let (mut low, mut high) = (0_usize, count);
    while low < high {
        let middle = low.midpoint(high);
        match order_at(middle) {
            Some(Ordering::Less) => low = middle.saturating_add(1),
            Some(Ordering::Equal) => return Ok(middle),
            _ => high = middle,
        }
    }
    Err(low)
}

/// A name as it was given when the object was made: one component of a path.
#[derive(PartialEq, Eq)]
pub struct ObjectName(Box<[u16]>);

impl ObjectName {
    /// A copy of a name.
    ///
    /// # Errors
    /// [`NameError::NameInvalid`] for one that is empty, has a backslash or
    /// more than [`MAX_UNITS`]; [`NameError::NoMemory`].
    pub fn new(units: &[u16]) -> Result<Self, NameError> {
        if units.is_empty() || units.len() > MAX_UNITS || units.contains(&SEPARATOR) {
            return Err(NameError::NameInvalid);
        }
        // The vector is as large as its content: boxing it moves nothing.
        Ok(Self(copy(&[units])?.into_boxed_slice()))
    }

    /// Its units, without a zero at the end.
    #[must_use]
    pub const fn units(&self) -> &[u16] {
        &self.0
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        char::decode_utf16(self.units().iter().copied())
            .try_for_each(|unit| formatter.write_char(unit.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ObjectName({self})")
    }
}

/// One vector of these pieces, just large enough.
pub(crate) fn copy(pieces: &[&[u16]]) -> Result<Vec<u16>, NameError> {
    let len = pieces
        .iter()
        .fold(0usize, |sum, piece| sum.saturating_add(piece.len()));
    let mut copy = Vec::new();
    copy.try_reserve_exact(len)
        .map_err(|_| NameError::NoMemory)?;
    for piece in pieces {
        copy.extend_from_slice(piece);
    }
    Ok(copy)
}
