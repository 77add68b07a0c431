//! All sockets, by their keys, and what is asked of any of them.

use alloc::vec::Vec;

use crate::options::Setting;
use crate::poll::{Entry, Poll};
use crate::socket::{Kind, Named, Socket, State};
use crate::{Address, Family, SocketStatus, event};

/// Which socket, until it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub(crate) u32);

/// A request that waits: what it is, whoever asks knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request(pub u32);

/// The sockets of a machine.
#[derive(Debug)]
pub struct Network {
    pub(crate) sockets: Vec<Option<Socket>>,
    pub(crate) polls: Vec<Poll>,
    pub(crate) next_port: u16,
    /// What was sent and not read.
    pub(crate) held: usize,
}

/// What becomes of requests that waited, and of events.
pub trait Outcomes {
    /// A request is over.
    fn complete(&mut self, request: Request, ended: Ended);
    /// Something happened to a socket that its program wanted to know.
    fn signal(&mut self, key: Key);
    /// Whether a request is to be cancelled.
    fn is_meant(&self, request: Request) -> bool;
}

/// How a request ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// How.
    pub status: SocketStatus,
    /// How many bytes were moved.
    pub bytes: usize,
    /// What it brought.
    pub brought: Brought,
}

/// What a request brought.
#[derive(Debug, Default)]
pub enum Brought {
    /// Nothing but its status.
    #[default]
    Nothing,
    /// Bytes, and of a datagram whose.
    Data(Vec<u8>, Option<Address>),
    /// A new socket that is connected: nobody has it yet.
    Connection(Key),
    /// The first bytes of a connection, its own address and the other's.
    First(Vec<u8>, Address, Address),
    /// What is ready.
    Ready(Vec<Entry>),
}

/// What became of something that was asked.
#[derive(Debug)]
#[must_use]
pub enum Started {
    /// It is over; its request, if there was one, is not needed.
    Done(Ended, Option<Request>),
    /// It would wait, with a request. Nothing was done.
    Waits,
    /// It waits.
    Queued,
}

impl Ended {
    pub(crate) fn of(status: SocketStatus) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }
}

impl Started {
    pub(crate) fn failed(status: SocketStatus, request: Option<Request>) -> Self {
        Self::Done(Ended::of(status), request)
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl Network {
    /// Without any.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            sockets: Vec::new(),
            polls: Vec::new(),
            next_port: crate::ports::FIRST_EPHEMERAL,
            held: 0,
        }
    }

