//! Jumps to a non-canonical address: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-jump", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction faults.
    unsafe { asm!("jmp {}", in(reg) 0x8000_0000_0000_u64) };
    program.fail(format_args!("the instruction did not fault"));
}
