//! Sending and receiving.

use alloc::vec::Vec;
use core::mem;

use crate::bytes::{reserve, with_capacity};
use crate::network::{Brought, Ended, Key, Network, Outcomes, Request, Started};
use crate::socket::{Datagram, Read, Socket, State, Write};
use crate::{Address, SocketStatus, event};

/// The most bytes of a datagram.
const MOST_DATAGRAM: usize = 65507;
/// What one more datagram takes beside its data, roughly.
const ENTRY_BYTES: usize = 64;

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Receive {
    /// At most so many bytes.
    pub most: usize,
    /// Whether they are there still afterwards.
    pub peeks: bool,
    /// Whether the byte out of band is meant.
    pub is_urgent: bool,
    /// Whether it waits even if the socket does not.
    pub is_forced: bool,
}

/// Where to send.
#[derive(Clone, Copy, Debug, Default)]
pub struct SendTo {
    /// To whom, if not to the other end. Of streams it makes no difference.
    pub to: Option<Address>,
    /// Whether the last byte goes out of band.
    pub is_urgent: bool,
    /// Whether it waits even if the socket does not.
    pub is_forced: bool,
}

impl Receive {
    /// So many bytes at most.
    #[must_use]
    pub const fn of(most: usize) -> Self {
        Self {
            most,
            peeks: false,
            is_urgent: false,
            is_forced: false,
        }
    }
}

impl Network {
    /// Reads; waits for something to read with a request.
    pub fn receive(
        &mut self,
        key: Key,
        what: Receive,
        request: Option<Request>,
        out: &mut dyn Outcomes,
    ) -> Started {
        if let Err(status) = self.check_receive(key, what) {
            return Started::failed(status, request);
        }
        let Some(socket) = self.get_mut(key) else {
            return Started::failed(SocketStatus::InvalidParameter, request);
        };
        let again = match what.is_urgent {
            true => event::OUT_OF_BAND,
            false => event::READ,
        };
        socket.pending &= !again;
        socket.reported &= !again;
        if socket.reads.is_empty()
            && let Some(ended) = self.take(key, what.most, what.peeks, what.is_urgent)
        {
            self.settle(key, out);
            return Started::Done(ended, request);
        }
        let Some(socket) = self.get_mut(key) else {
            return Started::failed(SocketStatus::InvalidParameter, request);
        };
        if socket.does_not_wait && !what.is_forced {
            self.notify(key, out);
            return Started::failed(SocketStatus::WouldBlock, request);
        }
        let Some(request) = request else {
            return Started::Waits;
        };
        match reserve(&mut socket.reads) {
            Ok(()) => {
                socket.reads.push_back(Read {
                    request,
                    most: what.most,
                    peeks: what.peeks,
                    is_urgent: what.is_urgent,
                    listener: None,
                });
                Started::Queued
            }
            Err(status) => Started::failed(status, Some(request)),
        }
    }

    fn check_receive(&self, key: Key, what: Receive) -> Result<(), SocketStatus> {
        let socket = self.socket(key)?;
        match socket.state {
            State::Fresh => Err(SocketStatus::InvalidParameter),
            State::Unconnected | State::Listening => Err(SocketStatus::NotConnected),
            _ if what.is_urgent && (Self::is_datagram(socket) || Self::is_inline(socket)) => {
                Err(SocketStatus::InvalidParameter)
            }
            _ if socket.reads_no_more => Err(SocketStatus::ShutDown),
            _ if socket.is_reset => Err(SocketStatus::ConnectionReset),
            State::Connectionless if socket.local.is_none() => Err(SocketStatus::InvalidParameter),
            State::Connected | State::Connectionless => Ok(()),
        }
    }

    /// What a read brings now; `None`: nothing, so that it waits.
    fn take(&mut self, key: Key, most: usize, peeks: bool, is_urgent: bool) -> Option<Ended> {
        let socket = self.get_mut(key)?;
        let before = socket.held();
        let ended = match socket.state {
            State::Connectionless => socket.take_datagram(most, peeks),
            _ => socket.take_bytes(most, peeks, is_urgent),
        };
        let after = socket.held();
        self.held = self.held.saturating_sub(before.saturating_sub(after));
        ended
    }

    /// Gives those that wait to read what there is, lets those that wait for room send,
    /// and tells when nothing more comes. Nothing here asks for the same of another
    /// socket: how many wait makes no difference to the stack.
    pub(crate) fn settle(&mut self, key: Key, out: &mut dyn Outcomes) {
        while self.serve_read(key, out) || self.serve_write(key, out) || self.end_reached(key) {}
        let sender = self.get(key).and_then(|socket| socket.other);
        self.notify(key, out);
        if let Some(sender) = sender {
            self.notify(sender, out);
        }
    }

