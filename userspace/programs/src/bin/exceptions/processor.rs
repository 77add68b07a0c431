//! Exceptions of instructions that touch no memory.

use crate::fault;
use crate::handler::{check, check_values, exceptions, fix, seen, skip};
use abi::exception::ExceptionFrame;
use core::arch::asm;
use nt::{NtStatus, Program};

const ALIGNMENT_CHECK: u32 = 1 << 18;

pub fn run(program: &Program) {
    arithmetic(program);
    invalid(program);
    privileged(program);
    software_interrupts(program);
    debug_services(program);
    alignment(program);
}

fn arithmetic(program: &Program) {
    let zero = NtStatus::INTEGER_DIVIDE_BY_ZERO;
    let at = fault!(2, "div edx");
    check_values(program, "a division by zero", zero, at, &[]);
    let at = fault!(2, "idiv edx");
    check_values(program, "a signed one", zero, at, &[]);
    let at = fault!(2, ["mov edx, 0x7FFFFFFF"], "div ecx");
    check_values(program, "a quotient that is too big", zero, at, &[]);
    let at = fault!(2, ["mov edx, 0x7FFFFFFF"], "idiv ecx");
    check_values(program, "a signed one", zero, at, &[]);
}

fn invalid(program: &Program) {
    let status = NtStatus::ILLEGAL_INSTRUCTION;
    let at = fault!(2, "ud2");
    check_values(program, "no instruction", status, at, &[]);
    // Instructions of other modes: INTO, PUSH ES, DAA.
    let at = fault!(1, ".byte 0xCE");
    check_values(program, "INTO", status, at, &[]);
    let at = fault!(1, ".byte 0x06");
    check_values(program, "PUSH ES", status, at, &[]);
    let at = fault!(1, ".byte 0x27");
    check_values(program, "DAA", status, at, &[]);
    let at = fault!(2, ".byte 0x0F, 0x0A");
    check_values(program, "no such code", status, at, &[]);
}

fn privileged(program: &Program) {
    /// Each instruction, by the bytes it has.
    macro_rules! each {
        ($($bytes:literal: $code:literal),* $(,)?) => {$(
            let at = fault!($bytes, $code);
            check_values(program, $code, NtStatus::PRIVILEGED_INSTRUCTION, at, &[]);
        )*};
    }
    each! {
        1: "hlt", 1: "cli", 1: "sti", 2: "in al, 0x60", 2: "out 0x80, al",
        1: "in eax, dx", 1: "out dx, eax", 1: "insb", 1: "outsb",
        2: "clts", 2: "wbinvd", 2: "invd", 2: "rdmsr", 2: "wrmsr",
        3: "mov rdx, cr0", 3: "mov cr3, rdx", 3: "mov rdx, dr7", 3: "mov dr0, rdx",
        3: "lgdt [rdx]", 3: "lidt [rdx]", 3: "invlpg [rdx]", 3: "lmsw dx",
        3: "lldt dx", 3: "ltr dx", 3: "swapgs",
    };
    // Where there is no XSAVE there is no such instruction.
    let at = fault!(3, "xsetbv");
    let status = match has_xsave() {
        true => NtStatus::PRIVILEGED_INSTRUCTION,
        false => NtStatus::ILLEGAL_INSTRUCTION,
    };
    check(program, "xsetbv", status, at);
    let at = fault!(2, ".byte 0x48, 0xFA");
    check(
        program,
        "CLI with a prefix",
        NtStatus::PRIVILEGED_INSTRUCTION,
        at,
    );
    // Not privileged, but of a segment that cannot be.
    let violation = NtStatus::ACCESS_VIOLATION;
    let at = fault!(2, ["mov edx, 0x10"], "mov ds, edx");
    check_values(
        program,
        "the kernel's segment",
        violation,
        at,
        &[0, u64::MAX],
    );
    let at = fault!(2, ["mov edx, 0xFFFB"], "mov es, edx");
    check_values(program, "no segment", violation, at, &[0, u64::MAX]);
}

/// Whether the kernel lets programs use XSAVE.
fn has_xsave() -> bool {
    const OSXSAVE: u32 = 1 << 27;
    core::arch::x86_64::__cpuid(1).ecx & OSXSAVE != 0
}

fn software_interrupts(program: &Program) {
    let at = fault!(1, "int3");
    check_values(program, "a breakpoint", NtStatus::BREAKPOINT, at, &[0]);
    let at = fault!(1, ".byte 0xCD, 3");
    check_values(program, "its long form", NtStatus::BREAKPOINT, at + 1, &[0]);
    let at = fault!(0, "int 4");
    check_values(
        program,
        "an overflow",
        NtStatus::INTEGER_OVERFLOW,
        at + 2,
        &[],
    );
    let at = fault!(2, "int 0x2C");
    check_values(
        program,
        "an assertion",
        NtStatus::ASSERTION_FAILURE,
        at,
        &[],
    );
    /// Those that only the processor and devices raise.
    macro_rules! refused {
        ($($number:literal),*) => {$(
            let at = fault!(2, concat!("int ", $number));
            let status = NtStatus::ACCESS_VIOLATION;
            check_values(program, concat!("int ", $number), status, at, &[0, u64::MAX]);
        )*};
    }
    refused!(
        "0", "1", "2", "5", "6", "8", "13", "14", "0x20", "0x28", "0x2A", "0x2B", "0x2E"
    );
    refused!("0x2F", "0x80", "0xF0", "0xFF");
}

/// Asks for a debug service; the byte behind it is skipped.
fn debug_service(service: u64) -> u64 {
    skip(0);
    let at: u64;
    // SAFETY: the handler goes on behind the byte, or nobody notices.
    unsafe {
        asm!(
            "push rbx",
            "lea rdx, [rip + 2f]",
            "2: int 0x2D",
            ".byte 0xF4",
            "pop rbx",
            in("rax") service, out("rdx") at,
        );
    }
    at
}

fn debug_services(program: &Program) {
    for service in 0..8 {
        exceptions();
        let at = debug_service(service);
        match service {
            // Print, load symbols, unload them, a command: for a debugger.
            1 | 3..=5 => program.check("nobody hears it", exceptions(), 0),
            _ => {
                let what = "a debug service";
                check_values(program, what, NtStatus::BREAKPOINT, at + 3, &[service]);
                program.check("rax", seen().rax, service);
            }
        }
    }
    let at = debug_service(1 << 32 | 1);
    let all = [1 << 32 | 1];
    check_values(program, "all of rax", NtStatus::BREAKPOINT, at + 3, &all);
}

/// The emulator does not check alignment; where it is checked, the flag is clear in
/// the handler, which clears it in the context.
fn alignment(program: &Program) {
    fn clear(frame: &mut ExceptionFrame) {
        frame.context.eflags &= !ALIGNMENT_CHECK;
    }
    exceptions();
    fix(clear);
    let words = [1_u64, 2];
    // SAFETY: reads within the words.
    unsafe {
        asm!(
            "pushfq",
            "or dword ptr [rsp], {flag}",
            "popfq",
            "mov {value}, [{at} + 3]",
            "pushfq",
            "and dword ptr [rsp], {others}",
            "popfq",
            flag = const ALIGNMENT_CHECK,
            others = const !ALIGNMENT_CHECK as i32,
            at = in(reg) words.as_ptr(),
            value = out(reg) _,
        );
    }
    if exceptions() > 0 {
        let misaligned = NtStatus::DATATYPE_MISALIGNMENT;
        program.check("a misaligned read", seen().code, misaligned);
        let flag = u64::from(ALIGNMENT_CHECK);
        program.check("the flag", seen().eflags & flag, flag);
    }
}
