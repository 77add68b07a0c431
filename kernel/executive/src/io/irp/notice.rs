//! Telling who asked: what that needs is there before anything is done.

use core::cell::Cell;

use sched::{ApcCall, PreparedApc};

use super::super::completion::Promised;
use super::super::file::Quiet;
use super::{Answer, Source};
use crate::Error;
use crate::dispatch::Signalled;
use crate::process::Thread;
use crate::scheduler;

/// What telling a thread and a completion port needs: nothing may be missing once
/// something was done. Telling takes it out.
pub struct Notice {
    apc: Cell<Option<PreparedApc>>,
    packet: Cell<Option<Prepared>>,
}

/// A packet that is to come, all but what it tells.
struct Prepared {
    promised: Promised,
    key: u64,
    value: u64,
}

impl Notice {
    /// Nothing more.
    #[inline]
    pub const fn none() -> Self {
        Self {
            apc: Cell::new(None),
            packet: Cell::new(None),
        }
    }

    /// Gets what is needed to have a thread make a call.
    pub fn of_call(thread: &Thread, apc: ApcCall) -> Result<Self, Error> {
        let prepared =
            scheduler::with_held(|dispatcher| dispatcher.prepare_apc(thread.key(), apc))?;
        let notice = Self::none();
        notice.apc.set(Some(prepared));
        Ok(notice)
    }

    /// Gets what is needed to tell the source's completion port, if it has one, a
    /// value beside its key.
    pub fn of_packet(source: Source<'_>, value: u64) -> Result<Self, Error> {
        let notice = Self::none();
        if let Some(port) = source.port() {
            notice.packet.set(Some(Prepared {
                promised: port.promise()?,
                key: port.key,
                value,
            }));
        }
        Ok(notice)
    }

    /// All of it, for somebody else to tell with.
    pub(super) fn take(&self) -> Self {
        Self {
            apc: Cell::new(self.apc.take()),
            packet: Cell::new(self.packet.take()),
        }
    }

    /// Takes all of another one.
    pub(super) fn put_back(&self, other: &Self) {
        self.apc.set(other.apc.take());
        self.packet.set(other.packet.take());
    }

    /// Tells of an end: of one that came while the asker had nothing else to do, if
    /// it `is_at_once`. The result block was written.
    #[inline(always)]
    pub(super) fn tell(
        &self,
        source: Source<'_>,
        event: Option<&Signalled>,
        answer: &Answer,
        is_at_once: bool,
    ) {
        let is_quiet = |quiet| is_at_once && source.has(quiet);
        match event {
            Some(_) if is_quiet(Quiet::EVENT) => {}
            Some(event) => {
                event.set();
            }
            None => source.set_over(true),
        }
        if let Some(apc) = self.apc.take() {
            scheduler::with(|dispatcher| dispatcher.queue_prepared(apc));
        }
        if let Some(Prepared {
            promised,
            key,
            value,
        }) = self.packet.take()
            && !is_quiet(Quiet::PORT)
        {
            promised.keep(answer.packet(key, value));
        }
    }
}

impl Drop for Notice {
    #[inline]
    fn drop(&mut self) {
        if let Some(apc) = self.apc.take() {
            scheduler::with_held(|dispatcher| dispatcher.give_up_apc(apc));
        }
    }
}
