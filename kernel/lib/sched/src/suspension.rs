//! Suspensions of threads: they are counted, and stop a thread on its way to
//! user mode.

use crate::thread::State;
use crate::{Dispatcher, ThreadKey};

/// Most suspensions of one thread that count.
pub const MOST_SUSPENSIONS: u32 = 127;

/// A thread was suspended too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuspendedTooOften;

impl<P> Dispatcher<P> {
    /// Counts one suspension more; it takes effect at the next return to user
    /// mode. Returns how many there were.
    pub fn suspend(&mut self, thread: ThreadKey) -> Option<Result<u32, SuspendedTooOften>> {
        let index = self.threads.find(thread.0)?;
        let entry = self.threads.at_mut(index);
        let before = entry.suspensions;
        if before >= MOST_SUSPENSIONS {
            return Some(Err(SuspendedTooOften));
        }
        entry.suspensions = before.saturating_add(1);
        Some(Ok(before))
    }

    /// Counts one suspension less. Returns how many there were.
    pub fn resume(&mut self, thread: ThreadKey) -> Option<u32> {
        let index = self.threads.find(thread.0)?;
        let entry = self.threads.at_mut(index);
        let before = entry.suspensions;
        entry.suspensions = before.saturating_sub(1);
        if before == 1 && entry.state == State::Parked {
            self.make_ready(index);
        }
        Some(before)
    }

    /// How often a thread is suspended.
    pub fn suspensions(&self, thread: ThreadKey) -> Option<u32> {
        Some(self.threads.at(self.threads.find(thread.0)?).suspensions)
    }
}
