//! Addresses, as programs write them and as they are compared.

use crate::SocketStatus;

/// The family of a socket's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Family {
    /// `AF_INET`
    V4 = 2,
    /// `AF_INET6`
    V6 = 23,
}

/// The address of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ip {
    /// Of four bytes.
    V4([u8; 4]),
    /// Of sixteen.
    V6([u8; 16]),
}

/// The address of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host's.
    pub ip: Ip,
    /// Which of its ports.
    pub port: u16,
    /// What a program says of the interface, with sixteen bytes.
    pub scope: u32,
}

/// The most bytes that an address has in a program's memory.
pub const MOST_ADDRESS_BYTES: usize = 28;
const V4_BYTES: usize = 16;
const MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

impl Family {
    /// How many bytes an address of it has (`sockaddr_in`, `sockaddr_in6`).
    #[must_use]
    pub const fn address_bytes(self) -> usize {
        match self {
            Self::V4 => V4_BYTES,
            Self::V6 => MOST_ADDRESS_BYTES,
        }
    }

    /// Every address of the host.
    #[must_use]
    pub const fn any(self) -> Ip {
        match self {
            Self::V4 => Ip::V4([0; 4]),
            Self::V6 => Ip::V6([0; 16]),
        }
    }
}

impl Ip {
    /// The host itself, for it has no other.
    pub const LOOPBACK_V4: Self = Self::V4([127, 0, 0, 1]);
    /// The same.
    pub const LOOPBACK_V6: Self = Self::V6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

    /// Whose it is.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::V4(_) => Family::V4,
            Self::V6(_) => Family::V6,
        }
    }

    /// The one of four bytes, if it is that in sixteen.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self {
            Self::V6([head @ .., a, b, c, d]) if head == MAPPED => Self::V4([a, b, c, d]),
            other => other,
        }
    }

    /// As a socket of that family shows it.
    #[must_use]
    pub fn shown_by(self, family: Family) -> Self {
        match (self, family) {
            (Self::V4([a, b, c, d]), Family::V6) => {
                Self::V6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d])
            }
            _ => self,
        }
    }

    /// Whether it stands for every address.
    #[must_use]
    pub fn is_any(self) -> bool {
        matches!(
            self,
            Self::V4([0, 0, 0, 0]) | Self::V6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        )
    }

    /// Whether this host has it.
    #[must_use]
    pub fn is_own(self) -> bool {
        match self.canonical() {
            Self::V4([first, ..]) => first == 127,
            other => other == Self::LOOPBACK_V6,
        }
    }

    /// Whether it stands for all hosts of a network.
    #[must_use]
    pub fn is_broadcast(self) -> bool {
        self.canonical() == Self::V4([255; 4])
    }
}

impl Address {
    /// One without a port.
    #[must_use]
    pub const fn of(ip: Ip, port: u16) -> Self {
        Self { ip, port, scope: 0 }
    }

    /// From what a program has in its memory.
    ///
    /// # Errors
    /// [`SocketStatus::InvalidAddress`]: it is too short, or of another family.
    pub fn read(bytes: &[u8]) -> Result<Self, SocketStatus> {
        let invalid = SocketStatus::InvalidAddress;
        let (family, rest) = bytes.split_first_chunk::<2>().ok_or(invalid)?;
        let (port, rest) = rest.split_first_chunk::<2>().ok_or(invalid)?;
        let port = u16::from_be_bytes(*port);
        match u16::from_le_bytes(*family) {
            2 if bytes.len() >= V4_BYTES => {
                let (ip, _) = rest.split_first_chunk::<4>().ok_or(invalid)?;
                Ok(Self::of(Ip::V4(*ip), port))
            }
            23 => {
                let (_, rest) = rest.split_first_chunk::<4>().ok_or(invalid)?;
                let (ip, rest) = rest.split_first_chunk::<16>().ok_or(invalid)?;
                let (scope, _) = rest.split_first_chunk::<4>().ok_or(invalid)?;
                Ok(Self {
                    ip: Ip::V6(*ip),
                    port,
                    scope: u32::from_le_bytes(*scope),
                })
            }
            _ => Err(invalid),
        }
    }

    /// As a program has it in its memory: so many of the bytes.
    #[must_use]
    pub fn write(&self) -> ([u8; MOST_ADDRESS_BYTES], usize) {
        let mut bytes = [0; MOST_ADDRESS_BYTES];
        let family = self.ip.family();
        let mut put = |at: usize, from: &[u8]| {
            let places = bytes.iter_mut().skip(at);
            places.zip(from).for_each(|(place, byte)| *place = *byte);
        };
        put(0, &(family as u16).to_le_bytes());
        put(2, &self.port.to_be_bytes());
        match self.ip {
            Ip::V4(ip) => put(4, &ip),
            Ip::V6(ip) => {
                put(8, &ip);
                put(24, &self.scope.to_le_bytes());
            }
        }
        (bytes, family.address_bytes())
    }
}
