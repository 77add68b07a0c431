//! Divides by zero on the x87 unmasked: STATUS_FLOAT_DIVIDE_BY_ZERO.
#![no_std]
#![no_main]
nt::program!("fault-float", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // SAFETY: fwait faults.
    unsafe {
        asm!("push 0x37B", "fldcw [rsp]", "pop rax", "fld1", "fldz", "fdivp", "fwait", out("rax") _)
    };
    program.fail(format_args!("the instruction did not fault"));
}
