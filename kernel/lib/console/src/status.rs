//! Why the console refuses something, and the NT status for it.

use alloc::collections::TryReserveError;

/// A refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleStatus {
    /// `STATUS_INVALID_PARAMETER`: a size or a value that cannot be.
    InvalidParameter,
    /// `STATUS_INVALID_HANDLE`: nothing that can be asked of this part of the console.
    InvalidHandle,
    /// `STATUS_BUFFER_TOO_SMALL`.
    BufferTooSmall,
    /// `STATUS_INSUFFICIENT_RESOURCES`.
    InsufficientResources,
}

impl ConsoleStatus {
    /// The `NTSTATUS` (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::InvalidParameter => 0xC000_000D,
            Self::InvalidHandle => 0xC000_0008,
            Self::BufferTooSmall => 0xC000_0023,
            Self::InsufficientResources => 0xC000_009A,
        }
    }
}

impl From<TryReserveError> for ConsoleStatus {
    fn from(_: TryReserveError) -> Self {
        Self::InsufficientResources
    }
}
