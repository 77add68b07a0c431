//! Atoms: numbers of 16 bits that stand for names.
//!
//! A name like `#123` stands for the number in it; of these nothing is kept. Other
//! names get a number from `0xC000` on for as long as they have been added more often
//! than deleted. Case does not count, but the first who added a name says how it is
//! spelt.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::name::copy;
use crate::{Case, compare};

/// The first number that stands for a name that is kept (NT `MAXINTATOM`).
pub const FIRST_NAMED: u16 = 0xC000;
/// Most units of a name that is kept (NT `RTL_ATOM_MAXIMUM_NAME_LENGTH`).
pub const MAX_ATOM_UNITS: usize = 255;
/// What is added so often is never deleted again.
const PINNED: u16 = u16::MAX;

/// Why an operation was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomError {
    /// `STATUS_OBJECT_NAME_INVALID`: the name is empty.
    NoName,
    /// `STATUS_INVALID_PARAMETER`: the name is too long, or of no number that there
    /// is.
    Invalid,
    /// `STATUS_OBJECT_NAME_NOT_FOUND`: nobody has added the name.
    NotFound,
    /// `STATUS_INVALID_HANDLE`: the atom stands for nothing.
    NoSuchAtom,
    /// `STATUS_NO_MEMORY`: there is no memory, or no number left.
    NoMemory,
}

impl AtomError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::NoName => 0xC000_0033,
            Self::Invalid => 0xC000_000D,
            Self::NotFound => 0xC000_0034,
            Self::NoSuchAtom => 0xC000_0008,
            Self::NoMemory => 0xC000_0017,
        }
    }
}

/// What came of deleting an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It counts one less, or is gone.
    Done,
    /// It was added so often that it stays for good.
    Pinned,
}

/// What is known of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtomInformation<'a> {
    /// How often it was added and not deleted.
    pub count: u16,
    /// Whether it stays for good.
    pub is_pinned: bool,
    /// Its name, or its number if that is its name.
    pub name: AtomName<'a>,
}

/// What an atom is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomName<'a> {
    /// `#` and the number.
    Number(u16),
    /// As it was first added.
    Kept(&'a [u16]),
}

/// A table of atoms.
#[derive(Debug, Default)]
pub struct Atoms {
    /// By their numbers, from [`FIRST_NAMED`] on.
    entries: Vec<Option<Entry>>,
    /// Places of the names, in the names' order.
    order: Vec<u16>,
}

#[derive(Debug)]
struct Entry {
    name: Box<[u16]>,
    count: u16,
}

