//! What a pipe is: its types, modes, directions, states and ends.

use crate::PipeStatus;

/// What is written to a pipe (NT `FILE_PIPE_*_TYPE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum PipeType {
    /// Bytes.
    Byte = 0,
    /// Messages, each what one write wrote.
    Message = 1,
}

/// How an end reads (NT `FILE_PIPE_*_MODE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ReadMode {
    /// As many bytes as there are, whoever wrote them.
    Byte = 0,
    /// A message at a time.
    Message = 1,
}

/// Whether the operations of an end wait (NT `FILE_PIPE_*_OPERATION`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum CompletionMode {
    /// They do.
    Queue = 0,
    /// They do not (Win32 `PIPE_NOWAIT`).
    Complete = 1,
}

/// Where data go (NT `FILE_PIPE_INBOUND` and so on).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Configuration {
    /// From the client to the server.
    Inbound = 0,
    /// From the server to the client.
    Outbound = 1,
    /// Both ways.
    FullDuplex = 2,
}

impl Configuration {
    /// What the share access says that a pipe is created with: clients may
    /// read what the server shares for reading. Nothing else can be shared.
    ///
    /// # Errors
    /// [`PipeStatus::InvalidParameter`].
    pub const fn from_share(share: u32) -> Result<Self, PipeStatus> {
        match share {
            // FILE_SHARE_READ, FILE_SHARE_WRITE, both.
            1 => Ok(Self::Outbound),
            2 => Ok(Self::Inbound),
            3 => Ok(Self::FullDuplex),
            _ => Err(PipeStatus::InvalidParameter),
        }
    }

    /// Whether the client's data reach the server.
    pub(crate) const fn is_inbound(self) -> bool {
        !matches!(self, Self::Outbound)
    }

    /// Whether the server's data reach the client.
    pub(crate) const fn is_outbound(self) -> bool {
        !matches!(self, Self::Inbound)
    }
}

/// The state of an instance (NT `FILE_PIPE_*_STATE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum State {
    /// The server has sent its client away, and does not listen.
    Disconnected = 1,
    /// A client may connect.
    Listening = 2,
    /// One has.
    Connected = 3,
    /// One of the two ends is closed.
    Closing = 4,
}

/// Which client: the server may have had others before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection(pub(crate) u64);

/// An end of an instance, as the opening of it knows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Who created it.
    Server,
    /// Who connected to it; no longer an end once disconnected.
    Client(Connection),
}

impl End {
    /// `FILE_PIPE_CLIENT_END` or `FILE_PIPE_SERVER_END`.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Client(_) => 0,
            Self::Server => 1,
        }
    }
}

/// How an end reads and whether it waits (NT `FILE_PIPE_INFORMATION`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    /// How it reads.
    pub read: ReadMode,
    /// Whether it waits.
    pub completion: CompletionMode,
}

impl Modes {
    /// Those of a client that has just connected.
    pub const CLIENT: Self = Self {
        read: ReadMode::Byte,
        completion: CompletionMode::Queue,
    };
}

/// A conversion from the number that a program passes.
macro_rules! from_number {
    ($kind:ident: $($variant:ident),+) => {
        impl TryFrom<u32> for $kind {
            type Error = PipeStatus;

            fn try_from(number: u32) -> Result<Self, PipeStatus> {
                $(if number == Self::$variant as u32 {
                    return Ok(Self::$variant);
                })+
                Err(PipeStatus::InvalidParameter)
            }
        }
    };
}

from_number!(PipeType: Byte, Message);
from_number!(ReadMode: Byte, Message);
from_number!(CompletionMode: Queue, Complete);
