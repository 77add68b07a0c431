//! The requests that wait in sockets, and what becomes of them.

use alloc::vec::Vec;

use hal::Ref;
use sockets::{Brought, Ended, Key, Outcomes, Request, SocketStatus};

use super::{Shape, give_connection};
use crate::dispatch::Signalled;
use crate::io::irp::{Answers, Irp};
use crate::{Error, scheduler};

/// A request that waits.
pub(super) struct Waiter {
    pub(super) irp: Ref<Irp>,
    pub(super) shape: Shape,
    pub(super) access: u32,
    /// Whether it is being cancelled.
    pub(super) is_meant: bool,
}

pub(super) struct Kept {
    /// The requests that wait, each in the place that the network knows it by.
    pub(super) waiters: Vec<Option<Waiter>>,
    /// What is signalled when something happens to a socket.
    pub(super) events: Vec<(Key, Ref<Signalled>)>,
}

/// What becomes of requests while the lock is held.
pub(super) struct Results<'a> {
    pub(super) kept: &'a mut Kept,
    pub(super) over: Over,
}

/// Those that are over.
#[derive(Default)]
pub(super) struct Over {
    pub(super) answers: Answers,
    /// A connection that is to get a file. Nothing makes more than one.
    pub(super) connection: Option<(Waiter, Key)>,
}

impl Outcomes for Results<'_> {
    fn complete(&mut self, request: Request, ended: Ended) {
        let Some(waiter) = self.kept.take(request) else {
            return;
        };
        match ended.brought {
            Brought::Connection(key) if self.over.connection.is_none() => {
                self.over.connection = Some((waiter, key));
            }
            _ => {
                let answer = (waiter.shape.make)(ended, waiter.shape.numbers);
                self.over.answers.push(waiter.irp, answer);
            }
        }
    }

    fn signal(&mut self, key: Key) {
        if let Some((_, event)) = self.kept.events.iter().find(|(of, _)| *of == key) {
            scheduler::with_held(|dispatcher| dispatcher.set(event.key()));
        }
    }

    fn is_meant(&self, request: Request) -> bool {
        let waiter = self.kept.waiters.get(place_of(request));
        waiter.is_some_and(|waiter| waiter.as_ref().is_some_and(|waiter| waiter.is_meant))
    }
}

pub(super) fn place_of(request: Request) -> usize {
    usize::try_from(request.0).unwrap_or(usize::MAX)
}

impl Kept {
    pub(super) fn put(&mut self, waiter: Waiter) -> Result<Request, Error> {
        let place = match self.waiters.iter().position(Option::is_none) {
            Some(place) => place,
            None => {
                self.waiters.try_reserve(1)?;
                self.waiters.push(None);
                self.waiters.len().saturating_sub(1)
            }
        };
        let request = u32::try_from(place).map_err(|_| Error::OutOfMemory)?;
        if let Some(free) = self.waiters.get_mut(place) {
            *free = Some(waiter);
        }
        Ok(Request(request))
    }

    pub(super) fn take(&mut self, request: Request) -> Option<Waiter> {
        self.waiters.get_mut(place_of(request))?.take()
    }

    pub(super) fn event(&self, key: Key) -> Option<Ref<Signalled>> {
        let found = self.events.iter().find(|(of, _)| *of == key);
        found.map(|(_, event)| event.clone())
    }

    /// Has that signalled from now on; what was before is to be let go of outside the
    /// lock.
    pub(super) fn set_event(
        &mut self,
        key: Key,
        event: Option<Ref<Signalled>>,
    ) -> Result<Option<Ref<Signalled>>, Error> {
        let place = self.events.iter().position(|(of, _)| *of == key);
        match (place, event) {
            (Some(place), None) => Ok(Some(self.events.swap_remove(place).1)),
            (None, None) => Ok(None),
            (Some(place), Some(event)) => {
                let there = self.events.get_mut(place);
                Ok(there.map(|(_, there)| core::mem::replace(there, event)))
            }
            (None, Some(event)) => {
                if self.events.try_reserve(1).is_err() {
                    return Err(SocketStatus::InsufficientResources.into());
                }
                self.events.push((key, event));
                Ok(None)
            }
        }
    }
}

impl Over {
    /// Answers the requests. Under no lock.
    pub(super) fn give(self) {
        self.answers.give();
        if let Some((waiter, key)) = self.connection {
            give_connection(&waiter, key);
        }
    }
}
