//! What happens to processes, threads and the processor, told to a watcher.

use core::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};

use hal::trap::PageFault;
use spin::Once;

use crate::memory::Resolution;
use crate::process::{Process, Thread};
use crate::scheduler;

/// Who is told. It is called where it happens, under no lock, and must not wait.
pub trait Watcher: Sync {
    /// A process begins: it has a number, and its first thread may run next.
    fn process_begins(&self, process: &Process);

    /// A process has ended with a status.
    fn process_ended(&self, process: &Process, status: u32);

    /// A thread begins.
    fn thread_begins(&self, thread: &Thread);

    /// A thread was given a name.
    fn thread_named(&self, thread: &Thread, name: &[u16]);

    /// A thread, the one that runs, has ended with a status.
    fn thread_ended(&self, thread: &Thread, status: u32);

    /// The processor goes from one thread to another; `None`: it idles.
    fn switched(&self, from: Option<&Thread>, to: Option<&Thread>, why: Why);

    /// A page fault of a thread is over, which began at that time after the start.
    fn faulted(&self, thread: &Thread, fault: &PageFault, came: Resolution, began_ns: u64);
}

/// Why the processor goes on with another thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The one before begins to wait.
    Waits,
    /// It gives way to others that are ready.
    Yields,
    /// Another one has a better claim from now on.
    Preempted,
    /// A tick came while it ran: its time is up, or another one has a better claim.
    Tick,
    /// It is suspended.
    Suspended,
    /// It has ended.
    Ended,
    /// Nobody ran.
    Idle,
}

impl Why {
    /// All, in their order.
    const ALL: [Self; 7] = [
        Self::Waits,
        Self::Yields,
        Self::Preempted,
        Self::Tick,
        Self::Suspended,
        Self::Ended,
        Self::Idle,
    ];

    /// It in a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Yields => "yields",
            Self::Preempted => "preempted",
            Self::Tick => "tick",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
            Self::Idle => "idle",
        }
    }
}

/// Why there is a switch, by its place in the list: what a switch pays whether or
/// not it is told of.
static WHY: AtomicU8 = AtomicU8::new(0);

/// Says why the next switch is.
#[inline]
pub(crate) fn note_why(why: Why) {
    WHY.store(why as u8, Relaxed);
}

/// Tells of the switch from a thread to the one that is current now.
#[cold]
pub(crate) fn tell_switch(watcher: &dyn Watcher, from: Option<&Thread>) {
    let why = Why::ALL.get(usize::from(WHY.load(Relaxed)));
    let why = why.copied().unwrap_or(Why::Idle);
    watcher.switched(from, scheduler::current().as_deref(), why);
}

static IS_WATCHED: AtomicBool = AtomicBool::new(false);
static WATCHER: Once<&'static dyn Watcher> = Once::new();

/// Has one told of everything from now on. Once.
pub fn watch(watcher: &'static dyn Watcher) {
    WATCHER.call_once(|| watcher);
    IS_WATCHED.store(true, Relaxed);
}

/// Who watches: all that those pay for whom nobody does.
#[inline]
pub(crate) fn watcher() -> Option<&'static dyn Watcher> {
    match IS_WATCHED.load(Relaxed) {
        true => WATCHER.get().copied(),
        false => None,
    }
}
