//! Calls the system with TF and NT set: STATUS_SINGLE_STEP.
#![no_std]
#![no_main]
nt::program!("fault-single-step", main);

use core::arch::asm;

fn main(program: &nt::Program) {
    // With TF set the kernel returns by IRETQ, which faults there if NT got in.
    // SAFETY: the second instruction traps when it is done.
    unsafe {
        asm!("pushfq", "or qword ptr [rsp], 0x4100", "popfq", "syscall", inout("rax") u64::from(abi::services::numbers::NtYieldExecution) => _, out("rcx") _, out("rdx") _, out("r8") _, out("r9") _, out("r10") _, out("r11") _)
    };
    program.fail(format_args!("the instruction did not fault"));
}
