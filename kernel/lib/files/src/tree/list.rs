//! Paths of nodes, and the entries of directories one after another.

use super::Tree;
use crate::{FileError, MAX_PATH_UNITS, NodeId, Pattern};
use alloc::vec::Vec;
use objects::{Case, ObjectName, SEPARATOR, compare};

/// Names that are held against a pattern in one call: a program's pattern may
/// take long and nothing of many.
const SCANNED: usize = 64;

/// What comes next in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// This.
    Entry(NodeId),
    /// Nothing up to and with this one: go on after its name, having let
    /// others have the lock.
    NotYet(NodeId),
    /// Nothing.
    End,
}

impl<D, S> Tree<D, S> {
    /// The name of a file or directory; that of the root is empty.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    pub fn name_of(&self, id: NodeId) -> Result<&[u16], FileError> {
        Ok(self.node(id)?.name.as_ref().map_or(&[], ObjectName::units))
    }

    /// The directory a file or directory is in; `None` for the root.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    pub fn parent_of(&self, id: NodeId) -> Result<Option<NodeId>, FileError> {
        let parent = self.node(id)?.parent;
        if parent.is_none() && id != self.root {
            return Err(FileError::FileDeleted);
        }
        Ok(parent)
    }

    /// The path of a file or directory after the volume: a backslash before
    /// each component, and one alone for the root.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`] for what has no name any more,
    /// [`FileError::NameTooLong`] for more than [`MAX_PATH_UNITS`],
    /// [`FileError::NoMemory`].
    pub fn path_of(&self, id: NodeId) -> Result<Vec<u16>, FileError> {
        let mut path = Vec::new();
        let mut node = id;
        // From the end, each component backwards, and then all turned round.
        while let Some(parent) = self.parent_of(node)? {
            let name = self.name(node);
            let len = path.len().saturating_add(name.len());
            if len >= MAX_PATH_UNITS {
                return Err(FileError::NameTooLong);
            }
            path.try_reserve(name.len().saturating_add(1))
                .map_err(|_| FileError::NoMemory)?;
            path.extend(name.iter().rev());
            path.push(SEPARATOR);
            node = parent;
        }
        if path.is_empty() {
            path.try_reserve(1).map_err(|_| FileError::NoMemory)?;
            path.push(SEPARATOR);
        }
        path.reverse();
        Ok(path)
    }

    /// The first entry of a directory after a name that a pattern takes, in
    /// the order of names, or the first of all. Names come and go between
    /// calls without others being left out or given twice. `.` and `..` are
    /// the caller's.
    ///
    /// # Errors
    /// [`FileError::NotADirectory`], [`FileError::FileDeleted`].
    pub fn next_child(
        &self,
        directory: NodeId,
        after: Option<&[u16]>,
        pattern: Option<&Pattern>,
    ) -> Result<Listed, FileError> {
        let children = &self.entries(directory)?.children;
        if let Some(name) = pattern.and_then(Pattern::single_name) {
            let is_later =
                after.is_none_or(|after| compare(after, name, Case::Insensitive).is_lt());
            let child = self.child(directory, name)?.filter(|_| is_later);
            return Ok(child.map_or(Listed::End, Listed::Entry));
        }
        let position = match after.map(|after| self.position(children, after)) {
            None => 0,
            Some(Ok(position)) => position.saturating_add(1),
            Some(Err(position)) => position,
        };
        let rest = children.get(position..).unwrap_or_default();
        let some = rest.get(..SCANNED).unwrap_or(rest);
        let is_taken =
            |child: &&NodeId| pattern.is_none_or(|pattern| pattern.matches(self.name(**child)));
        Ok(match (some.iter().find(is_taken), some.last()) {
            (Some(child), _) => Listed::Entry(*child),
            (None, Some(last)) if some.len() < rest.len() => Listed::NotYet(*last),
            _ => Listed::End,
        })
    }
}
