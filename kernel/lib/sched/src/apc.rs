//! Asynchronous procedure calls: functions of a program that a thread of it is
//! to call when it next waits alertably.

use crate::list::{Linked, Links};
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
    pub(crate) owner: Owner,
    /// Is made at any return to user mode.
    is_special: bool,
    /// Is to be queued without fail.
    pub(crate) is_prepared: bool,
    /// The thread whose queue it is in.
    pub(crate) queued_for: Option<u32>,
}

/// Whose a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Its queue's: it goes when it is made.
    Queue,
    /// A timer's, which queues it again and again.
    Timer,
    /// The same of a reserve.
    Reserve,
}

impl Apc {
    fn new(call: ApcCall) -> Self {
        Self {
            links: Links::NONE,
            call,
            owner: Owner::Queue,
            is_special: false,
            is_prepared: false,
            queued_for: None,
        }
    }
}

impl Linked for Apc {
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

/// A call that has its place already: queueing it cannot fail. It must be queued or
/// given up.
#[derive(Debug)]
pub struct PreparedApc {
    thread: ThreadKey,
    apc: u32,
}

/// Room for one call at a time, whichever thread is to make it. It must be given up.
#[derive(Debug)]
pub struct ReservedApc {
    apc: u32,
}

/// Why a call was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueError {
    /// No memory to note it.
    OutOfMemory,
    /// The thread has ended, or is about to.
    Ending,
    /// The last call that was queued in this room was not made yet.
    InUse,
}

impl From<OutOfMemory> for QueueError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl<P> Dispatcher<P> {
    /// Queues a call for a thread; an alertable wait of it ends. One that
    /// `is_special` is made at the thread's next return to user mode, before
    /// others and whether it waits alertably or not; no other wait ends.
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
        let apc = self.apcs.insert(Apc {
            is_special,
            ..Apc::new(call)
        })?;
        self.enqueue(index, apc.index);
        Ok(())
    }

    /// Gets what queueing a call for a thread needs.
    pub fn prepare_apc(
        &mut self,
        thread: ThreadKey,
        call: ApcCall,
    ) -> Result<PreparedApc, OutOfMemory> {
        let apc = self.apcs.insert(Apc {
            is_prepared: true,
            ..Apc::new(call)
        })?;
        let apc = apc.index;
        Ok(PreparedApc { thread, apc })
    }

    /// Queues such a call. A thread that has ended meanwhile does not make it.
    pub fn queue_prepared(&mut self, prepared: PreparedApc) {
        let thread = self.threads.find(prepared.thread.0);
        match thread.filter(|&index| !self.threads.at(index).is_ending) {
            Some(index) => self.enqueue(index, prepared.apc),
            None => self.give_up_apc(prepared),
        }
    }

    /// Gives such a call up.
    pub fn give_up_apc(&mut self, prepared: PreparedApc) {
        self.apcs.remove(prepared.apc);
    }

    /// Gets room for a call.
    pub fn reserve_apc(&mut self) -> Result<ReservedApc, OutOfMemory> {
        let none = ApcCall {
            routine: 0,
            arguments: [0; 3],
        };
        let apc = self.apcs.insert(Apc {
            owner: Owner::Reserve,
            ..Apc::new(none)
        })?;
        Ok(ReservedApc { apc: apc.index })
    }

    /// Queues a call in such room, which takes no memory.
    pub fn queue_reserved(
        &mut self,
        thread: ThreadKey,
        reserved: &ReservedApc,
        call: ApcCall,
    ) -> Result<(), QueueError> {
        let index = self.threads.find(thread.0).ok_or(QueueError::Ending)?;
        if self.threads.at(index).is_ending {
            return Err(QueueError::Ending);
        }
        let apc = self.apcs.at_mut(reserved.apc);
        if apc.queued_for.is_some() {
            return Err(QueueError::InUse);
        }
        apc.call = call;
        self.enqueue(index, reserved.apc);
        Ok(())
    }

    /// Gives such room up. A call that is queued in it is made all the same.
    pub fn give_up_reserved(&mut self, reserved: ReservedApc) {
        let apc = self.apcs.at_mut(reserved.apc);
        match apc.queued_for {
            Some(_) => apc.owner = Owner::Queue,
            None => {
                self.apcs.remove(reserved.apc);
            }
        }
    }

    pub(crate) fn add_timers_apc(&mut self, call: ApcCall) -> Result<u32, OutOfMemory> {
        let apc = self.apcs.insert(Apc {
            owner: Owner::Timer,
            ..Apc::new(call)
        })?;
        Ok(apc.index)
    }

    /// Queues a call unless it is queued already.
    pub(crate) fn enqueue(&mut self, thread: u32, apc: u32) {
        let queued = self.apcs.at_mut(apc);
        if queued.queued_for.is_some() {
            return;
        }
        queued.queued_for = Some(thread);
        queued.is_prepared = false;
        let is_special = queued.is_special;
        let entry = self.threads.at_mut(thread);
        let queue = entry.apc_queue(is_special);
        queue.push_back(&mut self.apcs, apc);
        if entry.waits_alertably() {
            entry.apc_is_due |= !is_special;
            self.end_wait(thread, Waited::UserApc, 0);
        }
    }

    /// Takes a call out of the queue it is in, if any.
    pub(crate) fn dequeue(&mut self, apc: u32) {
        let queued = self.apcs.at_mut(apc);
        let is_special = queued.is_special;
        let Some(thread) = queued.queued_for.take() else {
            return;
        };
        let queue = self.threads.at_mut(thread).apc_queue(is_special);
        queue.remove(&mut self.apcs, apc);
    }

    /// The call a thread has to make now.
    pub(crate) fn due_apc(&mut self, thread: u32) -> Option<ApcCall> {
        let entry = self.threads.at_mut(thread);
        let next = match entry.special_apcs.first() {
            Some(special) => special,
            None if core::mem::take(&mut entry.apc_is_due) => entry.apcs.first()?,
            None => return None,
        };
        Some(self.take_apc(next))
    }

    fn take_apc(&mut self, apc: u32) -> ApcCall {
        self.dequeue(apc);
        let entry = self.apcs.at(apc);
        let (call, owner) = (entry.call, entry.owner);
        if owner == Owner::Queue {
            self.apcs.remove(apc);
        }
        call
    }

    /// Empties the queues of a thread that has ended.
    pub(crate) fn drop_apcs(&mut self, thread: u32) {
        while let Some(next) = {
            let entry = self.threads.at(thread);
            let special = entry.special_apcs.first();
            special.or(entry.apcs.first())
        } {
            self.take_apc(next);
        }
    }
}
