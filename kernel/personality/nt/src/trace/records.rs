//! A trace as data: a record of JSON for each thing that happens.
//!
//! Nothing is kept and nothing allocated: records go to the serial line as they
//! are made. That takes longer than most of what they tell of, so the time that
//! goes by meanwhile is counted, and each record says how much that is so far.

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use abi::services::Shown;
use calltrace::{End, Value};
use config::{TRACE_EVENTS, TraceFilter};
use executive::events::{Watcher, Why};
use executive::memory::{Need, Resolution, Unresolved};
use executive::process::{Process, Thread};
use hal::time;
use hal::trap::PageFault;
use report::trace::{Event, Stamp, Status};
use vm::fault::Denial;

use super::Traced;

/// The processor's cycles that went by for the trace itself.
static OWN_CYCLES: AtomicU64 = AtomicU64::new(0);
static HAS_SWITCHES: AtomicBool = AtomicBool::new(false);
static HAS_FAULTS: AtomicBool = AtomicBool::new(false);

/// Begins the trace with a record of what it is.
pub(super) fn start(filter: &TraceFilter<'static>) {
    HAS_SWITCHES.store(filter.has("switches"), Relaxed);
    HAS_FAULTS.store(filter.has("faults"), Relaxed);
    let (version, build_id) = hal::panic::kernel_identity();
    tell_event(&Event::Start {
        version,
        build_id: build_id.unwrap_or_default(),
        events: &Chosen(filter),
    });
}

/// A call is made.
pub(super) fn begin(call: &Traced<'_>) {
    let Traced {
        head,
        service,
        arguments,
        caller,
        ..
    } = call;
    tell(|to, stamp| calltrace::write_call(to, stamp, head, *service, arguments, caller));
}

/// It is over.
pub(super) fn end(call: &Traced<'_>, end: End) {
    let Traced {
        head,
        service,
        arguments,
        caller,
        ..
    } = call;
    tell(|to, stamp| {
        calltrace::write_end(to, stamp, head.thread, *service, arguments, end, caller);
    });
}

/// Writes a record of what happens now; the time this takes is the trace's own.
fn tell(write: impl FnOnce(&mut dyn Write, Stamp)) {
    let began = time::cycles_since_start();
    let own = OWN_CYCLES.load(Relaxed);
    let ns = time::cycles_to_ns(began);
    // The time of the others does not go back, however the two are rounded.
    let others_ns = time::cycles_to_ns(began.saturating_sub(own));
    let stamp = Stamp {
        ns,
        own_ns: ns.saturating_sub(others_ns),
    };
    hal::log::write_record(|to| write(to, stamp));
    let passed = time::cycles_since_start().saturating_sub(began);
    OWN_CYCLES.store(own.saturating_add(passed), Relaxed);
}

fn tell_event(event: &Event<'_>) {
    tell(|to, stamp| event.write(to, stamp));
}

/// Who is told of everything but calls.
pub(super) struct Records;

impl Watcher for Records {
    fn process_begins(&self, process: &Process) {
        tell_event(&Event::Process {
            process: process.id(),
            parent: process.parent_id(),
            program: process.name(),
        });
    }

    fn process_ended(&self, process: &Process, status: u32) {
        tell_event(&Event::ProcessEnd {
            process: process.id(),
            status: Status {
                number: status,
                text: &shown(status),
            },
        });
    }

    fn thread_begins(&self, thread: &Thread) {
        tell_event(&Event::Thread {
            process: thread.process().id(),
            thread: thread.id(),
        });
    }

    fn thread_named(&self, thread: &Thread, name: &[u16]) {
        tell_event(&Event::ThreadName {
            thread: thread.id(),
            name: &Letters(name),
        });
    }

    fn thread_ended(&self, thread: &Thread, status: u32) {
        tell_event(&Event::ThreadEnd {
            thread: thread.id(),
            status: Status {
                number: status,
                text: &shown(status),
            },
        });
    }

    fn switched(&self, from: Option<&Thread>, to: Option<&Thread>, why: Why) {
        if HAS_SWITCHES.load(Relaxed) {
            tell_event(&Event::Switch {
                from: from.map(Thread::id),
                to: to.map(Thread::id),
                why: why.name(),
            });
        }
    }

    fn faulted(&self, thread: &Thread, fault: &PageFault, came: Resolution, began_ns: u64) {
        if !HAS_FAULTS.load(Relaxed) {
            return;
        }
        tell(|to, stamp| {
            let took_ns = stamp.ns.saturating_sub(began_ns);
            let event = Event::Fault {
                process: thread.process().id(),
                thread: thread.id(),
                address: fault.address,
                access: fault.access(),
                in_kernel: !fault.in_user_mode,
                by: outcome(came),
                took_ns,
            };
            let began = Stamp {
                ns: stamp.ns.saturating_sub(took_ns),
                ..stamp
            };
            event.write(to, began);
        });
    }
}

/// What came of a fault, in words.
fn outcome(came: Resolution) -> &'static str {
    match came {
        Resolution::Retry(need) => match need {
            Need::Zeros => "demand zero",
            Need::Copy => "copy on write",
            Need::Image => "image",
            Need::File => "file",
            Need::Section => "section",
            Need::Commitment => "commitment",
            Need::Entry => "entry",
            Need::Turn => "turn",
        },
        Resolution::StackGuard | Resolution::StackGrown { .. } => "stack growth",
        Resolution::Unresolved(why) => match why {
            Unresolved::GuardPage => "guard page",
            Unresolved::StackOverflow { .. } => "stack overflow",
            Unresolved::OutOfMemory => "no memory",
            Unresolved::Denied(denial) => match denial {
                Denial::Unmapped => "refused: nothing there",
                Denial::Reserved => "refused: reserved",
                Denial::Protection => "refused: protection",
                Denial::NoExecute => "refused: no execute",
                Denial::KernelExecute => "refused: kernel execute",
            },
        },
    }
}

/// With what a process or a thread ended, as the trace of calls shows it.
fn shown(status: u32) -> Value<'static> {
    Value::Number(status.into(), Shown::ExitStatus)
}

/// The letters of a name.
struct Letters<'a>(&'a [u16]);

impl fmt::Display for Letters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        char::decode_utf16(self.0.iter().copied())
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .try_for_each(|letter| f.write_char(letter))
    }
}

/// What of a trace's events is chosen, joined by bars.
struct Chosen<'a>(&'a TraceFilter<'static>);

impl fmt::Display for Chosen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chosen = TRACE_EVENTS.iter().filter(|event| self.0.has(event));
        if let Some(first) = chosen.next() {
            f.write_str(first)?;
        }
        chosen.try_for_each(|event| write!(f, "|{event}"))
    }
}
