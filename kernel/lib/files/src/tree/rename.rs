//! Giving a file another name, here or in another directory.
//!
//! The rules, in the order they are asked:
//!
//! * The root and what is being deleted have no other name; a directory keeps
//!   its own as long as anything below it is open, and so cannot move into
//!   what is below it.
//! * The other directory is opened as NT opens it (`IoOpenLinkTarget`): to add
//!   to it, sharing reading and writing. Who has it open to delete it is in
//!   the way; so a directory does not move into itself.
//! * Another file of the new name gives way only when told to, and when it is
//!   not read-only, not being deleted and not open. A directory does not, but
//!   with POSIX semantics an empty one does to a directory. They also let a
//!   file give way that is open: it loses its name and lives on unnamed.
//! * The same file under the new name has its case changed.

use super::{Opening, Tree, copy_name};
use crate::attributes::ARCHIVE;
use crate::share::access::{APPEND_DATA, SHARE_READ, SHARE_WRITE, WRITE_DATA};
use crate::{FileError, NodeId, check_name};

/// How to rename (NT `FileRenameInformationEx`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rename<'name> {
    /// The new directory; `None` for a mere name, which stays where it is and
    /// opens no directory.
    pub parent: Option<NodeId>,
    /// The new name.
    pub name: &'name [u16],
    /// `FILE_RENAME_REPLACE_IF_EXISTS`.
    pub replaces: bool,
    /// `FILE_RENAME_POSIX_SEMANTICS`.
    pub is_posix: bool,
    /// `FILE_RENAME_IGNORE_READONLY_ATTRIBUTE`.
    pub ignores_read_only: bool,
    /// The time.
    pub now: u64,
}

/// What gave way to a renamed file.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "data is dropped by who called, not under the tree's lock"]
pub struct Replaced<D> {
    /// It.
    pub node: NodeId,
    /// Its data, unless it lives on because it is open, or is a directory.
    pub data: Option<D>,
}

/// What renaming would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What is renamed.
    pub source: NodeId,
    /// The directory it is in.
    pub old_parent: NodeId,
    /// The directory it would be in.
    pub new_parent: NodeId,
    /// What has the name there; it itself when only its case changes.
    pub target: Option<NodeId>,
}

/// What came of renaming.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "data is dropped by who called, not under the tree's lock"]
pub struct Renamed<D> {
    /// The directory it was in.
    pub old_parent: NodeId,
    /// The directory it is in.
    pub new_parent: NodeId,
    /// Whether anything changed: a new name may be the old one.
    pub is_changed: bool,
    /// What gave way.
    pub replaced: Option<Replaced<D>>,
}

impl<D, S> Tree<D, S> {
    /// Renames an open file or directory. Who calls has seen to `DELETE`
    /// access, and has a path walked for the directory.
    ///
    /// # Errors
    /// [`FileError::NameInvalid`]; [`FileError::InvalidParameter`] for the
    /// root; [`FileError::NameCollision`]; [`FileError::AccessDenied`],
    /// [`FileError::SharingViolation`], [`FileError::DirectoryNotEmpty`] by
    /// the rules above; [`FileError::DeletePending`] for a new directory that
    /// is being deleted; [`FileError::NotADirectory`] for one that is a file;
    /// [`FileError::NameTooLong`] for more than [`MAX_DEPTH`](crate::MAX_DEPTH);
    /// [`FileError::FileDeleted`], [`FileError::NoMemory`].
    pub fn rename(
        &mut self,
        opening: &Opening,
        rename: &Rename<'_>,
    ) -> Result<Renamed<D>, FileError> {
        let Planned {
            source,
            old_parent,
            new_parent,
            target,
        } = self.plan_rename(opening, rename)?;
        if target == Some(source) && self.name(source) == rename.name {
            return Ok(Renamed {
                old_parent,
                new_parent,
                is_changed: false,
                replaced: None,
            });
        }
        self.check_depth(new_parent, Some(source))?;
        let name = copy_name(rename.name)?;
        self.reserve_child(new_parent)?;
        // Nothing fails from here on.
        let mut replaced = None;
        if let Some(target) = target.filter(|target| *target != source) {
            replaced = Some(self.give_way(target));
        }
        self.detach(source);
        let node = self.node_mut(source)?;
        node.name = Some(name);
        node.times.change = rename.now;
        if !node.is_directory() {
            node.attributes |= ARCHIVE;
        }
        self.attach(new_parent, source)?;
        self.touch_entries(old_parent, rename.now);
        self.touch_entries(new_parent, rename.now);
        Ok(Renamed {
            old_parent,
            new_parent,
            is_changed: true,
            replaced,
        })
    }

