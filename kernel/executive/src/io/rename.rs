//! Giving files of the volume other names.

use alloc::vec::Vec;
use files::change::{Action, Change};
use files::{FileError, NodeId, Rename, Renamed, Walked, check_name};
use hal::Ref;
use objects::SEPARATOR;

use super::node::Node;
use super::open::walk;
use super::share::Moving;
use super::volume::{Files, VolumeId, with};
use super::watch::{self, Teller};
use super::{Device, DeviceKind, File, Target, access};
use crate::Error;
use crate::clock::since_1601_100ns as now;
use crate::memory::FileData;

/// Where a file gets its new name.
#[derive(Clone, Copy, Debug)]
pub enum NewName<'name> {
    /// In the directory it is in.
    Here(&'name [u16]),
    /// At the end of a path, from a directory or from the root.
    Path(VolumeId, Option<NodeId>, &'name [u16]),
}

/// What is done to whatever has the name.
#[derive(Clone, Copy, Debug)]
pub struct Renaming {
    /// It gives way.
    pub replaces: bool,
    /// Even if it is open, and so does an empty directory.
    pub is_posix: bool,
    /// Even if it is read-only.
    pub ignores_read_only: bool,
}

impl Renaming {
    fn of<'name>(&self, parent: Option<NodeId>, name: &'name [u16]) -> Rename<'name> {
        Rename {
            parent,
            name,
            replaces: self.replaces,
            is_posix: self.is_posix,
            ignores_read_only: self.ignores_read_only,
            now: now(),
        }
    }
}

/// A new name that begins at a device.
pub fn new_name_on<'name>(device: &Device, path: &'name [u16]) -> Result<NewName<'name>, Error> {
    match device.kind() {
        DeviceKind::Volume(volume) => Ok(NewName::Path(volume, None, path)),
        _ => Err(FileError::NotSameDevice.into()),
    }
}

/// A new name that begins at an open file.
pub fn new_name_in<'name>(directory: &File, path: &'name [u16]) -> Result<NewName<'name>, Error> {
    match directory.target() {
        Target::Node(_) if path.first() == Some(&SEPARATOR) => Err(FileError::NameInvalid.into()),
        Target::Node(node) => Ok(NewName::Path(node.volume(), Some(node.node_id()), path)),
        _ => Err(FileError::NotSameDevice.into()),
    }
}

impl Node {
    /// Gives it another name, here or in another directory.
    pub fn rename(&self, new: NewName<'_>, how: Renaming) -> Result<(), Error> {
        let (moving, other_path) = Moving::of(self, new)?;
        let new = match (new, &other_path) {
            (NewName::Path(volume, ..), Some(path)) => NewName::Path(volume, None, path),
            _ => new,
        };
        self.check_replaced(new, how)?;
        if let Some(mut moving) = moving {
            return self.rename_on_host(&mut moving, new, how);
        }
        self.rename_here(new, how)
    }

    /// Renames on the host what can be renamed, and then here.
    #[cold]
    fn rename_on_host(
        &self,
        moving: &mut Moving,
        new: NewName<'_>,
        how: Renaming,
    ) -> Result<(), Error> {
        let plan = self.with_opening_told(|tree, opening, _| {
            let (parent, name) = self.place_of(tree, new)?;
            Moving::plan(tree, opening, &how.of(parent, name))
        })?;
        if let Some(plan) = plan {
            moving.carry_out(&plan)?;
        }
        self.rename_here(new, how)
    }

    /// Whether what is in the way can go.
    fn check_replaced(&self, new: NewName<'_>, how: Renaming) -> Result<(), Error> {
        if how.replaces
            && let Some(data) = with(self.volume(), |tree| self.in_the_way(tree, new))?
            // Neither a program goes, nor data that would not go on without its name.
            && (data.is_run() || (data.is_shown() && !how.is_posix))
        {
            return Err(FileError::AccessDenied.into());
        }
        Ok(())
    }

