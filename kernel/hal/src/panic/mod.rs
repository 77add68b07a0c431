//! Panics: one report, and less of everything if reporting panics too.
//!
//! Level 0 prints the whole report. A panic inside it (level 1) prints raw words
//! without locks, formatting or names. A panic in that (level 2) halts.

mod backtrace;
mod names;
pub mod provoke;
pub(crate) mod report;

pub use names::{SymbolTable, table};

use core::fmt::Write;
use core::panic::PanicInfo;

use spin::Once;

use crate::cpu::{interrupts, local};

/// Writes what the layers above know: process, thread, system call.
pub type Context = fn(&mut dyn Write);

static CONTEXT: Once<Context> = Once::new();

/// Says who describes the current process in a report. Once. It must not lock.
pub fn describe_context(context: Context) {
    CONTEXT.call_once(|| context);
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    interrupts::disable();
    match local::enter_panic() {
        0 => report::of_panic(info),
        1 => report::raw(),
        _ => interrupts::halt_forever(),
    }
}