    /// How many bytes are held that nobody has read.
    #[must_use]
    pub const fn held(&self) -> usize {
        self.held
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Socket> {
        let place = usize::try_from(key.0).unwrap_or(usize::MAX);
        self.sockets.get(place).and_then(Option::as_ref)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut Socket> {
        let place = usize::try_from(key.0).unwrap_or(usize::MAX);
        self.sockets.get_mut(place).and_then(Option::as_mut)
    }

    pub(crate) fn socket(&self, key: Key) -> Result<&Socket, SocketStatus> {
        self.get(key).ok_or(SocketStatus::InvalidParameter)
    }

    pub(crate) fn socket_mut(&mut self, key: Key) -> Result<&mut Socket, SocketStatus> {
        self.get_mut(key).ok_or(SocketStatus::InvalidParameter)
    }

    /// All of them, with their keys.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Key, &Socket)> {
        (0..).zip(&self.sockets).filter_map(|(place, socket)| {
            let socket = socket.as_ref()?;
            Some((Key(place), socket))
        })
    }

    pub(crate) fn add(&mut self, socket: Socket) -> Result<Key, SocketStatus> {
        let place = match self.sockets.iter().position(Option::is_none) {
            Some(place) => place,
            None => {
                let reserved = self.sockets.try_reserve(1);
                reserved.map_err(|_| SocketStatus::InsufficientResources)?;
                self.sockets.push(None);
                self.sockets.len().saturating_sub(1)
            }
        };
        let key = u32::try_from(place).map_err(|_| SocketStatus::InsufficientResources)?;
        if let Some(free) = self.sockets.get_mut(place) {
            *free = Some(socket);
        }
        Ok(Key(key))
    }

    /// Opens one that is nothing yet.
    ///
    /// # Errors
    /// [`SocketStatus::InsufficientResources`].
    pub fn open(&mut self) -> Result<Key, SocketStatus> {
        let nothing = Named {
            family: Family::V4,
            kind: Kind::Stream,
            protocol: 0,
        };
        self.add(Socket::new(nothing, State::Fresh))
    }

    /// Says what it is.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`]: that was said before.
    pub fn name(&mut self, key: Key, named: Named) -> Result<(), SocketStatus> {
        let socket = self.socket_mut(key)?;
        if socket.state != State::Fresh {
            return Err(SocketStatus::InvalidParameter);
        }
        let state = match named.kind {
            Kind::Stream => State::Unconnected,
            Kind::Datagram => State::Connectionless,
        };
        let polls = socket.polls;
        *socket = Socket::new(named, state);
        socket.polls = polls;
        Ok(())
    }

    /// What it is, if that was said.
    #[must_use]
    pub fn named(&self, key: Key) -> Option<Named> {
        let socket = self.get(key)?;
        (socket.state != State::Fresh).then_some(socket.named)
    }

    /// Its own address.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`]: it has none.
    pub fn local(&self, key: Key) -> Result<Address, SocketStatus> {
        self.socket(key)?
            .local
            .ok_or(SocketStatus::InvalidParameter)
    }

    /// The other end's.
    ///
    /// # Errors
    /// [`SocketStatus::NotConnected`].
    pub fn peer(&self, key: Key) -> Result<Address, SocketStatus> {
        let socket = self.socket(key)?;
        socket.peer.ok_or(SocketStatus::NotConnected)
    }

    /// Whether it takes connections.
    #[must_use]
    pub fn is_listening(&self, key: Key) -> bool {
        self.get(key)
            .is_some_and(|socket| socket.state == State::Listening)
    }

    /// Whether it is connected.
    #[must_use]
    pub fn is_connected(&self, key: Key) -> bool {
        self.get(key)
            .is_some_and(|socket| socket.state == State::Connected)
    }

    /// Whether what would wait fails instead.
    #[must_use]
    pub fn does_not_wait(&self, key: Key) -> bool {
        self.get(key).is_some_and(|socket| socket.does_not_wait)
    }

    /// Changes that; who has chosen events does not wait.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`].
    pub fn set_does_not_wait(&mut self, key: Key, does_not: bool) -> Result<(), SocketStatus> {
        let socket = self.socket_mut(key)?;
        if !does_not && socket.mask != 0 {
            return Err(SocketStatus::InvalidParameter);
        }
        socket.does_not_wait = does_not;
        Ok(())
    }

    /// How much a read would bring.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`].
    pub fn readable(&self, key: Key) -> Result<usize, SocketStatus> {
        let socket = self.socket(key)?;
        Ok(match socket.datagrams.front() {
            Some(datagram) => datagram.data.len(),
            None => socket.incoming.len(),
        })
    }

    /// Whether no byte out of band is to be read.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`].
    pub fn is_at_mark(&self, key: Key) -> Result<bool, SocketStatus> {
        Ok(self.socket(key)?.urgent.is_none())
    }

    /// Why it could not be connected, the last time.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`].
    pub fn error(&self, key: Key) -> Result<SocketStatus, SocketStatus> {
        Ok(self.socket(key)?.connect_error)
    }

    /// What is set of it.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`]: it has no such thing.
    pub fn setting(&self, key: Key, setting: Setting) -> Result<u32, SocketStatus> {
        let socket = self.named_socket(key)?;
        setting.check(&socket.named)?;
        Ok(socket.settings.get(setting))
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidParameter`]: it has no such thing, or not now.
    pub fn set(&mut self, key: Key, setting: Setting, value: u32) -> Result<(), SocketStatus> {
        let socket = self.named_socket(key)?;
        setting.check(&socket.named)?;
        setting.check_value(value, &socket.settings, socket.local.is_some())?;
        let socket = self.socket_mut(key)?;
        socket.settings.set(setting, setting.kept(value));
        Ok(())
    }

    fn named_socket(&self, key: Key) -> Result<&Socket, SocketStatus> {
        let socket = self.socket(key)?;
        match socket.state {
            State::Fresh => Err(SocketStatus::InvalidParameter),
            _ => Ok(socket),
        }
    }

    /// What is ready of a socket.
    pub(crate) fn ready(&self, key: Key) -> u32 {
        let Some(socket) = self.get(key) else {
            return event::CLOSE;
        };
        let has_room = match socket.other {
            None => true,
            Some(other) => socket.writes.is_empty() && self.has_room(other),
        };
        socket.ready(has_room)
    }

    /// Whether it takes more from whoever sends to it.
    pub(crate) fn has_room(&self, key: Key) -> bool {
        self.get(key)
            .is_none_or(|socket| socket.incoming.len() < socket.capacity())
    }
}
