//! Each allocation of each call fails once, and nothing comes of it.
#![no_std]
#![no_main]
nt::program!("failures", main);

mod cold;
mod files;
mod grow;
mod memory;
mod names;
mod objects;
mod pipes;
mod processes;
mod queries;
mod registry;
mod requests;
mod tokens;
mod waits;
mod walk;

use abi::memory::{PAGE_READWRITE, PAGE_SIZE, PAGE_WRITECOPY};
use nt::memory::query;
use nt::{NtStatus, Program, failures};

fn main(program: &Program) {
    if failures::fail(0) == NtStatus::PRIVILEGE_NOT_HELD {
        program.fail(format_args!("start the kernel with fail=calls"));
    }
    touch_all(program);
    touch_stack();
    cold::all(program);
    files::all(program);
    names::all(program);
    registry::all(program);
    objects::all(program);
    pipes::all(program);
    requests::all(program);
    memory::all(program);
    waits::all(program);
    tokens::all(program);
    queries::all(program);
    processes::all(program);
}

/// Enters each page of the program, for which no memory may be missing later.
fn touch_all(program: &Program) {
    let first = program.done("the program", query(main as *const () as u64));
    let mut address = first.allocation_base;
    loop {
        let part = program.done("a part", query(address));
        if part.allocation_base != first.allocation_base {
            return;
        }
        for page in (address..address + part.region_size_bytes).step_by(PAGE_SIZE as usize) {
            let byte = page as *mut u8;
            // SAFETY: of this program's image; what is written is what is there.
            unsafe {
                let value = byte.read_volatile();
                if part.protect & (PAGE_READWRITE | PAGE_WRITECOPY) != 0 {
                    byte.write_volatile(value);
                }
            }
        }
        address += part.region_size_bytes;
    }
}

/// Enters the pages of the stack that the calls use.
#[inline(never)]
fn touch_stack() {
    core::hint::black_box(&mut [1_u8; 0x2_0000]);
}
