//! Each allocation of each call fails once, and nothing comes of it.
#![no_std]
#![no_main]
nt::program!("failures", main);

mod memory;
mod objects;
mod processes;
mod queries;
mod tokens;
mod waits;
mod walk;

use nt::{NtStatus, Program, failures};

fn main(program: &Program) {
    if failures::fail(0) == NtStatus::PRIVILEGE_NOT_HELD {
        program.fail(format_args!("start the kernel with fail=calls"));
    }
    objects::all(program);
    memory::all(program);
    waits::all(program);
    tokens::all(program);
    queries::all(program);
    processes::all(program);
}
