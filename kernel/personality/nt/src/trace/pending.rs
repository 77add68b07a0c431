//! The calls that are being served, and what they were made with.
//!
//! One that begins to wait is printed then, and as a whole when it is over. All
//! others are printed once; a report of a panic in one of them has it among its
//! last events.

use alloc::vec::Vec;
use executive::process::Thread;
use hal::lock::Lock;
use hal::log::Event;

use super::line::Line;

mod rank {
    hal::lock_ranks! {
        /// The system calls that are traced and not over.
        Trace = 24;
    }
}

struct Pending {
    thread: u64,
    line: Line,
    event: Event,
}

static PENDING: Lock<rank::Trace, Vec<Pending>> = Lock::new(Vec::new());

/// A thread makes a call.
pub(super) fn begin(thread: &Thread, line: Line) {
    let event = hal::log::begin_event(format_args!("{line}"));
    let mut pending = PENDING.lock();
    if pending.try_reserve(1).is_ok() {
        pending.push(Pending {
            thread: thread.id(),
            line,
            event,
        });
        return;
    }
    hal::log::write_event(&event, format_args!("{line} and no memory to trace it"));
}

/// Prints the call of a thread, if it makes one that is traced.
pub(super) fn tell_wait(thread: &Thread) {
    let pending = PENDING.lock();
    let call = pending.iter().find(|call| call.thread == thread.id());
    if let Some(Pending { line, event, .. }) = call {
        hal::log::write_event(event, format_args!("{line} waits"));
    }
}

/// Prints how the call of a thread ended.
pub(super) fn end(thread: &Thread, result: &Line) {
    let call = {
        let mut pending = PENDING.lock();
        let place = pending.iter().position(|call| call.thread == thread.id());
        place.map(|place| pending.swap_remove(place))
    };
    if let Some(Pending { line, event, .. }) = call {
        hal::log::write_event(&event, format_args!("{line}{result}"));
    }
}
