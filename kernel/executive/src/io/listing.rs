//! What a directory has, entry by entry, as an open file of it is asked.

use alloc::vec::Vec;

use files::{FileError, Information, Listed, NodeId, Pattern};
use hal::Ref;
use hal::cpu::interrupts;

use super::node::Node;
use super::share;
use super::volume::{self};
use crate::memory::FileData;
use crate::{Error, scheduler};

pub(super) const DOT: &[u16] = &[b'.' as u16];
pub(super) const DOT_DOT: &[u16] = &[b'.' as u16, b'.' as u16];

/// How far an open directory has been listed.
pub(super) struct Listing {
    pattern: Pattern,
    after: After,
    /// What is given instead, of a directory of the host's.
    on_host: Option<share::Listing>,
}

/// What was given last.
enum After {
    Nothing,
    Dot,
    DotDot,
    Name(Vec<u16>),
}

/// An entry of a directory.
pub struct Entry {
    /// Its name.
    pub name: Vec<u16>,
    /// What is known of it.
    pub information: Information,
    /// Its number.
    pub id: u64,
    pub(super) data: Option<Ref<FileData>>,
    pub(super) sizes: Option<(u64, u64)>,
}

impl Entry {
    /// How long it is and what room it takes, if it is a file.
    #[inline]
    pub fn sizes(&self) -> Option<(u64, u64)> {
        let data = self.data.as_deref();
        let own = || data.map(|data| (data.size_bytes(), data.allocated_bytes()));
        self.sizes.or_else(own)
    }
}

impl Node {
    /// Whether a listing has begun.
    pub fn is_listed(&self) -> bool {
        self.listing().lock().is_some()
    }

    /// Begins a listing of what a pattern takes.
    pub fn list(&self, pattern: &[u16]) -> Result<(), Error> {
        if !self.is_directory() {
            return Err(FileError::NotADirectory.into());
        }
        let mut begun = Listing {
            pattern: Pattern::new(pattern)?,
            after: After::Nothing,
            on_host: None,
        };
        if self.host_file().is_some() {
            begun.on_host = Some(share::Listing::of(self, &begun.pattern)?);
        }
        let before = self.listing().lock().replace(begun);
        drop(before);
        Ok(())
    }

    /// Begins the listing again, with the pattern it has.
    pub fn list_again(&self) -> Result<(), Error> {
        let mut listing = self.listing().lock();
        if self.host_file().is_some() {
            let taken = listing.take();
            drop(listing);
            if let Some(mut again) = taken {
                let read = share::Listing::of(self, &again.pattern);
                again.on_host = Some(read?);
                *self.listing().lock() = Some(again);
            }
        } else if let Some(listing) = &mut *listing {
            listing.after = After::Nothing;
        }
        Ok(())
    }

    /// The entry that comes next, which then is still the next.
    pub fn next_entry(&self) -> Result<Option<Entry>, Error> {
        if self.host_file().is_some() {
            return self.next_on_host();
        }
        loop {
            match self.look()? {
                Found::Entry(entry) => return Ok(Some(entry)),
                Found::End => return Ok(None),
                Found::NotYet(name) => {
                    self.move_on(name);
                    interrupts::let_pending_in();
                    scheduler::yield_now();
                }
            }
        }
    }

    /// The same of a directory of the host's, without those that are gone.
    #[cold]
    fn next_on_host(&self) -> Result<Option<Entry>, Error> {
        loop {
            let name = {
                let listing = self.listing().lock();
                let listing = listing.as_ref().ok_or(FileError::InvalidParameter)?;
                match listing.on_host.as_ref().and_then(share::Listing::next) {
                    Some(name) => copy(name)?,
                    None => return Ok(None),
                }
            };
            match self.entry_on_host(&name)? {
                Some(entry) => return Ok(Some(entry)),
                None => self.move_on(name),
            }
        }
    }

    /// Goes on behind an entry.
    pub fn move_on(&self, name: Vec<u16>) {
        if let Some(listing) = &mut *self.listing().lock() {
            if let Some(on_host) = &mut listing.on_host {
                return on_host.move_on();
            }
            listing.after = match name.as_slice() {
                DOT => After::Dot,
                DOT_DOT => After::DotDot,
                _ => After::Name(name),
            };
        }
    }

    fn look(&self) -> Result<Found, Error> {
        let mut listing = self.listing().lock();
        let listing = listing.as_mut().ok_or(FileError::InvalidParameter)?;
        volume::with(self.volume(), |tree| {
            // The root has no names for itself and what is above it.
            let parent = tree.parent_of(self.node_id())?;
            if let (After::Nothing, Some(_)) = (&listing.after, parent) {
                if listing.pattern.matches(DOT) {
                    return entry(tree, self.node_id(), DOT).map(Found::Entry);
                }
                listing.after = After::Dot;
            }
            if let (After::Dot, Some(parent)) = (&listing.after, parent) {
                if listing.pattern.matches(DOT_DOT) {
                    return entry(tree, parent, DOT_DOT).map(Found::Entry);
                }
                listing.after = After::DotDot;
            }
            let after = match &listing.after {
                After::Name(name) => Some(name.as_slice()),
                _ => None,
            };
            match tree.next_child(self.node_id(), after, Some(&listing.pattern))? {
                Listed::End => Ok(Found::End),
                Listed::NotYet(id) => Ok(Found::NotYet(copy(tree.name_of(id)?)?)),
                Listed::Entry(id) => {
                    let name = copy(tree.name_of(id)?)?;
                    entry(tree, id, &name).map(Found::Entry)
                }
            }
        })
    }
}

/// What a look at a part of a directory gave.
enum Found {
    Entry(Entry),
    /// Nothing up to this name.
    NotYet(Vec<u16>),
    End,
}

fn entry(tree: &volume::Files, id: NodeId, name: &[u16]) -> Result<Entry, Error> {
    Ok(Entry {
        name: copy(name)?,
        information: tree.information(id)?,
        id: id.to_u64(),
        sizes: None,
        data: match tree.is_directory(id)? {
            true => None,
            false => Some(tree.data(id)?.clone()),
        },
    })
}

#[inline]
fn copy(name: &[u16]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(name.len())?;
    units.extend_from_slice(name);
    Ok(units)
}
