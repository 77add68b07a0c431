//! Completion ports: queues of what has become of requests.

use core::sync::atomic::{AtomicBool, Ordering};

use alloc::collections::VecDeque;
use hal::Ref;
use hal::lock::Lock;
use sched::{Deadline, ObjectKey, Signal, WaitFor, Waited};

use super::quota::IoQuota;
use crate::object::{Header, ObjectKind};
use crate::scheduler::{self, Waitable};
use crate::{Error, rank};

/// As many as a port can hold.
const MOST_PACKETS: u32 = i32::MAX.unsigned_abs();
/// What a packet takes, in a queue that doubles when it grows.
const CHARGED_BYTES: usize = 2 * size_of::<Packet>();

/// A completion port.
pub struct IoCompletion {
    header: Header,
    /// Counts the packets that nobody is about to take.
    count: Waitable,
    /// Signalled while there are packets: for those who wait for the port itself.
    is_filled: Waitable,
    is_abandoned: AtomicBool,
    packets: Lock<rank::Packets, Queue>,
    quota: Ref<IoQuota>,
}

struct Queue {
    packets: VecDeque<Packet>,
    /// How many more there is to be room for.
    promised: usize,
    /// The most that there ever were, promised ones included: there is room for
    /// them, which is charged.
    most: usize,
}

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The key of what was asked.
    pub key: u64,
    /// What the asker said.
    pub value: u64,
    /// The status.
    pub status: u32,
    /// How much, mostly.
    pub information: u64,
}

/// Room for a packet.
pub(crate) struct Promised(Ref<IoCompletion>);

/// What taking a packet came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A packet.
    Packet(Packet),
    /// Nothing came before the wait ended.
    Nothing(Waited),
    /// The last handle of the port was closed.
    Abandoned,
}

impl IoCompletion {
    /// An empty one.
    pub fn new() -> Result<Ref<Self>, Error> {
        let empty = Signal::Semaphore {
            count: 0,
            limit: MOST_PACKETS,
        };
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::IoCompletion),
            count: Waitable::new(empty)?,
            is_filled: Waitable::new(Signal::Notification { is_set: false })?,
            is_abandoned: AtomicBool::new(false),
            packets: Lock::new(Queue {
                packets: VecDeque::new(),
                promised: 0,
                most: 0,
            }),
            quota: IoQuota::current()?,
        })?)
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn signal(&self) -> &ObjectKey {
        self.is_filled.key()
    }

    /// How many packets there are.
    pub fn packet_count(&self) -> usize {
        self.packets.lock().packets.len()
    }

    /// Puts a packet into a port.
    pub fn put(this: &Ref<Self>, packet: Packet) -> Result<(), Error> {
        Self::promise(this)?.keep(packet);
        Ok(())
    }

    pub(crate) fn promise(this: &Ref<Self>) -> Result<Promised, Error> {
        let mut queue = this.packets.lock();
        let promised = queue.promised.saturating_add(1);
        let there = queue.packets.len().saturating_add(promised);
        let more = there.saturating_sub(queue.most);
        if more != 0 {
            let bytes = more.saturating_mul(CHARGED_BYTES);
            this.quota.charge(bytes)?;
            if let Err(error) = queue.packets.try_reserve(promised) {
                this.quota.give_back(bytes);
                return Err(error.into());
            }
            queue.most = there;
        }
        queue.promised = promised;
        drop(queue);
        Ok(Promised(this.clone()))
    }

    /// Takes the oldest packet, and waits for one.
    pub fn take(&self, is_alertable: bool, deadline: Deadline) -> Result<Taken, Error> {
        let key = self.count.key();
        let waited = scheduler::wait(|dispatcher| -> Result<_, Error> {
            Ok(dispatcher.wait(&[key], WaitFor::Any, is_alertable, deadline)?)
        })?;
        if waited != Waited::Satisfied(0) {
            return Ok(Taken::Nothing(waited));
        }
        let mut queue = self.packets.lock();
        let packet = queue.packets.pop_front();
        if queue.packets.is_empty() {
            scheduler::with_held(|dispatcher| dispatcher.reset(self.is_filled.key()));
        }
        drop(queue);
        Ok(packet.map_or(Taken::Abandoned, Taken::Packet))
    }

    /// The last handle is closed: nobody is to wait for it any longer.
    pub(crate) fn last_handle_closed(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
        let queue = self.packets.lock();
        let more = usize::try_from(MOST_PACKETS).unwrap_or(usize::MAX);
        let more = more.saturating_sub(queue.packets.len());
        drop(queue);
        scheduler::with(|dispatcher| {
            let more = u32::try_from(more).unwrap_or(0);
            dispatcher.release_semaphore(self.count.key(), more)
        })
        // What it counts now is beyond every number of waiters.
        .unwrap_or_default();
    }
}

impl Promised {
    /// Puts the packet where there is room for it.
    pub(crate) fn keep(self, packet: Packet) {
        let port = &self.0;
        if port.is_abandoned.load(Ordering::Relaxed) {
            return;
        }
        let mut queue = port.packets.lock();
        queue.packets.push_back(packet);
        if queue.packets.len() == 1 {
            scheduler::with_held(|dispatcher| dispatcher.set(port.is_filled.key()));
        }
        drop(queue);
        // Memory for more packets than it can count does not exist.
        let _ = scheduler::with(|dispatcher| dispatcher.release_semaphore(port.count.key(), 1));
    }
}

impl Drop for IoCompletion {
    fn drop(&mut self) {
        let most = self.packets.lock().most;
        self.quota.give_back(most.saturating_mul(CHARGED_BYTES));
    }
}

impl Drop for Promised {
    fn drop(&mut self) {
        let mut queue = self.0.packets.lock();
        queue.promised = queue.promised.saturating_sub(1);
    }
}
