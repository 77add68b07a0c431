//! Objects: what handles and names stand for.
//!
//! An [`Object`] is a counted reference to one of a closed set of kinds. Each
//! kind's structure has a [`Header`], by which the object manager counts its
//! handles. The kinds that can be waited for have their signal in the
//! dispatcher, see [`crate::dispatch`].

mod exclusive;
mod handles;
mod held;
mod kind;
pub mod namespace;
mod start;

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use hal::lock::Lock;
use hal::{OutOfMemory, Ref};
use sched::ObjectKey;
use security::Descriptor;

use crate::dispatch::Signalled;
use crate::io::{Device, File, IoCompletion, Irp, PacketReserve};
use crate::job::Job;
use crate::memory::Section;
use crate::process::{ApcReserve, Process, Thread};
use crate::rank;
use crate::registry::Key;
use crate::token::Token;
use exclusive::Exclusive;
pub use handles::{Found, Handles, Listed, Opened, Taken};
pub use held::Held;
pub use kind::{ObjectKind, Population};
use namespace::Place;
pub use namespace::{Directory, SymbolicLink};
pub use start::init;
pub(crate) use start::{keep, place, place_link};

/// A reference to an object.
#[derive(Clone)]
pub enum Object {
    /// A type.
    Type(Ref<Type>),
    /// A directory.
    Directory(Ref<Directory>),
    /// A symbolic link.
    SymbolicLink(Ref<SymbolicLink>),
    /// Room for a call.
    UserApcReserve(Ref<ApcReserve>),
    /// Room for a packet.
    IoCompletionReserve(Ref<PacketReserve>),
    /// An event of either kind.
    Event(Ref<Signalled>),
    /// A semaphore.
    Semaphore(Ref<Signalled>),
    /// A mutant.
    Mutant(Ref<Signalled>),
    /// A timer of either kind.
    Timer(Ref<Signalled>),
    /// A keyed event.
    KeyedEvent(Ref<Signalled>),
    /// A section.
    Section(Ref<Section>),
    /// A job.
    Job(Ref<Job>),
    /// A token.
    Token(Ref<Token>),
    /// A process.
    Process(Ref<Process>),
    /// A thread.
    Thread(Ref<Thread>),
    /// A device.
    Device(Ref<Device>),
    /// A completion port.
    IoCompletion(Ref<IoCompletion>),
    /// An open file.
    File(Ref<File>),
    /// An open key.
    Key(Ref<Key>),
}

/// A type, as far as it is an object: what has a name in `\ObjectTypes`.
pub struct Type {
    header: Header,
}

/// What every object has.
pub struct Header {
    kind: ObjectKind,
    handles: AtomicU32,
    is_permanent: AtomicBool,
    exclusive: Exclusive,
    place: Lock<rank::Name, Option<Place>>,
    /// Whether there is a place; it changes under its lock.
    is_named: AtomicBool,
    is_described: AtomicBool,
    security: Lock<rank::Security, Option<Ref<Descriptor>>>,
}

impl Header {
    /// That of a new object: no handles, no name.
    pub fn new(kind: ObjectKind) -> Self {
        kind.object_made();
        Self {
            kind,
            handles: AtomicU32::new(0),
            is_permanent: AtomicBool::new(false),
            exclusive: Exclusive::new(),
            place: Lock::new(None),
            is_named: AtomicBool::new(false),
            is_described: AtomicBool::new(false),
            security: Lock::new(None),
        }
    }

    /// How many handles there are.
    pub fn handle_count(&self) -> u32 {
        self.handles.load(Ordering::Relaxed)
    }

    /// Makes the object one that a process can have for itself (NT
    /// `OBJ_EXCLUSIVE`); before its first handle.
    pub fn allow_exclusive(&self) {
        self.exclusive.allow();
    }

    /// Whether a process has it for itself.
    pub fn is_exclusive(&self) -> bool {
        self.exclusive.is_taken()
    }

    /// Whether it has a descriptor of its own.
    #[inline]
    pub fn is_described(&self) -> bool {
        self.is_described.load(Ordering::Relaxed)
    }

