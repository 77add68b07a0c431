//! Watching keys, and telling those who do.

use core::sync::atomic::{Ordering, fence};

use hal::Ref;
use registry::{Change, KeyId, Watch, Watching};

use super::{Key, Tree, with_tree};
use crate::Error;
use crate::io::{Answer, Answers, Asked, Begun, Irp};

/// The status of a request of a key that has changed (NT `STATUS_NOTIFY_ENUM_DIR`).
const CHANGED: u32 = 0x10C;
/// The status of one whose key is watched no longer (NT `STATUS_NOTIFY_CLEANUP`).
const OVER: u32 = 0x10B;

/// Uses the tree, and answers when its lock is free.
pub(super) fn telling<T>(use_it: impl FnOnce(&mut Tree, &mut Answers) -> T) -> T {
    let mut answers = Answers::new();
    let result = with_tree(|tree| use_it(tree, &mut answers));
    answers.give();
    result
}

impl Tree {
    /// Something has changed.
    pub(super) fn report(&mut self, change: Change, answers: &mut Answers) {
        let mut tell = |irp| answers.push(irp, Answer::of_status(CHANGED));
        self.watchers.report(&self.registry, change, &mut tell);
    }

    /// A key was deleted.
    pub(super) fn deleted(&mut self, key: KeyId, answers: &mut Answers) {
        self.watchers
            .deleted(key, &mut |irp| answers.push(irp, Answer::of_status(OVER)));
    }
}

impl Key {
    /// Waits for a change of the key, or of one `beside` it that is in another hive.
    pub fn watch(
        &self,
        asked: &Asked<'_>,
        watch: Watch,
        beside: Option<&Self>,
    ) -> Result<Begun, Error> {
        let irp = asked.request(0, 0)?;
        let begun = with_tree(|tree| {
            let opening = *self
                .opening()
                .call_once(|| tree.watchers.opening(self.id()));
            // Whoever closes the last handle looks in the other order.
            fence(Ordering::SeqCst);
            if self.header().handle_count() == 0 {
                return Ok(None);
            }
            let beside = beside.map(Self::id);
            let begun = tree
                .watchers
                .watch(&tree.registry, opening, watch, beside, irp.clone());
            begun.map(Some)
        });
        let status = match begun {
            Ok(Some(Watching::Waits)) => return Ok(Begun::Kept(irp)),
            Ok(Some(Watching::Changed)) => CHANGED,
            Ok(None) => OVER,
            Err(error) => {
                irp.give_up();
                return Err(error.into());
            }
        };
        irp.give_back(asked);
        Ok(Begun::Done(Answer::of_status(status)))
    }

    /// Cancels the requests that are meant; false: there is none.
    pub(crate) fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let Some(&opening) = self.opening().get() else {
            return false;
        };
        telling(|tree, answers| {
            let mut tell = |irp| answers.push(irp, Answer::of_status(OVER));
            let is_meant = |irp: &Ref<Irp>| is_meant(irp);
            tree.watchers.cancel(opening, is_meant, &mut tell) != 0
        })
    }

    /// The last handle is closed.
    pub(crate) fn last_handle_closed(&self) {
        fence(Ordering::SeqCst);
        if let Some(&opening) = self.opening().get() {
            telling(|tree, answers| {
                let mut tell = |irp| answers.push(irp, Answer::of_status(OVER));
                tree.watchers.closed(opening, &mut tell);
            });
        }
    }
}
