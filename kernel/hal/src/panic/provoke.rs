//! Faults on purpose, to show that the report survives them.
//!
//! Each is what `panic=KIND` on the kernel command line asks for and safe code
//! cannot do itself.

use core::arch::{asm, global_asm};
use core::hint::black_box;

/// Reads null + 18h in the kernel.
#[inline(never)]
pub fn page_fault() {
    const WHERE: usize = 0x18;
    // SAFETY: none: it faults, which is its purpose, and the kernel reports it.
    unsafe { asm!("mov {0}, [{0}]", inout(reg) WHERE => _, options(nostack, readonly)) };
    black_box(());
}

/// Writes to its own code.
#[inline(never)]
pub fn write_to_code() {
    let code = write_to_code as *const () as u64;
    // SAFETY: none: it faults, which is its purpose, and the kernel reports it.
    unsafe { asm!("mov byte ptr [{}], 0", in(reg) code, options(nostack)) };
    black_box(());
}

/// Calls itself until the stack ends.
#[inline(never)]
pub fn stack_overflow(depth: u64) -> u64 {
    let frame = black_box([depth; 32]);
    if frame[0] == u64::MAX {
        return depth;
    }
    stack_overflow(depth + 1) + black_box(frame)[0]
}

/// Calls something in the handler of an NMI, on its stack.
#[inline(never)]
pub fn in_nmi(provoke: fn()) {
    crate::trap::on_nmi(provoke);
    // SAFETY: the vector's gate leads to the same entry, and its stack is free: no
    // NMI is being handled. The entry restores every register.
    unsafe { asm!("int 2") };
    black_box(());
}

/// Panics while the log's lock is held.
#[inline(never)]
pub fn with_log_locked() {
    crate::log::while_locked(|| panic!("provoked: the log is locked"));
}

/// Panics with a frame pointer that leads nowhere.
#[inline(never)]
pub fn with_corrupt_frame_pointer() {
    #[inline(never)]
    extern "C" fn panic_here() {
        panic!("provoked: the frame chain is corrupt");
    }
    // SAFETY: `panic_here` does not return, so the lost frame pointer and stack
    // alignment are never missed.
    unsafe {
        asm!(
            "mov rbp, 0xdead000",
            "call {panic}",
            "ud2",
            panic = sym panic_here,
            options(noreturn)
        )
    }
}

global_asm!(
    ".text",
    ".global provoke_in_assembly",
    "provoke_in_assembly:",
    "push rbp",
    "mov rbp, rsp",
    "mov rax, [0x18]",
    "pop rbp",
    "ret",
    ".size provoke_in_assembly, . - provoke_in_assembly",
);

unsafe extern "C" {
    fn provoke_in_assembly();
}

/// Reads null + 18h in a function written in assembly.
#[inline(never)]
pub fn in_assembly() {
    // SAFETY: it keeps to the convention; the fault is its purpose.
    unsafe { provoke_in_assembly() };
    black_box(());
}
