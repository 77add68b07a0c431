//! Patterns that names match (NT `FsRtlIsNameInExpression`), ignoring case.
//!
//! | unit | takes |
//! |---|---|
//! | `*` | any units, or none |
//! | `?` | one unit |
//! | `<` (`DOS_STAR`) | any units, or none, but not the name's last period |
//! | `>` (`DOS_QM`) | one unit; nothing before a period or at the end |
//! | `"` (`DOS_DOT`) | a period; nothing at the end |
//!
//! Win32 makes the last three of `*`, `?` and `.` in what DOS programs mean,
//! and `*` of `*.*`, which takes names with a period alone. A name is read
//! once, with the set of places in the pattern that it may have come to, so
//! that no pattern takes longer than its length times the name's.

#[cfg(test)]
mod tests;

use crate::FileError;
use crate::path::MAX_COMPONENT;
use alloc::vec::Vec;
use objects::{SEPARATOR, fold};

const STAR: u16 = b'*' as u16;
const QUESTION: u16 = b'?' as u16;
const DOS_STAR: u16 = b'<' as u16;
const DOS_QUESTION: u16 = b'>' as u16;
const DOS_DOT: u16 = b'"' as u16;
const DOT: u16 = b'.' as u16;

/// A pattern, checked and folded.
#[derive(Debug, PartialEq, Eq)]
pub struct Pattern {
    units: Vec<u16>,
    has_wildcards: bool,
}

impl Pattern {
    /// The pattern of a program's; `*` of an empty one.
    ///
    /// # Errors
    /// [`FileError::NameInvalid`] for what no name can match since it is too
    /// long or has units that no name has; [`FileError::NoMemory`].
    pub fn new(units: &[u16]) -> Result<Self, FileError> {
        let is_invalid = |unit: &u16| matches!(*unit, 0..0x20 | 0x2F | 0x3A | 0x7C | SEPARATOR);
        if units.len() > MAX_COMPONENT || units.iter().any(is_invalid) {
            return Err(FileError::NameInvalid);
        }
        let units = if units.is_empty() { &[STAR] } else { units };
        let mut folded = Vec::new();
        folded
            .try_reserve_exact(units.len())
            .map_err(|_| FileError::NoMemory)?;
        // Of stars in a row one is enough.
        let mut last = None;
        for unit in units.iter().map(|unit| fold(*unit)) {
            if last != Some(unit) || !matches!(unit, STAR | DOS_STAR) {
                folded.push(unit);
            }
            last = Some(unit);
        }
        Ok(Self {
            has_wildcards: folded.iter().any(|unit| is_wildcard(*unit)),
            units: folded,
        })
    }

    /// Whether it takes every name.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.units == [STAR]
    }

    /// The one name it takes, folded, if it has no wildcards.
    #[must_use]
    pub fn single_name(&self) -> Option<&[u16]> {
        (!self.has_wildcards).then_some(self.units.as_slice())
    }

    /// Whether it takes a name. No pattern takes an empty one.
    #[must_use]
    pub fn matches(&self, name: &[u16]) -> bool {
        if name.is_empty() {
            return false;
        }
        if self.takes_all() {
            return true;
        }
        let last_dot = name.iter().rposition(|unit| *unit == DOT);
        let mut places = Places::start();
        for (offset, unit) in name.iter().enumerate() {
            let unit = fold(*unit);
            places = self.step(places, unit, last_dot == Some(offset));
            if places.is_empty() {
                return false;
            }
        }
        for (place, expected) in self.units.iter().enumerate() {
            if places.has(place) && matches!(*expected, STAR | DOS_STAR | DOS_QUESTION | DOS_DOT) {
                places.add(place.saturating_add(1));
            }
        }
        places.has(self.units.len())
    }

    /// The places that a unit leads to from these.
    fn step(&self, mut places: Places, unit: u16, is_last_dot: bool) -> Places {
        let mut next = Places::default();
        for (place, expected) in self.units.iter().enumerate() {
            if !places.has(place) {
                continue;
            }
            let after = place.saturating_add(1);
            // A place that takes nothing leads on before the unit is read; it
            // is behind this one, so the loop comes to it.
            match *expected {
                STAR => {
                    next.add(place);
                    places.add(after);
                }
                DOS_STAR => {
                    if !is_last_dot {
                        next.add(place);
                    }
                    places.add(after);
                }
                DOS_QUESTION if unit == DOT => places.add(after),
                DOS_QUESTION | QUESTION => next.add(after),
                DOS_DOT if unit == DOT => next.add(after),
                DOS_DOT => {}
                expected if expected == unit => next.add(after),
                _ => {}
            }
        }
        next
    }
}

/// Whether a unit of a pattern stands for others.
const fn is_wildcard(unit: u16) -> bool {
    matches!(unit, STAR | QUESTION | DOS_STAR | DOS_QUESTION | DOS_DOT)
}

/// A set of places in a pattern, its end among them.
#[derive(Clone, Copy, Debug, Default)]
struct Places([u64; 4]);

impl Places {
    /// Before the first unit.
    const fn start() -> Self {
        Self([1, 0, 0, 0])
    }

    fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    fn has(self, place: usize) -> bool {
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 != 0
    }

    fn add(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }
}
