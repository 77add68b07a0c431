//! Measures calls in instructions; meant for `-icount shift=0`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("bench", main);

use abi::memory::PAGE_SIZE;
use nt::{NtStatus, memory::Memory, system::time_stamp};

/// A multiple of 4, as handles are, that is none.
const BAD_HANDLE: u64 = 0x00DE_AD00;
const TOUCHED_BYTES: u64 = 0x10_0000;

fn main(program: &nt::Program) {
    row("null_syscall", 10_000, || {
        program.check(
            "a bad handle",
            nt::system::close(BAD_HANDLE),
            NtStatus::INVALID_HANDLE,
        );
    });
    row("commit_4k_free", 1_000, || {
        let freed = Memory::committed(PAGE_SIZE).and_then(Memory::release);
        let size = freed.map(|range| range.size_bytes);
        program.check("commit and free", size, Ok(PAGE_SIZE));
    });
    row("touch_1mib", 10, || {
        let freed = Memory::committed(TOUCHED_BYTES).and_then(|mut memory| {
            for page in 0..TOUCHED_BYTES / PAGE_SIZE {
                memory.write(page * PAGE_SIZE, 1);
            }
            memory.release()
        });
        let size = freed.map(|range| range.size_bytes);
        program.check("touch and free", size, Ok(TOUCHED_BYTES));
    });
}

/// Runs it once to warm up, then `times` times, and prints the mean.
fn row(id: &str, times: u64, mut operation: impl FnMut()) {
    operation();
    let start = time_stamp();
    for _ in 0..times {
        operation();
    }
    let value = (time_stamp() - start) / times;
    nt::println!("PETREL-BENCH id={id} value={value} unit=instructions");
}
