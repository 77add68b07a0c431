//! Writes to its own code: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-readonly", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    let code = main as fn(&nt::Program) as usize;
    // SAFETY: the instruction faults.
    unsafe { asm!("mov byte ptr [{}], 0xCC", in(reg) code) };
    program.fail(format_args!("the write did not fault"));
}
