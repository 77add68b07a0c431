//! Commits and touches memory until it is refused, politely.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("greedy", main);

use abi::memory::PAGE_SIZE;
use nt::{NtStatus, memory::Memory};

const STEP_BYTES: u64 = 0x10_0000;
const RESERVED_BYTES: u64 = 1 << 40;

fn main(program: &nt::Program) {
    let mut memory = program.done("reserve 1 TiB", Memory::reserve(RESERVED_BYTES));
    for offset in (0..RESERVED_BYTES).step_by(STEP_BYTES as usize) {
        match memory.commit(offset, STEP_BYTES) {
            Ok(_) => {}
            Err(NtStatus::NO_MEMORY | NtStatus::COMMITMENT_LIMIT) => {
                program.require("some memory was given", offset > 0);
                program.done("release", memory.release());
                nt::println!("greedy: refused in good order");
                return;
            }
            Err(status) => program.fail(format_args!("commit was refused with {status}")),
        }
        for page in 0..STEP_BYTES / PAGE_SIZE {
            memory.write(offset + page * PAGE_SIZE, 1);
        }
    }
    program.fail(format_args!("a machine with 1 TiB of memory"));
}
