//! Locks on ranges of one file's bytes (NT `NtLockFile`).
//!
//! * A lock is its owner's: a file object, a process and a key, all three.
//! * An exclusive lock goes with no other that overlaps it, not even the
//!   owner's; a shared one goes with shared ones, and on top of the owner's
//!   exclusive ones.
//! * A lock of no bytes goes with all but those it lies strictly within.
//! * Nobody reads what another has locked exclusively; nobody writes that, nor
//!   what anybody has locked shared, who locked it included.
//! * A lock is released as it was taken, whole, the exclusive one first.
//!
//! Who waits for a lock asks again whenever one is released.

#[cfg(test)]
mod tests;

use crate::FileError;
use alloc::vec::Vec;

/// Most locks on a file. Every read and write looks at all of them.
pub const MAX_LOCKS: usize = 4096;

/// Whose a lock is, in the executive's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The file object.
    pub file: u64,
    /// The process.
    pub process: u64,
    /// `Key`.
    pub key: u32,
}

/// A range of bytes, whose last is at no more than the largest offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    start: u64,
    len: u64,
}

/// What a range is locked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For its owner alone.
    Exclusive,
    /// For all to read.
    Shared,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lock {
    range: Range,
    owner: Owner,
    mode: Mode,
}

/// The locks on a file.
#[derive(Debug, Default)]
pub struct Locks {
    locks: Vec<Lock>,
}

impl Range {
    /// That of a program's.
    ///
    /// # Errors
    /// [`FileError::InvalidLockRange`].
    pub const fn new(start: u64, len: u64) -> Result<Self, FileError> {
        // The last byte may be the very last; the end is one further.
        if len > 1 && start.checked_add(len.saturating_sub(1)).is_none() {
            return Err(FileError::InvalidLockRange);
        }
        Ok(Self { start, len })
    }

    /// The last byte; `None` in a range of none.
    const fn last(self) -> Option<u64> {
        match self.len.checked_sub(1) {
            None => None,
            Some(more) => Some(self.start.saturating_add(more)),
        }
    }

    /// Whether two share a byte, or one is empty and strictly within the
    /// other.
    const fn overlaps(self, other: Self) -> bool {
        match (self.last(), other.last()) {
            (Some(last), Some(other_last)) => self.start <= other_last && other.start <= last,
            (Some(last), None) => self.start < other.start && other.start <= last,
            (None, Some(last)) => other.start < self.start && self.start <= last,
            (None, None) => false,
        }
    }
}

impl Locks {
    /// Those on a file that has none.
    #[must_use]
    pub const fn new() -> Self {
        Self { locks: Vec::new() }
    }

    /// Whether there are none, and so nothing to check.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.locks.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.locks.len()
    }

    /// Locks a range.
    ///
    /// # Errors
    /// [`FileError::LockNotGranted`], with which a program fails or waits;
    /// [`FileError::InsufficientResources`], [`FileError::NoMemory`].
    pub fn lock(&mut self, range: Range, owner: Owner, mode: Mode) -> Result<(), FileError> {
        let goes_with = |lock: &Lock| match (lock.mode, mode) {
            (Mode::Shared, Mode::Shared) => true,
            (Mode::Exclusive, Mode::Shared) => lock.owner == owner,
            (_, Mode::Exclusive) => false,
        };
        let is_in_the_way = |lock: &Lock| lock.range.overlaps(range) && !goes_with(lock);
        if self.locks.iter().any(is_in_the_way) {
            return Err(FileError::LockNotGranted);
        }
        if self.locks.len() >= MAX_LOCKS {
            return Err(FileError::InsufficientResources);
        }
        self.locks.try_reserve(1).map_err(|_| FileError::NoMemory)?;
        self.locks.push(Lock { range, owner, mode });
        Ok(())
    }

    /// Releases a lock of just this range and owner.
    ///
    /// # Errors
    /// [`FileError::RangeNotLocked`].
    pub fn unlock(&mut self, range: Range, owner: Owner) -> Result<(), FileError> {
        let find = |mode| {
            let wanted = Lock { range, owner, mode };
            self.locks.iter().position(|lock| *lock == wanted)
        };
        let position = find(Mode::Exclusive)
            .or_else(|| find(Mode::Shared))
            .ok_or(FileError::RangeNotLocked)?;
        self.locks.swap_remove(position);
        Ok(())
    }

    /// Releases all locks of a process through a file object, as closing its
    /// last handle does; whether there were any.
    pub fn unlock_all(&mut self, file: u64, process: u64) -> bool {
        self.release(|owner| owner.file == file && owner.process == process)
    }

    /// Releases all locks of an owner; whether there were any.
    pub fn unlock_key(&mut self, owner: Owner) -> bool {
        self.release(|other| *other == owner)
    }

    /// Releases all locks through a file object, when it goes; whether there
    /// were any.
    pub fn unlock_file(&mut self, file: u64) -> bool {
        self.release(|owner| owner.file == file)
    }

    /// Whether an owner may read a range. `start` and `len` are those of the
    /// transfer; what goes past the last offset is no byte.
    ///
    /// # Errors
    /// [`FileError::FileLockConflict`].
    pub fn check_read(&self, start: u64, len: u64, owner: Owner) -> Result<(), FileError> {
        self.check(start, len, |lock| {
            lock.mode == Mode::Exclusive && lock.owner != owner
        })
    }

    /// Whether an owner may write a range.
    ///
    /// # Errors
    /// [`FileError::FileLockConflict`].
    pub fn check_write(&self, start: u64, len: u64, owner: Owner) -> Result<(), FileError> {
        self.check(start, len, |lock| {
            lock.mode == Mode::Shared || lock.owner != owner
        })
    }

    fn check(
        &self,
        start: u64,
        len: u64,
        forbids: impl Fn(&Lock) -> bool,
    ) -> Result<(), FileError> {
        // A transfer that would go past the end is cut off there.
        let len = len.min(u64::MAX.saturating_sub(start).saturating_add(1));
        let range = Range { start, len };
        let is_in_the_way = |lock: &Lock| {
            len != 0 && lock.range.len != 0 && lock.range.overlaps(range) && forbids(lock)
        };
        match self.locks.iter().any(is_in_the_way) {
            true => Err(FileError::FileLockConflict),
            false => Ok(()),
        }
    }

    fn release(&mut self, is_released: impl Fn(&Owner) -> bool) -> bool {
        let before = self.locks.len();
        self.locks.retain(|lock| !is_released(&lock.owner));
        self.locks.len() != before
    }
}
