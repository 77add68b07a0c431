//! The kinds of objects, and how many of each there are.

use core::sync::atomic::{AtomicU32, Ordering};

/// The kinds of objects, in the order of NT's numbers for its types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// Type.
    Type,
    /// Directory.
    Directory,
    /// SymbolicLink.
    SymbolicLink,
    /// Token.
    Token,
    /// Job.
    Job,
    /// Process.
    Process,
    /// Thread.
    Thread,
    /// UserApcReserve.
    UserApcReserve,
    /// IoCompletionReserve.
    IoCompletionReserve,
    /// Event.
    Event,
    /// Mutant.
    Mutant,
    /// Semaphore.
    Semaphore,
    /// Timer.
    Timer,
    /// KeyedEvent.
    KeyedEvent,
    /// Section.
    Section,
    /// Device.
    Device,
    /// IoCompletion.
    IoCompletion,
    /// File.
    File,
    /// Key.
    Key,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Population {
    /// Now.
    pub now: u32,
    /// At most so far.
    pub most: u32,
}

/// The same, as it is counted.
struct Counter {
    now: AtomicU32,
    most: AtomicU32,
}

struct Counters {
    objects: Counter,
    handles: Counter,
}

static COUNTERS: [Counters; ObjectKind::ALL.len()] =
    [const { Counters::new() }; ObjectKind::ALL.len()];

impl ObjectKind {
    /// All of them, in order.
    pub const ALL: [Self; 19] = [
        Self::Type,
        Self::Directory,
        Self::SymbolicLink,
        Self::Token,
        Self::Job,
        Self::Process,
        Self::Thread,
        Self::UserApcReserve,
        Self::IoCompletionReserve,
        Self::Event,
        Self::Mutant,
        Self::Semaphore,
        Self::Timer,
        Self::KeyedEvent,
        Self::Section,
        Self::Device,
        Self::IoCompletion,
        Self::File,
        Self::Key,
    ];

    /// NT's name of the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "Type",
            Self::Directory => "Directory",
            Self::SymbolicLink => "SymbolicLink",
            Self::Token => "Token",
            Self::Job => "Job",
            Self::Process => "Process",
            Self::Thread => "Thread",
            Self::UserApcReserve => "UserApcReserve",
            Self::IoCompletionReserve => "IoCompletionReserve",
            Self::Event => "Event",
            Self::Mutant => "Mutant",
            Self::Semaphore => "Semaphore",
            Self::Timer => "Timer",
            Self::KeyedEvent => "KeyedEvent",
            Self::Section => "Section",
            Self::Device => "Device",
            Self::IoCompletion => "IoCompletion",
            Self::File => "File",
            Self::Key => "Key",
        }
    }

    /// How many objects there are of the kind.
    pub fn objects(self) -> Population {
        self.counters().objects.population()
    }

    /// How many handles objects of the kind have.
    pub fn handles(self) -> Population {
        self.counters().handles.population()
    }

    pub(super) fn object_made(self) {
        self.counters().objects.add();
    }

    pub(super) fn object_gone(self) {
        self.counters().objects.remove();
    }

    pub(super) fn handle_made(self) {
        self.counters().handles.add();
    }

    pub(super) fn handle_gone(self) {
        self.counters().handles.remove();
    }

    #[inline]
    fn counters(self) -> &'static Counters {
        match COUNTERS.get(self as usize) {
            Some(counters) => counters,
            None => unreachable!("there is an entry for every kind"),
        }
    }
}

impl Counters {
    const fn new() -> Self {
        Self {
            objects: Counter::new(),
            handles: Counter::new(),
        }
    }
}

impl Counter {
    const fn new() -> Self {
        Self {
            now: AtomicU32::new(0),
            most: AtomicU32::new(0),
        }
    }

    #[inline]
    fn add(&self) {
        let now = self.now.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        if now > self.most.load(Ordering::Relaxed) {
            self.most.fetch_max(now, Ordering::Relaxed);
        }
    }

    #[inline]
    fn remove(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }

    fn population(&self) -> Population {
        Population {
            now: self.now.load(Ordering::Relaxed),
            most: self.most.load(Ordering::Relaxed),
        }
    }
}
