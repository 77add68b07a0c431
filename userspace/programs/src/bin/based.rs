//! Linked for the address of the shared page; must run relocated.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("based", main);

use abi::user_shared::USER_SHARED_DATA;

/// Two absolute addresses, so that there is something to relocate.
static TABLE: [fn(&nt::Program); 2] = [main, second];

fn main(program: &nt::Program) {
    let base = nt::program::peb().image_base;
    program.require(
        "image is not where the shared page is",
        base != USER_SHARED_DATA,
    );
    program.check("image base is a multiple of 64 KiB", base % 0x1_0000, 0);
    for function in core::hint::black_box(&TABLE) {
        let distance = (*function as usize as u64).wrapping_sub(base);
        program.require("address in the table was relocated", distance < 0x10_0000);
    }
    TABLE[1](program);
}

fn second(program: &nt::Program) {
    let region = nt::memory::query(nt::program::peb().image_base).map(|found| found.kind);
    program.check(
        "type of the image's memory",
        region,
        Ok(abi::memory::MEM_IMAGE),
    );
}
