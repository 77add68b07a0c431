//! The assembly entries (entry.s) as Rust sees them.

use core::arch::global_asm;

use crate::cpu::{descriptors, local};
use crate::trap::frame::{SYSTEM_CALL, TrapFrame};

global_asm!(
    include_str!("entry.s"),
    CODE_SEGMENT = const core::mem::offset_of!(TrapFrame, code_segment),
    RIP = const core::mem::offset_of!(TrapFrame, rip),
    RSP = const core::mem::offset_of!(TrapFrame, rsp),
    FRAME_SIZE = const size_of::<TrapFrame>(),
    USER_STACK = const local::USER_STACK,
    KERNEL_STACK_TOP = const local::KERNEL_STACK_TOP,
    USER_DATA_SELECTOR = const descriptors::USER_DATA,
    USER_CODE_SELECTOR = const descriptors::USER_CODE,
    SYSTEM_CALL = const SYSTEM_CALL,
);

unsafe extern "C" {
    static __entry_start: u8;
    static __entry_end: u8;
    /// The first code of an execution; see entry.s.
    pub(crate) safe static thread_start: u8;
    /// Saves the nonvolatile registers and rsp through the first argument and
    /// goes on with the second.
    pub(crate) fn switch_stacks(save: *mut u64, load: u64);
    #[link_name = "enter_user"]
    fn enter_user_frame(frame_address: u64) -> !;
}

/// Whether `address` lies in the entry stubs, where rbp points to a `TrapFrame`.
pub(crate) fn is_entry_code(address: u64) -> bool {
    ((&raw const __entry_start) as u64..(&raw const __entry_end) as u64).contains(&address)
}

/// Where a thread of a program starts: its registers at the first instruction.
#[derive(Clone, Copy, Debug)]
pub struct UserStart {
    /// The first instruction.
    pub instruction: u64,
    /// The stack pointer.
    pub stack: u64,
    /// rcx: the first argument.
    pub argument: u64,
    /// The base of gs: NT's TEB. A program cannot change it for long.
    pub gs_base: u64,
}

/// Leaves the kernel for user mode by the frame at the top of the current stack.
///
/// # Safety
/// The current execution has a user frame there (see `thread::Execution`).
pub(crate) unsafe fn enter_user() -> ! {
    crate::cpu::interrupts::disable();
    local::assert_no_locks("user mode entered");
    crate::time::note_user_mode();
    // SAFETY: the caller vouches for the frame, whose selectors are the user's,
    // and interrupts are off until IRETQ. A bad instruction or stack address
    // faults there and is the thread's own fault.
    unsafe { enter_user_frame(TrapFrame::at_top_of(local::kernel_stack_top()) as u64) }
}
