//! What programs may set of a socket, mostly to ask for it again.

use crate::Family;
use crate::SocketStatus;
use crate::socket::{Kind, Named};

/// An option. Those that are not looked at anywhere are true of a network that there is
/// not; they are kept for who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "they are Windows Sockets' own names")]
pub enum Setting {
    Broadcast,
    KeepAlive,
    OutOfBandInline,
    ReceiveBuffer,
    ReceiveTimeout,
    ReuseAddress,
    SendBuffer,
    SendTimeout,
    ExclusiveAddressUse,
    Linger,
    DontFragment,
    HeaderIncluded,
    MulticastInterface,
    MulticastLoop,
    MulticastTtl,
    PacketInfo,
    TypeOfService,
    TimeToLive,
    UnicastInterface,
    ReceiveTtl,
    ReceiveTos,
    V6DontFragment,
    V6MulticastHops,
    V6MulticastInterface,
    V6MulticastLoop,
    V6UnicastHops,
    V6UnicastInterface,
    V6Only,
    V6ReceiveHopLimit,
    V6ReceivePacketInfo,
    V6ReceiveTrafficClass,
    NoDelay,
    KeepAliveTime,
    KeepAliveCount,
    KeepAliveInterval,
}

const COUNT: usize = Setting::KeepAliveInterval as usize + 1;
/// What may wait to be read, if nothing else is said.
const BUFFER_BYTES: u32 = 0x1_0000;

/// All of a socket's.
#[derive(Clone, Debug)]
pub(crate) struct Settings([u32; COUNT]);

impl Settings {
    /// Of a new socket.
    pub(crate) fn new(kind: Kind) -> Self {
        let mut settings = Self([0; COUNT]);
        for (setting, value) in [
            (Setting::ReceiveBuffer, BUFFER_BYTES),
            (Setting::SendBuffer, BUFFER_BYTES),
            (Setting::DontFragment, u32::from(kind == Kind::Stream)),
            (Setting::MulticastLoop, 1),
            (Setting::MulticastTtl, 1),
            (Setting::TimeToLive, 128),
            (Setting::V6MulticastHops, 1),
            (Setting::V6MulticastLoop, 1),
            (Setting::V6UnicastHops, 128),
            (Setting::V6Only, 1),
            (Setting::KeepAliveTime, 7200),
            (Setting::KeepAliveCount, 10),
            (Setting::KeepAliveInterval, 1),
        ] {
            settings.set(setting, value);
        }
        settings
    }

    pub(crate) fn get(&self, setting: Setting) -> u32 {
        self.0.get(setting as usize).copied().unwrap_or(0)
    }

    pub(crate) fn is_on(&self, setting: Setting) -> bool {
        self.get(setting) != 0
    }

    pub(crate) fn set(&mut self, setting: Setting, value: u32) {
        if let Some(place) = self.0.get_mut(setting as usize) {
            *place = value;
        }
    }
}

impl Setting {
    /// Whether such a socket has it.
    pub(crate) fn check(self, named: &Named) -> Result<(), SocketStatus> {
        let first = |first: Self, last: Self| (first as u8..=last as u8).contains(&(self as u8));
        let is_there = match self {
            _ if first(Self::V6DontFragment, Self::V6ReceiveTrafficClass) => {
                named.family == Family::V6
            }
            _ if first(Self::NoDelay, Self::KeepAliveInterval) => named.kind == Kind::Stream,
            Self::HeaderIncluded => false,
            _ => true,
        };
        match is_there {
            true => Ok(()),
            false => Err(SocketStatus::InvalidParameter),
        }
    }

    /// Whether it may become that, given the others.
    pub(crate) fn check_value(
        self,
        value: u32,
        settings: &Settings,
        is_bound: bool,
    ) -> Result<(), SocketStatus> {
        let is_wrong = match self {
            Self::ReuseAddress => value != 0 && settings.is_on(Self::ExclusiveAddressUse),
            Self::ExclusiveAddressUse => value != 0 && settings.is_on(Self::ReuseAddress),
            Self::TimeToLive => value == 0 || value > 255,
            Self::V6UnicastHops => value > 255 && value != u32::MAX,
            Self::V6Only => is_bound,
            _ => false,
        };
        match is_wrong {
            true => Err(SocketStatus::InvalidParameter),
            false => Ok(()),
        }
    }

    /// What is kept of a value that a program gives.
    pub(crate) fn kept(self, value: u32) -> u32 {
        match self {
            Self::Broadcast
            | Self::KeepAlive
            | Self::OutOfBandInline
            | Self::ReuseAddress
            | Self::ExclusiveAddressUse
            | Self::NoDelay
            | Self::V6Only => u32::from(value != 0),
            _ => value,
        }
    }
}
