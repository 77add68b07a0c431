//! Pushes to a non-canonical address: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-stack-noncanonical", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: the instruction faults.
    unsafe { asm!("mov rsp, {}", "push rax", in(reg) 0x9000_0000_0000_0000_u64) };
    program.fail(format_args!("the instruction did not fault"));
}
