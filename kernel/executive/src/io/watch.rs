//! Watchers of directories, and telling them of what is done to the volume.

use core::sync::atomic::{AtomicU32, Ordering};

use files::change::{Change, Over, Taken, Wanted, Watches};
use files::{FileError, NodeId, Opening};
use hal::Ref;

use super::irp::{Answer, Answers, Asked, Begun, CANCELLED, Irp};
use super::node::Node;
use super::quota::IoQuota;
use super::volume::{Files, VolumeId};
use super::{File, Target};
use crate::Error;

/// What happened is to be looked for (NT `STATUS_NOTIFY_ENUM_DIR`).
const NOTIFY_ENUM_DIR: u32 = 0x10C;
/// Nobody watches any more (NT `STATUS_NOTIFY_CLEANUP`).
const NOTIFY_CLEANUP: u32 = 0x10B;
/// The directory is being deleted (NT `STATUS_DELETE_PENDING`).
const DELETE_PENDING: u32 = 0xC000_0056;

/// The watchers of the volume.
pub(super) type Watchers = Watches<Ref<Irp>, Charge>;

/// A bit for each volume that has any. It changes under the volume's lock.
static ANY: AtomicU32 = AtomicU32::new(0);

/// What a watcher's process is charged with.
pub(super) struct Charge {
    quota: Ref<IoQuota>,
    bytes: usize,
}

/// Tells watchers of what is done under the volume's lock. Whoever waited for it is
/// answered when no lock is held any more.
pub(super) struct Teller<'a> {
    pub(super) volume: VolumeId,
    pub(super) watchers: &'a mut Watchers,
    pub(super) answers: &'a mut Answers,
}

/// Whether anybody watches, so that it is worth while to know more of a change.
pub(super) fn is_any() -> bool {
    ANY.load(Ordering::Relaxed) != 0
}

impl Charge {
    fn of(asked: &Asked<'_>, bytes: usize) -> Result<Self, Error> {
        let quota = asked.thread.process().io_quota().clone();
        quota.charge(bytes)?;
        Ok(Self { quota, bytes })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.quota.give_back(self.bytes);
    }
}

impl Teller<'_> {
    /// Whether there is anybody to tell.
    pub(super) fn is_any(&self) -> bool {
        !self.watchers.is_empty()
    }

    /// Of a change of a file that has its name.
    pub(super) fn tell(&mut self, tree: &Files, node: NodeId, change: Change) {
        let answers = &mut *self.answers;
        self.watchers.tell(tree, node, change, &mut |irp, over| {
            answers.push_told(irp, over)
        });
    }

    /// Of a change by the name that a file had in a directory.
    pub(super) fn tell_name(
        &mut self,
        tree: &Files,
        directory: NodeId,
        name: &[u16],
        change: Change,
    ) {
        let answers = &mut *self.answers;
        self.watchers
            .tell_name(tree, directory, name, change, &mut |irp, over| {
                answers.push_told(irp, over);
            });
    }

    /// Of a directory that is to be deleted.
    pub(super) fn deleted(&mut self, directory: NodeId) {
        let answers = &mut *self.answers;
        self.watchers
            .deleted(directory, &mut |irp, over| answers.push_told(irp, over));
    }

    /// Of the last handle of a directory that was closed.
    pub(super) fn closed(&mut self, node: &Node) -> Option<Charge> {
        let answers = &mut *self.answers;
        let over = &mut |irp, over| answers.push_told(irp, over);
        let charge = self
            .watchers
            .close(node.node_id(), node.watcher_number(), over);
        self.note_any();
        charge
    }

    fn note_any(&self) {
        let bit = 1 << self.volume.number();
        match self.watchers.is_empty() {
            true => ANY.fetch_and(!bit, Ordering::Relaxed),
            false => ANY.fetch_or(bit, Ordering::Relaxed),
        };
    }
}

impl Answers {
    fn push_told(&mut self, irp: Ref<Irp>, over: Over) {
        let answer = match over {
            Over::Records(records) => Answer::of_records(records),
            Over::Enumerate => Answer::of_status(NOTIFY_ENUM_DIR),
            Over::Deleted => Answer::of_status(DELETE_PENDING),
            Over::Closed => Answer::of_status(NOTIFY_CLEANUP),
            Over::Cancelled => Answer::of_status(CANCELLED),
        };
        self.push(irp, answer);
    }
}

