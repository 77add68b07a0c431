//! Reads kernel memory, its image or the address given: access violation.
#![no_std]
#![no_main]
nt::program!("fault-kernel", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    let given = program.arguments().nth(1).and_then(|text| text.number());
    let address = given.unwrap_or(0xFFFF_FFFF_8010_0000);
    let value: u64;
    // SAFETY: the instruction faults.
    unsafe { asm!("mov {0}, [{0}]", inout(reg) address => value) };
    program.fail(format_args!("read {value:#x} instead of a fault"));
}
