//! A system call as the last bytes of the last user page: the return faults.
#![no_std]
#![no_main]
nt::program!("last-page", main);

use abi::memory::{ALLOCATION_GRANULARITY, HIGHEST_USER_ADDRESS, MEM_COMMIT, MEM_RESERVE};
use abi::memory::{PAGE_EXECUTE_READ, PAGE_READWRITE};
use abi::services::numbers::NtYieldExecution;
use core::arch::asm;

/// `syscall`.
const INSTRUCTION: u16 = 0x050F;

fn main(program: &nt::Program) {
    let instruction = HIGHEST_USER_ADDRESS - 1;
    let base = HIGHEST_USER_ADDRESS + 1 - ALLOCATION_GRANULARITY;
    let (size, kind) = (ALLOCATION_GRANULARITY, MEM_RESERVE | MEM_COMMIT);
    program.done(
        "last pages",
        nt::memory::allocate(base, size, kind, PAGE_READWRITE),
    );
    // SAFETY: just allocated, and aligned.
    unsafe { (instruction as *mut u16).write(INSTRUCTION) };
    // SAFETY: nothing writes there any more.
    let protected = unsafe { nt::memory::protect(base, size, PAGE_EXECUTE_READ) };
    program.done("making it executable", protected);
    nt::println!("last-page: calling from {instruction:#x}");
    // SAFETY: the call returns behind the last page, where the fetch faults.
    unsafe {
        asm!("jmp {}", in(reg) instruction, in("eax") NtYieldExecution, options(noreturn));
    }
}
