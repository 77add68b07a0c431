//! Executes constants, or with `stack` its stack: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-nx", main);

use core::{arch::asm, hint::black_box};

/// `ret`.
static CONSTANT: [u8; 1] = [0xC3];

fn main(program: &nt::Program) {
    let local = black_box([0xC3_u8]);
    let on_stack = program.arguments().any(|text| text.as_str() == "stack");
    let code = if on_stack { &local } else { &CONSTANT };
    // Touched first: it is the page's entry that must forbid, not only the
    // policy that decides how to fill a page.
    program.check("the instruction", black_box(code)[0], 0xC3);
    // SAFETY: the call faults at its target, or comes straight back.
    unsafe { asm!("call {}", in(reg) code.as_ptr()) };
    program.fail(format_args!("data was executed"));
}
