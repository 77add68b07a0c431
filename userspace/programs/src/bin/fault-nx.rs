//! Executes data: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-nx", main);

use core::arch::asm;

/// `ret`, in a page of constants.
static DATA: [u8; 1] = [0xC3];

fn main(program: &nt::Program) {
    // SAFETY: the call faults at its target, or comes straight back.
    unsafe { asm!("call {}", in(reg) DATA.as_ptr()) };
    program.fail(format_args!("data was executed"));
}
