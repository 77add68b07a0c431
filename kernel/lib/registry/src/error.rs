//! Why an operation on the registry is refused, and the NT status for it.

use core::fmt;

/// Why an operation was refused. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistryError {
    /// `STATUS_OBJECT_NAME_NOT_FOUND`: no such value, or a link without a target.
    NameNotFound,
    /// `STATUS_INVALID_PARAMETER`: a name that is none or too long, or a key
    /// where none can be made.
    InvalidParameter,
    /// `STATUS_NAME_TOO_LONG`: keys would be too deep, or a link makes a path
    /// too long.
    NameTooLong,
    /// `STATUS_OBJECT_NAME_COLLISION`: there is a key of that name already.
    NameCollision,
    /// `STATUS_CANNOT_DELETE`: the key has keys, or stays for good; or a new
    /// name is taken.
    CannotDelete,
    /// `STATUS_ACCESS_DENIED`: a link has nothing but its target, and a key
    /// that stays keeps its name.
    AccessDenied,
    /// `STATUS_KEY_DELETED`: the key has been deleted since it was opened.
    KeyDeleted,
    /// `STATUS_CHILD_MUST_BE_VOLATILE`: what is in a volatile key is volatile.
    ChildMustBeVolatile,
    /// `STATUS_NO_MORE_ENTRIES`: there are not so many keys or values.
    NoMoreEntries,
    /// `STATUS_INSUFFICIENT_RESOURCES`: the registry is as large as it may be.
    Full,
    /// `STATUS_INSUFFICIENT_RESOURCES`: the kernel's memory is exhausted.
    NoMemory,
}

impl RegistryError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::NameNotFound => 0xC000_0034,
            Self::InvalidParameter => 0xC000_000D,
            Self::NameTooLong => 0xC000_0106,
            Self::NameCollision => 0xC000_0035,
            Self::CannotDelete => 0xC000_0121,
            Self::AccessDenied => 0xC000_0022,
            Self::KeyDeleted => 0xC000_017C,
            Self::ChildMustBeVolatile => 0xC000_0181,
            Self::NoMoreEntries => 0x8000_001A,
            Self::Full | Self::NoMemory => 0xC000_009A,
        }
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NameNotFound => "the registry has nothing of the program's name",
            Self::InvalidParameter => "no key or value can have the program's name there",
            Self::NameTooLong => "the path of the key would be too long",
            Self::NameCollision => "a key has the program's name already",
            Self::CannotDelete => "the key is in the way of the program's change, or stays",
            Self::AccessDenied => "the key is a link or one that stays",
            Self::KeyDeleted => "the key has been deleted",
            Self::ChildMustBeVolatile => "a lasting key cannot be in a volatile one",
            Self::NoMoreEntries => "there are not so many keys or values",
            Self::Full => "the registry is as large as it may be",
            Self::NoMemory => "kernel memory for the registry is exhausted",
        })
    }
}

impl From<alloc::collections::TryReserveError> for RegistryError {
    fn from(_: alloc::collections::TryReserveError) -> Self {
        Self::NoMemory
    }
}
