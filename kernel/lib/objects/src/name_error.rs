//! Why a name or a path is refused, and the NT status a program sees for it.

use core::fmt;

/// Why an operation on the namespace was refused. Nothing changed.
///
/// All are the caller's fault but [`NameError::NoMemory`], which is
/// exhaustion. Which of them a malformed path gets is documented for
/// `NtOpenDirectoryObject`; that a path is judged component by component, so
/// that a missing directory comes before an empty name behind it, is what
/// Windows shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// A path without a start must begin with a backslash, one with a start
    /// must not; a link's target must.
    PathSyntaxBad,
    /// A component is empty (two backslashes, one at the end), or the path is
    /// longer than [`MAX_UNITS`](crate::MAX_UNITS).
    NameInvalid,
    /// A component that more of the path follows is not there.
    PathNotFound,
    /// The last component is not there.
    NameNotFound,
    /// The name is taken.
    NameCollision,
    /// The path leads through an object that has nothing inside.
    TypeMismatch,
    /// With a link's target in it the path is longer than `MAX_UNITS`, or with
    /// all of them more than [`MAX_WALKED_UNITS`](crate::MAX_WALKED_UNITS).
    NameTooLong,
    /// More links than [`MAX_LINKS`](crate::MAX_LINKS): they may go round.
    TooManyLinks,
    /// A link on a path that was to have none.
    LinkEncountered,
    /// The kernel has no memory for a name or a larger directory.
    NoMemory,
}

impl NameError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::PathSyntaxBad => 0xC000_003B,
            Self::NameInvalid => 0xC000_0033,
            Self::PathNotFound => 0xC000_003A,
            Self::NameNotFound => 0xC000_0034,
            Self::NameCollision => 0xC000_0035,
            Self::TypeMismatch => 0xC000_0024,
            Self::NameTooLong => 0xC000_0106,
            Self::TooManyLinks => 0xC000_0280,
            Self::LinkEncountered => 0xC000_050B,
            Self::NoMemory => 0xC000_009A,
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::PathSyntaxBad => {
                "the program's path begins with a backslash and must not, or must and does not"
            }
            Self::NameInvalid => "the program's path has an empty component or is too long",
            Self::PathNotFound => "a directory on the program's path is not there",
            Self::NameNotFound => "no object has the program's name",
            Self::NameCollision => "an object has the program's name already",
            Self::TypeMismatch => "the program's path leads through what is no directory",
            Self::NameTooLong => "with its links followed the program's path is too long",
            Self::TooManyLinks => "the program's path has too many links, or they go round",
            Self::LinkEncountered => "the program's path has a link and it asks for none",
            Self::NoMemory => "kernel memory for names is exhausted",
        })
    }
}
