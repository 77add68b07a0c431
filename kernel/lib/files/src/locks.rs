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
//! * Whenever one is released, all who wait for one that nothing is in the way of
//!   any more get it, who waited longest first. Nobody is kept from a lock by
//!   those who wait: who asks at the right time may be faster.

#[cfg(test)]
mod tests;

use crate::FileError;
use alloc::vec::Vec;

/// Most locks on a file, with those that are waited for. Every read and write looks
/// at all that are held.
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

/// The locks on a file, and who waits for one: tokens of the executive's.
#[derive(Debug)]
pub struct Locks<T> {
    /// There is room for all that are waited for.
    locks: Vec<Lock>,
    /// Who has waited longest comes first.
    waiting: Vec<Waiting<T>>,
}

#[derive(Debug)]
struct Waiting<T> {
    wanted: Lock,
    token: T,
}

/// How a wait for a lock ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// With the lock.
    Granted,
    /// Without it.
    Cancelled,
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

impl Lock {
    /// Whether another, that is held, keeps this one from being granted.
    fn is_kept_by(&self, held: &Self) -> bool {
        let goes_with = match (held.mode, self.mode) {
            (Mode::Shared, Mode::Shared) => true,
            (Mode::Exclusive, Mode::Shared) => held.owner == self.owner,
            (_, Mode::Exclusive) => false,
        };
        held.range.overlaps(self.range) && !goes_with
    }
}

impl<T> Default for Locks<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Locks<T> {
    /// Those on a file that has none.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            locks: Vec::new(),
            waiting: Vec::new(),
        }
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
        let wanted = Lock { range, owner, mode };
        if !self.is_free(&wanted) {
            return Err(FileError::LockNotGranted);
        }
        self.make_room()?;
        self.locks.push(wanted);
        Ok(())
    }

    /// Locks a range, or has `token` wait for it: it comes back if the range is
    /// locked.
    ///
    /// # Errors
    /// [`FileError::InsufficientResources`], [`FileError::NoMemory`].
    pub fn lock_or_wait(
        &mut self,
        range: Range,
        owner: Owner,
        mode: Mode,
        token: T,
    ) -> Result<Option<T>, FileError> {
        let wanted = Lock { range, owner, mode };
        self.make_room()?;
        if self.is_free(&wanted) {
            self.locks.push(wanted);
            return Ok(Some(token));
        }
        let reserved = self.waiting.try_reserve(1);
        reserved.map_err(|_| FileError::NoMemory)?;
        self.waiting.push(Waiting { wanted, token });
        Ok(None)
    }

    /// Releases a lock of just this range and owner; `over` gets who waited for it.
    ///
    /// # Errors
    /// [`FileError::RangeNotLocked`].
    pub fn unlock(
        &mut self,
        range: Range,
        owner: Owner,
        over: &mut dyn FnMut(T, Over),
    ) -> Result<(), FileError> {
        let find = |mode| {
            let wanted = Lock { range, owner, mode };
            self.locks.iter().position(|lock| *lock == wanted)
        };
        let position = find(Mode::Exclusive)
            .or_else(|| find(Mode::Shared))
            .ok_or(FileError::RangeNotLocked)?;
        self.locks.swap_remove(position);
        self.grant(over);
        Ok(())
    }

    /// Releases all locks of a process through a file object, as closing its
    /// last handle does, and ends all its waits for one.
    pub fn unlock_all(&mut self, file: u64, process: u64, over: &mut dyn FnMut(T, Over)) {
        self.release(|owner| owner.file == file && owner.process == process, over);
    }

    /// Releases all locks through a file object, when it goes, and ends all waits
    /// for one.
    pub fn unlock_file(&mut self, file: u64, over: &mut dyn FnMut(T, Over)) {
        self.release(|owner| owner.file == file, over);
    }

    /// Ends the waits through a file object that are meant.
    pub fn cancel(
        &mut self,
        file: u64,
        is_meant: impl Fn(&T) -> bool,
        over: &mut dyn FnMut(T, Over),
    ) {
        let is_over = |waiting: &mut Waiting<T>| {
            waiting.wanted.owner.file == file && is_meant(&waiting.token)
        };
        for waiting in self.waiting.extract_if(.., is_over) {
            over(waiting.token, Over::Cancelled);
        }
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

    fn release(&mut self, is_released: impl Fn(&Owner) -> bool, over: &mut dyn FnMut(T, Over)) {
        let is_over = |waiting: &mut Waiting<T>| is_released(&waiting.wanted.owner);
        for waiting in self.waiting.extract_if(.., is_over) {
            over(waiting.token, Over::Cancelled);
        }
        let before = self.locks.len();
        self.locks.retain(|lock| !is_released(&lock.owner));
        if self.locks.len() != before {
            self.grant(over);
        }
    }

    /// Grants what nothing is in the way of any more.
    fn grant(&mut self, over: &mut dyn FnMut(T, Over)) {
        let locks = &mut self.locks;
        let is_granted = |waiting: &mut Waiting<T>| {
            let is_free = !locks.iter().any(|held| waiting.wanted.is_kept_by(held));
            if is_free {
                locks.push(waiting.wanted);
            }
            is_free
        };
        for waiting in self.waiting.extract_if(.., is_granted) {
            over(waiting.token, Over::Granted);
        }
    }

    fn is_free(&self, wanted: &Lock) -> bool {
        !self.locks.iter().any(|held| wanted.is_kept_by(held))
    }

    /// Makes room for one more lock, and for all that are waited for.
    fn make_room(&mut self) -> Result<(), FileError> {
        let waiting = self.waiting.len();
        if self.locks.len().saturating_add(waiting) >= MAX_LOCKS {
            return Err(FileError::InsufficientResources);
        }
        let reserved = self.locks.try_reserve(waiting.saturating_add(1));
        reserved.map_err(|_| FileError::NoMemory)
    }
}