    /// Answers the first of those that read; false: it waits.
    fn serve_read(&mut self, key: Key, out: &mut dyn Outcomes) -> bool {
        let Some(socket) = self.get(key) else {
            return false;
        };
        let Some(first) = socket.reads.front() else {
            return false;
        };
        let first_of = first.listener.map(|_| (socket.local, socket.peer));
        let is_over_at_once = first_of.is_some() && first.most == 0;
        let (most, peeks, is_urgent) = (first.most, first.peeks, first.is_urgent);
        let ended = match socket.is_reset {
            true => Some(Ended::of(SocketStatus::ConnectionReset)),
            false if is_over_at_once => Some(Ended::default()),
            false => self.take(key, most, peeks, is_urgent),
        };
        let Some(mut ended) = ended else {
            return false;
        };
        if let Some((Some(local), Some(peer))) = first_of
            && ended.status == SocketStatus::Success
        {
            let data = match mem::take(&mut ended.brought) {
                Brought::Data(data, _) => data,
                _ => Vec::new(),
            };
            ended.brought = Brought::First(data, local, peer);
        }
        let read = self
            .get_mut(key)
            .and_then(|socket| socket.reads.pop_front());
        let Some(read) = read else { return false };
        out.complete(read.request, ended);
        true
    }

    /// Lets the first of those send that wait for room; false: there is none.
    fn serve_write(&mut self, key: Key, out: &mut dyn Outcomes) -> bool {
        if !self.has_room(key) {
            return false;
        }
        let Some(socket) = self.get_mut(key) else {
            return false;
        };
        let (sender, reserved) = (socket.other, socket.incoming.reserve());
        let write = sender
            .filter(|_| reserved.is_ok())
            .and_then(|sender| self.get_mut(sender)?.writes.pop_front());
        let Some(write) = write else { return false };
        let bytes = write.data.len();
        self.held = self.held.saturating_add(bytes);
        if let Some(socket) = self.get_mut(key) {
            socket.incoming.push(write.data);
        }
        let ended = Ended {
            bytes,
            ..Ended::default()
        };
        out.complete(write.request, ended);
        true
    }

    /// Whether just now nothing more comes.
    fn end_reached(&mut self, key: Key) -> bool {
        let sender = self.get(key).and_then(|socket| self.get(socket.other?));
        let is_over = sender.is_some_and(|end| end.writes_no_more && end.writes.is_empty());
        match self.get_mut(key) {
            Some(socket) if is_over && !socket.is_ended => {
                socket.is_ended = true;
                true
            }
            _ => false,
        }
    }

    /// Sends; waits for room with a request. The data are taken out of where they are.
    pub fn send(
        &mut self,
        key: Key,
        data: &mut Vec<u8>,
        how: SendTo,
        request: Option<Request>,
        out: &mut dyn Outcomes,
    ) -> Started {
        match self.try_send(key, data, how, out) {
            Ok(Some(bytes)) => {
                let ended = Ended {
                    bytes,
                    ..Ended::default()
                };
                Started::Done(ended, request)
            }
            Err(status) => Started::failed(status, request),
            Ok(None) => {
                let Some(socket) = self.get_mut(key) else {
                    return Started::failed(SocketStatus::InvalidParameter, request);
                };
                socket.pending &= !event::WRITE;
                socket.reported &= !event::WRITE;
                if socket.does_not_wait && !how.is_forced {
                    return Started::failed(SocketStatus::WouldBlock, request);
                }
                let Some(request) = request else {
                    return Started::Waits;
                };
                match reserve(&mut socket.writes) {
                    Ok(()) => {
                        let data = mem::take(data);
                        socket.writes.push_back(Write { request, data });
                        Started::Queued
                    }
                    Err(status) => Started::failed(status, Some(request)),
                }
            }
        }
    }

    /// How many bytes were sent; `None`: there is no room.
    fn try_send(
        &mut self,
        key: Key,
        data: &mut Vec<u8>,
        how: SendTo,
        out: &mut dyn Outcomes,
    ) -> Result<Option<usize>, SocketStatus> {
        let socket = self.socket(key)?;
        match socket.state {
            State::Fresh => return Err(SocketStatus::InvalidParameter),
            _ if socket.writes_no_more => return Err(SocketStatus::ShutDown),
            State::Connectionless => return self.send_datagram(key, data, how, out).map(Some),
            State::Unconnected | State::Listening => return Err(SocketStatus::NotConnected),
            State::Connected if socket.is_reset => return Err(SocketStatus::ConnectionReset),
            State::Connected => {}
        }
        let bytes = data.len();
        let Some(other) = socket.other else {
            // It is on its way, and what comes back is that nobody is there.
            self.reset(key, out);
            return Ok(Some(bytes));
        };
        if !socket.writes.is_empty() || !self.has_room(other) {
            return Ok(None);
        }
        let end = self.socket_mut(other)?;
        end.incoming.reserve()?;
        if how.is_urgent && !Self::is_inline(end) {
            end.urgent = data.pop().or(end.urgent);
        }
        self.deliver(other, mem::take(data), out);
        Ok(Some(bytes))
    }

