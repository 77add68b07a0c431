//! Open files: what handles of files stand for.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use hal::lock::Lock;
use hal::{Ref, Room};
use sched::{ObjectKey, Signal};

use super::completion::{IoCompletion, Promised};
use super::host::Stream;
use super::irp::Irp;
use super::node::Node;
use super::pipe::{self, PipeEnd};
use super::socket::SocketEnd;
use super::terminal::ConsoleFile;
use super::volume::VolumeId;
use crate::object::{Header, ObjectKind};
use crate::scheduler::{self, Waitable};
use crate::{Error, rank};

/// An open file.
pub struct File {
    header: Header,
    pub(super) target: Target,
    /// Signalled when an operation is over.
    over: Waitable,
    /// Whether it is.
    is_over: AtomicBool,
    mode: AtomicU32,
    position: AtomicU64,
    /// Whether there is one; it changes under the lock.
    has_port: AtomicBool,
    port: Lock<rank::FilePort, Option<Port>>,
    quiet: AtomicU32,
}

/// The completion port that is told of a file's operations.
#[derive(Clone)]
pub struct Port {
    completion: Ref<IoCompletion>,
    /// What the port knows the file by.
    pub key: u64,
}

/// What is open.
pub enum Target {
    /// The device that takes everything and gives nothing.
    Null,
    /// The console.
    Console,
    /// A standard stream of the host's.
    Host(Stream),
    /// Something of the console over the host's terminal.
    Terminal(ConsoleFile),
    /// A volume itself.
    Volume(VolumeId),
    /// A file or directory of the volume.
    Node(Node),
    /// An end of a pipe.
    Pipe(PipeEnd),
    /// The device of pipes, or the directory of all of them.
    Pipes(PipeRoot),
    /// A socket.
    Socket(SocketEnd),
}

/// What is told of a file's operations to nobody (NT
/// `FILE_IO_COMPLETION_NOTIFICATION_INFORMATION`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet(u32);

impl Quiet {
    /// The completion port is not told of what was done at once.
    pub const PORT: Self = Self(1);
    /// The file is not signalled.
    pub const FILE: Self = Self(2);
    /// The event of an operation that was done at once is not signalled.
    pub const EVENT: Self = Self(4);

    /// From bits; `None`: some mean nothing.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let all = Self::PORT.0 | Self::FILE.0 | Self::EVENT.0;
        (bits & !all == 0).then_some(Self(bits))
    }

    /// As bits.
    pub fn bits(self) -> u32 {
        self.0
    }
}

/// What is open, where no pipe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipeRoot {
    /// The device.
    Device,
    /// The directory.
    Directory,
}

/// How a file is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Whether calls wait, and the file has a position.
    pub is_synchronous: bool,
    /// All that a program can ask for again, as it said it.
    pub flags: u32,
}

/// Where a transfer begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the file's position, which moves along.
    Position,
    /// At the file's end.
    End,
    /// There; the position of a synchronous file moves along too.
    At(u64),
}

const SYNCHRONOUS: u32 = 1 << 31;

/// A file that has all it needs but something that is open: what opening does to
/// a volume is done only when nothing else can fail.
pub(super) struct Unopened {
    room: Room<File>,
    over: Waitable,
}

impl Unopened {
    /// Gets what a file needs.
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self {
            room: Room::try_new()?,
            over: Waitable::new(Signal::Notification { is_set: false })?,
        })
    }

    /// Makes it an open file.
    pub(super) fn open(self, target: Target, mode: Mode) -> Ref<File> {
        let synchronous = match mode.is_synchronous {
            true => SYNCHRONOUS,
            false => 0,
        };
        self.room.fill(File {
            header: Header::new(ObjectKind::File),
            target,
            over: self.over,
            is_over: AtomicBool::new(false),
            mode: AtomicU32::new(mode.flags | synchronous),
            position: AtomicU64::new(0),
            has_port: AtomicBool::new(false),
            port: Lock::new(None),
            quiet: AtomicU32::new(0),
        })
    }
}

impl Port {
    pub(super) fn promise(&self) -> Result<Promised, Error> {
        IoCompletion::promise(&self.completion)
    }
}

