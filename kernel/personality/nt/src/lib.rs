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

/// NT's system-call interface, by whose numbers programs call.
pub enum Nt {
    /// Ours: the personality of freestanding programs.
    Freestanding,
    /// Those of the Windows DLLs.
    Win32,
}

impl Nt {
    /// The personality of programs of an image.
    pub fn of(image: &Image) -> &'static Self {
        match win32::is_for(image) {
            true => &Self::Win32,
            false => &Self::Freestanding,
        }
    }
}

impl Personality for Nt {
    fn check(&self, image: &Image) -> Result<(), Error> {
        match self {
            Self::Freestanding => image.view().check_freestanding()?,
            Self::Win32 => image.view().check_program()?,
        }
        Ok(())
    }

    fn set_up(&self, new: &NewProcess<'_>) -> Result<Start, Error> {
        set_up::set_up(new)
    }

    fn system_call(&self, thread: &Ref<Thread>, frame: &mut TrapFrame) {
        match self {
            Self::Freestanding => table::dispatch(thread, frame),
            Self::Win32 => table::dispatch_win32(thread, frame),
        }
    }

    fn call_name(&self, number: u32) -> Option<&'static str> {
        match self {
            Self::Freestanding => Some(table::service(number)?.name),
            Self::Win32 => win32::name_of(number),
        }
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
            layout::remove_thread(thread.process(), thread.stack(), thread.environment_block());
        }
    }

    fn stack_guarantee(&self, thread: &Thread) -> u64 {
        layout::stack_guarantee(thread)
    }

    fn stack_grown(&self, thread: &Thread, limit: u64) {
        layout::note_stack_limit(thread, limit);
    }
}
