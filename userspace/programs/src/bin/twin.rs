//! One of two instances that write the same image and must not notice.
#![no_std]
#![no_main]
nt::program!("twin", main);

use abi::memory::{PAGE_READWRITE, PAGE_SIZE};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use nt::{NtStatus, memory::protect, system::yield_execution};

const WORDS: usize = 1024;
const TURNS: u64 = 50;

/// Two pages of initialised data: shared with the twin until written.
static DATA: [AtomicU64; WORDS] = [const { AtomicU64::new(7) }; WORDS];
/// Two pages of zeroed data.
static ZEROED: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];

fn main(program: &nt::Program) {
    let Some(mine) = program.arguments().nth(1).and_then(|text| text.number()) else {
        program.fail(format_args!("usage: twin.exe NUMBER & twin.exe ANOTHER"))
    };
    let header = header_word(program);
    let mut yielded = 0;
    for turn in 0..TURNS {
        let expected = |first: u64| {
            if turn == 0 {
                first
            } else {
                mine * 1000 + turn - 1
            }
        };
        for (data, zeroed) in DATA.iter().zip(&ZEROED) {
            program.check("data", data.load(Relaxed), expected(7));
            program.check("zeroed data", zeroed.load(Relaxed), expected(0));
            data.store(mine * 1000 + turn, Relaxed);
            zeroed.store(mine * 1000 + turn, Relaxed);
        }
        if turn > 0 {
            program.check(
                "word of the header",
                header.load(Relaxed),
                mine * 1000 + turn - 1,
            );
        }
        header.store(mine * 1000 + turn, Relaxed);
        if yield_execution() == NtStatus::SUCCESS {
            yielded += 1;
        }
    }
    program.require("the twin had turns in between", yielded > 0);
}

/// A word of the image's read-only header page, made writable by copy.
fn header_word(program: &nt::Program) -> &'static AtomicU64 {
    /// Offset of the DOS program in the header, which nothing reads.
    const DOS_PROGRAM: u64 = 0x40;
    let base = nt::program::peb().image_base;
    // SAFETY: the page only gets more rights.
    if let Err(status) = unsafe { protect(base, PAGE_SIZE, PAGE_READWRITE) } {
        program.fail(format_args!("making the header writable: {status}"));
    }
    // SAFETY: mapped and writable from here on, aligned, used by nothing else.
    unsafe { AtomicU64::from_ptr((base + DOS_PROGRAM) as *mut u64) }
}
