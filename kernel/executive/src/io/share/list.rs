//! Listing directories of the host's.
//!
//! The names are read when a listing begins, what is known of each when it is given.

use alloc::vec::Vec;

use files::{FileError, Information, Names, Pattern};
use ninep::Attributes;

use super::path::HostPath;
use super::{attributes_of, times_of};
use crate::Error;
use crate::io::listing::{DOT, DOT_DOT, Entry};
use crate::io::node::Node;
use crate::io::volume::with;

/// The names that a directory had when its listing began, which a pattern takes.
pub(in crate::io) struct Listing {
    names: Names,
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
        let mut names = Names::new();
        for (name, text) in [(DOT, "."), (DOT_DOT, "..")] {
            if !is_root && pattern.matches(name) {
                names.push(text)?;
            }
        }
        let own = names.len();
        let mut units = Vec::new();
        let mut turn = share.turn()?;
        let directory = turn.find(&HostPath::of(&path)?)?;
        turn.each_name(&directory, &mut |name| {
            units.clear();
            units.try_reserve(name.len())?;
            units.extend(name.encode_utf16());
            match units.len() <= files::MAX_COMPONENT && pattern.matches(&units) {
                true => Ok(names.push(name)?),
                false => Ok(()),
            }
        })?;
        names.sort(own);
        Ok(Self { names, given: 0 })
    }

    /// One was given.
    pub(in crate::io) fn move_on(&mut self) {
        self.given = self.given.saturating_add(1);
    }

    /// The name that is next.
    pub(in crate::io) fn next(&self) -> Option<&[u16]> {
        self.names.get(self.given)
    }
}

impl Node {
    /// What is known of an entry; `None`: it is gone.
    #[inline(never)]
    pub(in crate::io) fn entry_on_host(&self, name: &[u16]) -> Result<Option<Entry>, Error> {
        let share = self.volume().shared().ok_or(Error::DeviceFailed)?;
        let own = self.path()?;
        let mut path = HostPath::of(&own)?;
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
        let mut known = match known {
            Ok(known) => known,
            Err(Error::File(FileError::NameNotFound)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let id = known.qid.number;
        let is_link = known.qid.is_link();
        // One that leads to a directory is none: who does not look for more would go
        // round in it, or empty what it leads to.
        if is_link
            && let Some(target) = turn.seen(&own, name)
            && !target.is_directory()
        {
            known = target;
        }
        let mut information = information_of(&known);
        if is_link {
            information.attributes |= files::attributes::REPARSE_POINT;
        }
        Ok(Some(Entry {
            name: super::rename::copied(name)?,
            information,
            id,
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
