//! The first program in assembly: parameters, a write, the end.
#![no_std]
#![no_main]

use abi::services::numbers::{NtTerminateProcess, NtWriteFile};
use nt as _;

// Entered with rcx = PEB and rsp = 8 modulo 16. The frame: 20h bytes of home
// space, five stack arguments, at 50h the IO_STATUS_BLOCK.
core::arch::global_asm!(
    ".globl start",
    "start:",
    "sub rsp, 0x68",
    "mov rax, [rcx + 0x20]", // PEB: process parameters
    "mov r10, [rax + 0x28]", // parameters: standard output
    "xor edx, edx",
    "xor r8d, r8d",
    "xor r9d, r9d",
    "lea rax, [rsp + 0x50]",
    "mov [rsp + 0x20], rax",
    "mov rax, [rip + pointer]", // relocated with the image
    "mov [rsp + 0x28], rax",
    "mov qword ptr [rsp + 0x30], {length}",
    "mov qword ptr [rsp + 0x38], 0",
    "mov qword ptr [rsp + 0x40], 0",
    "mov eax, {write}",
    "call service",
    "mov edx, eax", // its status is the program's
    "mov r10, -1",
    "mov eax, {terminate}",
    "call service",
    "ud2",
    "service:",
    "syscall",
    "ret",
    ".section .rdata, \"dr\"",
    "message:",
    ".ascii \"Hello from assembly.\\nhello-asm: ok\\n\"",
    ".p2align 3",
    "pointer:",
    ".quad message",
    ".text",
    length = const "Hello from assembly.\nhello-asm: ok\n".len(),
    write = const NtWriteFile,
    terminate = const NtTerminateProcess,
);
