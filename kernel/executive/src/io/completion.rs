//! Completion ports: queues of what has become of requests.

mod queue;

use core::sync::atomic::{AtomicBool, Ordering};

use hal::Ref;
use hal::lock::{Guard, Lock};
use sched::{Deadline, ObjectKey, Signal, WaitFor, Waited};

use super::quota::IoQuota;
use crate::object::{Header, ObjectKind};
use crate::scheduler::{self, Waitable};
use crate::{Error, rank};
use queue::{Queue, Slot};

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

/// Room for one packet at a time, in whichever port.
pub struct PacketReserve {
    header: Header,
    slot: Lock<rank::PacketReserve, Slot>,
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
            packets: Lock::new(Queue::default()),
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
        self.packets.lock().len()
    }

    /// Puts a packet into a port.
    pub fn put(this: &Ref<Self>, packet: Packet) -> Result<(), Error> {
        Self::promise(this)?.keep(packet);
        Ok(())
    }

    /// The same with a packet that needs no memory but that of the reserve.
    pub fn put_reserved(&self, reserve: &Ref<PacketReserve>, packet: Packet) -> Result<(), Error> {
        if self.is_abandoned.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut queue = self.packets.lock();
        match queue.push_reserved(reserve, packet) {
            true => {
                self.pushed(queue);
                Ok(())
            }
            false => Err(Error::ReserveInUse),
        }
    }

    /// There is one packet more.
    fn pushed(&self, queue: Guard<'_, rank::Packets, Queue>) {
        if queue.len() == 1 {
            scheduler::with_held(|dispatcher| dispatcher.set(self.is_filled.key()));
        }
        drop(queue);
        // Memory for more packets than it can count does not exist.
        let _ = scheduler::with(|dispatcher| dispatcher.release_semaphore(self.count.key(), 1));
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
        let popped = queue.pop();
        if queue.len() == 0 {
            scheduler::with_held(|dispatcher| dispatcher.reset(self.is_filled.key()));
        }
        drop(queue);
        Ok(popped.map_or(Taken::Abandoned, |(packet, _)| Taken::Packet(packet)))
    }

    /// The last handle is closed: nobody is to wait for it any longer.
    pub(crate) fn last_handle_closed(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
        let queue = self.packets.lock();
        let more = usize::try_from(MOST_PACKETS).unwrap_or(usize::MAX);
        let more = more.saturating_sub(queue.len());
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
        port.pushed(queue);
    }
}

impl PacketReserve {
    /// Gets it.
    pub fn new() -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::IoCompletionReserve),
            slot: Lock::new(Slot::default()),
        })?)
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }
}

impl Drop for IoCompletion {
    fn drop(&mut self) {
        let most = self.packets.lock().most;
        // One by one, or each would let go of the next, deeper and deeper.
        while let Some(reserve) = self.next_reserved() {
            drop(reserve);
        }
        self.quota.give_back(most.saturating_mul(CHARGED_BYTES));
    }
}

impl IoCompletion {
    fn next_reserved(&self) -> Option<Ref<PacketReserve>> {
        let (_, reserve) = self.packets.lock().pop_reserved()?;
        Some(reserve)
    }
}

impl Drop for Promised {
    fn drop(&mut self) {
        let mut queue = self.0.packets.lock();
        queue.promised = queue.promised.saturating_sub(1);
    }
}
