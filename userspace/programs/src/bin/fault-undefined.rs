//! Runs what is no instruction: STATUS_ILLEGAL_INSTRUCTION.
#![no_std]
#![no_main]
nt::program!("fault-undefined", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction faults.
    unsafe { asm!("ud2") };
    program.fail(format_args!("the instruction did not fault"));
}
