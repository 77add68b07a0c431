//! One socket: what it is, what is on its way to it, who waits.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::bytes::Bytes;
use crate::options::{Setting, Settings};
use crate::{Address, Family, Ip, Key, Request, SocketStatus, event};

/// What a socket carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// `SOCK_STREAM`: bytes, in a connection.
    Stream = 1,
    /// `SOCK_DGRAM`: datagrams, from anybody.
    Datagram = 2,
}

/// What a program made a socket to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whose addresses it has.
    pub family: Family,
    /// What it carries.
    pub kind: Kind,
    /// The number of its protocol, as the program said it.
    pub protocol: u32,
}

/// How far a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is nothing yet but somebody to ask.
    Fresh,
    /// Of a stream, before all else.
    Unconnected,
    /// It takes connections.
    Listening,
    /// It has another end, or had one.
    Connected,
    /// It carries datagrams.
    Connectionless,
}

/// A datagram that nobody has read.
#[derive(Debug)]
pub(crate) struct Datagram {
    pub(crate) from: Address,
    pub(crate) data: Vec<u8>,
    /// It is none: there was nobody for one that was sent.
    pub(crate) is_refusal: bool,
}

/// Who waits for something to read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) request: Request,
    pub(crate) most: usize,
    pub(crate) peeks: bool,
    pub(crate) is_urgent: bool,
    /// Whose connection this is the beginning of.
    pub(crate) listener: Option<Key>,
}

/// Who waits for room.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) request: Request,
    pub(crate) data: Vec<u8>,
}

/// Who waits for a connection.
#[derive(Debug)]
pub(crate) struct Accept {
    pub(crate) request: Request,
    /// What becomes its end, if it is there already, and how much is read at once.
    pub(crate) into: Option<(Key, usize)>,
}

/// A socket.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) named: Named,
    pub(crate) state: State,
    pub(crate) local: Option<Address>,
    pub(crate) peer: Option<Address>,
    /// Whether it is in the way of others that want its address.
    pub(crate) holds_port: bool,
    /// The other end of its connection, while that is open.
    pub(crate) other: Option<Key>,
    /// In whose queue it is, until it is accepted; or whose connection it is to become.
    pub(crate) listener: Option<Key>,
    pub(crate) incoming: Bytes,
    pub(crate) urgent: Option<u8>,
    pub(crate) datagrams: VecDeque<Datagram>,
    pub(crate) datagram_bytes: usize,
    /// The other end sends no more.
    pub(crate) is_ended: bool,
    pub(crate) is_reset: bool,
    pub(crate) reads_no_more: bool,
    pub(crate) writes_no_more: bool,
    pub(crate) backlog: VecDeque<Key>,
    pub(crate) most_backlog: usize,
    pub(crate) reads: VecDeque<Read>,
    pub(crate) writes: VecDeque<Write>,
    pub(crate) accepts: VecDeque<Accept>,
    pub(crate) does_not_wait: bool,
    pub(crate) settings: Settings,
    /// Why the last attempt to connect came to nothing.
    pub(crate) connect_error: SocketStatus,
    /// Of which events somebody is told, and of which they were.
    pub(crate) mask: u32,
    pub(crate) pending: u32,
    pub(crate) reported: u32,
    /// How many polls it is part of.
    pub(crate) polls: usize,
}

/// Bytes that may wait at least, whatever a program sets.
const LEAST_BUFFER: usize = 0x1000;
/// And at most.
const MOST_BUFFER: usize = 0x10_0000;

impl Socket {
    #[inline(never)]
    pub(crate) fn new(named: Named, state: State) -> Self {
        Self {
            named,
            state,
            local: None,
            peer: None,
            holds_port: false,
            other: None,
            listener: None,
            incoming: Bytes::default(),
            urgent: None,
            datagrams: VecDeque::new(),
            datagram_bytes: 0,
            is_ended: false,
            is_reset: false,
            reads_no_more: false,
            writes_no_more: false,
            backlog: VecDeque::new(),
            most_backlog: 0,
            reads: VecDeque::new(),
            writes: VecDeque::new(),
            accepts: VecDeque::new(),
            does_not_wait: false,
            settings: Settings::new(named.kind),
            connect_error: SocketStatus::Success,
            mask: 0,
            pending: 0,
            reported: 0,
            polls: 0,
        }
    }

    /// What is ready now, as bits of events.
    pub(crate) fn ready(&self, has_room: bool) -> u32 {
        match self.state {
            State::Fresh => 0,
            State::Unconnected => match self.connect_error {
                SocketStatus::Success => 0,
                _ => event::CONNECT_ERROR,
            },
            State::Listening => bit(!self.backlog.is_empty(), event::ACCEPT),
            State::Connected if self.is_reset => event::RESET | event::WRITE | event::CONNECT,
            State::Connected => {
                event::CONNECT
                    | bit(!self.incoming.is_empty(), event::READ)
                    | bit(self.urgent.is_some(), event::OUT_OF_BAND)
                    | bit(self.is_ended && self.incoming.is_empty(), event::HANG_UP)
                    | bit(has_room, event::WRITE)
            }
            State::Connectionless => event::WRITE | bit(!self.datagrams.is_empty(), event::READ),
        }
    }

    /// How many unread bytes it takes before whoever sends has to wait.
    pub(crate) fn capacity(&self) -> usize {
        let said = self.settings.get(Setting::ReceiveBuffer);
        let said = usize::try_from(said).unwrap_or(usize::MAX);
        said.clamp(LEAST_BUFFER, MOST_BUFFER)
    }

    /// How much of it that is unread is held.
    pub(crate) fn held(&self) -> usize {
        self.incoming.len().saturating_add(self.datagram_bytes)
    }

    /// Whether what is sent to an address, in its shortest form, is sent to it.
    pub(crate) fn covers(&self, ip: Ip) -> bool {
        match self.local {
            Some(local) if local.ip.is_any() => {
                local.ip.family() == ip.family()
                    || local.ip.family() == Family::V6 && !self.settings.is_on(Setting::V6Only)
            }
            Some(local) => local.ip.canonical() == ip,
            None => false,
        }
    }

    /// Whether both cannot have the same port unless they agree to.
    pub(crate) fn overlaps(&self, ip: Ip, is_dual: bool, is_exclusive: bool) -> bool {
        let Some(local) = self.local else {
            return false;
        };
        let own_dual = !self.settings.is_on(Setting::V6Only);
        let is_exclusive = is_exclusive || self.settings.is_on(Setting::ExclusiveAddressUse);
        let other = ip.canonical();
        match (local.ip.is_any(), ip.is_any()) {
            (false, false) => local.ip.canonical() == other,
            (true, true) => {
                let (one, another) = (local.ip.family(), ip.family());
                one == another || one == Family::V6 && own_dual || another == Family::V6 && is_dual
            }
            (true, false) => is_exclusive && self.covers(other),
            (false, true) => {
                let own = local.ip.canonical();
                is_exclusive
                    && (own.family() == ip.family() || ip.family() == Family::V6 && is_dual)
            }
        }
    }
}

pub(crate) const fn bit(is_set: bool, bit: u32) -> u32 {
    match is_set {
        true => bit,
        false => 0,
    }
}
