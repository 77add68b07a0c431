//! Panics: one report, and less of everything if reporting panics too.
//!
//! Level 0 prints the whole report. A panic inside it (level 1) prints raw words
//! without locks, formatting or names. A panic in that (level 2) only ends the run.

mod backtrace;
pub(crate) mod describe;
mod names;
mod output;
mod place;
mod printer;
pub mod provoke;

pub use describe::describe_here;
pub use names::{SymbolTable, give_functions, table};
pub use output::show_crash;

use core::panic::PanicInfo;

use report::Form;
use spin::Once;

use crate::cpu::{interrupts, local};
use crate::end;
use crate::trap::TrapFrame;
use backtrace::{End, Step};

/// What the layers above know of whoever runs. None of it may wait for a lock.
pub trait Describe: Sync {
    /// Gives process, thread and system call.
    fn current(&self, form: &mut dyn Form);
    /// Gives the frames of the program that came into the kernel with `frame`.
    fn user_frames(&self, form: &mut dyn Form, frame: &TrapFrame);
    /// Gives the images of that program.
    fn modules(&self, form: &mut dyn Form);
}

/// The kernel as a report names it: its version and build id.
pub fn kernel_identity() -> (&'static str, Option<&'static [u8]>) {
    (env!("CARGO_PKG_VERSION"), names::build_id())
}

static CONTEXT: Once<&'static dyn Describe> = Once::new();

/// Says who describes the current process in a report. Once.
pub fn describe_with(describe: &'static dyn Describe) {
    CONTEXT.call_once(|| describe);
}

/// Gives `visit` the return address of each call that led here, the last first.
/// True: the chain reached the first frame of the stack.
#[inline(never)]
pub fn callers(mut visit: impl FnMut(u64)) -> bool {
    let mut is_complete = false;
    backtrace::walk(describe::frame_pointer(), |step| match step {
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
        0 => describe::of_panic(info),
        1 => describe::raw(),
        _ => end::silently(),
    }
}
