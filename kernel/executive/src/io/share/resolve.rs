//! Finding what a path leads to on the host, and having the tree know it.
//!
//! A name that the host has just so is meant by it; if there is none, one that
//! differs in case alone is.

use alloc::string::String;
use alloc::vec::Vec;

use files::{FileError, Names, New, NewKind, NodeId};
use ninep::{Attributes, Qid, flags, names};

use super::fids::Fid;
use super::links::{Wanted, is_up};
use super::path::HostPath;
use super::remote::Remote;
use super::turn::{Turn, Way};
use super::{attributes_of, times_of};
use crate::Error;
use crate::io::volume::{Files, with};
use crate::memory::FileData;

/// How far a path leads on the host.
pub(super) struct Found {
    /// As far as it leads, in the host's letters.
    pub(super) path: HostPath,
    /// What all of it leads to.
    pub(super) last: Option<(Fid, Attributes)>,
    /// Whether its end is a directory, or what the rest would be in.
    ends_in_directory: bool,
    /// The first name that is not there.
    missing: Option<Vec<u16>>,
    /// What the path would be without the links that it leads through, if it does.
    pub(super) other_path: Option<Vec<u16>>,
}

impl Found {
    /// Whether all of it leads to a link that was not followed.
    pub(super) fn is_link(&self) -> bool {
        let last = self.last.as_ref();
        last.is_some_and(|(_, known)| known.qid.is_link())
    }
}

/// What a way leads to.
pub(super) enum Led {
    To(Found),
    /// To a link in a directory, which leads on by another path from there.
    On(HostPath, Vec<u16>),
}

impl Turn {
    /// Follows a path from a directory that is there to its end or the next link.
    #[inline(never)]
    pub(super) fn lead(
        &mut self,
        mut path: HostPath,
        all: &Wanted<'_>,
        follows_last: bool,
    ) -> Result<Led, Error> {
        let mut wanted = all.names.as_slice();
        // What is walked anew is as it was found.
        let mut followed = path.names().count();
        loop {
            let known = path.names().count();
            let mut more = Vec::new();
            let mut is_cut = false;
            for name in wanted {
                let mut buffer = [0; names::MOST_BYTES];
                let name = without_stream(name);
                let Some(name) = names::to_host(name, &mut buffer) else {
                    is_cut = true;
                    break;
                };
                more.try_reserve(1)?;
                more.push(copied(name)?);
            }
            let names = path.names().chain(more.iter().map(String::as_str));
            let way = self.walk(names)?;
            let Some(further) = way.names.checked_sub(known) else {
                return Err(FileError::PathNotFound.into());
            };
            for name in more.iter().take(further) {
                path.push(name)?;
            }
            wanted = wanted.get(further..).unwrap_or_default();
            let is_link = way.names > followed && way.last.is_some_and(Qid::is_link);
            if is_link && (follows_last || !wanted.is_empty()) {
                return self.follow(path, all, wanted.len());
            }
            let is_directory = way.last.is_none_or(Qid::is_directory);
            let [name, rest @ ..] = wanted else {
                let other_path = all.path_behind(&path, 0)?;
                return self.found(path, way, other_path).map(Led::To);
            };
            if all.is_of_link && is_directory && further == more.len() && is_up(name) {
                match path.pop() {
                    true => followed = followed.min(path.names().count()),
                    false => return Err(Error::LinkNotResolved),
                }
                wanted = rest;
                continue;
            }
            let name = without_stream(name);
            let other = match is_directory && !(is_cut && further == more.len()) {
                true => self.find_name(&path, name)?,
                false => None,
            };
            let Some(other) = other else {
                return Ok(Led::To(Found {
                    other_path: all.path_behind(&path, wanted.len())?,
                    path,
                    last: None,
                    ends_in_directory: is_directory,
                    missing: Some(super::rename::copied(name)?),
                }));
            };
            path.push(&other)?;
            wanted = rest;
        }
    }

    #[inline(never)]
    fn found(
        &mut self,
        path: HostPath,
        way: Way,
        other_path: Option<Vec<u16>>,
    ) -> Result<Found, Error> {
        let fid = way.fid.ok_or(FileError::NameNotFound)?;
        let known = self.attributes(fid.number())?;
        Ok(Found {
            path,
            ends_in_directory: known.is_directory(),
            last: Some((fid, known)),
            missing: None,
            other_path,
        })
    }

    /// The name in a directory that differs from one in case alone.
    #[inline(never)]
    fn find_name(&mut self, directory: &HostPath, name: &[u16]) -> Result<Option<String>, Error> {
        let fid = self.find(directory)?;
        let known = self.attributes(fid.number())?;
        let mut found = self.share.find_known(&known, name);
        if found.is_none() {
            let mut names = Names::new();
            self.each_name(&fid, &mut |name| Ok(names.push(name)?))?;
            names.sort(0);
            self.share.note_known(&known, names);
            found = self.share.find_known(&known, name);
        }
        let Some(Some(other)) = found else {
            return Ok(None);
        };
        let mut buffer = [0; names::MOST_BYTES];
        let other = names::to_host(&other, &mut buffer);
        other.map(copied).transpose()
    }

