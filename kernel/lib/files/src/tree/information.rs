//! Times and attributes, and when they change.
//!
//! A program may set each time of a file, and stop its own opening from
//! changing one (-1) or let it again (-2). Creation never changes by itself.

use super::{Opening, Tree};
use crate::attributes;
use crate::{FileError, NodeId};

/// The four times, in 100 ns since 1601.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// `CreationTime`.
    pub creation: u64,
    /// `LastAccessTime`.
    pub access: u64,
    /// `LastWriteTime`.
    pub write: u64,
    /// `ChangeTime`, of data or metadata.
    pub change: u64,
}

/// What is known of a file besides its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Information {
    /// Whether it is a directory.
    pub is_directory: bool,
    /// `FILE_ATTRIBUTE_*` as programs see them.
    pub attributes: u32,
    /// Its times.
    pub times: Times,
    /// How many names it has: one, or none once it is being deleted.
    pub links: u32,
    /// Whether it is being deleted.
    pub is_delete_pending: bool,
}

/// What to change (NT `FILE_BASIC_INFORMATION`). A time of 0 leaves it, -1
/// stops this opening from changing it, -2 lets it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicUpdate {
    /// `CreationTime`.
    pub creation: i64,
    /// `LastAccessTime`.
    pub access: i64,
    /// `LastWriteTime`.
    pub write: i64,
    /// `ChangeTime`.
    pub change: i64,
    /// `FileAttributes`; 0 leaves them.
    pub attributes: u32,
}

/// What was done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Its data was read, or a directory listed.
    Read,
    /// Its data was written or its size changed.
    Written,
    /// Its metadata changed.
    Changed,
}

/// The times that an opening does not change.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frozen {
    access: bool,
    write: bool,
    change: bool,
}

impl Times {
    /// All the same.
    #[must_use]
    pub const fn all(now: u64) -> Self {
        Self {
            creation: now,
            access: now,
            write: now,
            change: now,
        }
    }
}

impl<D, S> Tree<D, S> {
    /// What is known of a file or directory.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    #[inline]
    pub fn information(&self, id: NodeId) -> Result<Information, FileError> {
        let node = self.node(id)?;
        let is_delete_pending = self.is_delete_pending(id)?;
        Ok(Information {
            is_directory: node.is_directory(),
            attributes: attributes::shown(node.attributes, node.is_directory()),
            times: node.times,
            links: u32::from(!is_delete_pending),
            is_delete_pending,
        })
    }

    /// Sets times and attributes. Setting anything changes the time of change
    /// unless that is set too.
    ///
    /// # Errors
    /// [`FileError::InvalidParameter`] for a time below -2, a file that would
    /// be a directory, a directory that would be temporary;
    /// [`FileError::FileDeleted`].
    pub fn set_basic(
        &mut self,
        opening: &mut Opening,
        update: &BasicUpdate,
        now: u64,
    ) -> Result<(), FileError> {
        let node = self.node_mut(opening.node())?;
        let is_directory = node.is_directory();
        let times = [update.creation, update.access, update.write, update.change];
        let is_file_as_directory = update.attributes & attributes::DIRECTORY != 0 && !is_directory;
        if times.iter().any(|time| *time < -2) || is_file_as_directory {
            return Err(FileError::InvalidParameter);
        }
        let stored = attributes::stored(update.attributes, is_directory)?;
        if update.attributes != 0 {
            node.attributes = stored;
        }
        let frozen = &mut opening.frozen;
        set(&mut node.times.creation, update.creation, &mut false);
        set(&mut node.times.access, update.access, &mut frozen.access);
        set(&mut node.times.write, update.write, &mut frozen.write);
        let sets_any = update.attributes != 0 || times.iter().any(|time| *time > 0);
        if sets_any && update.change == 0 && !frozen.change {
            node.times.change = now;
        }
        set(&mut node.times.change, update.change, &mut frozen.change);
        Ok(())
    }

    /// Notes what was done to an open file, but for the times its opening
    /// does not change. Writing sets the archive attribute.
    pub fn touch(&mut self, opening: &Opening, touch: Touch, now: u64) {
        let frozen = opening.frozen;
        let Ok(node) = self.node_mut(opening.node()) else {
            return;
        };
        let advance = |time: &mut u64, is_frozen: bool| {
            if !is_frozen {
                *time = now;
            }
        };
        if touch == Touch::Written {
            node.attributes |= attributes::ARCHIVE;
            advance(&mut node.times.write, frozen.write);
        }
        match touch {
            Touch::Changed => {}
            _ => advance(&mut node.times.access, frozen.access),
        }
        match touch {
            Touch::Read => {}
            _ => advance(&mut node.times.change, frozen.change),
        }
    }

    /// Notes that a directory's entries changed.
    pub(super) fn touch_entries(&mut self, directory: NodeId, now: u64) {
        if let Ok(node) = self.node_mut(directory) {
            node.times.write = now;
            node.times.change = now;
            node.times.access = now;
        }
    }
}

/// Sets one time as a program asks.
fn set(time: &mut u64, to: i64, is_frozen: &mut bool) {
    match to {
        -1 => *is_frozen = true,
        -2 => *is_frozen = false,
        to => {
            if let Ok(to @ 1..) = u64::try_from(to) {
                *time = to;
            }
        }
    }
}
