//! Exceptions of instructions that touch memory.

use crate::fault;
use crate::handler::{check_values, exceptions, fix, seen, skip, stay};
use abi::exception::{EXCEPTION_EXECUTE_FAULT, ExceptionFrame};
use abi::memory::*;
use core::arch::asm;
use nt::memory::{allocate, protect};
use nt::{NtStatus, Program};

const VIOLATION: NtStatus = NtStatus::ACCESS_VIOLATION;

pub fn run(program: &Program) {
    addresses(program);
    guards(program);
    execution(program);
    nested(program);
}

/// Memory of this test's.
pub fn page(program: &Program, protection: u32) -> u64 {
    let page = allocate(0, PAGE_SIZE, MEM_RESERVE | MEM_COMMIT, protection);
    program.done("a page", page).base
}

fn addresses(program: &Program) {
    let at = fault!(3, "mov r9, [rdx]");
    check_values(program, "a read of null", VIOLATION, at, &[0, 0]);
    let at = fault!(3, "mov [rdx], r9");
    check_values(program, "a write to null", VIOLATION, at, &[1, 0]);
    let at = fault!(3, ["mov rdx, 0xFFFF800000000010"], "mov r9, [rdx]");
    let address = 0xFFFF_8000_0000_0010;
    check_values(program, "the kernel's", VIOLATION, at, &[0, address]);
    let at = fault!(3, ["mov rdx, 0x7FFFFFFF0000"], "mov [rdx], r9");
    check_values(program, "the end", VIOLATION, at, &[1, 0x7FFF_FFFF_0000]);
    let at = fault!(3, ["mov rdx, 0x800000000000"], "mov r9, [rdx]");
    check_values(program, "no address", VIOLATION, at, &[0, u64::MAX]);
    let at = fault!(3, ["mov rdx, 0x800000000000"], "mov [rdx], r9");
    check_values(program, "no address", VIOLATION, at, &[0, u64::MAX]);
    let page = page(program, PAGE_READONLY);
    skip(3);
    let at: u64;
    // SAFETY: the handler goes on behind the instruction.
    unsafe {
        asm!("push rbx", "lea r9, [rip + 2f]", "2: mov [rcx], r9", "pop rbx", in("rcx") page, out("r9") at);
    }
    check_values(program, "a read-only page", VIOLATION, at, &[1, page]);
}

fn guards(program: &Program) {
    let page = page(program, PAGE_READWRITE | PAGE_GUARD);
    fix(stay);
    // SAFETY: the page is this test's; the handler tries the write again.
    unsafe { (page as *mut u64).add(1).write_volatile(5) };
    let (seen, count) = (seen(), exceptions());
    program.check("a guard", seen.code, NtStatus::GUARD_PAGE_VIOLATION);
    program.check(
        "its values",
        (seen.count, &seen.values[..2]),
        (2, &[1, page + 8][..]),
    );
    program.check("only once", count, 1);
    // SAFETY: as above.
    let value = unsafe { (page as *const u64).add(1).read_volatile() };
    program.check("what was written", (value, exceptions()), (5, 0));
    // SAFETY: nothing uses the page meanwhile.
    let guarded = unsafe { protect(page, PAGE_SIZE, PAGE_READWRITE | PAGE_GUARD) };
    program.done("a guard again", guarded);
    // SAFETY: as above.
    unsafe { (page as *const u64).read_volatile() };
    program.check(
        "of a read",
        (crate::handler::seen().values[0], exceptions()),
        (0, 1),
    );
}

/// Returns from a call of what is no code.
fn return_at_once(frame: &mut ExceptionFrame) {
    // SAFETY: the call has pushed the address to return to.
    frame.context.rip = unsafe { *(frame.context.rsp as *const u64) };
    frame.context.rsp += 8;
}

fn call(address: u64) {
    fix(return_at_once);
    // SAFETY: the handler returns.
    unsafe { asm!("call {}", in(reg) address, clobber_abi("system")) };
}

fn execution(program: &Program) {
    let data = page(program, PAGE_READWRITE);
    let reserved = allocate(0, PAGE_SIZE, MEM_RESERVE, PAGE_READWRITE);
    let reserved = program.done("reserved", reserved).base;
    let local = 0xC3_u8;
    for address in [
        0,
        data,
        data + 0xFFF,
        reserved,
        &raw const local as u64,
        0x7FFF_FFFE_FFFF,
        0xFFFF_8000_0000_0000,
    ] {
        call(address);
        let values = [EXCEPTION_EXECUTE_FAULT, address];
        check_values(program, "no code", VIOLATION, address, &values);
    }
    // Where the processor does not get that far, the address is not known.
    for address in [0x8000_0000_0000_u64, 0xFFFF_7FFF_FFFF_FFFF] {
        fix(go_back);
        // SAFETY: the handler goes on behind it.
        unsafe {
            asm!(
                "push rbx",
                "lea rbx, [rip + 2f]",
                "mov r12, rsp",
                "jmp {}",
                "2:",
                "pop rbx",
                in(reg) address, out("r12") _,
            );
        }
        program.check("no address", (seen().code, exceptions()), (VIOLATION, 1));
    }
}

/// Goes on where rbx says, with the stack that r12 says.
pub fn go_back(frame: &mut ExceptionFrame) {
    (frame.context.rip, frame.context.rsp) = (frame.context.rbx, frame.context.r12);
}

/// An exception in what deals with an exception in what deals with one.
fn nested(program: &Program) {
    fn innermost(frame: &mut ExceptionFrame) {
        frame.context.rip += 2;
    }
    fn inner(frame: &mut ExceptionFrame) {
        fix(innermost);
        // SAFETY: as `innermost` does.
        unsafe { asm!("ud2") };
        frame.context.rip += 1;
    }
    fn outer(frame: &mut ExceptionFrame) {
        fix(inner);
        // SAFETY: as `inner` does.
        unsafe { asm!("hlt") };
        frame.context.rip += 1;
        frame.context.rax = 77;
    }
    fix(outer);
    let rax: u64;
    // SAFETY: as `outer` does.
    unsafe { asm!("int3", out("rax") rax) };
    program.check("three of them", (exceptions(), rax), (3, 77));
    program.check("the innermost", seen().code, NtStatus::ILLEGAL_INSTRUCTION);
}
