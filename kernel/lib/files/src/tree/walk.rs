//! Finding what a path leads to.

use crate::path::{self, Stream};
use crate::{FileError, NodeId, Tree};

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walked<'path> {
    /// To a file or a directory.
    Found {
        /// It.
        node: NodeId,
        /// Whether the path itself asks for a directory, and this is one
        /// (`STATUS_OBJECT_NAME_INVALID` to who wants none).
        needs_directory: bool,
    },
    /// To a name that is not there, in a directory that is: create it, or
    /// fail with `STATUS_OBJECT_NAME_NOT_FOUND`.
    Missing {
        /// The directory.
        parent: NodeId,
        /// The name, checked.
        name: &'path [u16],
        /// Whether only a directory can be made of that path
        /// (`STATUS_OBJECT_NAME_INVALID` otherwise).
        needs_directory: bool,
    },
    /// To or through a directory that is still to be read.
    Unread(NodeId),
}

impl<D, S> Tree<D, S> {
    /// Follows a path from a directory. From the root it may begin with a
    /// backslash, from elsewhere not; an empty one leads to its start.
    ///
    /// The whole path is checked before any of it is looked up.
    ///
    /// # Errors
    /// [`FileError::NameInvalid`] for a path that is malformed, or asks for a
    /// directory and leads to a file; [`FileError::PathNotFound`] for one that
    /// leads through a file or what is not there; [`FileError::NameNotFound`]
    /// for a stream, [`FileError::FileIsADirectory`] or
    /// [`FileError::NotADirectory`] for the wrong kind of unnamed one;
    /// [`FileError::FileDeleted`] for a start that is gone.
    pub fn walk<'path>(
        &self,
        start: NodeId,
        path: &'path [u16],
    ) -> Result<Walked<'path>, FileError> {
        let mut path = path::parse(path, start == self.root)?;
        let needs_directory = path.needs_directory;
        let mut node = start;
        self.node(start)?;
        while let Some(component) = path.next() {
            let entries = self.entries(node).map_err(through)?;
            if entries.source.is_some() {
                return Ok(Walked::Unread(node));
            }
            let Some(child) = self.child(node, component.name)? else {
                return match (component.is_last, component.stream) {
                    (false, _) => Err(FileError::PathNotFound),
                    (true, Stream::Named) => Err(FileError::NameNotFound),
                    (true, stream) => Ok(Walked::Missing {
                        parent: node,
                        name: component.name,
                        needs_directory: needs_directory || stream == Stream::Index,
                    }),
                };
            };
            let checked = self.check_stream(child, component.stream);
            checked.map_err(|error| match component.is_last {
                true => error,
                false => FileError::PathNotFound,
            })?;
            node = child;
        }
        let found = self.node(node)?;
        if !found.is_directory() && needs_directory {
            return Err(FileError::NameInvalid);
        }
        if self
            .entries(node)
            .is_ok_and(|entries| entries.source.is_some())
        {
            return Ok(Walked::Unread(node));
        }
        Ok(Walked::Found {
            node,
            needs_directory,
        })
    }

    /// Whether a node has a stream.
    fn check_stream(&self, node: NodeId, stream: Stream) -> Result<(), FileError> {
        match (stream, self.is_directory(node)?) {
            (Stream::Named, _) => Err(FileError::NameNotFound),
            (Stream::Data, true) => Err(FileError::FileIsADirectory),
            (Stream::Index, false) => Err(FileError::NotADirectory),
            _ => Ok(()),
        }
    }
}

/// What comes of walking through what is no directory.
fn through(error: FileError) -> FileError {
    match error {
        FileError::NotADirectory => FileError::PathNotFound,
        other => other,
    }
}
