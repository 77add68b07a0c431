//! Makes a system call three functions deep, to be seen in reports.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("deep", main);

use core::hint::black_box;

fn main(program: &nt::Program) {
    let count = outer(1);
    program.check("calls made", count, 4);
}

#[inline(never)]
fn outer(count: u32) -> u32 {
    black_box(middle(count)) + 1
}

#[inline(never)]
fn middle(count: u32) -> u32 {
    black_box(inner(count)) + 1
}

#[inline(never)]
fn inner(count: u32) -> u32 {
    black_box(nt::system::yield_execution());
    count + 1
}
