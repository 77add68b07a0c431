//! Opening, closing and deleting.
//!
//! Closing is what NT calls cleanup: the last handle is gone, though the data
//! may still be mapped. A file goes with the last opening once its deletion is
//! pending, which [`Tree::set_disposition`] asks for, or the closing of an
//! opening that deletes on close.

use super::{Content, NodeId, Tree};
use crate::FileError;
use crate::share::access::{APPEND_DATA, DELETE, WRITE_DATA};
use crate::tree::information::Frozen;

/// What who opens a file wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// The access mask that was granted, without generic rights.
    pub access: u32,
    /// `FILE_SHARE_*`.
    pub share: u32,
    /// `FILE_DELETE_ON_CLOSE`.
    pub deletes_on_close: bool,
}

/// An open file. Whoever has it must give it to [`Tree::close`].
#[derive(Debug)]
#[must_use = "an opening that is not closed stays for good"]
pub struct Opening {
    node: NodeId,
    access: u32,
    share: u32,
    pub(super) deletes_on_close: bool,
    /// It deleted the file and takes the name along.
    takes_name: bool,
    pub(super) frozen: Frozen,
}

/// How to delete, or not to (NT `FileDispositionInformationEx`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// Delete, or take that back.
    pub deletes: bool,
    /// `FILE_DISPOSITION_POSIX_SEMANTICS`: the name goes with this opening.
    pub is_posix: bool,
    /// `FILE_DISPOSITION_ON_CLOSE`: it is about what this opening does when
    /// closed, not about the file.
    pub is_on_close: bool,
    /// `FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE`.
    pub ignores_read_only: bool,
}

impl Default for Disposition {
    /// Deletes as `FileDispositionInformation` does.
    fn default() -> Self {
        Self {
            deletes: true,
            is_posix: false,
            is_on_close: false,
            ignores_read_only: false,
        }
    }
}

/// What came of closing.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "data is dropped by who called, not under the tree's lock"]
pub struct Closed<D> {
    /// The directory that lost the name.
    pub unlinked_from: Option<NodeId>,
    /// The file is gone. It may have lost its name before.
    pub is_gone: bool,
    /// Its data, which the tree does not use any more.
    pub data: Option<D>,
}

impl Intent {
    /// Whether it goes with a read-only file, and with the root.
    pub(super) fn check(&self, is_read_only: bool, is_root: bool) -> Result<(), FileError> {
        if !self.deletes_on_close {
            return Ok(());
        }
        if self.access & DELETE == 0 {
            return Err(FileError::InvalidParameter);
        }
        if is_read_only || is_root {
            return Err(FileError::CannotDelete);
        }
        Ok(())
    }
}

impl Opening {
    /// What is open.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.node
    }

    /// The access it was opened with.
    #[must_use]
    pub const fn access(&self) -> u32 {
        self.access
    }

    /// Whether it deletes the file when it is closed.
    #[must_use]
    pub const fn deletes_on_close(&self) -> bool {
        self.deletes_on_close
    }
}

impl<D, S> Tree<D, S> {
    /// Opens a file or a directory.
    ///
    /// # Errors
    /// [`FileError::DeletePending`]; [`FileError::CannotDelete`] for who
    /// deletes on close what is read-only or the root,
    /// [`FileError::InvalidParameter`] without the access for it;
    /// [`FileError::AccessDenied`] for who writes a read-only file;
    /// [`FileError::SharingViolation`]; [`FileError::FileDeleted`].
    pub fn open(&mut self, id: NodeId, intent: &Intent) -> Result<Opening, FileError> {
        let is_root = id == self.root;
        let node = self.node(id)?;
        if node.is_delete_pending {
            return Err(FileError::DeletePending);
        }
        if node.parent.is_none() && !is_root {
            return Err(FileError::FileDeleted);
        }
        intent.check(node.is_read_only(), is_root)?;
        let writes = intent.access & (WRITE_DATA | APPEND_DATA) != 0;
        if writes && node.is_read_only() && !node.is_directory() {
            return Err(FileError::AccessDenied);
        }
        node.share.check(intent.access, intent.share)?;
        self.count_opening(id, intent)
    }