    /// Puts bytes to those that a socket has not read; there is a place for them.
    pub(crate) fn deliver(&mut self, to: Key, data: Vec<u8>, out: &mut dyn Outcomes) {
        let bytes = data.len();
        if let Some(socket) = self.get_mut(to) {
            socket.incoming.push(data);
            self.held = self.held.saturating_add(bytes);
        }
        self.settle(to, out);
    }

    fn send_datagram(
        &mut self,
        key: Key,
        data: &mut Vec<u8>,
        how: SendTo,
        out: &mut dyn Outcomes,
    ) -> Result<usize, SocketStatus> {
        let bytes = data.len();
        let socket = self.socket(key)?;
        if how.is_urgent {
            return Err(SocketStatus::NotSupported);
        }
        if bytes > MOST_DATAGRAM {
            return Err(SocketStatus::TooLong);
        }
        let to = how.to.or(socket.peer).ok_or(SocketStatus::NotConnected)?;
        self.bind_any(key)?;
        let ip = self.route(key, to)?;
        let from = self.source(key, ip)?;
        let matching = self.all().filter(|(_, socket)| {
            let shown = |ip: crate::Ip| ip.canonical();
            socket.state == State::Connectionless
                && socket.local.is_some_and(|local| local.port == to.port)
                && socket.covers(ip)
                && socket
                    .peer
                    .is_none_or(|peer| (shown(peer.ip), peer.port) == (shown(from.ip), from.port))
        });
        let rank = |socket: &Socket| match (socket.peer, socket.local) {
            (Some(_), _) => 0,
            (None, Some(local)) if !local.ip.is_any() => 1,
            _ => 2,
        };
        let best = matching.min_by_key(|(_, socket)| rank(socket));
        let best = best.map(|(key, _)| key);
        let is_connected = self.socket(key)?.peer.is_some();
        // What nobody waits for is lost, and only a sender is told that has one address
        // to send to.
        let (receiver, data) = match best {
            Some(receiver) => (receiver, mem::take(data)),
            None if is_connected => (key, Vec::new()),
            None => return Ok(bytes),
        };
        let socket = self.socket_mut(receiver)?;
        let size = data.len().saturating_add(ENTRY_BYTES);
        let there = socket.datagram_bytes;
        let is_full = there != 0 && there.saturating_add(size) > socket.capacity();
        if is_full || socket.reads_no_more || reserve(&mut socket.datagrams).is_err() {
            return Ok(bytes);
        }
        let family = socket.named.family;
        socket.datagrams.push_back(Datagram {
            from: Address::of(from.ip.shown_by(family), from.port),
            data,
            is_refusal: best.is_none(),
        });
        socket.datagram_bytes = there.saturating_add(size);
        self.held = self.held.saturating_add(size);
        self.settle(receiver, out);
        Ok(bytes)
    }
}

impl Socket {
    fn take_datagram(&mut self, most: usize, peeks: bool) -> Option<Ended> {
        let first = self.datagrams.front()?;
        let from = Some(first.from);
        let status = match first.data.len() > most {
            _ if first.is_refusal => SocketStatus::ConnectionReset,
            true => SocketStatus::TooLong,
            false => SocketStatus::Success,
        };
        let size = first.data.len().saturating_add(ENTRY_BYTES);
        let data = match peeks {
            true => {
                let seen = first.data.get(..most).unwrap_or(&first.data);
                let copy = with_capacity(seen.len()).map(|mut copy| {
                    copy.extend_from_slice(seen);
                    copy
                });
                match copy {
                    Ok(copy) => copy,
                    Err(status) => return Some(Ended::of(status)),
                }
            }
            false => {
                let mut data = self.datagrams.pop_front()?.data;
                self.datagram_bytes = self.datagram_bytes.saturating_sub(size);
                data.truncate(most);
                data
            }
        };
        Some(Ended {
            status,
            bytes: data.len(),
            brought: Brought::Data(data, from),
        })
    }

    fn take_bytes(&mut self, most: usize, peeks: bool, is_urgent: bool) -> Option<Ended> {
        if is_urgent {
            let byte = match peeks {
                true => self.urgent,
                false => self.urgent.take(),
            };
            let data = match (byte, self.is_ended) {
                (None, false) => return None,
                (byte, _) => with_capacity(1).map(|mut data| {
                    data.extend(byte.filter(|_| most != 0));
                    data
                }),
            };
            return Some(read_of(data));
        }
        if self.incoming.is_empty() {
            return self.is_ended.then(|| read_of(Ok(Vec::new())));
        }
        Some(read_of(match peeks {
            true => self.incoming.peek(most),
            false => self.incoming.take(most),
        }))
    }
}

fn read_of(data: Result<Vec<u8>, SocketStatus>) -> Ended {
    match data {
        Ok(data) => Ended {
            bytes: data.len(),
            brought: Brought::Data(data, None),
            ..Ended::default()
        },
        Err(status) => Ended::of(status),
    }
}
