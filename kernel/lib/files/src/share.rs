//! Who shares a file with whom (NT `IoCheckShareAccess`).
//!
//! Every opening says what it does (reads, writes, deletes) and what it lets
//! others do. Opening succeeds when all that have the file open allow what it
//! does, and it allows what any of them does. An opening that does none of the
//! three, to read attributes say, neither asks nor counts.

#[cfg(test)]
mod tests;

use crate::FileError;

/// The bits of an access mask that matter here.
pub mod access {
    /// `FILE_READ_DATA`, of a directory `FILE_LIST_DIRECTORY`.
    pub const READ_DATA: u32 = 0x1;
    /// `FILE_WRITE_DATA`, of a directory `FILE_ADD_FILE`.
    pub const WRITE_DATA: u32 = 0x2;
    /// `FILE_APPEND_DATA`, of a directory `FILE_ADD_SUBDIRECTORY`.
    pub const APPEND_DATA: u32 = 0x4;
    /// `FILE_EXECUTE`, of a directory `FILE_TRAVERSE`.
    pub const EXECUTE: u32 = 0x20;
    /// `DELETE`.
    pub const DELETE: u32 = 0x1_0000;
    /// `FILE_SHARE_READ`.
    pub const SHARE_READ: u32 = 0x1;
    /// `FILE_SHARE_WRITE`.
    pub const SHARE_WRITE: u32 = 0x2;
    /// `FILE_SHARE_DELETE`.
    pub const SHARE_DELETE: u32 = 0x4;
}

/// Each of the three things that are shared: the access that does it, and the
/// bit that shares it.
const WAYS: [(u32, u32); 3] = [
    (access::READ_DATA | access::EXECUTE, access::SHARE_READ),
    (
        access::WRITE_DATA | access::APPEND_DATA,
        access::SHARE_WRITE,
    ),
    (access::DELETE, access::SHARE_DELETE),
];

/// How many openings of a file do something, and how many share it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    users: u32,
    sharers: u32,
}

/// The openings of one file that count (NT `SHARE_ACCESS`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareState {
    openings: u32,
    counts: [Count; 3],
}

impl ShareState {
    /// Of a file that nobody has open.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            openings: 0,
            counts: [Count {
                users: 0,
                sharers: 0,
            }; 3],
        }
    }

    /// Whether an opening with this access and sharing goes with the others.
    ///
    /// # Errors
    /// [`FileError::SharingViolation`].
    pub fn check(&self, access: u32, share: u32) -> Result<(), FileError> {
        let conflicts = |(count, (does, shares)): (&Count, &(u32, u32))| {
            (access & does != 0 && count.sharers < self.openings)
                || (share & shares == 0 && count.users != 0)
        };
        if counts(access) && self.counts.iter().zip(&WAYS).any(conflicts) {
            return Err(FileError::SharingViolation);
        }
        Ok(())
    }

    /// Adds an opening (NT `IoUpdateShareAccess`), checked before.
    ///
    /// # Errors
    /// [`FileError::InsufficientResources`] when they cannot be counted.
    #[inline]
    pub fn add(&mut self, access: u32, share: u32) -> Result<(), FileError> {
        if !counts(access) {
            return Ok(());
        }
        self.openings = self
            .openings
            .checked_add(1)
            .ok_or(FileError::InsufficientResources)?;
        for (count, (does, shares)) in self.counts.iter_mut().zip(WAYS) {
            // No more than there are openings.
            count.users = count.users.saturating_add(u32::from(access & does != 0));
            count.sharers = count.sharers.saturating_add(u32::from(share & shares != 0));
        }
        Ok(())
    }

    /// Takes out an opening that was added (NT `IoRemoveShareAccess`).
    #[inline]
    pub fn remove(&mut self, access: u32, share: u32) {
        if !counts(access) {
            return;
        }
        self.openings = self.openings.saturating_sub(1);
        for (count, (does, shares)) in self.counts.iter_mut().zip(WAYS) {
            count.users = count.users.saturating_sub(u32::from(access & does != 0));
            count.sharers = count.sharers.saturating_sub(u32::from(share & shares != 0));
        }
    }
}

/// Whether an opening with this access does anything that is shared.
fn counts(access: u32) -> bool {
    WAYS.iter().any(|(does, _)| access & does != 0)
}
