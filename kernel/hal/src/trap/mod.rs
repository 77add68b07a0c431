//! Traps: one dispatch for all vectors, and who above hal answers them.

mod entry;
mod exception;
mod fixup;
mod frame;
mod interrupt;
mod system_call;
mod user_registers;
mod vectors;

pub use entry::UserStart;
pub(crate) use entry::{enter_user, is_entry_code, switch_stacks, thread_start};
pub use exception::{Exception, PageFault};
pub(crate) use frame::SYSTEM_CALL;
pub use frame::{Segments, TrapFrame};
pub(crate) use interrupt::on_nmi;
pub use interrupt::unexpected as unexpected_interrupts;
pub use user_registers::UserRegisters;
pub(crate) use vectors::vector_name;

use spin::Once;

/// What the layers above hal do about traps.
pub trait Handlers: Sync {
    /// Resolves a page fault of the kernel's copy routine. True: try again.
    fn copy_fault(&self, fault: PageFault) -> bool;
    /// Resolves a program's page fault, or ends the program.
    fn user_page_fault(&self, frame: &mut TrapFrame, fault: PageFault);
    /// Deals with any other exception of a program; the frame may be changed.
    fn user_exception(&self, frame: &mut TrapFrame, exception: Exception);
    /// A system call; its result goes into the frame.
    fn system_call(&self, frame: &mut TrapFrame);
    /// The timer ticked, and interrupted a program if there is a frame: a good
    /// moment to switch threads.
    fn tick(&self, user: Option<&mut TrapFrame>);
}

static HANDLERS: Once<&'static dyn Handlers> = Once::new();

/// Says who answers traps from now on. Once.
pub fn install(handlers: &'static dyn Handlers) {
    HANDLERS.call_once(|| handlers);
}