    /// Whether a file is being deleted: by [`Tree::set_disposition`], by the
    /// closing of an opening that deletes, or because it has no name.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    #[inline]
    pub fn is_delete_pending(&self, id: NodeId) -> Result<bool, FileError> {
        let node = self.node(id)?;
        Ok(node.is_delete_pending || (node.parent.is_none() && id != self.root))
    }

    /// Closes a file, and removes it if this was the last opening and its
    /// deletion is pending. A directory that is not empty stays.
    pub fn close(&mut self, opening: Opening, now: u64) -> Closed<D> {
        let mut closed = Closed {
            unlinked_from: None,
            is_gone: false,
            data: None,
        };
        let unlinks = self.unlinks(&opening);
        let Some(node) = self.nodes.get_mut(opening.node) else {
            return closed;
        };
        node.share.remove(opening.access, opening.share);
        node.opens = node.opens.saturating_sub(1);
        if opening.deletes_on_close && !node.has_entries() {
            node.is_delete_pending = true;
        }
        let (is_last, parent) = (node.opens == 0, node.parent);
        self.count_below(parent, |below| below.saturating_sub(1));
        if unlinks {
            closed.unlinked_from = self.detach(opening.node);
        }
        if let Some(directory) = closed.unlinked_from {
            self.touch_entries(directory, now);
        }
        let has_no_name = self
            .nodes
            .get(opening.node)
            .is_some_and(|node| node.parent.is_none());
        if is_last && has_no_name && opening.node != self.root {
            closed.is_gone = true;
            closed.data = self.remove(opening.node);
        }
        closed
    }

    /// Whether closing this takes away the file's name, for who tells
    /// watchers its path.
    #[inline]
    #[must_use]
    pub fn unlinks(&self, opening: &Opening) -> bool {
        let Some(node) = self.nodes.get(opening.node) else {
            return false;
        };
        let is_last = node.opens <= 1;
        let is_deleted = node.is_delete_pending || opening.deletes_on_close;
        let is_wanted = is_deleted && (is_last || opening.takes_name);
        is_wanted && node.parent.is_some() && !node.has_entries()
    }

    /// Deletes an open file, or takes that back. Who calls has seen to
    /// `DELETE` access.
    ///
    /// # Errors
    /// [`FileError::CannotDelete`] for what is read-only or the root;
    /// [`FileError::DirectoryNotEmpty`]; [`FileError::FileDeleted`] for what
    /// has no name any more; [`FileError::InvalidParameter`] for taking back
    /// what an opening does on close that was not opened for it.
    pub fn set_disposition(
        &mut self,
        opening: &mut Opening,
        disposition: Disposition,
    ) -> Result<(), FileError> {
        let is_root = opening.node == self.root;
        let node = self.node_mut(opening.node)?;
        if node.parent.is_none() && !is_root {
            return Err(FileError::FileDeleted);
        }
        if disposition.deletes {
            let is_protected = node.is_read_only() && !disposition.ignores_read_only;
            if is_root || is_protected {
                return Err(FileError::CannotDelete);
            }
            if node.has_entries() {
                return Err(FileError::DirectoryNotEmpty);
            }
        }
        if disposition.is_on_close {
            opening.deletes_on_close = disposition.deletes;
        } else {
            node.is_delete_pending = disposition.deletes;
        }
        opening.takes_name = disposition.deletes && disposition.is_posix;
        Ok(())
    }

    /// Adds an opening that was checked.
    pub(super) fn count_opening(
        &mut self,
        id: NodeId,
        intent: &Intent,
    ) -> Result<Opening, FileError> {
        let node = self.node_mut(id)?;
        node.share.add(intent.access, intent.share)?;
        node.opens = node.opens.saturating_add(1);
        let parent = node.parent;
        self.count_below(parent, |below| below.saturating_add(1));
        Ok(Opening {
            node: id,
            access: intent.access,
            share: intent.share,
            deletes_on_close: intent.deletes_on_close,
            takes_name: false,
            frozen: Frozen::default(),
        })
    }

    /// Takes out a node that has no name and no openings.
    pub(super) fn remove(&mut self, id: NodeId) -> Option<D> {
        let node = self.nodes.remove(id)?;
        self.secured.forget(node.security.as_ref());
        match node.content {
            Content::File(data) => Some(data),
            Content::Directory(_) => None,
        }
    }
}
