//! How an operation on a socket ends, and the NT status for it.

/// The end of a request, or the answer to an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum SocketStatus {
    /// `STATUS_SUCCESS`.
    #[default]
    Success = 0,
    /// `STATUS_BUFFER_OVERFLOW`: a datagram is longer than the buffer, or than any may be.
    TooLong = 0x8000_0005,
    /// `STATUS_INVALID_PARAMETER`.
    InvalidParameter = 0xC000_000D,
    /// `STATUS_ACCESS_DENIED`: the address is somebody's for good, or all hosts' at once.
    AccessDenied = 0xC000_0022,
    /// `STATUS_BUFFER_TOO_SMALL`.
    BufferTooSmall = 0xC000_0023,
    /// `STATUS_SHARING_VIOLATION`: somebody has the address.
    AddressInUse = 0xC000_0043,
    /// `STATUS_INSUFFICIENT_RESOURCES`: the kernel's memory is exhausted.
    InsufficientResources = 0xC000_009A,
    /// `STATUS_DEVICE_NOT_READY`: it would have to wait, and the socket does not.
    WouldBlock = 0xC000_00A3,
    /// `STATUS_PIPE_DISCONNECTED`: that direction was shut down.
    ShutDown = 0xC000_00B0,
    /// `STATUS_NOT_SUPPORTED`: no such socket can do that.
    NotSupported = 0xC000_00BB,
    /// `STATUS_CANCELLED`.
    Cancelled = 0xC000_0120,
    /// `STATUS_INVALID_CONNECTION`: it is not connected.
    NotConnected = 0xC000_0140,
    /// `STATUS_INVALID_ADDRESS`: no socket has such an address.
    InvalidAddress = 0xC000_0141,
    /// `STATUS_INVALID_ADDRESS_COMPONENT`: this machine has no such address.
    AddressNotAvailable = 0xC000_0207,
    /// `STATUS_CONNECTION_RESET`: the other end is gone, and data with it.
    ConnectionReset = 0xC000_020D,
    /// `STATUS_CONNECTION_REFUSED`: nobody listens there.
    ConnectionRefused = 0xC000_0236,
    /// `STATUS_ADDRESS_ALREADY_ASSOCIATED`: it has an address.
    AlreadyBound = 0xC000_0238,
    /// `STATUS_CONNECTION_ACTIVE`: it is connected.
    AlreadyConnected = 0xC000_023B,
    /// `STATUS_NETWORK_UNREACHABLE`: no network leads there.
    NetworkUnreachable = 0xC000_023C,
}

impl SocketStatus {
    /// The `NTSTATUS` (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        self as u32
    }

    /// The number of such an error among Windows Sockets' (`winsock2.h`).
    #[must_use]
    pub const fn socket_error(self) -> u32 {
        match self {
            Self::Success => 0,
            Self::AccessDenied => 10013,
            Self::BufferTooSmall => 10014,
            Self::InvalidParameter | Self::InvalidAddress | Self::AlreadyBound => 10022,
            Self::WouldBlock => 10035,
            Self::TooLong => 10040,
            Self::NotSupported => 10045,
            Self::AddressInUse => 10048,
            Self::AddressNotAvailable => 10049,
            Self::NetworkUnreachable => 10051,
            Self::ConnectionReset => 10054,
            Self::InsufficientResources => 10055,
            Self::AlreadyConnected => 10056,
            Self::NotConnected => 10057,
            Self::ShutDown => 10058,
            Self::ConnectionRefused => 10061,
            Self::Cancelled => 995,
        }
    }
}
