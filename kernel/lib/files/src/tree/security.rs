//! What says who may do what to files, which the tree just keeps.

use super::Tree;
use crate::{FileError, NodeId};

/// What a file has of that kind.
#[derive(Debug)]
pub(super) struct Security<S> {
    it: S,
    /// The memory that it takes.
    bytes: u32,
}

/// How many files have something, and how much memory that takes.
#[derive(Debug, Default)]
pub(super) struct Secured {
    files: u32,
    pub(super) bytes: u64,
}

impl Secured {
    pub(super) fn forget<S>(&mut self, security: Option<&Security<S>>) {
        if let Some(security) = security {
            self.files = self.files.saturating_sub(1);
            self.bytes = self.bytes.saturating_sub(security.bytes.into());
        }
    }
}

impl<D, S> Tree<D, S> {
    /// Whether any file has something that says who may do what to it.
    #[must_use]
    pub const fn is_any_secured(&self) -> bool {
        self.secured.files != 0
    }

    /// What says who may do what to a file, if anything does.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    pub fn security(&self, id: NodeId) -> Result<Option<&S>, FileError> {
        let security = self.node(id)?.security.as_ref();
        Ok(security.map(|security| &security.it))
    }

    /// Sets it, and how much memory it takes; what it was comes back.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    pub fn set_security(
        &mut self,
        id: NodeId,
        security: S,
        bytes: u32,
    ) -> Result<Option<S>, FileError> {
        let new = Security {
            it: security,
            bytes,
        };
        let before = self.node_mut(id)?.security.replace(new);
        self.secured.forget(before.as_ref());
        self.secured.files = self.secured.files.saturating_add(1);
        self.secured.bytes = self.secured.bytes.saturating_add(bytes.into());
        Ok(before.map(|before| before.it))
    }
}
