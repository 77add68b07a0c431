//! Many names, sorted without regard to case.

use alloc::vec::Vec;
use core::cmp::Ordering;

use objects::{Case, compare};

use crate::FileError;

/// Names in the order in which directories are listed. Of names that differ in case
/// alone there may be several.
#[derive(Debug, Default)]
pub struct Names {
    /// All of them in a row.
    units: Vec<u16>,
    /// Where each begins and ends.
    places: Vec<(u32, u32)>,
}

impl Names {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            units: Vec::new(),
            places: Vec::new(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&[u16]> {
        self.places
            .get(number)
            .map(|place| slice(&self.units, *place))
    }

    /// Adds a name behind the others, to be sorted.
    ///
    /// # Errors
    /// [`FileError::NoMemory`].
    pub fn push(&mut self, name: &str) -> Result<(), FileError> {
        let place = self.keep(name)?;
        self.places.push(place);
        Ok(())
    }

    /// Adds a name where it belongs among those that are sorted.
    ///
    /// # Errors
    /// [`FileError::NoMemory`].
    pub fn insert(&mut self, name: &str) -> Result<(), FileError> {
        let place = self.keep(name)?;
        let units = &self.units;
        let new = slice(units, place);
        let at = self
            .places
            .partition_point(|other| is_less(slice(units, *other), new));
        self.places.insert(at, place);
        Ok(())
    }

    fn keep(&mut self, name: &str) -> Result<(u32, u32), FileError> {
        self.places
            .try_reserve(1)
            .map_err(|_| FileError::NoMemory)?;
        self.units
            .try_reserve(name.len())
            .map_err(|_| FileError::NoMemory)?;
        let start = u32::try_from(self.units.len()).map_err(|_| FileError::NoMemory)?;
        self.units.extend(name.encode_utf16());
        let end = u32::try_from(self.units.len()).map_err(|_| FileError::NoMemory)?;
        Ok((start, end))
    }

    /// Takes a name away, in just these letters.
    pub fn remove(&mut self, name: &str) {
        let is_it = |place: &(u32, u32)| {
            slice(&self.units, *place)
                .iter()
                .copied()
                .eq(name.encode_utf16())
        };
        if let Some(number) = self.places.iter().position(is_it) {
            self.places.remove(number);
        }
    }

    /// The first of those that differ from a name in case at most.
    #[must_use]
    pub fn find(&self, name: &[u16]) -> Option<&[u16]> {
        let order =
            |place: &(u32, u32)| compare(slice(&self.units, *place), name, Case::Insensitive);
        let at = self.places.partition_point(|place| order(place).is_lt());
        let place = self.places.get(at).filter(|place| order(place).is_eq());
        place.map(|place| slice(&self.units, *place))
    }

    /// Sorts those from a number on: as a heap, since the library's ways take forty
    /// times as much code.
    pub fn sort(&mut self, from: usize) {
        let Self { units, places } = self;
        let places = places.get_mut(from..).unwrap_or_default();
        for start in (0..places.len().wrapping_div(2)).rev() {
            sink(units, places, start);
        }
        for end in (1..places.len()).rev() {
            places.swap(0, end);
            sink(units, places.get_mut(..end).unwrap_or_default(), 0);
        }
    }
}

/// Moves a name down to below those that come after it.
fn sink(units: &[u16], places: &mut [(u32, u32)], start: usize) {
    let is_before = |places: &[(u32, u32)], one: usize, other: usize| {
        let both = (places.get(one), places.get(other));
        matches!(both, (Some(one), Some(other))
            if is_less(slice(units, *one), slice(units, *other)))
    };
    let mut place = start;
    loop {
        let first = place.saturating_mul(2).saturating_add(1);
        let second = first.saturating_add(1);
        let larger = match is_before(places, first, second) {
            true => second,
            false => first,
        };
        if !is_before(places, place, larger) {
            return;
        }
        places.swap(place, larger);
        place = larger;
    }
}

/// Whether one name comes before another; by their letters when case alone differs.
fn is_less(one: &[u16], other: &[u16]) -> bool {
    match compare(one, other, Case::Insensitive) {
        Ordering::Equal => one < other,
        order => order == Ordering::Less,
    }
}

fn slice(units: &[u16], (start, end): (u32, u32)) -> &[u16] {
    let (start, end) = (usize::try_from(start), usize::try_from(end));
    let (Ok(start), Ok(end)) = (start, end) else {
        return &[];
    };
    units.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_sorted_and_found() {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let mut names = Names::new();
        for name in ["b", "B", "a", "C", "ä", "Ä", "aa"] {
            names.push(name).unwrap();
        }
        names.sort(0);
        names.insert("AB").unwrap();
        let all = |names: &Names| -> Vec<_> {
            (0..names.len())
                .map(|number| std::string::String::from_utf16_lossy(names.get(number).unwrap()))
                .collect()
        };
        assert_eq!(all(&names), ["a", "aa", "AB", "B", "b", "C", "Ä", "ä"]);
        assert_eq!(names.find(&units("AA")), Some(&units("aa")[..]));
        assert_eq!(names.find(&units("b")), Some(&units("B")[..]));
        assert_eq!(names.find(&units("d")), None);
        names.remove("B");
        assert_eq!(names.find(&units("B")), Some(&units("b")[..]));
        names.remove("B");
        assert_eq!(names.len(), 7);
    }

    proptest! {
    #[test]
    fn any_names_are_sorted(all in prop::collection::vec("[a-cA-C]{0,3}", 0..40)) {
        let mut names = Names::new();
        for name in &all {
            names.push(name).unwrap();
        }
        names.sort(0);
        let sorted: Vec<_> = (0..names.len())
            .map(|number| std::string::String::from_utf16(names.get(number).unwrap()).unwrap())
            .collect();
        let mut expected = all.clone();
        expected.sort_by(|one, other| {
            one.to_uppercase().cmp(&other.to_uppercase()).then(one.cmp(other))
        });
        prop_assert_eq!(sorted, expected);
    }
    }
}
