//! A trace as text: one line for each call.
//!
//! In between its beginning and its end a call is pending, see [`pending`].

use calltrace::End;
use executive::events::{Watcher, Why};
use executive::memory::Resolution;
use executive::process::{Process, Thread};
use hal::trap::PageFault;

use super::line::Line;
use super::{Traced, pending};

/// A call is made.
pub(super) fn begin(call: &Traced<'_>) {
    let Traced {
        head,
        service,
        arguments,
        caller,
        ..
    } = call;
    let mut line = Line::new();
    line.write(|to| calltrace::write_inputs(to, head, *service, arguments, caller));
    pending::begin(call.thread, line);
}

/// It is over.
pub(super) fn end(call: &Traced<'_>, end: End) {
    let Traced {
        service,
        arguments,
        caller,
        ..
    } = call;
    let mut line = Line::new();
    line.write(|to| match end {
        End::Returns(status) => calltrace::write_outputs(to, *service, arguments, status, caller),
        End::GoesOn(address) => write!(to, " -> goes on at {address:#x}"),
        End::DoesNotReturn => to.write_str(" -> does not return"),
    });
    pending::end(call.thread, &line);
}

/// Who is told of calls that wait; nothing else has a line.
pub(super) struct Lines;

impl Watcher for Lines {
    fn process_begins(&self, _: &Process) {}

    fn process_ended(&self, _: &Process, _: u32) {}

    fn thread_begins(&self, _: &Thread) {}

    fn thread_named(&self, _: &Thread, _: &[u16]) {}

    fn thread_ended(&self, _: &Thread, _: u32) {}

    fn switched(&self, from: Option<&Thread>, _: Option<&Thread>, why: Why) {
        if why == Why::Waits
            && let Some(from) = from
        {
            pending::tell_wait(from);
        }
    }

    fn faulted(&self, _: &Thread, _: &PageFault, _: Resolution, _: u64) {}
}
