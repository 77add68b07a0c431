//! Panics: one report, and less of everything if reporting panics too.
//!
//! Level 0 prints the whole report. A panic inside it (level 1) prints raw words
//! without locks, formatting or names. A panic in that (level 2) only ends the run.

mod backtrace;
mod names;
pub mod provoke;
pub(crate) mod report;

pub use names::{SymbolTable, table};

use core::fmt::Write;
use core::panic::PanicInfo;

use spin::Once;

use crate::cpu::{interrupts, local};
use crate::end;
use backtrace::{End, Step};

/// Writes what the layers above know: process, thread, system call.
pub type Context = fn(&mut dyn Write);

static CONTEXT: Once<Context> = Once::new();

/// Says who describes the current process in a report. Once. It must not lock.
pub fn describe_context(context: Context) {
    CONTEXT.call_once(|| context);
}

/// Gives `visit` the return address of each call that led here, the last first.
/// True: the chain reached the first frame of the stack.
#[inline(never)]
pub fn callers(mut visit: impl FnMut(u64)) -> bool {
    let mut is_complete = false;
    backtrace::walk(report::frame_pointer(), |step| match step {
        Step::Return(address) => visit(address),
        Step::End(End::Complete) => is_complete = true,
        _ => {}
    });
    is_complete
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    interrupts::disable();
    match local::enter_panic() {
        0 => report::of_panic(info),
        1 => report::raw(),
        _ => end::silently(),
    }
}
