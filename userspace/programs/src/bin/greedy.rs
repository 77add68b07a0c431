//! Commits and touches memory until it is refused, politely.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("greedy", main);

use abi::memory::PAGE_SIZE;
use nt::memory::Memory;
use nt::object::{self, Name};
use nt::{NtStatus, call, sync};

const STEP_BYTES: u64 = 0x10_0000;
const RESERVED_BYTES: u64 = 1 << 40;

fn main(program: &nt::Program) {
    let mut memory = program.done("reserve 1 TiB", Memory::reserve(RESERVED_BYTES));
    for offset in (0..RESERVED_BYTES).step_by(STEP_BYTES as usize) {
        match memory.commit(offset, STEP_BYTES) {
            Ok(_) => {}
            Err(NtStatus::NO_MEMORY | NtStatus::COMMITMENT_LIMIT) => {
                program.require("some memory was given", offset > 0);
                if program.arguments().nth(1).is_some() {
                    wait_for_neighbour(program);
                }
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

/// Tells `neighbour.exe` that nothing is left, and waits until it has seen.
fn wait_for_neighbour(program: &nt::Program) {
    let event = |name| object::open(call::nt_open_event, &Name::new(name));
    let full = program.done("its event", event("\\BaseNamedObjects\\greedy-is-full"));
    let go_on = program.done("another", event("\\BaseNamedObjects\\greedy-may-go-on"));
    program.check("tell", sync::signal(&full), NtStatus::SUCCESS);
    program.check("wait", sync::wait(&go_on, None), NtStatus::WAIT_0);
}
