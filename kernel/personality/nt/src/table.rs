//! The table of freestanding programs: from numbers to handlers.

use abi::NtStatus;
use executive::process::Thread;
use hal::Ref;
use hal::trap::TrapFrame;

use crate::call::{Call, Outcome};
use crate::file::*;
use crate::job::*;
use crate::memory::*;
use crate::object::*;
use crate::process::*;
use crate::system::*;
use crate::thread::*;
use crate::time::*;
use crate::token::*;
use crate::wait::*;

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
pub(crate) fn dispatch(thread: &Ref<Thread>, frame: &mut TrapFrame) {
    let number = frame.service_number();
    let handler = usize::try_from(number)
        .ok()
        .and_then(|index| HANDLERS.get(index));
    let call = Call::new(thread, frame);
    let outcome = match handler {
        Some(handler) => handler(&call),
        None => Err(NtStatus::INVALID_SYSTEM_SERVICE),
    };
    let status = outcome.unwrap_or_else(|status| status);
    call.finish(status);
}

/// The name of a service.
pub(crate) fn name(number: u32) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?;
    Some(abi::services::FREESTANDING.get(index)?.name)
}
