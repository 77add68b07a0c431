//! Divides by zero: STATUS_INTEGER_DIVIDE_BY_ZERO.
#![no_std]
#![no_main]
nt::program!("fault-divide", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction faults.
    unsafe { asm!("div {0:e}", in(reg) 0_u32, inout("eax") 1 => _, inout("edx") 0 => _) };
    program.fail(format_args!("the instruction did not fault"));
}
