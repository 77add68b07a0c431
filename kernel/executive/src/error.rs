//! What can go wrong in the executive, and whose fault it is.

use core::fmt;

use hal::OutOfMemory;
use pe::PeError;
use vm::VmError;

/// Why something was refused.
#[derive(Clone, Copy, Debug)]
pub enum Error {
    /// The caller asked for something that its address space cannot give.
    Memory(VmError),
    /// The image is not a program that can run here.
    Image(PeError),
    /// There is no such program in the archive.
    NoSuchProgram,
    /// The archive cannot be read there.
    Archive,
    /// The name, arguments or environment are too long.
    TooLong,
    /// The kernel has no memory for it.
    OutOfMemory,
}

impl From<OutOfMemory> for Error {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl From<VmError> for Error {
    fn from(error: VmError) -> Self {
        Self::Memory(error)
    }
}

impl From<PeError> for Error {
    fn from(error: PeError) -> Self {
        Self::Image(error)
    }
}

impl From<alloc::collections::TryReserveError> for Error {
    fn from(_: alloc::collections::TryReserveError) -> Self {
        Self::OutOfMemory
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(error) => write!(out, "{error}"),
            Self::Image(error) => write!(out, "{error}"),
            Self::NoSuchProgram => out
                .write_str("no such program in the archive; add it with `scons run program=PATH`"),
            Self::Archive => out.write_str("the archive is damaged here; build it again"),
            Self::TooLong => out.write_str("its name, arguments or environment are too long"),
            Self::OutOfMemory => {
                out.write_str("the kernel has no memory for it; give the machine more")
            }
        }
    }
}
