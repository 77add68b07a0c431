//! The trace of system calls and of what else happens, see `trace=`.
//!
//! A call is decoded before it is served and again afterwards. Its result is the
//! same with and without a trace, and so is what it finds in the program's memory;
//! but pages that the trace looks at are entered, as if the program had touched
//! them. There are two forms: [`lines`] of text, and [`records`] for tools.

mod caller;
mod line;
mod lines;
mod pending;
mod records;

use core::sync::atomic::{AtomicBool, Ordering};

use abi::NtStatus;
use abi::entry::STACK_ARGUMENTS;
use abi::services::Service;
use calltrace::{Arguments, End, Head};
use config::{TraceFilter, TraceForm, TracedCall};
use executive::events;
use executive::process::Thread;
use spin::Once;

use crate::call::Call;
use crate::table;
use caller::CallingProcess;

static IS_ON: AtomicBool = AtomicBool::new(false);
static FILTER: Once<TraceFilter<'static>> = Once::new();

/// Writes what a filter wants from now on. Once.
pub fn start(filter: TraceFilter<'static>) {
    FILTER.call_once(|| filter);
    match filter.form() {
        TraceForm::Text => events::watch(&lines::Lines),
        TraceForm::Json => {
            records::start(&filter);
            events::watch(&records::Records);
        }
    }
    IS_ON.store(filter.has("calls"), Ordering::Relaxed);
}

/// Whether calls are traced at all: all that one pays without that.
#[inline]
pub(crate) fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// A call that is traced, and who makes it.
struct Traced<'a> {
    head: Head<'a>,
    service: Option<&'static Service>,
    arguments: Arguments,
    caller: CallingProcess<'a>,
    thread: &'a Thread,
}

/// Serves a call, and writes it if it is wanted.
#[cold]
pub(crate) fn serve(
    call: &Call<'_>,
    number: u32,
    serve: impl FnOnce(&Call<'_>) -> NtStatus,
) -> NtStatus {
    let service = table::service(number);
    let Some(form) = form_if_wanted(call, service) else {
        return serve(call);
    };
    let traced = Traced {
        head: Head {
            process: call.process().id(),
            thread: call.thread().id(),
            program: call.process().name(),
            number,
        },
        service,
        arguments: arguments(call),
        caller: CallingProcess(call.process()),
        thread: call.thread(),
    };
    match form {
        TraceForm::Text => lines::begin(&traced),
        TraceForm::Json => records::begin(&traced),
    }
    let status = serve(call);
    let end = if call.thread().is_ending() {
        End::DoesNotReturn
    } else if call.has_new_registers() {
        End::GoesOn(call.with_frame(|frame| frame.instruction_pointer()))
    } else {
        End::Returns(status)
    };
    match form {
        TraceForm::Text => lines::end(&traced, end),
        TraceForm::Json => records::end(&traced, end),
    }
    status
}

fn form_if_wanted(call: &Call<'_>, service: Option<&Service>) -> Option<TraceForm> {
    let filter = FILTER.get()?;
    let is_wanted = filter.wants(&TracedCall {
        process: call.process().name(),
        family: service.map_or("", |service| service.family.name()),
        name: service.map_or("", |service| service.name),
    });
    is_wanted.then(|| filter.form())
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
