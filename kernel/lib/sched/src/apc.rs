//! Asynchronous procedure calls: functions of a program that a thread of it is
//! to call when it next waits alertably.

use crate::list::{Linked, Links};
use crate::thread::State;
use crate::wait::Waited;
use crate::{Dispatcher, OutOfMemory, ThreadKey};

/// A call for a thread to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApcCall {
    /// The function.
    pub routine: u64,
    /// Its arguments.
    pub arguments: [u64; 3],
}

pub(crate) struct Apc {
    links: Links,
    pub(crate) call: ApcCall,
    /// Belongs to a timer, which queues it again and again; else to its queue.
    pub(crate) is_timers: bool,
    /// The thread whose queue it is in.
    pub(crate) queued_for: Option<u32>,
}

impl Linked for Apc {
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

/// Why a call was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueError {
    /// No memory to note it.
    OutOfMemory,
    /// The thread has ended, or is about to.
    Ending,
}

impl From<OutOfMemory> for QueueError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl<P> Dispatcher<P> {
    /// Queues a call for a thread; an alertable wait of it ends. One that
    /// `is_special` is made at the thread's next return to user mode anyway.
    pub fn queue_apc(
        &mut self,
        thread: ThreadKey,
        call: ApcCall,
        is_special: bool,
    ) -> Result<(), QueueError> {
        let index = self.threads.find(thread.0).ok_or(QueueError::Ending)?;
        if self.threads.at(index).is_ending {
            return Err(QueueError::Ending);
        }
        let apc = self.add_apc(call, false)?;
        self.enqueue(index, apc);
        self.threads.at_mut(index).apc_is_due |= is_special;
        Ok(())
    }

    pub(crate) fn add_apc(&mut self, call: ApcCall, is_timers: bool) -> Result<u32, OutOfMemory> {
        let apc = Apc {
            links: Links::default(),
            call,
            is_timers,
            queued_for: None,
        };
        Ok(self.apcs.insert(apc)?.index)
    }

    /// Queues a call unless it is queued already.
    pub(crate) fn enqueue(&mut self, thread: u32, apc: u32) {
        let queued_for = &mut self.apcs.at_mut(apc).queued_for;
        if queued_for.is_some() {
            return;
        }
        *queued_for = Some(thread);
        let entry = self.threads.at_mut(thread);
        entry.apcs.push_back(&mut self.apcs, apc);
        if entry.state == State::Waiting && entry.wait.is_alertable {
            entry.apc_is_due = true;
            self.end_wait(thread, Waited::UserApc, 0);
        }
    }

    /// Takes a call out of the queue it is in, if any.
    pub(crate) fn dequeue(&mut self, apc: u32) -> bool {
        let Some(thread) = self.apcs.at_mut(apc).queued_for.take() else {
            return false;
        };
        let queue = &mut self.threads.at_mut(thread).apcs;
        queue.remove(&mut self.apcs, apc);
        true
    }

    /// The next call a thread has to make.
    pub(crate) fn take_apc(&mut self, thread: u32) -> Option<ApcCall> {
        let apc = self.threads.at(thread).apcs.first?;
        self.dequeue(apc);
        let entry = self.apcs.at(apc);
        let (call, is_timers) = (entry.call, entry.is_timers);
        if !is_timers {
            self.apcs.remove(apc);
        }
        Some(call)
    }

    /// Empties the queue of a thread that has ended.
    pub(crate) fn drop_apcs(&mut self, thread: u32) {
        while self.take_apc(thread).is_some() {}
    }
}
