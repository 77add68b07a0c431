//! Locks on ranges of bytes, as an open file is asked for them.

use core::sync::atomic::{AtomicBool, Ordering};

use files::FileError;
use files::locks::{Locks, Mode, Over, Owner, Range};
use hal::Ref;

use super::irp::{Answer, Answers, Asked, Begun, CANCELLED, Irp};
use super::{File, Node, Target};
use crate::{Error, memory::FileData};

/// Who uses an open file: the number of its process, and the key it gives.
pub type Accessor = (u64, u32);

/// What an open file notes of its locks.
#[derive(Default)]
pub(super) struct Locking {
    /// Whether there ever was one: otherwise none is looked for.
    is_used: AtomicBool,
    /// Whether all handles are closed. It changes before the locks are released:
    /// who takes one later must see it.
    is_closed: AtomicBool,
}

impl File {
    /// Locks a range, or waits until it can if it is to. Another thread may close the
    /// handle meanwhile: the caller looks for that afterwards, and if so has its
    /// process let go of the locks ([`Handles::forget_closed`]).
    ///
    /// [`Handles::forget_closed`]: crate::object::Handles::forget_closed
    pub fn lock_range(
        &self,
        asked: &Asked<'_>,
        range: Range,
        by: Accessor,
        mode: Mode,
        waits: bool,
    ) -> Result<Begun, Error> {
        let owner = self.owner(by);
        let node = self.node()?;
        let data = node.data_to_lock()?;
        match self.with_locks(node, data, |locks| locks.lock(range, owner, mode)) {
            Err(Error::File(FileError::LockNotGranted)) if waits => {}
            locked => return locked.map(|()| Begun::Done(Answer::default())),
        }
        let irp = asked.request(0, 0)?;
        let begun = self.with_locks(node, data, |locks| {
            locks.lock_or_wait(range, owner, mode, irp.clone())
        });
        match begun {
            Ok(None) => {}
            // It was released meanwhile.
            Ok(Some(irp)) => irp.answer(Answer::default()),
            Err(error) => {
                irp.give_up();
                return Err(error);
            }
        }
        Ok(Begun::Kept(irp))
    }

    /// Releases a lock.
    pub fn unlock_range(&self, range: Range, by: Accessor) -> Result<(), Error> {
        let owner = self.owner(by);
        let data = self.node()?.data_to_lock()?;
        let released = end_waits(data, |locks, over| locks.unlock(range, owner, over));
        Ok(released?)
    }

    /// Uses the locks to take one, unless it is too late for that.
    fn with_locks<T>(
        &self,
        node: &Node,
        data: &FileData,
        use_them: impl FnOnce(&mut Locks<Ref<Irp>>) -> Result<T, FileError>,
    ) -> Result<T, Error> {
        node.locking().is_used.store(true, Ordering::Relaxed);
        data.with_locks(
            |locks| match node.locking().is_closed.load(Ordering::Relaxed) {
                true => Err(Error::InvalidHandle),
                false => Ok(use_them(locks)?),
            },
        )
    }

    /// Whether another's locks forbid a write.
    pub(super) fn check_write(&self, offset: u64, bytes: u64, by: Accessor) -> Result<(), Error> {
        let owner = self.owner(by);
        let data = self.node()?.data()?;
        Ok(data.with_locks(|locks| locks.check_write(offset, bytes, owner))?)
    }

    /// What is in it, if it ever was locked.
    fn locked(&self) -> Option<&Ref<FileData>> {
        match self.target() {
            Target::Node(node) if node.locking().is_used.load(Ordering::Relaxed) => {
                node.data().ok()
            }
            _ => None,
        }
    }

    /// Whether ranges may be locked.
    pub(crate) fn is_locked(&self) -> bool {
        self.locked().is_some()
    }

    /// Releases the locks of a process that has no handle left, and ends its waits.
    pub(crate) fn unlock_process(&self, process: u64) {
        if let Some(data) = self.locked() {
            let file = self.owner((0, 0)).file;
            end_waits(data, |locks, over| locks.unlock_all(file, process, over));
        }
    }

    /// Cancels the waits for locks that are meant; false: there is none.
    pub(super) fn cancel_locks(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let mut is_any = false;
        if let Some(data) = self.locked() {
            let file = self.owner((0, 0)).file;
            end_waits(data, |locks, over| {
                locks.cancel(file, |irp| is_meant(irp), &mut |irp, how| {
                    is_any = true;
                    over(irp, how);
                });
            });
        }
        is_any
    }

    /// Releases all locks through this file, for good.
    pub(super) fn unlock_all(&self) {
        if let Target::Node(node) = self.target() {
            node.locking().is_closed.store(true, Ordering::Relaxed);
        }
        if let Some(data) = self.locked() {
            let file = self.owner((0, 0)).file;
            end_waits(data, |locks, over| locks.unlock_file(file, over));
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

/// Does something that ends waits for locks, and answers them.
fn end_waits<T>(
    data: &FileData,
    use_them: impl FnOnce(&mut Locks<Ref<Irp>>, &mut dyn FnMut(Ref<Irp>, Over)) -> T,
) -> T {
    let mut answers = Answers::new();
    let done = data.with_locks(|locks| {
        use_them(locks, &mut |irp, how| {
            let answer = match how {
                Over::Granted => Answer::default(),
                Over::Cancelled => Answer::of_status(CANCELLED),
            };
            answers.push(irp, answer);
        })
    });
    answers.give();
    done
}
