//! Jumps to a non-canonical address, or to that given: an access violation.
#![no_std]
#![no_main]
nt::program!("fault-jump", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    let given = program.arguments().nth(1).and_then(|text| text.number());
    let address = given.unwrap_or(0x8000_0000_0000);
    let stack = program.arguments().nth(2).and_then(|text| text.number());
    match stack {
        // SAFETY: the instruction faults.
        None => unsafe { asm!("jmp {}", in(reg) address) },
        // SAFETY: as above; nothing is left that the stack is needed for.
        Some(stack) => unsafe {
            asm!("mov rsp, {}", "jmp {}", in(reg) stack, in(reg) address, options(noreturn))
        },
    }
    program.fail(format_args!("the instruction did not fault"));
}
