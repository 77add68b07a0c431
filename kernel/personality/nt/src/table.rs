//! The table of freestanding programs: from numbers to handlers.

use abi::NtStatus;
use executive::process::Thread;
use hal::Ref;
use hal::trap::TrapFrame;

use crate::call::{Call, Outcome};
use crate::file::{nt_read_file, nt_write_file};
use crate::memory::{
    nt_allocate_virtual_memory, nt_free_virtual_memory, nt_protect_virtual_memory,
    nt_query_virtual_memory,
};
use crate::object::nt_close;
use crate::process::{nt_terminate_process, nt_yield_execution};
use crate::system::nt_query_system_information;
use crate::time::{nt_delay_execution, nt_query_performance_counter, nt_query_system_time};

type Handler = fn(&Call<'_>) -> Outcome;

/// Takes the handlers' names out of the one list of services.
macro_rules! handlers {
    ($(
        $number:literal $name:ident $function:ident
        ($($argument:ident: $kind:ident),*)
        ($($coverage:tt)*) $file:literal [$($test:literal),*];
    )*) => {
        const HANDLERS: &[Handler] = &[$($function),*];
    };
}
abi::freestanding_services!(handlers);

/// Serves a call; its status goes into the frame.
pub(crate) fn dispatch(thread: &Ref<Thread>, frame: &mut TrapFrame) {
    let number = frame.service_number();
    let handler = usize::try_from(number)
        .ok()
        .and_then(|index| HANDLERS.get(index));
    let outcome = match handler {
        Some(handler) => handler(&Call::new(thread, frame)),
        None => Err(NtStatus::INVALID_SYSTEM_SERVICE),
    };
    let status = outcome.unwrap_or_else(|status| status);
    log::trace!(target: "syscall", "{} -> {status}", name(number).unwrap_or("unknown"));
    frame.set_result(status.0.into());
}

/// The name of a service.
pub(crate) fn name(number: u32) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?;
    Some(abi::services::FREESTANDING.get(index)?.name)
}
