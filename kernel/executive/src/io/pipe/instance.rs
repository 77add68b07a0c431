//! One instance of a pipe: whose it is, who its client is, its charges.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use alloc::vec::Vec;
use hal::Ref;
use hal::lock::{Guard, Lock};
use pipes::{Pipe, PipeStatus, Settings, State};

use super::{Answers, IoQuota, Waiter};
use crate::token::Token;
use crate::{Error, rank, scheduler};

/// Data beyond a quota that are charged to the pipe, each way. Others are their
/// writers'.
pub(super) const MOST_BEYOND: usize = 0x10_0000;
/// What one more write takes beside its data, roughly.
const ENTRY_BYTES: usize = 256;
/// One instance of a pipe.
pub(super) struct Instance {
    /// Empty: it has none.
    pub(super) name: Vec<u16>,
    pipe: Lock<rank::Pipe, Pipe<Waiter>>,
    /// Whose it is, and what that process is charged with for what is unread. It
    /// changes under the pipe's lock.
    quota: Ref<IoQuota>,
    charged: AtomicUsize,
    /// The number of the process that made it.
    pub(super) server_process: u64,
    /// The number of the process that opened its client's end, if one did.
    client_process: AtomicU64,
    /// Whom that acted for then.
    client_token: Lock<rank::PipeClient, Option<Ref<Token>>>,
}

impl Instance {
    /// One of the current process's; without a name it has an empty one.
    pub(super) fn new(name: Vec<u16>, settings: &Settings, quota: Ref<IoQuota>) -> Self {
        Self {
            name,
            pipe: Lock::new(Pipe::new(settings)),
            quota,
            charged: AtomicUsize::new(0),
            server_process: current_process(),
            client_process: AtomicU64::new(0),
            client_token: Lock::new(None),
        }
    }

    /// The number of the process that is its client, if there is one.
    pub(super) fn client_process(&self) -> Option<u64> {
        let is_connected = matches!(self.lock().state(), State::Connected | State::Closing);
        is_connected.then(|| self.client_process.load(Ordering::Relaxed))
    }

    /// Whom its client acted for when it came, if there is one.
    pub(super) fn client_token(&self) -> Option<Ref<Token>> {
        let is_connected = self.client_process().is_some();
        let token = self.client_token.lock().clone();
        token.filter(|_| is_connected)
    }

    /// Its state and data.
    pub(super) fn lock(&self) -> Guard<'_, rank::Pipe, Pipe<Waiter>> {
        self.pipe.lock()
    }

    /// Makes sure that so many bytes more may be in it.
    #[inline]
    pub(super) fn charge(&self, pipe: &Pipe<Waiter>, more: usize) -> Result<(), Error> {
        let held = pipe.held_bytes(MOST_BEYOND);
        let needed = held.saturating_add(more).saturating_add(ENTRY_BYTES);
        let charged = self.charged.load(Ordering::Relaxed);
        if needed > charged {
            self.quota.charge(needed.saturating_sub(charged))?;
            self.charged.store(needed, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Gives back what is charged for more than twice of what is in it.
    #[inline]
    pub(super) fn settle(&self, pipe: &Pipe<Waiter>) {
        let charged = self.charged.load(Ordering::Relaxed);
        if charged != 0 {
            let held = pipe.held_bytes(MOST_BEYOND);
            if held <= charged >> 1 {
                self.quota.give_back(charged.saturating_sub(held));
                self.charged.store(held, Ordering::Relaxed);
            }
        }
    }

    /// Connects whoever asks as its client.
    pub(super) fn connect(&self, answers: &mut Answers) -> Result<pipes::Connection, PipeStatus> {
        let connection = self
            .lock()
            .connect_client(&mut |over| answers.push_over(over))?;
        self.client_process
            .store(current_process(), Ordering::Relaxed);
        let token = scheduler::current().map(|thread| thread.effective_token());
        let before = core::mem::replace(&mut *self.client_token.lock(), token);
        // Outside the lock: this may be the last reference.
        drop(before);
        Ok(connection)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.quota.give_back(self.charged.load(Ordering::Relaxed));
    }
}

/// The number of the process that asks; 0: the kernel.
fn current_process() -> u64 {
    scheduler::current().map_or(0, |thread| thread.process().id())
}
