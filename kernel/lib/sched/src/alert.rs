//! Alerts: NT's old kind, and the token that a thread's id is enough to give.

use crate::wait::{Begun, Deadline, Waited};
use crate::{Dispatcher, ThreadKey};

/// What boosts a thread that is given its token.
const TOKEN_BOOST: u8 = 1;

impl<P> Dispatcher<P> {
    /// Ends a thread's alertable wait, or its next one before it begins.
    pub fn alert(&mut self, thread: ThreadKey) {
        let Some(index) = self.threads.find(thread.0) else {
            return;
        };
        let entry = self.threads.at_mut(index);
        match entry.waits_alertably() {
            true => self.end_wait(index, Waited::Alerted, 0),
            false => entry.is_alerted = true,
        }
    }

    /// Whether the running thread was alerted, which it then no longer is; APCs
    /// that are queued will be called at its return to user mode.
    pub fn test_alert(&mut self) -> bool {
        let Some(thread) = self.current else {
            return false;
        };
        let entry = self.threads.at_mut(thread);
        entry.apc_is_due |= !entry.apcs.is_empty();
        core::mem::take(&mut entry.is_alerted)
    }

    /// What ends an alertable wait before it begins.
    pub(crate) fn take_alert(&mut self, thread: u32) -> Option<Waited> {
        let entry = self.threads.at_mut(thread);
        if core::mem::take(&mut entry.is_alerted) {
            return Some(Waited::Alerted);
        }
        entry.apc_is_due = !entry.apcs.is_empty();
        let is_called = entry.apc_is_due || !entry.special_apcs.is_empty();
        is_called.then_some(Waited::UserApc)
    }

    /// Gives a thread its one token: ends its wait for it, now or later. False:
    /// there is no such thread any more.
    pub fn give_token(&mut self, thread: ThreadKey) -> bool {
        let Some(index) = self.threads.find(thread.0) else {
            return false;
        };
        let entry = self.threads.at_mut(index);
        match entry.wait.is_for_token && !entry.wait.is_frozen {
            true => self.end_wait(index, Waited::Alerted, TOKEN_BOOST),
            false => entry.has_alert_token = true,
        }
        true
    }

    /// Begins the running thread's wait for its token.
    pub fn wait_for_token(&mut self, deadline: Deadline) -> Begun {
        let Some(thread) = self.current else {
            unreachable!("the idle execution does not wait");
        };
        let entry = self.threads.at_mut(thread);
        if entry.is_ending {
            return Begun::Over(Waited::Ending);
        }
        if core::mem::take(&mut entry.has_alert_token) {
            return Begun::Over(Waited::Alerted);
        }
        if deadline == Deadline::Now {
            return Begun::Over(Waited::TimedOut);
        }
        entry.wait.is_for_token = true;
        self.begin_wait(thread, deadline);
        Begun::Waiting
    }
}