impl Atoms {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            order: Vec::new(),
        }
    }

    /// Adds a name, or counts it once more.
    ///
    /// # Errors
    /// [`AtomError`]; nothing changed.
    pub fn add(&mut self, name: &[u16]) -> Result<u16, AtomError> {
        if let Some(number) = number_in(name)? {
            return Ok(number);
        }
        let at = match self.position(name) {
            Ok(place) => {
                let entry = self.entry_mut(place).ok_or(AtomError::NoSuchAtom)?;
                entry.count = entry.count.saturating_add(1);
                return numbered(place).ok_or(AtomError::NoSuchAtom);
            }
            Err(at) => at,
        };
        let free = self.entries.iter().position(Option::is_none);
        let place = u16::try_from(free.unwrap_or(self.entries.len()));
        let place = place.map_err(|_| AtomError::NoMemory)?;
        let atom = numbered(place).ok_or(AtomError::NoMemory)?;
        let entry = Entry {
            name: copy(&[name])
                .map_err(|_| AtomError::NoMemory)?
                .into_boxed_slice(),
            count: 1,
        };
        let no_memory = |_| AtomError::NoMemory;
        self.order.try_reserve(1).map_err(no_memory)?;
        if free.is_none() {
            self.entries.try_reserve(1).map_err(no_memory)?;
            self.entries.push(None);
        }
        if let Some(vacant) = self.entries.get_mut(usize::from(place)) {
            *vacant = Some(entry);
        }
        self.order.insert(at, place);
        Ok(atom)
    }

    /// The atom of a name.
    ///
    /// # Errors
    /// [`AtomError`].
    pub fn find(&self, name: &[u16]) -> Result<u16, AtomError> {
        match number_in(name)? {
            Some(number) => Ok(number),
            None => {
                let place = self.position(name).map_err(|_| AtomError::NotFound)?;
                numbered(place).ok_or(AtomError::NotFound)
            }
        }
    }

    /// Counts an atom once less, and forgets it if it has been added no more often
    /// than deleted.
    ///
    /// # Errors
    /// [`AtomError::NoSuchAtom`].
    pub fn delete(&mut self, atom: u16) -> Result<Deleted, AtomError> {
        let Some(place) = place_of(atom)? else {
            return Ok(Deleted::Done);
        };
        let entry = self.entry_mut(place).ok_or(AtomError::NoSuchAtom)?;
        match entry.count {
            PINNED => return Ok(Deleted::Pinned),
            1 => {
                self.order.retain(|other| *other != place);
                if let Some(taken) = self.entries.get_mut(usize::from(place)) {
                    *taken = None;
                }
            }
            count => entry.count = count.saturating_sub(1),
        }
        Ok(Deleted::Done)
    }

    /// What is known of an atom.
    ///
    /// # Errors
    /// [`AtomError::NoSuchAtom`]; [`AtomError::Invalid`] of 0, which is none.
    pub fn information(&self, atom: u16) -> Result<AtomInformation<'_>, AtomError> {
        match place_of(atom) {
            Err(_) => Err(AtomError::Invalid),
            Ok(None) => Ok(AtomInformation {
                count: 1,
                is_pinned: true,
                name: AtomName::Number(atom),
            }),
            Ok(Some(place)) => {
                let entry = self.entry(place).ok_or(AtomError::NoSuchAtom)?;
                Ok(AtomInformation {
                    count: entry.count,
                    is_pinned: entry.count == PINNED,
                    name: AtomName::Kept(&entry.name),
                })
            }
        }
    }

    /// How many names are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The atoms of names, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        let numbers = FIRST_NAMED..=u16::MAX;
        let taken = self.entries.iter().zip(numbers);
        taken.filter_map(|(entry, atom)| entry.as_ref().map(|_| atom))
    }

    fn entry(&self, place: u16) -> Option<&Entry> {
        self.entries.get(usize::from(place))?.as_ref()
    }

    fn entry_mut(&mut self, place: u16) -> Option<&mut Entry> {
        self.entries.get_mut(usize::from(place))?.as_mut()
    }

    /// The place of a name; an error: where it would be in the order.
    fn position(&self, name: &[u16]) -> Result<u16, usize> {
        let found = self.order.binary_search_by(|place| {
            let entry = self.entry(*place);
            entry.map_or(Ordering::Less, |entry| {
                compare(&entry.name, name, Case::Insensitive)
            })
        });
        let at = found?;
        self.order.get(at).copied().ok_or(at)
    }
}

/// The atom of a place.
fn numbered(place: u16) -> Option<u16> {
    FIRST_NAMED.checked_add(place)
}

/// The place of an atom; `None`: it stands for its number.
fn place_of(atom: u16) -> Result<Option<u16>, AtomError> {
    match (atom, atom.checked_sub(FIRST_NAMED)) {
        (0, _) => Err(AtomError::NoSuchAtom),
        (_, place) => Ok(place),
    }
}

/// The number that a name says; `None`: it is another name.
fn number_in(name: &[u16]) -> Result<Option<u16>, AtomError> {
    const ZERO: u16 = b'0' as u16;
    const NINE: u16 = b'9' as u16;
    let Some((first, rest)) = name.split_first() else {
        return Err(AtomError::NoName);
    };
    let is_number = *first == u16::from(b'#')
        && !rest.is_empty()
        && rest.iter().all(|unit| (ZERO..=NINE).contains(unit));
    if is_number {
        let number = rest.iter().fold(0_u16, |number, unit| {
            number
                .saturating_mul(10)
                .saturating_add(unit.saturating_sub(ZERO))
        });
        let is_one = number != 0 && number < FIRST_NAMED;
        return is_one.then_some(Some(number)).ok_or(AtomError::Invalid);
    }
    match name.len() > MAX_ATOM_UNITS {
        true => Err(AtomError::Invalid),
        false => Ok(None),
    }
}

#[cfg(test)]
mod tests;
