//! The table of freestanding programs: from numbers to handlers.

use abi::NtStatus;
use abi::services::Service;
use executive::process::Thread;
use hal::Ref;
use hal::trap::TrapFrame;

use crate::atom::*;
use crate::call::{Call, Outcome};
use crate::file::*;
use crate::job::*;
use crate::memory::*;
use crate::nls::*;
use crate::object::*;
use crate::process::*;
use crate::registry::*;
use crate::security::*;
use crate::system::*;
use crate::thread::*;
use crate::time::*;
use crate::token::*;
use crate::trace;
use crate::wait::*;
use crate::win32::{self, Called};

type Handler = fn(&Call<'_>) -> Outcome;

/// Takes the handlers' names out of the one list of services.
macro_rules! handlers {
    ($(
        $number:literal $name:ident $function:ident
        ($($argument:ident: $kind:ident),*)
        ($($coverage:tt)*) $file:literal [$($test:literal),*];
    )*) => {
        const HANDLERS: [Handler; abi::services::COUNT] = {
            let mut handlers: [Handler; abi::services::COUNT] = [absent; abi::services::COUNT];
            $(handlers[$number] = handler!($function $($coverage)*);)*
            handlers
        };
    };
}

/// The handler of one entry of the list.
macro_rules! handler {
    ($function:ident None) => {
        absent
    };
    ($function:ident $($coverage:tt)*) => {
        $function
    };
}
abi::freestanding_services!(handlers);

/// Handles the calls that have a number but no handler yet.
fn absent(_: &Call<'_>) -> Outcome {
    Err(NtStatus::NOT_IMPLEMENTED)
}

/// Serves a call; its status goes into the frame.
#[inline]
pub(crate) fn dispatch(thread: &Ref<Thread>, frame: &mut TrapFrame) {
    let number = frame.service_number();
    dispatch_as(thread, frame, number);
}

/// The same by the numbers of the Windows DLLs.
pub(crate) fn dispatch_win32(thread: &Ref<Thread>, frame: &mut TrapFrame) {
    match win32::service_of(frame.service_number()) {
        Called::Service(number) => dispatch_as(thread, frame, number),
        other => {
            let call = Call::new(thread, frame);
            let status = win32::serve(&call, other);
            call.finish(status);
        }
    }
}

#[inline(always)]
fn dispatch_as(thread: &Ref<Thread>, frame: &mut TrapFrame, number: u32) {
    let handler = usize::try_from(number)
        .ok()
        .and_then(|index| HANDLERS.get(index));
    let call = Call::new(thread, frame);
    let status = match trace::is_on() {
        false => serve(handler, &call),
        true => trace::serve(&call, number, move |call| serve(handler, call)),
    };
    call.finish(status);
}

fn serve(handler: Option<&Handler>, call: &Call<'_>) -> NtStatus {
    let outcome = match handler {
        Some(handler) => handler(call),
        None => Err(NtStatus::INVALID_SYSTEM_SERVICE),
    };
    outcome.unwrap_or_else(|status| status)
}

/// The entry of a service in the list.
pub(crate) fn service(number: u32) -> Option<&'static Service> {
    let index = usize::try_from(number).ok()?;
    abi::services::FREESTANDING.get(index)
}
