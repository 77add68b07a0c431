//! Why a chain of frames ends.

use core::fmt;

/// Why the caller of a frame cannot be found. Places in the image are offsets
/// from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnwindError {
    /// The next instruction is not in executable pages of the image.
    NotCode {
        /// Its address.
        rip: u64,
    },
    /// A function calls another but has no unwind information.
    NoUnwindInfo {
        /// Where the call returns to.
        rva: u32,
    },
    /// The stack ends, or its memory is not accessible.
    StackUnreadable {
        /// Address of the missing word.
        address: u64,
    },
    /// The caller's stack pointer would not be above this frame's.
    StackNotAscending {
        /// This frame's stack pointer.
        from: u64,
        /// What would be the caller's.
        to: u64,
    },
    /// Unwind information lies outside the data of a section.
    InfoOutsideImage {
        /// Where it should be.
        rva: u32,
    },
    /// Unwind information of an unknown version.
    UnknownVersion {
        /// Where it is.
        rva: u32,
        /// Its version.
        version: u8,
    },
    /// An unwind code that is not defined, not complete or not possible.
    BadCode {
        /// Where it is.
        rva: u32,
        /// Operation in the lower, its parameter in the upper four bits.
        code: u8,
    },
    /// Unwind information refers to other such information too often.
    TooManyChained {
        /// The last that was read.
        rva: u32,
    },
    /// What is listed as an epilogue is not one.
    BadEpilogue {
        /// The next instruction.
        rva: u32,
    },
}

impl fmt::Display for UnwindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotCode { rip } => write!(f, "{rip:#x} is not in the program's code"),
            Self::NoUnwindInfo { rva } => {
                write!(f, "the function at {rva:#x} has no unwind information")
            }
            Self::StackUnreadable { address } => {
                write!(f, "the stack cannot be read at {address:#x}")
            }
            Self::StackNotAscending { from, to } => write!(
                f,
                "the caller's stack pointer {to:#x} is not above this frame's, {from:#x}; a register or the stack is overwritten"
            ),
            Self::InfoOutsideImage { rva } => {
                write!(f, "the unwind information at {rva:#x} is outside the file")
            }
            Self::UnknownVersion { rva, version } => write!(
                f,
                "the unwind information at {rva:#x} has version {version}; 1 and 2 are known here"
            ),
            Self::BadCode { rva, code } => {
                write!(f, "the unwind code {code:#04x} at {rva:#x} is invalid")
            }
            Self::TooManyChained { rva } => write!(
                f,
                "the unwind information at {rva:#x} is part of a chain that is too long"
            ),
            Self::BadEpilogue { rva } => write!(
                f,
                "the unwind information lists an epilogue at {rva:#x}, but the code is none"
            ),
        }
    }
}

impl core::error::Error for UnwindError {}
