//! Connections: made, accepted, and shut down.

use alloc::vec::Vec;

use crate::bytes::reserve;
use crate::network::{Brought, Ended, Key, Network, Outcomes, Request, Started};
use crate::options::Setting;
use crate::socket::{Accept, Kind, Read, Socket, State};
use crate::{Address, Ip, SocketStatus, event};

/// The most connections that wait to be accepted.
const MOST_BACKLOG: usize = 1024;

/// Whom to connect to.
#[derive(Clone, Copy, Debug)]
pub struct Dial {
    /// Its address.
    pub address: Address,
    /// Whether the socket must have an address of its own before.
    pub must_be_bound: bool,
    /// Whether a socket that does not wait is told later.
    pub may_be_told_later: bool,
}

/// Which directions are shut down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directions {
    /// Nothing is read any more.
    Receive,
    /// Nothing is sent any more.
    Send,
    /// Neither.
    Both,
}

impl Dial {
    /// Somebody, and the answer is wanted at once.
    #[must_use]
    pub const fn to(address: Address) -> Self {
        Self {
            address,
            must_be_bound: false,
            may_be_told_later: false,
        }
    }
}

impl Network {
    /// Lets it take connections, so many at most that nobody has accepted.
    ///
    /// # Errors
    /// It has no address, is no stream, or is connected.
    pub fn listen(&mut self, key: Key, backlog: u32) -> Result<(), SocketStatus> {
        let socket = self.socket_mut(key)?;
        match socket.state {
            State::Connectionless => return Err(SocketStatus::NotSupported),
            _ if socket.local.is_none() || socket.listener.is_some() => {
                return Err(SocketStatus::InvalidParameter);
            }
            State::Connected => return Err(SocketStatus::AlreadyConnected),
            State::Fresh => return Err(SocketStatus::InvalidParameter),
            State::Unconnected | State::Listening => {}
        }
        let backlog = usize::try_from(backlog).unwrap_or(usize::MAX);
        socket.most_backlog = backlog.clamp(1, MOST_BACKLOG);
        socket.state = State::Listening;
        Ok(())
    }

    /// Connects it, and sends the first data; how many bytes these were. Datagrams
    /// then come from and go to that address.
    ///
    /// # Errors
    /// Nobody listens there, or nothing leads there; or it cannot be connected.
    pub fn connect(
        &mut self,
        key: Key,
        dial: Dial,
        data: Vec<u8>,
        out: &mut dyn Outcomes,
    ) -> Result<usize, SocketStatus> {
        let socket = self.socket(key)?;
        if dial.must_be_bound && socket.local.is_none() || socket.listener.is_some() {
            return Err(SocketStatus::InvalidParameter);
        }
        let does_not_wait = socket.does_not_wait && dial.may_be_told_later;
        match socket.state {
            State::Fresh | State::Listening => return Err(SocketStatus::InvalidParameter),
            State::Connected => return Err(SocketStatus::AlreadyConnected),
            State::Unconnected => {}
            State::Connectionless => return self.associate(key, dial.address).map(|()| 0),
        }
        let to = self.route(key, dial.address)?;
        self.bind_any(key)?;
        let outcome = self.join(key, to, dial.address, out);
        let bytes = data.len();
        let socket = self.socket_mut(key)?;
        match outcome {
            Ok(other) => {
                socket.connect_error = SocketStatus::Success;
                self.post(key, event::CONNECT | event::WRITE, out);
                self.deliver(other, data, out);
            }
            Err(SocketStatus::ConnectionRefused) => {
                socket.connect_error = SocketStatus::ConnectionRefused;
                self.post(key, event::CONNECT_ERROR, out);
            }
            Err(_) => {}
        }
        self.notify(key, out);
        match does_not_wait {
            true if outcome != Err(SocketStatus::InsufficientResources) => {
                Err(SocketStatus::WouldBlock)
            }
            _ => outcome.map(|_| bytes),
        }
    }

