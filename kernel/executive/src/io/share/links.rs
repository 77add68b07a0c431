//! Following symbolic links of the host's inside of what it shares.
//!
//! The host says where they lead, and names are followed here alone: a link to
//! elsewhere leads nowhere. What is found is known by its own path, so that whoever
//! opens it by a link shares it with those who do not.

use alloc::vec::Vec;

use files::FileError;
use ninep::{Attributes, links};
use objects::SEPARATOR;

use super::path::HostPath;
use super::resolve::{Found, Led, without_stream};
use super::turn::Turn;
use crate::Error;
use crate::io::{Disposition, Request, Wanted as Kind};

/// Most links on one path, as on Linux.
const MOST: u32 = 40;

/// What only the data of a file is opened for.
const DATA: u32 = files::access::READ_DATA
    | files::access::WRITE_DATA
    | files::access::APPEND_DATA
    | files::access::EXECUTE;

/// The names of a path.
pub(super) struct Wanted<'path> {
    /// With what they name of their files.
    pub(super) names: Vec<&'path [u16]>,
    /// Whether it asks for a directory.
    ends_in_separator: bool,
    /// Whether a link led to it.
    pub(super) is_of_link: bool,
}

impl<'path> Wanted<'path> {
    fn of(path: &'path [u16], is_of_link: bool) -> Result<Self, Error> {
        let mut names = Vec::new();
        let all = path.split(|unit| *unit == SEPARATOR);
        for name in all.filter(|name| !name.is_empty()) {
            if !is_of_link && is_up(name) {
                return Err(FileError::NameInvalid.into());
            }
            names.try_reserve(1)?;
            names.push(name);
        }
        Ok(Self {
            names,
            ends_in_separator: path.last() == Some(&SEPARATOR),
            is_of_link,
        })
    }

    /// Adds what the last name before the last so many names of its file, and these.
    #[inline(never)]
    fn add_rest(&self, path: &mut Vec<u16>, rest: usize) -> Result<(), Error> {
        let used = self.names.len().saturating_sub(rest);
        let (used, rest) = self.names.split_at_checked(used).unwrap_or_default();
        if let Some(last) = used.last() {
            let stream = last.get(without_stream(last).len()..);
            add(path, stream.unwrap_or_default().iter().copied())?;
        }
        for name in rest {
            add(path, [SEPARATOR].into_iter().chain(name.iter().copied()))?;
        }
        if self.ends_in_separator {
            add(path, [SEPARATOR])?;
        }
        Ok(())
    }

    /// The path from the root to the last so many names, which are in a directory, and
    /// on; `None`: no link led there.
    #[inline(never)]
    pub(super) fn path_behind(
        &self,
        directory: &HostPath,
        rest: usize,
    ) -> Result<Option<Vec<u16>>, Error> {
        if !self.is_of_link {
            return Ok(None);
        }
        let mut path = Vec::new();
        for name in directory.names() {
            add(
                &mut path,
                [SEPARATOR].into_iter().chain(name.encode_utf16()),
            )?;
        }
        self.add_rest(&mut path, rest)?;
        Ok(Some(path))
    }
}

impl Turn {
    /// Follows a path from a directory that is there, through links and, if it is to be
    /// so, through one at its end.
    #[inline(never)]
    pub(super) fn resolve(
        &mut self,
        start: &[u16],
        path: &[u16],
        follows_last: bool,
    ) -> Result<Found, Error> {
        let start = HostPath::of(start)?;
        let mut led = self.lead(start, &Wanted::of(path, false)?, follows_last)?;
        for _ in 0..MOST {
            match led {
                Led::To(found) => return Ok(found),
                Led::On(directory, path) => {
                    led = self.lead(directory, &Wanted::of(&path, true)?, follows_last)?;
                }
            }
        }
        Err(Error::LinkNotResolved)
    }

    /// Where a link leads, with so many names behind it.
    #[inline(never)]
    pub(super) fn follow(
        &mut self,
        mut link: HostPath,
        all: &Wanted<'_>,
        rest: usize,
    ) -> Result<Led, Error> {
        let fid = self.find(&link)?;
        let mut path = Vec::new();
        let steps = links::steps(self.target(fid.number())?).ok_or(Error::LinkNotResolved)?;
        for step in steps {
            let step = step.ok_or(Error::LinkNotResolved)?;
            add(
                &mut path,
                [SEPARATOR].into_iter().chain(step.encode_utf16()),
            )?;
        }
        all.add_rest(&mut path, rest)?;
        link.pop();
        Ok(Led::On(link, path))
    }

    /// What something of a directory is to who sees its name: what a link leads to, if
    /// it leads anywhere.
    #[inline(never)]
    pub(super) fn seen(&mut self, directory: &[u16], name: &[u16]) -> Option<Attributes> {
        let found = self.resolve(directory, name, true).ok()?;
        found.last.map(|(_, known)| known)
    }
}

/// Whether a link at the end of a path is meant itself: by who asks for it, and by who
/// deletes or renames it without a look at its data.
pub(super) fn is_meant(request: &Request<'_>) -> bool {
    let access = request.intent.access;
    request.disposition == Disposition::Open
        && (request.opens_link || (access & DATA == 0 && access & files::access::DELETE != 0))
}

/// What a link that is meant itself must be: one that leads to no file is removed as a
/// directory, too.
#[inline(never)]
pub(super) fn kind(turn: &mut Turn, start: &[u16], path: &[u16], wanted: Kind) -> Kind {
    match wanted {
        Kind::Directory => match turn.seen(start, path) {
            Some(known) if !known.is_directory() => wanted,
            _ => Kind::Any,
        },
        wanted => wanted,
    }
}

/// Whether a name leads to the directory above.
pub(super) fn is_up(name: &[u16]) -> bool {
    name.iter().copied().eq(links::UP.encode_utf16())
}

fn add(path: &mut Vec<u16>, units: impl IntoIterator<Item = u16>) -> Result<(), Error> {
    for unit in units {
        path.try_reserve(1)?;
        path.push(unit);
    }
    Ok(())
}
