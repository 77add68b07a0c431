//! How an operation on a pipe ends, and the NT status for it.

/// The end of a request or the answer to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipeStatus {
    /// `STATUS_SUCCESS`.
    Success,
    /// `STATUS_BUFFER_OVERFLOW`: a message is longer than the buffer; the rest
    /// is for the next read.
    BufferOverflow,
    /// `STATUS_INVALID_PARAMETER`: a direction or mode that the pipe has not.
    InvalidParameter,
    /// `STATUS_ACCESS_DENIED`: the pipe was created otherwise.
    AccessDenied,
    /// `STATUS_OBJECT_NAME_INVALID`: no pipe can have the name.
    NameInvalid,
    /// `STATUS_OBJECT_NAME_NOT_FOUND`: no pipe has the name.
    NameNotFound,
    /// `STATUS_INSUFFICIENT_RESOURCES`: the kernel's memory is exhausted.
    InsufficientResources,
    /// `STATUS_INSTANCE_NOT_AVAILABLE`: the pipe has all instances it may.
    InstanceNotAvailable,
    /// `STATUS_PIPE_NOT_AVAILABLE`: no instance listens.
    PipeNotAvailable,
    /// `STATUS_INVALID_PIPE_STATE`: not connected, or not such a pipe.
    InvalidPipeState,
    /// `STATUS_PIPE_BUSY`: data or requests are in the way.
    PipeBusy,
    /// `STATUS_ILLEGAL_FUNCTION`: the server's to do, not the client's.
    IllegalFunction,
    /// `STATUS_PIPE_DISCONNECTED`: the server has disconnected it.
    PipeDisconnected,
    /// `STATUS_PIPE_CLOSING`: the other end is closed.
    PipeClosing,
    /// `STATUS_PIPE_CONNECTED`: it has a client.
    PipeConnected,
    /// `STATUS_PIPE_LISTENING`: it has no client yet.
    PipeListening,
    /// `STATUS_IO_TIMEOUT`: the deadline of a wait has passed.
    IoTimeout,
    /// `STATUS_PIPE_EMPTY`: nothing to read, and the end does not wait.
    PipeEmpty,
    /// `STATUS_CANCELLED`.
    Cancelled,
    /// `STATUS_PIPE_BROKEN`: the other end is closed and nothing is left.
    PipeBroken,
}

impl PipeStatus {
    /// The `NTSTATUS` (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::Success => 0,
            Self::BufferOverflow => 0x8000_0005,
            Self::InvalidParameter => 0xC000_000D,
            Self::AccessDenied => 0xC000_0022,
            Self::NameInvalid => 0xC000_0033,
            Self::NameNotFound => 0xC000_0034,
            Self::InsufficientResources => 0xC000_009A,
            Self::InstanceNotAvailable => 0xC000_00AB,
            Self::PipeNotAvailable => 0xC000_00AC,
            Self::InvalidPipeState => 0xC000_00AD,
            Self::PipeBusy => 0xC000_00AE,
            Self::IllegalFunction => 0xC000_00AF,
            Self::PipeDisconnected => 0xC000_00B0,
            Self::PipeClosing => 0xC000_00B1,
            Self::PipeConnected => 0xC000_00B2,
            Self::PipeListening => 0xC000_00B3,
            Self::IoTimeout => 0xC000_00B5,
            Self::PipeEmpty => 0xC000_00D9,
            Self::Cancelled => 0xC000_0120,
            Self::PipeBroken => 0xC000_014B,
        }
    }
}
