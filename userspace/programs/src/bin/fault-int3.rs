//! Runs a breakpoint: STATUS_BREAKPOINT.
#![no_std]
#![no_main]
nt::program!("fault-int3", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction traps.
    unsafe { asm!("int3") };
    program.fail(format_args!("the instruction did not fault"));
}
