//! Listing directories of the host's.
//!
//! The names are read when a listing begins, what is known of each when it is given.

use alloc::vec::Vec;
use core::cmp::Ordering;

use files::{FileError, Information, Pattern};
use ninep::Attributes;
use objects::{Case, compare};

use super::path::HostPath;
use super::{attributes_of, times_of};
use crate::Error;
use crate::io::listing::{DOT, DOT_DOT, Entry};
use crate::io::volume::{Node, with};

/// The names that a directory had when its listing began, which a pattern takes.
pub(in crate::io) struct Listing {
    /// All of them in a row, and where each begins and ends, in the order of names.
    units: Vec<u16>,
    names: Vec<(u32, u32)>,
    /// How many were given.
    given: usize,
}

impl Listing {
    /// Reads the names.
    #[inline(never)]
    pub(in crate::io) fn of(node: &Node, pattern: &Pattern) -> Result<Self, Error> {
        let share = node.volume().shared().ok_or(Error::DeviceFailed)?;
        let (path, is_root) = with(node.volume(), |tree| {
            let id = node.node_id();
            Ok((tree.path_of(id)?, tree.parent_of(id)?.is_none()))
        })?;
        let mut all = Self {
            units: Vec::new(),
            names: Vec::new(),
            given: 0,
        };
        for name in [DOT, DOT_DOT] {
            if !is_root && pattern.matches(name) {
                all.add(name)?;
            }
        }
        let own = all.names.len();
        let mut units = Vec::new();
        let mut turn = share.turn()?;
        turn.each_name(&HostPath::of(&path)?, &mut |name, _| {
            units.clear();
            units.try_reserve(name.len())?;
            units.extend(name.encode_utf16());
            match units.len() <= files::MAX_COMPONENT && pattern.matches(&units) {
                true => all.add(&units),
                false => Ok(()),
            }
        })?;
        let Self { units, names, .. } = &mut all;
        sort(units, names.get_mut(own..).unwrap_or_default());
        Ok(all)
    }

    #[inline(never)]
    fn add(&mut self, name: &[u16]) -> Result<(), Error> {
        let start = u32::try_from(self.units.len()).map_err(|_| Error::OutOfMemory)?;
        self.units.try_reserve(name.len())?;
        self.names.try_reserve(1)?;
        self.units.extend_from_slice(name);
        let end = u32::try_from(self.units.len()).map_err(|_| Error::OutOfMemory)?;
        self.names.push((start, end));
        Ok(())
    }

    /// One was given.
    pub(in crate::io) fn move_on(&mut self) {
        self.given = self.given.saturating_add(1);
    }

    /// The name that is next.
    pub(in crate::io) fn next(&self) -> Option<&[u16]> {
        let (start, end) = self.names.get(self.given).copied()?;
        Some(slice(&self.units, start, end))
    }
}

/// Sorts names, as a heap: the library's ways take forty times as much code.
#[inline(never)]
fn sort(units: &[u16], names: &mut [(u32, u32)]) {
    for start in (0..names.len().wrapping_div(2)).rev() {
        sink(units, names, start);
    }
    for end in (1..names.len()).rev() {
        names.swap(0, end);
        sink(units, names.get_mut(..end).unwrap_or_default(), 0);
    }
}

/// Moves a name down to below those that come after it.
#[inline(never)]
fn sink(units: &[u16], names: &mut [(u32, u32)], start: usize) {
    let mut place = start;
    loop {
        let first = place.saturating_mul(2).saturating_add(1);
        let second = first.saturating_add(1);
        let larger = match is_before(units, names, first, second) {
            true => second,
            false => first,
        };
        if !is_before(units, names, place, larger) {
            return;
        }
        names.swap(place, larger);
        place = larger;
    }
}

/// Whether one of the names comes before another, which is there.
#[inline(never)]
fn is_before(units: &[u16], names: &[(u32, u32)], one: usize, other: usize) -> bool {
    let (Some(one), Some(other)) = (names.get(one), names.get(other)) else {
        return false;
    };
    let (one, other) = (slice(units, one.0, one.1), slice(units, other.0, other.1));
    match compare(one, other, Case::Insensitive) {
        Ordering::Equal => one < other,
        order => order == Ordering::Less,
    }
}

fn slice(units: &[u16], start: u32, end: u32) -> &[u16] {
    let (start, end) = (usize::try_from(start), usize::try_from(end));
    let (Ok(start), Ok(end)) = (start, end) else {
        return &[];
    };
    units.get(start..end).unwrap_or_default()
}

impl Node {
    /// What is known of an entry; `None`: it is gone.
    #[inline(never)]
    pub(in crate::io) fn entry_on_host(&self, name: &[u16]) -> Result<Option<Entry>, Error> {
        let share = self.volume().shared().ok_or(Error::DeviceFailed)?;
        let mut path = HostPath::of(&self.path()?)?;
        match name {
            DOT => {}
            DOT_DOT => path = path.split().map(|(parent, _)| parent).unwrap_or_default(),
            name => {
                let mut buffer = [0; ninep::names::MOST_BYTES];
                path.push(super::change::on_host(name, &mut buffer)?)?;
            }
        }
        let mut turn = share.turn()?;
        let known = turn
            .find(&path)
            .and_then(|fid| turn.attributes(fid.number()));
        let known = match known {
            Ok(known) => known,
            Err(Error::File(FileError::NameNotFound)) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Entry {
            name: super::rename::copied(name)?,
            information: information_of(&known),
            id: known.qid.number,
            data: None,
            sizes: match known.is_directory() {
                true => None,
                false => Some((known.size_bytes, known.blocks.saturating_mul(512))),
            },
        }))
    }
}

fn information_of(known: &Attributes) -> Information {
    let is_directory = known.is_directory();
    Information {
        is_directory,
        attributes: files::attributes::shown(attributes_of(known), is_directory),
        times: times_of(known),
        links: u32::try_from(known.links).unwrap_or(u32::MAX),
        is_delete_pending: false,
    }
}