    /// Whether it can be renamed so, but for memory and depth; who then has the name.
    ///
    /// # Errors
    /// Those of [`Self::rename`].
    pub fn plan_rename(
        &self,
        opening: &Opening,
        rename: &Rename<'_>,
    ) -> Result<Planned, FileError> {
        check_name(rename.name)?;
        let source = opening.node();
        let old_parent = self.check_source(source)?;
        let new_parent = rename.parent.unwrap_or(old_parent);
        if let Some(parent) = rename.parent {
            self.check_new_parent(source, parent)?;
        }
        let target = self.child(new_parent, rename.name)?;
        if let Some(target) = target.filter(|target| *target != source) {
            self.check_target(source, target, rename)?;
        }
        Ok(Planned {
            source,
            old_parent,
            new_parent,
            target,
        })
    }

    /// Whether what is to be renamed can have another name; where it is.
    fn check_source(&self, source: NodeId) -> Result<NodeId, FileError> {
        if source == self.root {
            return Err(FileError::InvalidParameter);
        }
        let node = self.node(source)?;
        let parent = node.parent.ok_or(FileError::FileDeleted)?;
        if node.is_delete_pending || node.opens_below != 0 {
            return Err(FileError::AccessDenied);
        }
        Ok(parent)
    }

    /// Whether the directory to move to takes the file.
    fn check_new_parent(&self, source: NodeId, parent: NodeId) -> Result<(), FileError> {
        let node = self.node(parent)?;
        if !node.is_directory() {
            return Err(FileError::NotADirectory);
        }
        if self.is_delete_pending(parent)? {
            return Err(FileError::DeletePending);
        }
        let access = match self.is_directory(source)? {
            true => APPEND_DATA,
            false => WRITE_DATA,
        };
        node.share.check(access, SHARE_READ | SHARE_WRITE)?;
        // Below itself: opening the directory would have been in the way.
        match self.is_within(parent, source) {
            true => Err(FileError::AccessDenied),
            false => Ok(()),
        }
    }

    /// Whether another file of the new name gives way.
    fn check_target(
        &self,
        source: NodeId,
        target: NodeId,
        rename: &Rename<'_>,
    ) -> Result<(), FileError> {
        if !rename.replaces {
            return Err(FileError::NameCollision);
        }
        let node = self.node(target)?;
        let is_protected = node.is_read_only() && !rename.ignores_read_only;
        let is_in_use = node.opens != 0 && !rename.is_posix;
        if is_protected || is_in_use || node.is_delete_pending || node.opens_below != 0 {
            return Err(FileError::AccessDenied);
        }
        if node.is_directory() {
            if !rename.is_posix || !self.is_directory(source)? {
                return Err(FileError::AccessDenied);
            }
            if node.has_entries() {
                return Err(FileError::DirectoryNotEmpty);
            }
        }
        Ok(())
    }

    /// Takes the name from a file, and the file away unless it is open.
    fn give_way(&mut self, target: NodeId) -> Replaced<D> {
        self.detach(target);
        let is_open = self.nodes.get(target).is_some_and(|node| node.opens != 0);
        Replaced {
            node: target,
            data: if is_open { None } else { self.remove(target) },
        }
    }
}
