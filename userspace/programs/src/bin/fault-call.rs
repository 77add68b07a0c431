//! Calls through a null pointer: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-call", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    call_null();
    program.fail(format_args!("the call did not fault"));
}

/// Exported, so that the report of the fault can name it.
#[unsafe(no_mangle)]
#[inline(never)]
extern "system" fn call_null() {
    // SAFETY: the call faults at its target.
    unsafe { asm!("call {}", in(reg) 0_u64, clobber_abi("system")) };
}
