//! The NT system services over the executive: decode, call, encode.
//!
//! One file for each object family. [`Nt`] is the personality of freestanding
//! programs: its table has our own fixed numbers (`abi::services`).
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

extern crate alloc;

mod access;
mod atom;
mod attributes;
mod call;
mod context;
mod dispatcher;
mod dump;
mod extended_context;
mod fault;
mod file;
mod handle;
mod image;
mod job;
mod layout;
mod memory;
mod new_handle;
mod nls;
mod object;
mod parameters;
mod path;
mod priority;
mod process;
mod query;
mod registry;
mod security;
mod set_up;
mod shared_data;
mod system;
mod table;
mod thread;
mod time;
mod token;
mod trace;
mod usage;
mod wait;
mod win32;

use abi::NtStatus;
use executive::exception::Cause;
use executive::memory::Image;
use executive::process::personality::{NewProcess, Start};
use executive::process::{Process, Thread};
use executive::{Error, Personality};
use hal::Ref;
use hal::trap::TrapFrame;
use sched::ApcCall;

pub use process::let_programs_fail_allocations;
pub use registry::init as init_registry;
pub use shared_data::{init as init_shared_data, tick as tick_shared_data};
pub use trace::start as start_trace;
pub use win32::choose_debug_channels;

/// The personality of freestanding programs: the numbers are ours.
pub static FREESTANDING: Nt<Freestanding> = Nt(Freestanding);
/// That of programs that import: the numbers are those of the Windows DLLs.
pub static WIN32: Nt<Win32> = Nt(Win32);

/// The personality of programs of an image.
pub fn personality_of(image: &Image) -> &'static dyn Personality {
    match win32::is_for(image) {
        true => &WIN32,
        false => &FREESTANDING,
    }
}

/// NT's system-call interface. What its programs are is known to the compiler, so
/// that no call has to ask.
pub struct Nt<P>(P);

/// Programs of one kind.
trait Programs: Sync {
    fn check(image: &Image) -> Result<(), Error>;
    fn system_call(thread: &Ref<Thread>, frame: &mut TrapFrame);
    fn call_name(number: u32) -> Option<&'static str>;
}

/// Programs without DLLs.
pub struct Freestanding;

impl Programs for Freestanding {
    fn check(image: &Image) -> Result<(), Error> {
        Ok(image.view().check_freestanding()?)
    }

    #[inline(always)]
    fn system_call(thread: &Ref<Thread>, frame: &mut TrapFrame) {
        table::dispatch(thread, frame);
    }

    fn call_name(number: u32) -> Option<&'static str> {
        Some(table::service(number)?.name)
    }
}

/// Programs over the Windows DLLs.
pub struct Win32;

impl Programs for Win32 {
    fn check(image: &Image) -> Result<(), Error> {
        Ok(image.view().check_program()?)
    }

    fn system_call(thread: &Ref<Thread>, frame: &mut TrapFrame) {
        table::dispatch_win32(thread, frame);
    }

    fn call_name(number: u32) -> Option<&'static str> {
        win32::name_of(number)
    }
}

impl<P: Programs> Personality for Nt<P> {
    fn check(&self, image: &Image) -> Result<(), Error> {
        P::check(image)
    }

    fn set_up(&self, new: &NewProcess<'_>) -> Result<Start, Error> {
        set_up::set_up(new)
    }

    fn system_call(&self, thread: &Ref<Thread>, frame: &mut TrapFrame) {
        P::system_call(thread, frame);
    }

    fn call_name(&self, number: u32) -> Option<&'static str> {
        P::call_name(number)
    }

    fn raise(&self, thread: &Thread, frame: &mut TrapFrame, cause: &Cause) -> bool {
        dispatcher::raise(thread, frame, cause)
    }

    fn fault_status(&self, cause: &Cause, frame: &TrapFrame) -> u32 {
        fault::status(cause, frame).0
    }

    fn dump(&self, thread: &Thread, frame: &TrapFrame, cause: &Cause, status: u32) {
        dump::send(thread, frame, cause, status);
    }

    fn start_status(&self, error: &Error) -> u32 {
        call::status_of(error).0
    }

    fn status_name(&self, status: u32) -> Option<&'static str> {
        NtStatus(status).name()
    }

    fn call_apc(&self, thread: &Ref<Thread>, frame: &mut TrapFrame, call: ApcCall) {
        dispatcher::call_apc(thread, frame, call);
    }

    fn write_result(&self, process: &Process, block: u64, status: u32, information: u64) {
        file::write_result(process, block, NtStatus(status), information);
    }

    fn thread_ends(&self, thread: &Thread) {
        // The end of a process takes everything.
        if thread.process().ending().is_none() {
            win32::thread_ends(thread);
            layout::remove_thread(thread.process(), thread.stack(), thread.environment_block());
        }
    }

    fn console_event(&self, process: &Ref<Process>, event: u32) -> Option<Ref<Thread>> {
        win32::console_event(process, event)
    }

    fn stack_guarantee(&self, thread: &Thread) -> u64 {
        layout::stack_guarantee(thread)
    }

    fn stack_grown(&self, thread: &Thread, limit: u64) {
        layout::note_stack_limit(thread, limit);
    }
}
