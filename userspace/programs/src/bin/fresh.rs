//! The registers at the first instruction: nothing of whoever ran before.
#![no_std]
#![no_main]

use abi::entry::{
    HOME_SPACE_BYTES, INITIAL_FLAGS, INITIAL_MXCSR, INITIAL_X87_CONTROL, USER_CODE_SELECTOR,
    USER_DATA_SELECTOR,
};
use core::arch::asm;
use nt::probe::{RCX, RSP, Registers};
use nt::program::teb;
use nt::{NtStatus, Program, exit};

// Stores everything in a `Registers` at rsp + 20h before any Rust runs. The
// frame of 1B8h bytes leaves rsp a multiple of 16.
core::arch::global_asm!(
    ".globl start",
    "start:",
    "mov [rsp - 0x1B8 + 0x20 + 0x20], rsp",
    "lea rsp, [rsp - 0x1B8]",
    "mov [rsp + 0x20], rax",
    "mov [rsp + 0x28], rcx",
    "mov [rsp + 0x30], rdx",
    "mov [rsp + 0x38], rbx",
    "mov [rsp + 0x48], rbp",
    "mov [rsp + 0x50], rsi",
    "mov [rsp + 0x58], rdi",
    "mov [rsp + 0x60], r8",
    "mov [rsp + 0x68], r9",
    "mov [rsp + 0x70], r10",
    "mov [rsp + 0x78], r11",
    "mov [rsp + 0x80], r12",
    "mov [rsp + 0x88], r13",
    "mov [rsp + 0x90], r14",
    "mov [rsp + 0x98], r15",
    "movaps [rsp + 0xA0], xmm0",
    "movaps [rsp + 0xB0], xmm1",
    "movaps [rsp + 0xC0], xmm2",
    "movaps [rsp + 0xD0], xmm3",
    "movaps [rsp + 0xE0], xmm4",
    "movaps [rsp + 0xF0], xmm5",
    "movaps [rsp + 0x100], xmm6",
    "movaps [rsp + 0x110], xmm7",
    "movaps [rsp + 0x120], xmm8",
    "movaps [rsp + 0x130], xmm9",
    "movaps [rsp + 0x140], xmm10",
    "movaps [rsp + 0x150], xmm11",
    "movaps [rsp + 0x160], xmm12",
    "movaps [rsp + 0x170], xmm13",
    "movaps [rsp + 0x180], xmm14",
    "movaps [rsp + 0x190], xmm15",
    "pushfq",
    "pop qword ptr [rsp + 0x1A0]",
    "mov qword ptr [rsp + 0x1A8], 0",
    "stmxcsr [rsp + 0x1A8]",
    "lea rcx, [rsp + 0x20]",
    "call {main}",
    main = sym main,
);

/// Checks what `start` found.
extern "system" fn main(found: &Registers) -> ! {
    let program = Program { name: "fresh" };
    for (index, value) in found.general.iter().enumerate() {
        let expected = match index {
            RCX => teb().peb,
            RSP => teb().stack_base - HOME_SPACE_BYTES - 8,
            _ => 0,
        };
        if *value != expected {
            program.fail(format_args!("general register {index} was {value:#x}"));
        }
    }
    program.check("alignment of rsp", found.general[RSP] % 16, 8);
    program.check("vector registers", found.vector, [0; 16]);
    program.check("flags", found.flags, INITIAL_FLAGS);
    program.check("mxcsr", found.mxcsr, INITIAL_MXCSR.into());
    let (mut control, mut code, mut stack) = (0_u16, 0_u16, 0_u16);
    // SAFETY: the instructions store registers to local variables.
    unsafe {
        asm!("fnstcw [{}]", in(reg) &raw mut control, options(nostack));
        asm!("mov {:x}, cs", out(reg) code, options(nostack));
        asm!("mov {:x}, ss", out(reg) stack, options(nostack));
    }
    program.check("x87 control word", control, INITIAL_X87_CONTROL);
    program.check(
        "cs and ss",
        (code, stack),
        (USER_CODE_SELECTOR, USER_DATA_SELECTOR),
    );
    nt::println!("fresh: ok");
    exit(NtStatus::SUCCESS)
}
