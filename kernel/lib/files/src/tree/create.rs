//! Making files and directories, and overwriting files.

use super::{Content, Entries, Intent, Node, Opening, Times, copy_name};
use crate::attributes::{self, ARCHIVE, HIDDEN, READONLY, SYSTEM};
use crate::{FileError, NodeId, ShareState, Tree, check_name};
use alloc::vec::Vec;

/// What to make.
#[derive(Debug)]
pub struct New<'data, D> {
    /// A file or a directory.
    pub kind: NewKind<'data, D>,
    /// Its attributes, as the program gives them.
    pub attributes: u32,
    /// The time.
    pub now: u64,
}

/// A file or a directory to make.
#[derive(Debug)]
pub enum NewKind<'data, D> {
    /// A file; a clone of its data is kept.
    File(&'data D),
    /// A directory, and where its entries are to come from.
    Directory(Option<u64>),
}

impl<D: Clone, S> Tree<D, S> {
    /// Makes a file or a directory and opens it. Who makes a file may write
    /// it even when it is read-only from the start. Files begin with the
    /// archive attribute. The directory's time of writing changes.
    ///
    /// # Errors
    /// [`FileError::NameInvalid`]; [`FileError::NameCollision`] or, for a name
    /// whose file is being deleted, [`FileError::DeletePending`], which is
    /// also what a directory being deleted gets; [`FileError::InvalidParameter`]
    /// for a temporary directory; those of [`Tree::open`] for who deletes
    /// on close; [`FileError::NotADirectory`]; [`FileError::NameTooLong`] for
    /// more than [`MAX_DEPTH`](crate::MAX_DEPTH); [`FileError::DiskFull`],
    /// [`FileError::NoMemory`]; [`FileError::FileDeleted`] for a directory
    /// that is gone.
    pub fn create(
        &mut self,
        directory: NodeId,
        name: &[u16],
        new: &New<'_, D>,
        intent: &Intent,
    ) -> Result<Opening, FileError> {
        check_name(name)?;
        let parent = self.node(directory)?;
        if parent.is_delete_pending || (parent.parent.is_none() && directory != self.root) {
            return Err(FileError::DeletePending);
        }
        if let Some(child) = self.child(directory, name)? {
            return Err(match self.node(child)?.is_delete_pending {
                true => FileError::DeletePending,
                false => FileError::NameCollision,
            });
        }
        let is_directory = matches!(new.kind, NewKind::Directory(_));
        let stored = attributes::stored(new.attributes, is_directory)?;
        intent.check(stored & READONLY != 0, false)?;
        let stored = stored | if is_directory { 0 } else { ARCHIVE };
        let node = self.add(directory, name, new, stored, Times::all(new.now))?;
        self.touch_entries(directory, new.now);
        self.count_opening(node, intent)
    }

    /// Adds what the volume has from elsewhere, with its metadata as it is
    /// there, and without changing the directory's.
    ///
    /// # Errors
    /// [`FileError::NameInvalid`], [`FileError::NameCollision`],
    /// [`FileError::InvalidParameter`], [`FileError::NotADirectory`],
    /// [`FileError::NameTooLong`], [`FileError::DiskFull`], [`FileError::NoMemory`],
    /// [`FileError::FileDeleted`].
    pub fn insert(
        &mut self,
        directory: NodeId,
        name: &[u16],
        new: &New<'_, D>,
    ) -> Result<NodeId, FileError> {
        check_name(name)?;
        if self.child(directory, name)?.is_some() {
            return Err(FileError::NameCollision);
        }
        let is_directory = matches!(new.kind, NewKind::Directory(_));
        let stored = attributes::stored(new.attributes, is_directory)?;
        self.add(directory, name, new, stored, Times::all(new.now))
    }

    /// Adds a node of a name that is free.
    fn add(
        &mut self,
        directory: NodeId,
        name: &[u16],
        new: &New<'_, D>,
        attributes: u32,
        times: Times,
    ) -> Result<NodeId, FileError> {
        self.check_depth(directory, None)?;
        let name = copy_name(name)?;
        self.reserve_child(directory)?;
        self.nodes.reserve()?;
        let content = match new.kind {
            NewKind::File(data) => Content::File(data.clone()),
            NewKind::Directory(source) => Content::Directory(Entries {
                children: Vec::new(),
                source,
                height: 0,
            }),
        };
        let node = self.nodes.insert(Node {
            name: Some(name),
            parent: None,
            attributes,
            times,
            share: ShareState::new(),
            opens: 0,
            opens_below: 0,
            is_delete_pending: false,
            security: None,
            content,
        })?;
        self.attach(directory, node)?;
        Ok(node)
    }
}

impl<D, S> Tree<D, S> {
    /// Whether a file may be overwritten (`FILE_OVERWRITE`, `FILE_SUPERSEDE`)
    /// by one of these attributes: a hidden file only by a hidden one, a
    /// system file only by such. What else opening it needs
    /// [`Tree::open`] sees to, by the access that overwriting adds.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`]; [`FileError::FileIsADirectory`];
    /// [`FileError::FileDeleted`].
    pub fn check_overwrite(&self, file: NodeId, attributes: u32) -> Result<(), FileError> {
        let node = self.node(file)?;
        if node.is_directory() {
            return Err(FileError::FileIsADirectory);
        }
        let lost = node.attributes & !attributes;
        if lost & (HIDDEN | SYSTEM) != 0 || node.is_read_only() {
            return Err(FileError::AccessDenied);
        }
        Ok(())
    }

    /// Notes that an open file was overwritten: the attributes are new, and
    /// those that were only stay when it is not superseded.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    pub fn overwritten(
        &mut self,
        file: NodeId,
        attributes: u32,
        is_superseded: bool,
        now: u64,
    ) -> Result<(), FileError> {
        let stored = attributes::stored(attributes, false)?;
        let node = self.node_mut(file)?;
        let old = if is_superseded { 0 } else { node.attributes };
        node.attributes = old | stored | ARCHIVE;
        node.times.write = now;
        node.times.change = now;
        node.times.access = now;
        if is_superseded {
            node.times.creation = now;
        }
        Ok(())
    }
}
