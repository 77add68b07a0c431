//! Exceptions that the program raises itself, and its last ones.

use crate::handler::{exceptions, fix, seen, stay};
use crate::memory;
use abi::context::{CONTEXT_CONTROL, CONTEXT_INTEGER, Context};
use abi::exception::{EXCEPTION_NONCONTINUABLE, ExceptionRecord};
use abi::memory::PAGE_READONLY;
use core::arch::asm;
use nt::exception::{self, THIS};
use nt::{NtStatus, Program};
use zerocopy::FromZeros;

/// A code of this program's own.
const CODE: NtStatus = NtStatus(0xE123_4567);

pub fn run(program: &Program) {
    first_chance(program);
    refused(program);
}

fn record() -> ExceptionRecord {
    let mut record = ExceptionRecord::new_zeroed();
    record.code = CODE;
    record.address = 0x77;
    record
}

/// Raises it from a context of control registers only; all others stay.
fn raise(record: &ExceptionRecord, parts: u32) -> u64 {
    let mut context = Context::new_zeroed();
    context.context_flags = parts;
    context.eflags = 0x202;
    context.rax = 0x55;
    context.rbx = 0x66;
    fix(stay);
    let rbx: u64;
    // SAFETY: the context is completed here, where the handler goes on.
    unsafe {
        asm!(
            "push rbx",
            "mov ebx, 0x11",
            "lea rax, [rip + 2f]",
            "mov [rdx + 0xf8], rax",
            "mov [rdx + 0x98], rsp",
            "mov r10, rcx",
            "mov r8d, 1",
            "mov eax, {number}",
            "syscall",
            "hlt",
            "2:",
            "mov r9, rbx",
            "pop rbx",
            number = const abi::services::numbers::NtRaiseException,
            in("rcx") &raw const *record, in("rdx") &raw mut context,
            lateout("rax") _, lateout("rcx") _, lateout("rdx") _, lateout("r8") _,
            lateout("r9") rbx, lateout("r10") _, lateout("r11") _,
        );
    }
    rbx
}

fn first_chance(program: &Program) {
    let mut record = record();
    record.flags = EXCEPTION_NONCONTINUABLE;
    record.parameter_count = 1;
    record.information[0] = 42;
    exceptions();
    program.check("rbx stays", raise(&record, CONTEXT_CONTROL), 0x11);
    program.check("a code of its own", (seen().code, exceptions()), (CODE, 1));
    program.check(
        "address and value",
        (seen().address, seen().values[0]),
        (0x77, 42),
    );
    program.check("flags and count", (seen().flags, seen().count), (1, 1));
    record.parameter_count = 15;
    record.code = NtStatus::BREAKPOINT;
    let parts = CONTEXT_CONTROL | CONTEXT_INTEGER;
    program.check("rbx is the context's", raise(&record, parts), 0x66);
    program.check("a code of NT's", seen().code, NtStatus::BREAKPOINT);
    program.check(
        "most values, and rax",
        (seen().count, seen().rax),
        (15, 0x55),
    );
    exceptions();
}

fn refused(program: &Program) {
    let mut context = Context::new_zeroed();
    let mut record = record();
    let mut check = |what, record: &ExceptionRecord, flags| {
        context.context_flags = flags;
        // SAFETY: refused.
        let status = unsafe { exception::raise(record, &context, true) };
        program.check(what, status, NtStatus::INVALID_PARAMETER);
    };
    check("no context", &record, 0);
    check("of no processor", &record, 0x1_000F);
    record.parameter_count = 16;
    check("too many values", &record, CONTEXT_CONTROL);
    program.check("no exception", exceptions(), 0);
}

/// What ends the program, by its argument.
pub fn end(program: &Program, how: &str) {
    let record = record();
    match how {
        "second-chance" => {
            let mut context = Context::new_zeroed();
            context.context_flags = CONTEXT_CONTROL | CONTEXT_INTEGER;
            exception::get_context(THIS, &mut context);
            // SAFETY: does not return.
            unsafe { exception::raise(&record, &context, false) };
        }
        // SAFETY: none of these goes on.
        "fast-fail" => unsafe { asm!("mov ecx, 7", "int 0x29", options(noreturn)) },
        "read-only-stack" => {
            let page = memory::page(program, PAGE_READONLY);
            // SAFETY: as above.
            unsafe { asm!("lea rsp, [{} + 0x1000]", "ud2", in(reg) page, options(noreturn)) }
        }
        "no-stack" => {
            // SAFETY: as above.
            unsafe { asm!("mov rsp, 0x1000", "ud2", options(noreturn)) }
        }
        "kernel-stack" => {
            // SAFETY: as above.
            unsafe { asm!("mov rsp, 0xFFFF800000000800", "ud2", options(noreturn)) }
        }
        "stack-over-null" => {
            // SAFETY: as above.
            unsafe { asm!("mov rsp, 0x10", "ud2", options(noreturn)) }
        }
        "apc-without-stack" => {
            exception::queue_apc(THIS, 1, [2, 3, 4]);
            // SAFETY: the call is made where there is no stack.
            unsafe {
                asm!(
                    "mov rsp, 0x1000",
                    "mov eax, {}",
                    "syscall",
                    "hlt",
                    const abi::services::numbers::NtTestAlert,
                    options(noreturn)
                )
            }
        }
        _ => {}
    }
    program.fail(format_args!("{how:?} did not end the program"));
}
