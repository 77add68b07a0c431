//! Whose which port is.

use crate::network::{Key, Network};
use crate::options::Setting;
use crate::socket::{Kind, Socket, State};
use crate::{Address, Family, Ip, SocketStatus};

/// The first of the ports that are given to those that want any.
pub(crate) const FIRST_EPHEMERAL: u16 = 49152;

impl Network {
    /// Gives it an address; without a port, with one that nobody has.
    ///
    /// # Errors
    /// The address is another's, no address of this machine or of another family; or it
    /// has one.
    pub fn bind(&mut self, key: Key, wanted: Address) -> Result<Address, SocketStatus> {
        let socket = self.socket(key)?;
        if socket.state == State::Fresh {
            return Err(SocketStatus::InvalidParameter);
        }
        if socket.local.is_some() {
            return Err(SocketStatus::AlreadyBound);
        }
        let is_dual = !socket.settings.is_on(Setting::V6Only);
        match (socket.named.family, wanted.ip.family()) {
            (Family::V4, Family::V6) => return Err(SocketStatus::NotSupported),
            (Family::V6, Family::V4) => return Err(SocketStatus::InvalidParameter),
            _ => {}
        }
        let is_mapped = wanted.ip.family() != wanted.ip.canonical().family();
        let is_own = wanted.ip.is_any() || wanted.ip.is_own();
        if !is_own || is_mapped && !is_dual {
            return Err(SocketStatus::AddressNotAvailable);
        }
        let address = match wanted.port {
            0 => Address {
                port: self.free_port(socket.named.kind)?,
                ..wanted
            },
            _ => {
                self.check_port(key, socket, wanted, is_dual)?;
                wanted
            }
        };
        if wanted.port == 0 {
            self.next_port = address.port.checked_add(1).unwrap_or(FIRST_EPHEMERAL);
        }
        let socket = self.socket_mut(key)?;
        socket.local = Some(address);
        socket.holds_port = true;
        Ok(address)
    }

    /// The same with any, unless it has one.
    pub(crate) fn bind_any(&mut self, key: Key) -> Result<Address, SocketStatus> {
        let socket = self.socket(key)?;
        match socket.local {
            Some(local) => Ok(local),
            None => self.bind(key, Address::of(socket.named.family.any(), 0)),
        }
    }

    fn check_port(
        &self,
        key: Key,
        socket: &Socket,
        wanted: Address,
        is_dual: bool,
    ) -> Result<(), SocketStatus> {
        let shares = socket.settings.is_on(Setting::ReuseAddress);
        let is_exclusive = socket.settings.is_on(Setting::ExclusiveAddressUse);
        for (other_key, other) in self.all() {
            let is_other = other_key != key
                && other.holds_port
                && other.named.kind == socket.named.kind
                && other.local.is_some_and(|local| local.port == wanted.port);
            if !is_other || !other.overlaps(wanted.ip, is_dual, is_exclusive) {
                continue;
            }
            let other_shares = other.settings.is_on(Setting::ReuseAddress);
            if shares && other_shares {
                continue;
            }
            let for_good = other.settings.is_on(Setting::ExclusiveAddressUse)
                && other.local.is_some_and(|local| local.ip.is_any());
            return Err(match shares || for_good {
                true => SocketStatus::AccessDenied,
                false => SocketStatus::AddressInUse,
            });
        }
        Ok(())
    }

    fn free_port(&self, kind: Kind) -> Result<u16, SocketStatus> {
        let is_taken = |port: u16| {
            self.all().any(|(_, other)| {
                other.named.kind == kind && other.local.is_some_and(|local| local.port == port)
            })
        };
        (self.next_port..=u16::MAX)
            .chain(FIRST_EPHEMERAL..self.next_port)
            .find(|port| !is_taken(*port))
            .ok_or(SocketStatus::AddressInUse)
    }

    /// Where something goes that a socket sends to an address: an address of this
    /// machine in its shortest form.
    pub(crate) fn route(&self, key: Key, to: Address) -> Result<Ip, SocketStatus> {
        let socket = self.socket(key)?;
        match (socket.named.family, to.ip.family()) {
            (Family::V4, Family::V6) => return Err(SocketStatus::NotSupported),
            (Family::V6, Family::V4) => return Err(SocketStatus::InvalidParameter),
            _ => {}
        }
        let ip = to.ip.canonical();
        if ip.family() != to.ip.family() && socket.settings.is_on(Setting::V6Only) {
            return Err(SocketStatus::NetworkUnreachable);
        }
        match ip {
            ip if ip.is_any() => Ok(loopback(ip.family())),
            ip if ip.is_own() => Ok(ip),
            ip if ip.is_broadcast() && !socket.settings.is_on(Setting::Broadcast) => {
                Err(SocketStatus::AccessDenied)
            }
            _ => Err(SocketStatus::NetworkUnreachable),
        }
    }

    /// The address that what a socket sends to another comes from.
    pub(crate) fn source(&self, key: Key, to: Ip) -> Result<Address, SocketStatus> {
        let socket = self.socket(key)?;
        let local = socket.local.ok_or(SocketStatus::InvalidParameter)?;
        Ok(match local.ip.is_any() {
            true => Address::of(loopback(to.family()), local.port),
            false => Address::of(local.ip.canonical(), local.port),
        })
    }
}

pub(crate) const fn loopback(family: Family) -> Ip {
    match family {
        Family::V4 => Ip::LOOPBACK_V4,
        Family::V6 => Ip::LOOPBACK_V6,
    }
}
