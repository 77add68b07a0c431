//! Traps: one dispatch for all vectors, and who above hal answers them.

mod alone;
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

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::user::UserFault;

/// What the layers above hal do about traps.
pub trait Handlers: Sync {
    /// Resolves a page fault of the kernel's copy routine, which then tries again, or
    /// says why the copy fails.
    fn copy_fault(&self, fault: PageFault) -> Result<(), UserFault>;
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

static HANDLERS: AtomicPtr<&'static dyn Handlers> = AtomicPtr::new(null_mut());

/// Says who answers traps from now on; returns who did so far.
pub fn install(handlers: &'static &'static dyn Handlers) -> Option<&'static &'static dyn Handlers> {
    let before = HANDLERS.swap(core::ptr::from_ref(handlers).cast_mut(), Ordering::AcqRel);
    // SAFETY: only pointers made from such references are stored here.
    unsafe { before.as_ref() }
}

/// Who answers traps.
#[inline]
fn handlers() -> Option<&'static dyn Handlers> {
    // SAFETY: as in `install`.
    unsafe { HANDLERS.load(Ordering::Acquire).as_ref() }.copied()
}
