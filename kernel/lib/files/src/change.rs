//! What watchers of a directory are told (NT `NtNotifyChangeDirectoryFile`).
//!
//! A watcher has a filter of `FILE_NOTIFY_CHANGE_*`, watches one directory or
//! all below it too, and gets `FILE_NOTIFY_INFORMATION` records. What happens
//! between two of its calls is kept, as much as the buffer of its first call
//! holds. When more happens, or its next buffer is smaller, the records are
//! dropped and it is told to look for itself (`STATUS_NOTIFY_ENUM_DIR`).

#[cfg(test)]
mod tests;
mod watches;

use alloc::vec::Vec;
pub use watches::{Over, Wanted, Watches};

/// `FILE_NOTIFY_CHANGE_FILE_NAME`.
pub const FILE_NAME: u32 = 0x1;
/// `FILE_NOTIFY_CHANGE_DIR_NAME`.
pub const DIR_NAME: u32 = 0x2;
/// `FILE_NOTIFY_CHANGE_ATTRIBUTES`.
pub const ATTRIBUTES: u32 = 0x4;
/// `FILE_NOTIFY_CHANGE_SIZE`.
pub const SIZE: u32 = 0x8;
/// `FILE_NOTIFY_CHANGE_LAST_WRITE`.
pub const LAST_WRITE: u32 = 0x10;
/// `FILE_NOTIFY_CHANGE_LAST_ACCESS`.
pub const LAST_ACCESS: u32 = 0x20;
/// `FILE_NOTIFY_CHANGE_CREATION`.
pub const CREATION: u32 = 0x40;
/// `FILE_NOTIFY_CHANGE_SECURITY`.
pub const SECURITY: u32 = 0x100;
/// All that a filter may have; the rest are extended attributes and streams,
/// of which there are none to change.
pub const VALID: u32 = 0xFFF;

/// Most bytes that are kept for a watcher.
pub const MAX_BUFFER: usize = 64 * 1024;

/// Bytes of a record before its name.
const HEADER: usize = 12;

/// What happened to a file (NT `FILE_ACTION_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `FILE_ACTION_ADDED`: made, or moved here.
    Added,
    /// `FILE_ACTION_REMOVED`: deleted, or moved away.
    Removed,
    /// `FILE_ACTION_MODIFIED`.
    Modified,
    /// `FILE_ACTION_RENAMED_OLD_NAME`; [`Action::RenamedTo`] follows.
    RenamedFrom,
    /// `FILE_ACTION_RENAMED_NEW_NAME`.
    RenamedTo,
}

/// What happened, and which filters it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What to tell.
    pub action: Action,
    /// `FILE_NOTIFY_CHANGE_*` of which a watcher must have one.
    pub filter: u32,
}

impl Action {
    /// As programs see it.
    #[must_use]
    pub const fn to_u32(self) -> u32 {
        match self {
            Self::Added => 1,
            Self::Removed => 2,
            Self::Modified => 3,
            Self::RenamedFrom => 4,
            Self::RenamedTo => 5,
        }
    }
}

impl Change {
    /// A name came or went: [`Action`] says how.
    #[must_use]
    pub const fn of_name(action: Action, is_directory: bool) -> Self {
        Self {
            action,
            filter: if is_directory { DIR_NAME } else { FILE_NAME },
        }
    }

    /// A file was renamed: what to tell of the old name and of the new one. A
    /// file that changes directory leaves one and comes to the other.
    #[must_use]
    pub const fn of_rename(is_directory: bool, is_moved: bool) -> (Self, Self) {
        let (old, new) = match is_moved {
            true => (Action::Removed, Action::Added),
            false => (Action::RenamedFrom, Action::RenamedTo),
        };
        (
            Self::of_name(old, is_directory),
            Self::of_name(new, is_directory),
        )
    }

    /// Data was written, and the size changed or did not.
    #[must_use]
    pub const fn of_data(is_resized: bool) -> Self {
        Self::modified(LAST_WRITE | if is_resized { SIZE } else { 0 })
    }

    /// Times or attributes were set.
    #[must_use]
    pub const fn of_basic(update: &crate::BasicUpdate) -> Self {
        let mut filter = 0;
        if update.attributes != 0 {
            filter |= ATTRIBUTES;
        }
        if update.creation > 0 {
            filter |= CREATION;
        }
        if update.access > 0 {
            filter |= LAST_ACCESS;
        }
        if update.write > 0 {
            filter |= LAST_WRITE;
        }
        Self::modified(filter)
    }

