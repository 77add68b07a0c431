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
    /// The DLLs that programs run over are not there, or not as they must be.
    Userland(&'static str),
    /// The archive cannot be read there.
    Archive,
    /// The name, arguments or environment are too long.
    TooLong,
    /// The volume refuses it.
    File(files::FileError),
    /// The registry refuses it.
    Registry(registry::RegistryError),
    /// There can be no such descriptor.
    Descriptor(security::DescriptorError),
    /// The name leads nowhere, or is none.
    Name(objects::NameError),
    /// Memory of the caller cannot be read or written.
    UserFault,
    /// The file ends there.
    EndOfFile,
    /// The pipe refuses it.
    Pipe(pipes::PipeStatus),
    /// The console refuses it.
    Console(console::ConsoleStatus),
    /// The socket refuses it.
    Socket(sockets::SocketStatus),
    /// The file is empty, so that nothing of it can be shown.
    EmptyFile,
    /// The device cannot do that.
    InvalidDeviceRequest,
    /// The file cannot have a completion port, or has one.
    NoPort,
    /// The kernel has no memory for it.
    OutOfMemory,
    /// The handle stands for nothing.
    InvalidHandle,
    /// The handle stands for an object of another type.
    WrongType,
    /// The handle does not allow that.
    AccessDenied,
    /// There is no client to act for.
    NobodyToActFor,
    /// The thread may know whom it acts for, but not act for them.
    ImpersonationLevel,
    /// The object was not made to be had by one process alone.
    NotExclusive,
    /// The handle is protected from being closed.
    HandleProtected,
    /// The process may have no more handles.
    TooManyHandles,
    /// The address or the offset of a view is no multiple of 64 KiB.
    NotAligned,
    /// The view would reach beyond its section.
    ViewTooBig,
    /// The section is larger than any address space.
    SectionTooBig,
    /// The volume has no room for it.
    VolumeFull,
    /// Nothing can be changed on the volume.
    WriteProtected,
    /// A symbolic link leads out of what there is, or in a circle.
    LinkNotResolved,
    /// The device does not do what it must.
    DeviceFailed,
    /// A file is empty, or too long to be a program.
    NotForImage,
    /// A section shows what the file would lose.
    FileShown,
    /// All numbers for processes and threads have been used.
    TooManyIds,
    /// The object is of a type that cannot be waited for.
    NotWaitable,
    /// A wait for all objects names one of them twice.
    NamedTwice,
    /// The semaphore would count beyond its limit.
    SemaphoreLimit,
    /// The thread does not own the mutant.
    MutantNotOwned,
    /// The thread has acquired the mutant too often.
    MutantLimit,
    /// The thread is suspended too often.
    SuspendedTooOften,
    /// The job has as many processes as it may have.
    JobProcessLimit,
    /// The job has used the time that it may use.
    JobTimeLimit,
    /// The process is in a job that the other cannot become a part of.
    JobNotNestable,
    /// The process is about to end, or has.
    Ending,
    /// The thread is about to end, or has.
    ThreadEnding,
    /// What was queued in the reserve is there still.
    ReserveInUse,
}

impl From<OutOfMemory> for Error {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl From<hal::user::UserFault> for Error {
    fn from(fault: hal::user::UserFault) -> Self {
        match fault {
            hal::user::UserFault::Denied => Self::UserFault,
            hal::user::UserFault::OutOfMemory => Self::OutOfMemory,
        }
    }
}

impl From<sched::apc::QueueError> for Error {
    fn from(error: sched::apc::QueueError) -> Self {
        match error {
            sched::apc::QueueError::OutOfMemory => Self::OutOfMemory,
            sched::apc::QueueError::Ending => Self::ThreadEnding,
            sched::apc::QueueError::InUse => Self::ReserveInUse,
        }
    }
}

impl From<files::FileError> for Error {
    fn from(error: files::FileError) -> Self {
        Self::File(error)
    }
}

impl From<registry::RegistryError> for Error {
    fn from(error: registry::RegistryError) -> Self {
        Self::Registry(error)
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
            Self::Userland(what) => write!(out, "{what}; prepare them with `scons userland`"),
            Self::Archive => out.write_str("the archive is damaged here; build it again"),
            Self::TooLong => out.write_str("its name, arguments or environment are too long"),
            Self::File(error) => error.fmt(out),
            Self::Registry(error) => error.fmt(out),
            Self::Descriptor(error) => write!(out, "no such descriptor can be given: {error:?}"),
            Self::Name(error) => error.fmt(out),
            Self::UserFault => out.write_str("memory of the caller cannot be read or written"),
            Self::EmptyFile => out.write_str("an empty file has nothing to show"),
            Self::EndOfFile => out.write_str("the file ends there"),
            Self::Pipe(status) => write!(out, "the pipe refuses it: {status:?}"),
            Self::Console(status) => write!(out, "the console refuses it: {status:?}"),
            Self::Socket(status) => write!(out, "socket: {status:?}"),
            Self::NoPort => out.write_str("the file can have no completion port, or has one"),
            Self::InvalidDeviceRequest => out.write_str("the device cannot do that"),
            Self::OutOfMemory => {
                out.write_str("the kernel has no memory for it; give the machine more")
            }
            Self::InvalidHandle => out.write_str("the handle stands for nothing"),
            Self::WrongType => out.write_str("the handle stands for an object of another type"),
            Self::NobodyToActFor => out.write_str("there is no client to act for"),
            Self::ImpersonationLevel => out.write_str("the thread may only know whom it acts for"),
            Self::AccessDenied => out.write_str("the handle does not allow that"),
            Self::NotExclusive => out.write_str("the object was not made for one process alone"),
            Self::HandleProtected => out.write_str("the handle is protected from being closed"),
            Self::TooManyHandles => out.write_str("the process has too many handles"),
            Self::NotAligned => {
                out.write_str("the address or offset of a view is no multiple of 64 KiB")
            }
            Self::ViewTooBig => out.write_str("the view would reach beyond its section"),
            Self::SectionTooBig => out.write_str("the section is larger than any address space"),
            Self::WriteProtected => out.write_str("nothing can be changed on the volume"),
            Self::LinkNotResolved => out.write_str("the link leads nowhere that is shared"),
            Self::DeviceFailed => out.write_str("the device has failed"),
            Self::VolumeFull => out.write_str("the volume is full; give the machine more memory"),
            Self::NotForImage => out.write_str("the file is empty, or too long to be a program"),
            Self::FileShown => out.write_str("a section shows what the file would lose"),
            Self::TooManyIds => {
                out.write_str("all numbers for processes and threads have been used")
            }
            Self::NotWaitable => out.write_str("such an object cannot be waited for"),
            Self::NamedTwice => out.write_str("a wait for all objects names one of them twice"),
            Self::SemaphoreLimit => out.write_str("the semaphore would count beyond its limit"),
            Self::MutantNotOwned => out.write_str("the thread does not own the mutant"),
            Self::MutantLimit => out.write_str("the thread has acquired the mutant too often"),
            Self::SuspendedTooOften => out.write_str("the thread is suspended too often"),
            Self::JobProcessLimit => out.write_str("the job has all the processes it may have"),
            Self::JobTimeLimit => out.write_str("the job has used all the time it may use"),
            Self::JobNotNestable => {
                out.write_str("the process is in a job that the other cannot become a part of")
            }
            Self::Ending => out.write_str("the process is about to end, or has"),
            Self::ThreadEnding => out.write_str("the thread is about to end, or has"),
            Self::ReserveInUse => out.write_str("what was queued in the reserve is there still"),
        }
    }
}
