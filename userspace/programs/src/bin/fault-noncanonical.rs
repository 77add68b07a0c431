//! Reads a non-canonical address: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-noncanonical", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction faults.
    unsafe { asm!("mov {0}, [{0}]", inout(reg) 0x8000_0000_0000_u64 => _) };
    program.fail(format_args!("the instruction did not fault"));
}
