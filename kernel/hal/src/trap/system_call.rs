//! The Rust end of the SYSCALL entry.

use super::frame::{SET_AS_A_WHOLE, TrapFrame};
use super::handlers;
use crate::memory::layout;

/// Called by entry.s. 0: SYSRET may take the frame back to user mode.
#[unsafe(no_mangle)]
extern "C" fn system_call_dispatch(frame: &mut TrapFrame) -> u64 {
    if let Some(handlers) = handlers() {
        handlers.system_call(frame);
    }
    // SYSRET to a non-canonical address faults in ring 0 on Intel processors
    // with the user's stack (Intel SDM vol. 2, SYSRET); IRETQ does not. SYSRET
    // also cannot set RF or TF as they were, nor all of the registers.
    // Without branches: all three hold almost always.
    const TRAP_OR_RESUME: u64 = 0x1_0100;
    const { assert!(layout::LOWER_HALF_END.is_power_of_two()) };
    (frame.rip >> layout::LOWER_HALF_END.trailing_zeros())
        | (frame.flags & TRAP_OR_RESUME)
        | (frame.error_code & SET_AS_A_WHOLE)
}