    /// Goes over the names of a directory that can be seen from here, which is open
    /// then.
    #[inline(never)]
    pub(super) fn each_name(
        &mut self,
        directory: &Fid,
        use_name: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let fid = directory.number();
        self.open(fid, flags::READ_ONLY | flags::DIRECTORY)?;
        let mut offset = 0;
        loop {
            let start = offset;
            for entry in self.entries(fid, offset)? {
                let entry = entry.map_err(|_| Error::DeviceFailed)?;
                offset = entry.offset;
                if let Some(name) = names::from_host(entry.name) {
                    use_name(name)?;
                }
            }
            if offset == start {
                return Ok(());
            }
        }
    }

    /// Notes that names of directories were made or taken away here.
    #[inline(never)]
    pub(super) fn note_change(
        &mut self,
        directory: &HostPath,
        removed: Option<&str>,
        added: Option<&str>,
    ) -> Result<(), Error> {
        let way = self.walk(directory.names())?;
        // Of the shared directory itself nothing was walked.
        let fid = way.fid.ok_or(FileError::PathNotFound)?;
        let number = match way.last {
            Some(last) => last.number,
            None => self.attributes(fid.number())?.qid.number,
        };
        if !self.share.is_known(number) {
            return Ok(());
        }
        self.share.note_change(number, removed, added);
        let known = self.attributes(fid.number())?;
        self.share.note_changed(&known);
        Ok(())
    }
}

/// Has the tree know a path that was found: the node at its end.
#[inline(never)]
pub(super) fn enter(turn: &Turn, found: &mut Found) -> Result<NodeId, Error> {
    let share = turn.share;
    // Made under no lock.
    let mut new = None;
    if let Some((_, known)) = &found.last
        && !known.is_directory()
    {
        let (fid, known) = found.last.take().ok_or(Error::DeviceFailed)?;
        let remote = Remote::new(share, fid, known.qid.number)?;
        new = Some((FileData::remote_file(remote, known.size_bytes)?, known));
    }
    let mut all = Vec::new();
    for name in found.path.names() {
        let mut units = Vec::new();
        units.try_reserve(name.len())?;
        units.extend(name.encode_utf16());
        all.try_reserve(1)?;
        all.push(units);
    }
    let known = found.last.as_ref().map(|(_, known)| known);
    let known = known.or(new.as_ref().map(|(_, known)| known));
    let mut gone = Vec::new();
    gone.try_reserve(all.len().saturating_add(1))?;
    let entered = with(share.volume, |tree| {
        let mut node = tree.root();
        for (number, name) in all.iter().enumerate() {
            let is_last = number.saturating_add(1) == all.len();
            let data = match (&new, is_last) {
                (Some((data, _)), true) => NewKind::File(data),
                (None, true) if !found.ends_in_directory => return Ok((node, None)),
                _ => NewKind::Directory(None),
            };
            node = enter_name(tree, node, name, data, &mut gone)?;
        }
        // What is open may have gone from the host.
        if let (Some(name), true) = (&found.missing, tree.is_directory(node)?)
            && let Some(child) = tree.child_of(node, name)?
            && !tree.is_delete_pending(child)?
        {
            gone.extend(tree.orphan(child)?);
        }
        if let Some(known) = known {
            tree.note(node, attributes_of(known), times_of(known))?;
        }
        Ok((node, tree.data(node).ok().cloned()))
    });
    // Outside the lock.
    drop(gone);
    let (node, data) = entered?;
    if let (Some((_, known)), Some(data)) = (&new, data) {
        data.note_size(known.size_bytes);
    }
    Ok(node)
}

/// A name in a directory of the tree, as it is on the host now.
#[inline(never)]
fn enter_name(
    tree: &mut Files,
    directory: NodeId,
    name: &[u16],
    kind: NewKind<'_, hal::Ref<FileData>>,
    gone: &mut Vec<hal::Ref<FileData>>,
) -> Result<NodeId, Error> {
    if let Some(child) = tree.child_of(directory, name)? {
        let is_same = match (&kind, tree.data(child)) {
            (NewKind::Directory(_), Err(_)) => true,
            (NewKind::File(new), Ok(data)) => data.is_same_remote(new),
            _ => false,
        };
        // What goes with its last opening is that still, whatever took its name.
        if is_same || tree.is_delete_pending(child)? {
            return Ok(child);
        }
        gone.extend(tree.orphan(child)?);
    }
    let new = New {
        kind,
        attributes: 0,
        now: 0,
    };
    Ok(tree.insert(directory, name, &new)?)
}

/// Has the tree forget what nobody has open, from a node upwards.
#[inline(never)]
pub(super) fn prune(turn: &Turn, node: NodeId) {
    let mut next = Some(node);
    while let Some(id) = next {
        let forgotten = with(turn.share.volume, |tree| Ok(tree.forget(id)));
        next = None;
        if let Ok(Some((parent, data))) = forgotten {
            // Outside the lock.
            drop(data);
            next = Some(parent);
        }
    }
}

/// A name without what it names of the file.
pub(super) fn without_stream(name: &[u16]) -> &[u16] {
    let end = name.iter().position(|unit| *unit == u16::from(b':'));
    name.get(..end.unwrap_or(name.len())).unwrap_or(name)
}

#[inline(never)]
fn copied(text: &str) -> Result<String, Error> {
    let mut copy = String::new();
    copy.try_reserve_exact(text.len())?;
    copy.push_str(text);
    Ok(copy)
}
