//! Reads address 8 in a function with a name: STATUS_ACCESS_VIOLATION.
#![no_std]
#![no_main]
nt::program!("fault-null", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    let value = read_null();
    program.fail(format_args!("read {value:#x} instead of a fault"));
}

/// Exported, so that the report of the fault can name it.
#[unsafe(no_mangle)]
#[inline(never)]
extern "system" fn read_null() -> u64 {
    let value;
    // SAFETY: the instruction faults.
    unsafe { asm!("mov {0}, [8]", out(reg) value) };
    value
}