    /// Makes the two ends of a connection; the other one's key.
    fn join(
        &mut self,
        key: Key,
        to: Ip,
        dialed: Address,
        out: &mut dyn Outcomes,
    ) -> Result<Key, SocketStatus> {
        let refused = SocketStatus::ConnectionRefused;
        let listener = self.find_listener(to, dialed.port).ok_or(refused)?;
        let from = self.source(key, to)?;
        let server = self.socket_mut(listener)?;
        if server.backlog.len() >= server.most_backlog {
            return Err(refused);
        }
        reserve(&mut server.backlog)?;
        let family = server.named.family;
        let mut accepted = Socket::new(server.named, State::Connected);
        accepted.settings = server.settings.clone();
        accepted.does_not_wait = server.does_not_wait;
        accepted.local = Some(Address::of(to.shown_by(family), dialed.port));
        accepted.peer = Some(Address::of(from.ip.shown_by(family), from.port));
        accepted.other = Some(key);
        accepted.listener = Some(listener);
        accepted.incoming.reserve()?;
        let accepted = self.add(accepted)?;
        let client = self.socket_mut(key)?;
        let family = client.named.family;
        client.state = State::Connected;
        client.other = Some(accepted);
        client.local = Some(Address {
            ip: from.ip.shown_by(family),
            port: from.port,
            scope: 0,
        });
        client.peer = Some(Address {
            ip: to.shown_by(family),
            ..dialed
        });
        self.socket_mut(listener)?.backlog.push_back(accepted);
        self.serve_accepts(listener, out);
        self.notify(listener, out);
        // It may have become another by being accepted.
        self.socket(key)?.other.ok_or(SocketStatus::ConnectionReset)
    }

    fn find_listener(&self, to: Ip, port: u16) -> Option<Key> {
        let matching = self.all().filter(|(_, socket)| {
            socket.state == State::Listening
                && socket.local.is_some_and(|local| local.port == port)
                && socket.covers(to)
        });
        let rank = |socket: &Socket| match socket.local {
            Some(local) if !local.ip.is_any() => 0,
            Some(local) if local.ip.family() == to.family() => 1,
            _ => 2,
        };
        let best = matching.min_by_key(|(_, socket)| rank(socket));
        best.map(|(key, _)| key)
    }

    fn associate(&mut self, key: Key, with: Address) -> Result<(), SocketStatus> {
        let to = self.route(key, with)?;
        self.bind_any(key)?;
        let from = self.source(key, to)?;
        let socket = self.socket_mut(key)?;
        let family = socket.named.family;
        socket.local = Some(Address::of(from.ip.shown_by(family), from.port));
        socket.peer = Some(Address {
            ip: to.shown_by(family),
            ..with
        });
        Ok(())
    }

    /// Lets datagrams come from and go to anybody again.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidAddress`]: it carries none.
    pub fn dissociate(&mut self, key: Key) -> Result<(), SocketStatus> {
        let socket = self.socket_mut(key)?;
        match socket.state {
            State::Connectionless => {
                socket.peer = None;
                Ok(())
            }
            _ => Err(SocketStatus::InvalidAddress),
        }
    }

    /// Takes a connection; waits for one with a request.
    pub fn accept(
        &mut self,
        key: Key,
        request: Option<Request>,
        out: &mut dyn Outcomes,
    ) -> Started {
        let Some(socket) = self.get_mut(key) else {
            return Started::failed(SocketStatus::InvalidParameter, request);
        };
        match socket.state {
            State::Listening => {}
            State::Connectionless => return Started::failed(SocketStatus::NotSupported, request),
            _ => return Started::failed(SocketStatus::InvalidParameter, request),
        }
        socket.pending &= !event::ACCEPT;
        socket.reported &= !event::ACCEPT;
        if let Some(accepted) = socket.backlog.pop_front() {
            self.hand_out(key, accepted);
            self.notify(key, out);
            let ended = Ended {
                brought: Brought::Connection(accepted),
                ..Ended::default()
            };
            return Started::Done(ended, request);
        }
        if socket.does_not_wait {
            return Started::failed(SocketStatus::WouldBlock, request);
        }
        let Some(request) = request else {
            return Started::Waits;
        };
        match reserve(&mut socket.accepts) {
            Ok(()) => {
                let into = None;
                socket.accepts.push_back(Accept { request, into });
                Started::Queued
            }
            Err(status) => Started::failed(status, Some(request)),
        }
    }