impl Answer {
    fn of_records(records: alloc::vec::Vec<u8>) -> Self {
        Self {
            information: u64::try_from(records.len()).unwrap_or(u64::MAX),
            data: records.into(),
            ..Self::default()
        }
    }
}

impl Node {
    /// What its watcher is known by. It stays where it is for as long as it is open.
    fn watcher_number(&self) -> u64 {
        u64::try_from(core::ptr::from_ref(self).addr()).unwrap_or_default()
    }

    /// Uses the watchers, as long as the directory is open and stays.
    fn with_watchers<T>(
        &self,
        use_them: impl FnOnce(&mut Teller<'_>, &Opening) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.with_opening_told(|tree, opening, teller| {
            match tree.is_delete_pending(self.node_id())? {
                true => Err(FileError::DeletePending.into()),
                false => use_them(teller, opening),
            }
        })
    }

    /// What has happened since the last call; the first begins to watch.
    fn take_changes(&self, asked: &Asked<'_>, wanted: Wanted) -> Result<Taken, Error> {
        let (id, number) = (self.node_id(), self.watcher_number());
        let is_first =
            self.with_watchers(|teller, _| Ok(!teller.watchers.is_watching(id, number)))?;
        if is_first {
            let charge = Charge::of(asked, Watchers::most_kept(wanted))?;
            let kept = self.with_watchers(|teller, _| {
                let kept = teller.watchers.watch(id, number, wanted, charge)?;
                teller.note_any();
                Ok(kept)
            })?;
            // Another call was faster: outside the lock, its charge goes again.
            drop(kept);
        }
        self.with_watchers(|teller, _| Ok(teller.watchers.take(id, number, wanted.room)))
    }

    /// Has a call wait for what happens.
    fn wait_for_change(&self, irp: &Ref<Irp>, room: usize) -> Result<(), Error> {
        let (id, number) = (self.node_id(), self.watcher_number());
        self.with_watchers(|teller, _| {
            let answers = &mut *teller.answers;
            let over = &mut |irp, over| answers.push_told(irp, over);
            let waits = teller.watchers.wait(id, number, room, irp.clone(), over);
            Ok(waits?)
        })
    }
}

impl File {
    /// Waits for changes in a directory, or of all that is below it. Records of
    /// them go to `buffer`.
    pub fn watch(&self, asked: &Asked<'_>, wanted: Wanted, buffer: u64) -> Result<Begun, Error> {
        let node = self.node()?;
        if !node.is_directory() {
            return Err(FileError::InvalidParameter.into());
        }
        // As file systems of NT do, it lets its end be told apart even of what is kept.
        let irp = match asked.is_synchronous {
            true => None,
            false => Some(asked.request(buffer, 0)?),
        };
        let begun = Self::watch_for(node, asked, wanted, buffer, irp.as_ref());
        if let (Err(_), Some(irp)) = (&begun, irp) {
            irp.give_up();
        }
        begun
    }

    fn watch_for(
        node: &Node,
        asked: &Asked<'_>,
        wanted: Wanted,
        buffer: u64,
        irp: Option<&Ref<Irp>>,
    ) -> Result<Begun, Error> {
        let answer = match node.take_changes(asked, wanted)? {
            Taken::Records(records) => Answer::of_records(records),
            Taken::Enumerate => Answer::of_status(NOTIFY_ENUM_DIR),
            Taken::Nothing => {
                let made = irp.cloned().map_or_else(|| asked.request(buffer, 0), Ok)?;
                let waits = node.wait_for_change(&made, wanted.room);
                if waits.is_err() && irp.is_none() {
                    made.give_up();
                }
                return waits.map(|()| Begun::Kept(made));
            }
        };
        match irp {
            None => Ok(Begun::Done(answer)),
            Some(irp) => {
                irp.answer(answer);
                Ok(Begun::Kept(irp.clone()))
            }
        }
    }

    /// Cancels the waits for changes that are meant; false: there is none.
    pub(super) fn cancel_watches(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let mut is_one = false;
        if let Target::Node(node) = self.target()
            && node.is_directory()
        {
            let (id, number) = (node.node_id(), node.watcher_number());
            // Of a closed one nobody waits for anything.
            let _ = node.with_opening_told(|_, _, teller| {
                let answers = &mut *teller.answers;
                let over = &mut |irp, over| {
                    is_one = true;
                    answers.push_told(irp, over);
                };
                teller
                    .watchers
                    .cancel(id, number, |irp| is_meant(irp), over);
                Ok(())
            });
        }
        is_one
    }
}