    /// A file was overwritten.
    #[must_use]
    pub const fn of_overwriting() -> Self {
        Self::modified(ATTRIBUTES | SIZE | LAST_WRITE | LAST_ACCESS)
    }

    /// The security descriptor was set.
    #[must_use]
    pub const fn of_security() -> Self {
        Self::modified(SECURITY)
    }

    const fn modified(filter: u32) -> Self {
        Self {
            action: Action::Modified,
            filter,
        }
    }
}

/// What a watcher's call gets.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing happened: the call waits.
    Nothing,
    /// Records, as they go into the program's buffer.
    Records(Vec<u8>),
    /// Too much happened (`STATUS_NOTIFY_ENUM_DIR`).
    Enumerate,
}

/// What is kept for a watcher between its calls.
#[derive(Debug)]
pub struct Watcher {
    filter: u32,
    is_deep: bool,
    capacity: usize,
    records: Vec<u8>,
    /// Where the last record begins.
    last: usize,
    /// Something happened that is not among the records.
    is_overflown: bool,
}

impl Watcher {
    /// One whose first call has this filter and a buffer so large.
    #[must_use]
    pub fn new(filter: u32, is_deep: bool, capacity: usize) -> Self {
        Self {
            filter,
            is_deep,
            capacity: capacity.min(MAX_BUFFER),
            records: Vec::new(),
            last: 0,
            is_overflown: false,
        }
    }

    /// Whether it is told of a change.
    #[must_use]
    pub const fn wants(&self, change: Change) -> bool {
        self.filter & change.filter != 0
    }

    /// Whether it watches all that is below its directory.
    #[must_use]
    pub const fn is_deep(&self) -> bool {
        self.is_deep
    }

    /// Whether the next call gets something.
    #[must_use]
    pub const fn has_any(&self) -> bool {
        self.is_overflown || !self.records.is_empty()
    }

    /// Keeps a change of a file by its name from the directory. A file that is
    /// modified again is told once. Whether it is told of it at all, so that
    /// a waiting call is to take it.
    pub fn push(&mut self, change: Change, name: &[u16]) -> bool {
        if !self.wants(change) {
            return false;
        }
        if !self.is_overflown && self.add(change.action, name).is_none() {
            self.overflow();
        }
        true
    }

    /// The same of a file whose name could not be put together.
    pub fn push_unnamed(&mut self, change: Change) -> bool {
        if !self.wants(change) {
            return false;
        }
        self.overflow();
        true
    }

    /// What a call with room for so many bytes gets.
    pub fn take(&mut self, room: usize) -> Taken {
        if !self.has_any() {
            return Taken::Nothing;
        }
        if self.is_overflown || self.records.len() > room {
            self.overflow();
            self.is_overflown = false;
            return Taken::Enumerate;
        }
        self.last = 0;
        Taken::Records(core::mem::take(&mut self.records))
    }

    /// Drops the records: the watcher looks for itself.
    fn overflow(&mut self) {
        self.records = Vec::new();
        self.last = 0;
        self.is_overflown = true;
    }

    /// Adds a record; `None` when there is no room.
    fn add(&mut self, action: Action, name: &[u16]) -> Option<()> {
        let name_len = name.len().checked_mul(2)?;
        let start = self.records.len().checked_next_multiple_of(4)?;
        let end = start.checked_add(HEADER)?.checked_add(name_len)?;
        if end > self.capacity {
            return None;
        }
        let header = [0, action.to_u32(), u32::try_from(name_len).ok()?];
        let bytes = header.iter().flat_map(|word| word.to_le_bytes());
        let bytes = bytes.chain(name.iter().flat_map(|unit| unit.to_le_bytes()));
        let last = self.records.get(self.last..).unwrap_or_default();
        if action == Action::Modified && last.iter().copied().eq(bytes.clone()) {
            return Some(());
        }
        let more = end.checked_sub(self.records.len())?;
        self.records.try_reserve(more).ok()?;
        if !self.records.is_empty() {
            let distance = u32::try_from(start.checked_sub(self.last)?).ok()?;
            let next = self.records.get_mut(self.last..)?.get_mut(..4)?;
            next.copy_from_slice(&distance.to_le_bytes());
        }
        self.records.resize(start, 0);
        self.records.extend(bytes);
        self.last = start;
        Some(())
    }
}
