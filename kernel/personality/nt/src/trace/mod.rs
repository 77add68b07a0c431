//! The trace of system calls: one line for each on serial, see `trace=`.
//!
//! A call is decoded before it is served and again afterwards; in between it is
//! pending, see [`pending`]. Its result is the same with and without a trace, and
//! so is what it finds in the program's memory; but pages that the trace looks at
//! are entered, as if the program had touched them.

mod caller;
mod line;
mod pending;

use core::sync::atomic::{AtomicBool, Ordering};

use abi::NtStatus;
use abi::entry::STACK_ARGUMENTS;
use abi::services::Service;
use calltrace::{Arguments, Head};
use config::{TraceFilter, TracedCall};
use executive::scheduler;
use spin::Once;

use crate::call::Call;
use crate::table;
use caller::CallingProcess;
use line::Line;

static IS_ON: AtomicBool = AtomicBool::new(false);
static FILTER: Once<TraceFilter<'static>> = Once::new();

/// Prints the calls that a filter wants from now on. Once.
pub fn start(filter: TraceFilter<'static>) {
    FILTER.call_once(|| filter);
    scheduler::on_wait(pending::tell_wait);
    IS_ON.store(true, Ordering::Relaxed);
}

/// Whether there is a trace at all: all that a call pays without one.
#[inline]
pub(crate) fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// Serves a call, and prints it if it is wanted.
#[cold]
pub(crate) fn serve(
    call: &Call<'_>,
    number: u32,
    serve: impl FnOnce(&Call<'_>) -> NtStatus,
) -> NtStatus {
    let service = table::service(number);
    if !is_wanted(call, service) {
        return serve(call);
    }
    let thread = call.thread();
    let arguments = arguments(call);
    let caller = CallingProcess(call.process());
    let head = Head {
        process: call.process().id(),
        thread: thread.id(),
        program: call.process().name(),
        number,
    };
    let mut line = Line::new();
    line.write(|to| calltrace::write_inputs(to, &head, service, &arguments, &caller));
    pending::begin(thread, line);
    let status = serve(call);
    let mut result = Line::new();
    if thread.is_ending() {
        result.write(|to| to.write_str(" -> does not return"));
    } else if call.has_new_registers() {
        let to_address = call.with_frame(|frame| frame.instruction_pointer());
        result.write(|to| write!(to, " -> goes on at {to_address:#x}"));
    } else {
        result.write(|to| calltrace::write_outputs(to, service, &arguments, status, &caller));
    }
    pending::end(thread, &result);
    status
}

fn is_wanted(call: &Call<'_>, service: Option<&Service>) -> bool {
    FILTER.get().is_some_and(|filter| {
        filter.wants(&TracedCall {
            process: call.process().name(),
            family: service.map_or("", |service| service.family.name()),
            name: service.map_or("", |service| service.name),
        })
    })
}

/// The words of all arguments there might be.
fn arguments(call: &Call<'_>) -> Arguments {
    const WORD_BYTES: u64 = 8;
    let (registers, stack) = call.registers();
    let mut arguments = Arguments::default();
    let mut at = stack.wrapping_add(STACK_ARGUMENTS);
    for (place, word) in arguments.iter_mut().enumerate() {
        *word = match registers.get(place) {
            Some(register) => Some(*register),
            None => {
                let mut bytes = [0; size_of::<u64>()];
                let is_read =
                    calltrace::Caller::read(&CallingProcess(call.process()), at, &mut bytes);
                at = at.wrapping_add(WORD_BYTES);
                is_read.then(|| u64::from_le_bytes(bytes))
            }
        };
    }
    arguments
}