    /// The descriptor of its own.
    pub fn security(&self) -> Option<Ref<Descriptor>> {
        self.security.lock().clone()
    }

    /// Gives it a descriptor of its own.
    pub fn set_security(&self, descriptor: Ref<Descriptor>) {
        let before = self.security.lock().replace(descriptor);
        self.is_described.store(true, Ordering::Relaxed);
        // Outside the lock: this may be the last reference.
        drop(before);
    }

    fn has_name(&self) -> bool {
        self.is_named.load(Ordering::Relaxed)
    }

    fn note_handle(&self) {
        self.kind.handle_made();
        self.handles.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether it was the last one.
    fn forget_handle(&self) -> bool {
        self.kind.handle_gone();
        self.handles.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

impl Drop for Header {
    fn drop(&mut self) {
        self.kind.object_gone();
    }
}

impl Type {
    fn new() -> Result<Ref<Self>, OutOfMemory> {
        let header = Header::new(ObjectKind::Type);
        Ref::try_new(Self { header })
    }
}

impl Object {
    /// Its kind.
    pub fn kind(&self) -> ObjectKind {
        self.header().kind
    }

    /// What every object has.
    pub fn header(&self) -> &Header {
        match self {
            Self::Type(of) => &of.header,
            Self::Directory(directory) => directory.header(),
            Self::SymbolicLink(link) => link.header(),
            Self::Event(object)
            | Self::Semaphore(object)
            | Self::Mutant(object)
            | Self::Timer(object)
            | Self::KeyedEvent(object) => object.header(),
            Self::Section(section) => section.header(),
            Self::Job(job) => job.header(),
            Self::Token(token) => token.header(),
            Self::Process(process) => process.header(),
            Self::Thread(thread) => thread.header(),
            Self::UserApcReserve(reserve) => reserve.header(),
            Self::IoCompletionReserve(reserve) => reserve.header(),
            Self::Device(device) => device.header(),
            Self::IoCompletion(port) => port.header(),
            Self::File(file) => file.header(),
            Self::Key(key) => key.header(),
        }
    }

    /// What waits for it wait for; `None`: it cannot be waited for.
    pub(crate) fn signal(&self) -> Option<&ObjectKey> {
        match self {
            Self::Event(object)
            | Self::Semaphore(object)
            | Self::Mutant(object)
            | Self::Timer(object) => Some(object.key()),
            Self::Job(job) => Some(job.signal()),
            Self::Process(process) => Some(process.signal()),
            Self::Thread(thread) => Some(thread.signal()),
            Self::IoCompletion(port) => Some(port.signal()),
            Self::File(file) => Some(file.signal()),
            Self::Type(_)
            | Self::Directory(_)
            | Self::SymbolicLink(_)
            | Self::UserApcReserve(_)
            | Self::IoCompletionReserve(_)
            | Self::KeyedEvent(_)
            | Self::Section(_)
            | Self::Device(_)
            | Self::Key(_)
            | Self::Token(_) => None,
        }
    }

    /// Whether both are references to one object.
    pub fn is_same(&self, other: &Self) -> bool {
        core::ptr::eq(self.header(), other.header())
    }

    /// The last handle was closed.
    fn last_handle_closed(&self) {
        let header = self.header();
        header.exclusive.last_handle_closed();
        if header.has_name() {
            namespace::forget_name(self);
        }
        match self {
            Self::Job(job) => job.last_handle_closed(),
            Self::Process(process) => process.forget_if_over(),
            Self::Thread(thread) => thread.forget_if_over(),
            Self::IoCompletion(port) => port.last_handle_closed(),
            Self::File(file) => file.last_handle_closed(),
            Self::Key(key) => key.last_handle_closed(),
            _ => {}
        }
    }

    /// Cancels the requests that are meant; false: there is none.
    pub fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        match self {
            Self::File(file) => file.cancel(is_meant),
            Self::Key(key) => key.cancel(is_meant),
            _ => false,
        }
    }
}
