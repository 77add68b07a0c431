//! Locks on ranges of bytes, as an open file is asked for them.

use files::locks::{Mode, Owner, Range};

use super::{File, Target};
use crate::Error;

/// Who uses an open file: the number of its process, and the key it gives.
pub type Accessor = (u64, u32);

impl File {
    /// Locks a range.
    pub fn lock_range(&self, range: Range, by: Accessor, mode: Mode) -> Result<(), Error> {
        let owner = self.owner(by);
        let data = self.node()?.data_to_lock()?;
        Ok(data.with_locks(|locks| locks.lock(range, owner, mode))?)
    }

    /// Releases a lock.
    pub fn unlock_range(&self, range: Range, by: Accessor) -> Result<(), Error> {
        let owner = self.owner(by);
        let data = self.node()?.data_to_lock()?;
        Ok(data.with_locks(|locks| locks.unlock(range, owner))?)
    }

    /// Whether another's locks forbid a write.
    pub(super) fn check_write(&self, offset: u64, bytes: u64, by: Accessor) -> Result<(), Error> {
        let owner = self.owner(by);
        let data = self.node()?.data()?;
        Ok(data.with_locks(|locks| locks.check_write(offset, bytes, owner))?)
    }

    /// Releases all locks through this file.
    pub(super) fn unlock_all(&self) {
        if let Target::Node(node) = self.target()
            && let Ok(data) = node.data()
        {
            let file = self.owner((0, 0)).file;
            data.with_locks(|locks| locks.unlock_file(file));
        }
    }

    pub(super) fn owner(&self, (process, key): Accessor) -> Owner {
        let address = core::ptr::from_ref(self.header()).addr();
        Owner {
            // An address fits.
            file: u64::try_from(address).unwrap_or_default(),
            process,
            key,
        }
    }
}
