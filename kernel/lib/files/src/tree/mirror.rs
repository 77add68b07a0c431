//! What keeps a tree in step with files that are elsewhere.
//!
//! Such a tree has what is open, and the directories that lead there. What is
//! elsewhere is done first or can fail after all: openings are taken back as if
//! they had not been.

use super::{Closed, Content, Opening, Times, Tree};
use crate::attributes;
use crate::{FileError, NodeId};

impl<D, S> Tree<D, S> {
    /// What has a name in a directory.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`], [`FileError::NotADirectory`].
    pub fn child_of(&self, directory: NodeId, name: &[u16]) -> Result<Option<NodeId>, FileError> {
        self.child(directory, name)
    }

    /// Notes the attributes and times that something has elsewhere.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`], [`FileError::InvalidParameter`].
    pub fn note(&mut self, id: NodeId, attributes: u32, times: Times) -> Result<(), FileError> {
        let node = self.node_mut(id)?;
        let is_link = attributes & attributes::REPARSE_POINT;
        node.attributes = attributes::stored(attributes, node.is_directory())? | is_link;
        node.times = times;
        Ok(())
    }

    /// Takes away the name of what elsewhere is something else by now. It lives on
    /// as long as it is open; its data if it is not.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`], [`FileError::CannotDelete`] for the root.
    pub fn orphan(&mut self, id: NodeId) -> Result<Option<D>, FileError> {
        if id == self.root {
            return Err(FileError::CannotDelete);
        }
        self.detach(id).ok_or(FileError::FileDeleted)?;
        Ok(match self.node(id)?.opens {
            0 => self.remove(id),
            _ => None,
        })
    }

    /// Forgets what is not open and has nothing in it that is; the directory that it
    /// was in and its data. `None`: it stays.
    pub fn forget(&mut self, id: NodeId) -> Option<(NodeId, Option<D>)> {
        let node = self.nodes.get(id)?;
        let has_children = match &node.content {
            Content::File(_) => false,
            Content::Directory(entries) => !entries.children.is_empty(),
        };
        if node.opens != 0 || has_children || id == self.root {
            return None;
        }
        let parent = self.detach(id)?;
        Some((parent, self.remove(id)))
    }

    /// Takes an opening back: nothing is deleted, unless it was new.
    pub fn revoke(&mut self, opening: Opening, is_new: bool) -> Closed<D> {
        let id = opening.node();
        if let Some(node) = self.nodes.get_mut(id) {
            node.is_delete_pending = is_new;
        }
        self.close(opening.without_deletion(), 0)
    }
}

impl Opening {
    fn without_deletion(mut self) -> Self {
        self.deletes_on_close = false;
        self
    }
}