impl File {
    /// The console, as every program has it open from its start.
    pub(super) fn console() -> Result<Ref<Self>, Error> {
        let mode = Mode {
            is_synchronous: true,
            flags: 0,
        };
        Ok(Unopened::new()?.open(Target::Console, mode))
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn signal(&self) -> &ObjectKey {
        if let Target::Terminal(file) = &self.target
            && let Some(records) = file.records()
        {
            return records;
        }
        self.over.key()
    }

    /// What is open.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Whether another is open on the same file or directory.
    pub fn is_of_same_node(&self, other: &Self) -> bool {
        match (&self.target, &other.target) {
            (Target::Node(one), Target::Node(another)) => one.is_same(another),
            _ => false,
        }
    }

    /// The file or directory of the volume.
    pub fn node(&self) -> Result<&Node, Error> {
        match &self.target {
            Target::Node(node) => Ok(node),
            Target::Volume(_) => Err(files::FileError::InvalidParameter.into()),
            _ => Err(Error::InvalidDeviceRequest),
        }
    }

    /// The end of a pipe.
    pub fn pipe(&self) -> Result<&PipeEnd, Error> {
        match &self.target {
            Target::Pipe(end) => Ok(end),
            Target::Volume(_) | Target::Node(_) => Err(files::FileError::InvalidParameter.into()),
            _ => Err(Error::InvalidDeviceRequest),
        }
    }

    /// The socket.
    pub fn socket(&self) -> Result<&SocketEnd, Error> {
        match &self.target {
            Target::Socket(socket) => Ok(socket),
            _ => Err(Error::WrongType),
        }
    }

    /// How it is used.
    pub fn mode(&self) -> Mode {
        let mode = self.mode.load(Ordering::Relaxed);
        Mode {
            is_synchronous: mode & SYNCHRONOUS != 0,
            flags: mode & !SYNCHRONOUS,
        }
    }

    /// Changes what a program can ask for again.
    pub fn set_flags(&self, flags: u32) {
        let kept = self.mode.load(Ordering::Relaxed) & SYNCHRONOUS;
        self.mode.store(flags | kept, Ordering::Relaxed);
    }

    /// Where a synchronous file stands.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// Moves it.
    pub fn set_position(&self, position: u64) {
        self.position.store(position, Ordering::Relaxed);
    }

    /// Tells those that wait for the file that an operation begins that is not over
    /// at once, or that one is over.
    #[inline]
    pub fn set_over(&self, is_over: bool) {
        // As it mostly is: signalled at first, and left so by what is over at once.
        if self.is_over.load(Ordering::Relaxed) != is_over {
            self.change_over(is_over);
        }
    }

    #[cold]
    fn change_over(&self, is_over: bool) {
        let is_quiet = is_over && self.has(Quiet::FILE);
        if is_quiet || self.is_over.swap(is_over, Ordering::Relaxed) == is_over {
            return;
        }
        let over = self.over.key();
        scheduler::with(|dispatcher| match is_over {
            true => dispatcher.set(over),
            false => dispatcher.reset(over),
        });
    }

    /// Has a completion port told of its operations, under a key.
    pub fn set_port(&self, completion: Ref<IoCompletion>, key: u64) -> Result<(), Error> {
        let new = Port { completion, key };
        let mut port = self.port.lock();
        if port.is_some() || self.mode().is_synchronous {
            return Err(Error::NoPort);
        }
        *port = Some(new);
        self.has_port.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Has another port told of its operations from now on, or none.
    pub fn replace_port(&self, new: Option<(Ref<IoCompletion>, u64)>) -> Result<(), Error> {
        if self.mode().is_synchronous {
            return Err(Error::NoPort);
        }
        let new = new.map(|(completion, key)| Port { completion, key });
        let mut port = self.port.lock();
        self.has_port.store(new.is_some(), Ordering::Relaxed);
        let before = core::mem::replace(&mut *port, new);
        drop(port);
        // Outside the lock: this may be the last reference.
        drop(before);
        Ok(())
    }

    /// Tells less from now on.
    pub fn add_quiet(&self, quiet: Quiet) {
        self.quiet.fetch_or(quiet.0, Ordering::Relaxed);
    }

    /// What is told to nobody.
    pub fn quiet(&self) -> Quiet {
        Quiet(self.quiet.load(Ordering::Relaxed))
    }

    pub(super) fn has(&self, quiet: Quiet) -> bool {
        self.quiet.load(Ordering::Relaxed) & quiet.0 != 0
    }

    /// Whether a completion port is told of its operations.
    pub fn has_port(&self) -> bool {
        self.has_port.load(Ordering::Relaxed)
    }

    pub(super) fn port(&self) -> Option<Port> {
        match self.has_port() {
            true => self.port.lock().clone(),
            false => None,
        }
    }

    /// Cancels the requests that are meant; false: there is none.
    pub(crate) fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        match &self.target {
            Target::Null | Target::Console | Target::Host(_) | Target::Volume(_) => false,
            Target::Terminal(file) => file.cancel(is_meant),
            Target::Node(node) if node.is_directory() => self.cancel_watches(is_meant),
            Target::Node(_) => self.cancel_locks(is_meant),
            Target::Pipe(end) => end.cancel(is_meant),
            Target::Pipes(_) => pipe::cancel_waits(is_meant),
            Target::Socket(socket) => socket.cancel(is_meant),
        }
    }

    /// The last handle is closed: others may have the file now, or it goes.
    pub(crate) fn last_handle_closed(&self) {
        match &self.target {
            Target::Node(node) => {
                self.unlock_all();
                node.close();
            }
            Target::Pipe(end) => end.close(),
            Target::Terminal(file) => file.close(),
            Target::Socket(socket) => socket.close(),
            Target::Null
            | Target::Console
            | Target::Host(_)
            | Target::Volume(_)
            | Target::Pipes(_) => {}
        }
    }
}
