//! Counts frames: reserving and committing cost none, touching costs one each.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("demand", main);

use core::sync::atomic::{AtomicU8, Ordering};

use abi::memory::PAGE_SIZE;
use nt::memory::Memory;

const MIB: u64 = 0x10_0000;
const PAGES: u64 = 64;

/// Data of the image that its file does not hold: zeros.
static ZEROS: [AtomicU8; MIB as usize] = [const { AtomicU8::new(0) }; MIB as usize];

/// Frames the kernel may take for page tables and its own records.
const RECORDS: i64 = 8;

fn main(program: &nt::Program) {
    let free = || i64::from(program.done("count of frames", nt::system::available_pages()));
    let start = free();

    let mut memory = program.done("reserve", Memory::reserve(64 * MIB));
    program.require("reserving 64 MiB is free", start - free() <= RECORDS);
    program.done("commit", memory.commit(0, 2 * MIB));
    program.require("committing 2 MiB is free", start - free() <= RECORDS);

    // The first touches also make the page tables of both 2 MiB ranges.
    memory.write(0, 1);
    memory.write(2 * MIB - 1, 1);
    let before = free();
    for page in 1..=PAGES {
        let fresh = page * PAGE_SIZE..(page + 1) * PAGE_SIZE;
        program.require(
            "a fresh page is zero",
            fresh.into_iter().all(|at| memory.read(at) == 0),
        );
        memory.write(page * PAGE_SIZE, page as u8);
    }
    // Pages touched in a row are entered a few ahead.
    let (taken, pages) = (before - free(), PAGES as i64);
    program.require(
        "frames taken by touched pages",
        (pages..=pages + 4).contains(&taken),
    );
    for page in 1..=PAGES {
        program.check(
            "what was written",
            memory.read(page * PAGE_SIZE),
            page as u8,
        );
    }
    program.check("frames taken by touching again", before - free(), taken);

    program.done("decommit", memory.decommit(PAGE_SIZE, PAGES * PAGE_SIZE));
    program.check(
        "frames given back by decommitting",
        before - free(),
        taken - pages,
    );
    program.done("commit again", memory.commit(PAGE_SIZE, PAGE_SIZE));
    program.check("a byte committed again", memory.read(PAGE_SIZE), 0);
    program.done("release", memory.release());
    program.require("releasing gives everything back", start - free() <= RECORDS);

    fill_with_zeros(program, &free);

    let before = free();
    for byte in ZEROS.iter().step_by(PAGE_SIZE as usize) {
        program.check("a zero of the image", byte.load(Ordering::Relaxed), 0);
    }
    program.require(
        "reading zeros of the image is free",
        before - free() <= RECORDS,
    );
    let before = free();
    for byte in ZEROS.iter().step_by(PAGE_SIZE as usize) {
        byte.store(1, Ordering::Relaxed);
    }
    program.check(
        "frames taken by writing them",
        before - free(),
        (MIB / PAGE_SIZE) as i64,
    );
}

/// Zeros written to pages of zeros take no frames, and cannot be told from others.
fn fill_with_zeros(program: &nt::Program, free: &dyn Fn() -> i64) {
    const WORDS: u64 = MIB / 8;
    let mut memory = program.done("reserve", Memory::reserve(4 * MIB));
    program.done("commit", memory.commit(0, 3 * MIB));
    memory.write(PAGE_SIZE, 7);
    memory.write(MIB / 2 + 5, 7);
    let before = free();
    // From the middle of a page to the middle of another.
    let filled = memory.fill(2048, WORDS, 0);
    program.check("where filling stopped", filled, (MIB + 2048, 0));
    program.require(
        "filling with zeros is nearly free",
        before - free() <= 2 + RECORDS,
    );
    for at in [PAGE_SIZE, MIB / 2 + 5, 2048, MIB, MIB + 2047] {
        program.check("a zero", memory.read(at), 0);
    }
    let before = free();
    let filled = memory.fill(2 * MIB, WORDS, 1);
    program.check("where filling with ones stopped", filled, (3 * MIB, 0));
    program.require(
        "ones take frames",
        before - free() >= (MIB / PAGE_SIZE) as i64,
    );
    program.check("a one", memory.read(3 * MIB - 8), 1);
    let filled = memory.fill(2 * MIB, WORDS, 0);
    program.check("where filling again stopped", filled, (3 * MIB, 0));
    program.check("what was one", memory.read(3 * MIB - 8), 0);
    program.done("release", memory.release());
}
