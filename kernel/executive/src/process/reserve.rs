//! Room for calls that threads are to make, got before it is needed.

use hal::Ref;
use sched::{ApcCall, ReservedApc};

use super::Thread;
use crate::object::{Header, ObjectKind};
use crate::{Error, scheduler};

/// Room for one call at a time.
pub struct ApcReserve {
    header: Header,
    /// It goes with this.
    room: Option<ReservedApc>,
}

impl ApcReserve {
    /// Gets it.
    pub fn new() -> Result<Ref<Self>, Error> {
        let room = hal::Room::try_new()?;
        let reserved = scheduler::with_held(sched::Dispatcher::reserve_apc)?;
        Ok(room.fill(Self {
            header: Header::new(ObjectKind::UserApcReserve),
            room: Some(reserved),
        }))
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Queues a call for a thread.
    pub fn queue(&self, thread: &Thread, call: ApcCall) -> Result<(), Error> {
        let Some(room) = &self.room else {
            unreachable!("it is there until the end");
        };
        scheduler::with(|dispatcher| dispatcher.queue_reserved(thread.key(), room, call))?;
        Ok(())
    }
}

impl Drop for ApcReserve {
    fn drop(&mut self) {
        if let Some(room) = self.room.take() {
            scheduler::with_held(|dispatcher| dispatcher.give_up_reserved(room));
        }
    }
}
