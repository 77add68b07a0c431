//! Who wants to know what has happened: polls, and events.

use alloc::vec::Vec;

use crate::network::{Brought, Ended, Key, Network, Outcomes, Request, Started};
use crate::{SocketStatus, event};

/// A socket in a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which; who polls knows it by another number.
    pub key: Key,
    /// That number.
    pub handle: u64,
    /// What is to happen.
    pub mask: u32,
    /// What has.
    pub ready: u32,
    /// Why it could not be connected, if that has.
    pub status: SocketStatus,
}

/// Who waits for any of the sockets.
#[derive(Debug)]
pub(crate) struct Poll {
    pub(crate) request: Request,
    /// What it was asked of.
    pub(crate) base: Key,
    pub(crate) entries: Vec<Entry>,
    /// Whether there is only one such poll of each socket.
    pub(crate) is_exclusive: bool,
}

/// What has happened to a socket since somebody asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Bits of events.
    pub events: u32,
    /// Why it could not be connected.
    pub connect_error: SocketStatus,
}

impl Network {
    /// Says what of the sockets is ready, or waits until something is. `request` is for
    /// those that wait; one without says what there is.
    pub fn poll(
        &mut self,
        base: Key,
        mut entries: Vec<Entry>,
        is_exclusive: bool,
        request: Option<Request>,
        out: &mut dyn Outcomes,
    ) -> Started {
        if is_exclusive {
            self.end_exclusive(&entries, out);
        }
        self.look(&mut entries);
        if request.is_none() || entries.iter().any(|entry| entry.ready != 0) {
            return Started::Done(ready_of(entries), request);
        }
        let Some(request) = request else {
            return Started::Waits;
        };
        if self.polls.try_reserve(1).is_err() {
            return Started::failed(SocketStatus::InsufficientResources, Some(request));
        }
        for entry in &entries {
            if let Some(socket) = self.get_mut(entry.key) {
                socket.polls = socket.polls.saturating_add(1);
            }
        }
        self.polls.push(Poll {
            request,
            base,
            entries,
            is_exclusive,
        });
        Started::Queued
    }

    fn look(&self, entries: &mut [Entry]) {
        for entry in entries {
            entry.ready = self.ready(entry.key) & (entry.mask | event::CLOSE);
            entry.status = match self.get(entry.key) {
                Some(socket) if entry.ready & event::CONNECT_ERROR != 0 => socket.connect_error,
                _ => SocketStatus::Success,
            };
        }
    }

    /// Ends those that want to be the only ones, and are no more.
    fn end_exclusive(&mut self, entries: &[Entry], out: &mut dyn Outcomes) {
        let is_shared = |poll: &Poll| {
            poll.is_exclusive
                && poll
                    .entries
                    .iter()
                    .any(|one| entries.iter().any(|another| one.key == another.key))
        };
        while let Some(place) = self.polls.iter().position(is_shared) {
            self.end_poll(place, None, out);
        }
    }

    /// Ends a poll with what is ready, or with a status.
    pub(crate) fn end_poll(
        &mut self,
        place: usize,
        status: Option<SocketStatus>,
        out: &mut dyn Outcomes,
    ) {
        if place >= self.polls.len() {
            return;
        }
        // Those that stay keep their order.
        let mut poll = self.polls.remove(place);
        for entry in &poll.entries {
            if let Some(socket) = self.get_mut(entry.key) {
                socket.polls = socket.polls.saturating_sub(1);
            }
        }
        let ended = match status {
            Some(status) => Ended::of(status),
            None => {
                self.look(&mut poll.entries);
                ready_of(poll.entries)
            }
        };
        out.complete(poll.request, ended);
    }

    /// Something may have happened to a socket: tells who wants to know.
    pub(crate) fn notify(&mut self, key: Key, out: &mut dyn Outcomes) {
        let ready = self.ready(key);
        if let Some(socket) = self.get(key) {
            let (mask, polls) = (socket.mask, socket.polls);
            if mask != 0 {
                // That a connection was made is told when it is, once.
                self.post(key, ready & mask & !event::CONNECT, out);
            }
            if polls == 0 {
                return;
            }
        }
        let is_meant = |poll: &Poll| {
            poll.entries
                .iter()
                .any(|entry| entry.key == key && ready & (entry.mask | event::CLOSE) != 0)
        };
        while let Some(place) = self.polls.iter().position(is_meant) {
            self.end_poll(place, None, out);
        }
    }

    /// Events have happened, which are told once until they can happen again.
    pub(crate) fn post(&mut self, key: Key, events: u32, out: &mut dyn Outcomes) {
        let Some(socket) = self.get_mut(key) else {
            return;
        };
        let new = events & !socket.reported;
        socket.pending |= new;
        socket.reported |= new;
        if new & socket.mask != 0 {
            out.signal(key);
        }
    }

    /// Has somebody told when something of the mask happens. Its socket waits for
    /// nothing any more.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`].
    pub fn select(
        &mut self,
        key: Key,
        mask: u32,
        out: &mut dyn Outcomes,
    ) -> Result<(), SocketStatus> {
        let socket = self.socket_mut(key)?;
        socket.mask = mask;
        socket.does_not_wait = true;
        if socket.pending & mask != 0 {
            out.signal(key);
        }
        self.notify(key, out);
        Ok(())
    }

    /// What somebody is told of.
    #[must_use]
    pub fn mask(&self, key: Key) -> u32 {
        self.get(key).map_or(0, |socket| socket.mask)
    }

    /// What has happened of what was chosen, and was not told before.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`].
    pub fn take_events(&mut self, key: Key) -> Result<Happened, SocketStatus> {
        let socket = self.socket_mut(key)?;
        let events = socket.pending & socket.mask;
        socket.pending &= !socket.mask;
        Ok(Happened {
            events,
            connect_error: socket.connect_error,
        })
    }

    /// Cancels what was asked of a socket, and is meant; how much that was.
    pub fn cancel(&mut self, key: Key, out: &mut dyn Outcomes) -> usize {
        self.end_requests(key, false, out)
    }
}

fn ready_of(mut entries: Vec<Entry>) -> Ended {
    entries.retain(|entry| entry.ready != 0);
    Ended {
        brought: Brought::Ready(entries),
        ..Ended::default()
    }
}
