//! Goes on beside a program that has taken all memory there is to be had.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("neighbour", main);

use abi::memory::PAGE_SIZE;
use nt::memory::Memory;
use nt::object::{self, Name};
use nt::{NtStatus, Program, process, sync};

const SIZE_BYTES: u64 = 0x100_0000;
/// What `greedy.exe` has when its next wish is refused, or less.
const TOO_MUCH_BYTES: u64 = 0x1000_0000;

fn main(program: &Program) {
    let event = |name| {
        let (_, created) = object::create_event(&Name::new(name));
        program.done("an event", created)
    };
    let full = event("\\BaseNamedObjects\\greedy-is-full");
    let go_on = event("\\BaseNamedObjects\\greedy-may-go-on");
    // Promised before, and not touched before the other has everything else.
    let mut memory = program.done("memory", Memory::committed(SIZE_BYTES));
    let greedy = process::spawn("greedy.exe", "greedy.exe wait");
    let greedy = program.done("a greedy program", greedy);
    program.check("it is full", sync::wait(&full, None), NtStatus::WAIT_0);
    let more = Memory::committed(TOO_MUCH_BYTES).map(|_| ());
    program.check("more", more, Err(NtStatus::COMMITMENT_LIMIT));
    let pages = || (0..SIZE_BYTES).step_by(PAGE_SIZE as usize);
    for offset in pages() {
        memory.write(offset, (offset / PAGE_SIZE) as u8);
    }
    for offset in pages() {
        program.check("a page", memory.read(offset), (offset / PAGE_SIZE) as u8);
    }
    program.check("go on", sync::signal(&go_on), NtStatus::SUCCESS);
    let ended = sync::wait(&greedy.process, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    let more = Memory::committed(TOO_MUCH_BYTES).and_then(Memory::release);
    program.done("more when it is over", more);
    program.done("release", memory.release());
}
