//! Halts the processor: STATUS_PRIVILEGED_INSTRUCTION.
#![no_std]
#![no_main]
nt::program!("fault-privileged", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction faults.
    unsafe { asm!("hlt") };
    program.fail(format_args!("the instruction did not fault"));
}
