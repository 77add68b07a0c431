//! What is asked of memory page by page: writes, locks, residence.
#![no_std]
#![no_main]

mod lock;
mod resident;
mod watch;

nt::program!("watches", main);

use abi::memory::PAGE_SIZE;
use nt::NtStatus;
use nt::memory::Range;

/// A handle that is none.
const BAD_HANDLE: u64 = 0xBAD0;
/// A page.
const PAGE: u64 = PAGE_SIZE;
/// An address beyond all that a program can use.
const HIGH: u64 = abi::memory::HIGHEST_USER_ADDRESS + 1;

fn main(program: &nt::Program) {
    watch::main(program);
    lock::main(program);
    resident::main(program);
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
fn free(base: u64, size_bytes: u64, kind: u32) -> Result<Range, NtStatus> {
    // SAFETY: callers pass ranges that nothing uses.
    unsafe { nt::memory::free(base, size_bytes, kind) }
}

/// Changes the protection of a range.
fn protect(base: u64, size_bytes: u64, protection: u32) -> Result<u32, NtStatus> {
    // SAFETY: callers pass ranges that nothing uses meanwhile.
    unsafe { nt::memory::protect(base, size_bytes, protection) }.map(|done| done.1)
}
