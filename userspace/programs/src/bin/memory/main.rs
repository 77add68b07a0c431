//! The virtual-memory calls: what they do, round and refuse.
#![no_std]
#![no_main]

mod free;
mod protect;
mod query;
mod reserve;

nt::program!("memory", main);

use abi::memory::{ALLOCATION_GRANULARITY, MEM_RESERVE, PAGE_READWRITE};
use nt::NtStatus;
use nt::memory::{Range, allocate};

/// A handle that is none.
const BAD_HANDLE: u64 = 0xBAD0;
/// A page, and the granularity of allocations.
const PAGE: u64 = abi::memory::PAGE_SIZE;
const GRANULE: u64 = ALLOCATION_GRANULARITY;

fn main(program: &nt::Program) {
    reserve::main(program);
    query::main(program);
    protect::main(program);
    free::main(program);
}

/// A fresh reservation of `pages` pages for reading and writing.
fn reservation(program: &nt::Program, pages: u64) -> u64 {
    let range = allocate(0, pages * PAGE, MEM_RESERVE, PAGE_READWRITE);
    program.done("a reservation", range).base
}

/// What a successful call returned.
fn range(base: u64, size_bytes: u64) -> Result<Range, NtStatus> {
    Ok(Range { base, size_bytes })
}

/// Writes a byte that the program allocated.
fn write(address: u64, value: u8) {
    // SAFETY: callers pass addresses they committed for writing.
    unsafe { (address as *mut u8).write_volatile(value) };
}

/// Reads a byte that the program allocated.
fn read(address: u64) -> u8 {
    // SAFETY: callers pass addresses they committed.
    unsafe { (address as *const u8).read_volatile() }
}

/// Gives a range back.
fn release(base: u64, size_bytes: u64) -> Result<Range, NtStatus> {
    // SAFETY: callers pass ranges that nothing uses, or that must be refused.
    unsafe { nt::memory::free(base, size_bytes, abi::memory::MEM_RELEASE) }
}

/// Takes back the commitment of a range.
fn decommit(base: u64, size_bytes: u64) -> Result<Range, NtStatus> {
    // SAFETY: as above.
    unsafe { nt::memory::free(base, size_bytes, abi::memory::MEM_DECOMMIT) }
}