    /// Lets another socket become the end of the next connection, and reads its first
    /// bytes, if that is more than none. The answer always comes later.
    pub fn accept_into(
        &mut self,
        key: Key,
        into: Key,
        most: usize,
        request: Request,
        out: &mut dyn Outcomes,
    ) -> Started {
        let invalid = SocketStatus::InvalidParameter;
        let kind = self
            .get(into)
            .map(|end| (end.state, end.named, end.listener));
        let Some((State::Unconnected, named, None)) = kind else {
            return Started::failed(invalid, Some(request));
        };
        let Some(socket) = self.get_mut(key) else {
            return Started::failed(invalid, Some(request));
        };
        if socket.state != State::Listening || socket.named.family != named.family {
            return Started::failed(invalid, Some(request));
        }
        if let Err(status) = reserve(&mut socket.accepts) {
            return Started::failed(status, Some(request));
        }
        socket.pending &= !event::ACCEPT;
        socket.reported &= !event::ACCEPT;
        let into = Some((into, most));
        socket.accepts.push_back(Accept { request, into });
        if let Some(end) = into.and_then(|(into, _)| self.get_mut(into)) {
            end.listener = Some(key);
        }
        self.serve_accepts(key, out);
        self.notify(key, out);
        Started::Queued
    }

    /// A connection is somebody's: it has what its listener's owner chose.
    fn hand_out(&mut self, listener: Key, accepted: Key) {
        let mask = self.get(listener).map_or(0, |listener| listener.mask);
        if let Some(socket) = self.get_mut(accepted) {
            socket.listener = None;
            socket.mask = mask;
        }
    }

    pub(crate) fn serve_accepts(&mut self, key: Key, out: &mut dyn Outcomes) {
        while let Some(socket) = self.get_mut(key) {
            if socket.backlog.is_empty() || socket.accepts.is_empty() {
                return;
            }
            let next = (socket.backlog.pop_front(), socket.accepts.pop_front());
            let (Some(accepted), Some(accept)) = next else {
                return;
            };
            match accept.into {
                None => {
                    self.hand_out(key, accepted);
                    let ended = Ended {
                        brought: Brought::Connection(accepted),
                        ..Ended::default()
                    };
                    out.complete(accept.request, ended);
                }
                Some((into, most)) => {
                    self.become_end(key, accepted, into, most, accept.request, out)
                }
            }
        }
    }

    /// Makes a socket the end that another one was so far.
    fn become_end(
        &mut self,
        listener: Key,
        accepted: Key,
        into: Key,
        most: usize,
        request: Request,
        out: &mut dyn Outcomes,
    ) {
        if self.get(into).is_none() {
            out.complete(request, Ended::of(SocketStatus::Cancelled));
            return;
        }
        let place = usize::try_from(accepted.0).unwrap_or(usize::MAX);
        let before = self.sockets.get_mut(place).and_then(Option::take);
        let (Some(before), Some(end)) = (before, self.get_mut(into)) else {
            return;
        };
        end.state = State::Connected;
        end.listener = None;
        end.holds_port = false;
        (end.local, end.peer, end.other) = (before.local, before.peer, before.other);
        (end.incoming, end.urgent) = (before.incoming, before.urgent);
        (end.is_ended, end.is_reset) = (before.is_ended, before.is_reset);
        (end.pending, end.reported) = (0, 0);
        let other = end.other;
        // There is a place: its queue is empty, or who waits there came first.
        match reserve(&mut end.reads) {
            Ok(()) => end.reads.push_back(Read {
                request,
                most,
                peeks: false,
                is_urgent: false,
                listener: Some(listener),
            }),
            Err(status) => out.complete(request, Ended::of(status)),
        }
        if let Some(other) = other.and_then(|other| self.get_mut(other)) {
            other.other = Some(into);
        }
        self.settle(into, out);
    }

    /// Shuts directions down; nobody is told of a socket that is shut down both ways.
    ///
    /// # Errors
    /// [`SocketStatus::NotConnected`].
    pub fn shut_down(
        &mut self,
        key: Key,
        directions: Directions,
        out: &mut dyn Outcomes,
    ) -> Result<(), SocketStatus> {
        let socket = self.socket_mut(key)?;
        if !matches!(socket.state, State::Connected | State::Connectionless) {
            return Err(SocketStatus::NotConnected);
        }
        if directions != Directions::Send {
            socket.reads_no_more = true;
        }
        if directions == Directions::Both {
            socket.mask = 0;
            socket.does_not_wait = true;
        }
        if directions != Directions::Receive {
            socket.writes_no_more = true;
            if let Some(other) = socket.other {
                self.settle(other, out);
            }
        }
        self.notify(key, out);
        Ok(())
    }

    /// Whether it carries datagrams.
    pub(crate) fn is_datagram(socket: &Socket) -> bool {
        socket.named.kind == Kind::Datagram
    }

    /// Whether bytes out of band are among the others.
    pub(crate) fn is_inline(socket: &Socket) -> bool {
        socket.settings.is_on(Setting::OutOfBandInline)
    }
}
