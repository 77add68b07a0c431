//! The end of sockets and connections, and of what was asked of them.

use crate::network::{Ended, Key, Network, Outcomes, Request};
use crate::options::Setting;
use crate::socket::State;
use crate::{SocketStatus, event};

impl Network {
    /// Closes a socket.
    pub fn close(&mut self, key: Key, out: &mut dyn Outcomes) {
        self.flush(key, out);
        self.end_requests(key, true, out);
        self.leave_listener(key, out);
        while let Some(accepted) = self
            .get_mut(key)
            .and_then(|socket| socket.backlog.pop_front())
        {
            self.remove(accepted, true, out);
        }
        let is_rude = self.get(key).is_some_and(|socket| {
            let linger = socket.settings.get(Setting::Linger);
            let lingers_not = linger & 0xFFFF != 0 && linger >> 16 == 0;
            !socket.incoming.is_empty() || lingers_not
        });
        self.remove(key, is_rude, out);
    }

    /// What waits for room goes on its way without it.
    fn flush(&mut self, key: Key, out: &mut dyn Outcomes) {
        while let Some(socket) = self.get_mut(key)
            && let Some(other) = socket.other
            && let Some(write) = socket.writes.pop_front()
        {
            let bytes = write.data.len();
            let status = match self.get_mut(other).map(|end| end.incoming.reserve()) {
                Some(Ok(())) => SocketStatus::Success,
                _ => SocketStatus::Cancelled,
            };
            if status == SocketStatus::Success {
                self.deliver(other, write.data, out);
            }
            let ended = Ended {
                bytes,
                ..Ended::of(status)
            };
            out.complete(write.request, ended);
        }
    }

    /// It is no longer what a connection is to become, or waits to be accepted.
    fn leave_listener(&mut self, key: Key, out: &mut dyn Outcomes) {
        let Some(listener) = self.get(key).and_then(|socket| socket.listener) else {
            return;
        };
        while let Some(socket) = self.get_mut(listener)
            && let Some(place) = socket
                .accepts
                .iter()
                .position(|accept| accept.into.is_some_and(|(into, _)| into == key))
            && let Some(accept) = socket.accepts.remove(place)
        {
            out.complete(accept.request, Ended::of(SocketStatus::Cancelled));
        }
    }

    /// Takes it away, and tells the other end.
    fn remove(&mut self, key: Key, is_rude: bool, out: &mut dyn Outcomes) {
        let place = usize::try_from(key.0).unwrap_or(usize::MAX);
        let Some(socket) = self.sockets.get_mut(place).and_then(Option::take) else {
            return;
        };
        self.held = self.held.saturating_sub(socket.held());
        if socket.polls != 0 {
            self.notify(key, out);
        }
        if let Some(other) = socket.other {
            if let Some(end) = self.get_mut(other) {
                end.other = None;
                end.is_ended = true;
            }
            match is_rude {
                true => self.reset(other, out),
                false => {
                    self.end_writes(other, out);
                    self.settle(other, out);
                }
            }
        }
    }

    /// Those that wait for room wait in vain.
    fn end_writes(&mut self, key: Key, out: &mut dyn Outcomes) {
        while let Some(write) = self.get_mut(key).and_then(|end| end.writes.pop_front()) {
            out.complete(write.request, Ended::of(SocketStatus::ConnectionReset));
        }
    }

    /// The other end is gone, and what was on its way with it.
    pub(crate) fn reset(&mut self, key: Key, out: &mut dyn Outcomes) {
        let Some(socket) = self.get_mut(key) else {
            return;
        };
        let before = socket.held();
        socket.is_reset = true;
        socket.other = None;
        socket.incoming.clear();
        let after = socket.held();
        self.held = self.held.saturating_sub(before.saturating_sub(after));
        self.end_writes(key, out);
        self.post(key, event::RESET, out);
        self.settle(key, out);
    }

    /// Ends what was asked of a socket and is meant.
    pub(crate) fn end_requests(
        &mut self,
        key: Key,
        are_all: bool,
        out: &mut dyn Outcomes,
    ) -> usize {
        let status = SocketStatus::Cancelled;
        let is_meant = |request: Request, out: &dyn Outcomes| are_all || out.is_meant(request);
        let mut count = 0_usize;
        let mut end = |request: Request, out: &mut dyn Outcomes| {
            count = count.saturating_add(1);
            out.complete(request, Ended::of(status));
        };
        // The first bytes of connections that it has accepted are read elsewhere.
        for place in 0..self.sockets.len() {
            let Some(Some(socket)) = self.sockets.get_mut(place) else {
                continue;
            };
            let is_this = u32::try_from(place) == Ok(key.0);
            while let Some(at) = socket.reads.iter().position(|read| {
                let is_of = match read.listener {
                    Some(listener) => listener == key,
                    None => is_this,
                };
                is_of && is_meant(read.request, out)
            }) && let Some(read) = socket.reads.remove(at)
            {
                end(read.request, out);
            }
        }
        while let Some(socket) = self.get_mut(key)
            && let Some(at) = socket
                .writes
                .iter()
                .position(|write| is_meant(write.request, out))
            && let Some(write) = socket.writes.remove(at)
        {
            end(write.request, out);
        }
        while let Some(socket) = self.get_mut(key)
            && let Some(at) = socket
                .accepts
                .iter()
                .position(|accept| is_meant(accept.request, out))
            && let Some(accept) = socket.accepts.remove(at)
        {
            if let Some(into) = accept.into.and_then(|(into, _)| self.get_mut(into)) {
                into.listener = None;
            }
            end(accept.request, out);
        }
        while let Some(at) = self
            .polls
            .iter()
            .position(|poll| poll.base == key && is_meant(poll.request, out))
        {
            count = count.saturating_add(1);
            self.end_poll(at, Some(status), out);
        }
        count
    }

    /// Whether nothing is left of any: for tests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sockets.iter().all(Option::is_none) && self.polls.is_empty() && self.held == 0
    }

    /// Whether it is nothing yet.
    #[must_use]
    pub fn is_fresh(&self, key: Key) -> bool {
        self.get(key)
            .is_none_or(|socket| socket.state == State::Fresh)
    }
}
