//! Grows its stack page by page and in one big frame.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("stack", main);

use abi::memory::{MEM_COMMIT, MEM_PRIVATE, PAGE_READWRITE};
use core::hint::black_box;
use nt::program::{stack_limit, teb};

/// Bytes of one recursive frame's array, and how many of them.
const FRAME: usize = 4096;
const DEPTH: usize = 128;

fn main(program: &nt::Program) {
    let (base, reservation) = (teb().stack_base, teb().deallocation_stack);
    program.check(
        "size of the reservation, from the header",
        base - reservation,
        0x10_0000,
    );
    let before = stack_limit();
    program.require(
        "limit is inside the stack",
        reservation < before && before < base,
    );

    program.check("sum of all frames", descend(DEPTH), DEPTH * (DEPTH + 1) / 2);
    let after = stack_limit();
    program.require(
        "limit sank by what was used",
        before - after >= (FRAME * (DEPTH - 8)) as u64,
    );

    program.check("last byte of a big frame", big_frame(7), 7);
    program.require("limit sank again", stack_limit() < after);
    let page = nt::memory::query(stack_limit());
    let found = page.map(|found| {
        (
            found.state,
            found.protect,
            found.kind,
            found.allocation_base,
        )
    });
    let expected = (MEM_COMMIT, PAGE_READWRITE, MEM_PRIVATE, reservation);
    program.check("lowest page in use", found, Ok(expected));
}

/// Fills a page-sized array and checks it after the frames below it are gone.
#[inline(never)]
fn descend(depth: usize) -> usize {
    if depth == 0 {
        return 0;
    }
    let page = black_box([depth as u8; FRAME]);
    let below = descend(depth - 1);
    let intact = black_box(&page).iter().all(|byte| *byte == depth as u8);
    below + if intact { depth } else { 0 }
}

/// A frame larger than the guard page, met by the compiler's stack probe.
#[inline(never)]
fn big_frame(value: u8) -> u8 {
    let array = black_box([value; 700 * 1024]);
    black_box(&array)[0]
}