    fn rename_here(&self, new: NewName<'_>, how: Renaming) -> Result<(), Error> {
        let renamed = self.with_opening_told(|tree, opening, teller| {
            let (parent, name) = self.place_of(tree, new)?;
            let mut old_name = Vec::new();
            if watch::is_any() {
                let name = tree.name_of(self.node_id())?;
                old_name.try_reserve_exact(name.len())?;
                old_name.extend_from_slice(name);
            }
            let rename = how.of(parent, name);
            if let Some(directory) = parent
                && tree.is_any_secured()
            {
                let replaced = match walk(tree, directory, name)? {
                    Walked::Found { node, .. } => Some(node),
                    _ => None,
                };
                let replaced = replaced.filter(|node| *node != self.node_id());
                access::check_move(tree, directory, self.is_directory(), replaced)?;
            }
            let renamed = tree.rename(opening, &rename)?;
            if renamed.is_changed {
                self.tell_renamed(tree, teller, &renamed, (&old_name, name));
            }
            Ok(renamed)
        })?;
        // Outside the lock: this may be the last reference to what gave way.
        drop(renamed);
        Ok(())
    }

    /// Tells that it was renamed, and before that of what gave way to it.
    fn tell_renamed(
        &self,
        tree: &Files,
        teller: &mut Teller<'_>,
        renamed: &Renamed<Ref<FileData>>,
        (old_name, name): (&[u16], &[u16]),
    ) {
        let is_moved = renamed.old_parent != renamed.new_parent;
        let (from, to) = Change::of_rename(self.is_directory(), is_moved);
        if renamed.replaced.is_some() {
            let removed = Change::of_name(Action::Removed, self.is_directory());
            teller.tell_name(tree, renamed.new_parent, name, removed);
        }
        teller.tell_name(tree, renamed.old_parent, old_name, from);
        teller.tell(tree, self.node_id(), to);
    }

    /// The directory of a new name, unless it stays where it is, and the name there.
    fn place_of<'name>(
        &self,
        tree: &mut Files,
        new: NewName<'name>,
    ) -> Result<(Option<NodeId>, &'name [u16]), Error> {
        let (parent, name) = match new {
            NewName::Here(name) => (None, name),
            NewName::Path(volume, ..) if volume != self.volume() => {
                return Err(FileError::NotSameDevice.into());
            }
            NewName::Path(_, start, path) => {
                let start = start.unwrap_or(tree.root());
                let (parent, name) = self.end_of(tree, start, path)?;
                (Some(parent), name)
            }
        };
        check_name(name)?;
        Ok((parent, name))
    }

    /// What is in another file of the new name.
    fn in_the_way(
        &self,
        tree: &mut Files,
        new: NewName<'_>,
    ) -> Result<Option<Ref<FileData>>, Error> {
        let (parent, name) = self.place_of(tree, new)?;
        let directory = match parent {
            Some(parent) => parent,
            None => match tree.parent_of(self.node_id())? {
                Some(parent) => parent,
                None => return Ok(None),
            },
        };
        Ok(match walk(tree, directory, name)? {
            Walked::Found { node, .. } if node != self.node_id() => tree.data(node).ok().cloned(),
            _ => None,
        })
    }

    /// The directory that a path leads to the end of, and the name there.
    fn end_of<'path>(
        &self,
        tree: &mut Files,
        start: NodeId,
        path: &'path [u16],
    ) -> Result<(NodeId, &'path [u16]), Error> {
        let (parent, needs_directory) = match walk(tree, start, path)? {
            Walked::Found {
                node,
                needs_directory,
            } => {
                // The root has no other name, and is nobody's.
                let parent = tree.parent_of(node)?.ok_or(FileError::AccessDenied)?;
                (parent, needs_directory)
            }
            Walked::Missing {
                parent,
                needs_directory,
                ..
            } => (parent, needs_directory),
            Walked::Unread(_) => return Err(Error::Archive),
        };
        if needs_directory && !self.is_directory() {
            return Err(FileError::NameInvalid.into());
        }
        let path = path.strip_suffix(&[SEPARATOR]).unwrap_or(path);
        let name = path.rsplit(|unit| *unit == SEPARATOR).next();
        Ok((parent, name.unwrap_or(path)))
    }
}
