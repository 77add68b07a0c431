//! Stacks that end, and exceptions that find no usual stack.

use crate::handler::{exceptions, fix, seen};
use abi::exception::ExceptionFrame;
use abi::memory::PAGE_SIZE;
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::program::{stack_limit, teb};
use nt::{NtStatus, Program, sync, thread};

/// Limit and lowest address of the stack after its overflow.
static LIMIT: AtomicU64 = AtomicU64::new(0);
static LOWEST: AtomicU64 = AtomicU64::new(0);
/// What the thread that overflows asks to be left.
static GUARANTEED: AtomicU64 = AtomicU64::new(0);
const LEAST_PAGES: u64 = 2;

pub fn run(program: &Program) {
    overflows(program);
    frame_at_the_end(program);
    odd(program);
}

/// Ends the thread with the exception's code, from the top of its stack.
pub fn end_thread(frame: &mut ExceptionFrame) {
    LIMIT.store(stack_limit(), SeqCst);
    LOWEST.store(teb().deallocation_stack, SeqCst);
    frame.context.rcx = u64::from(frame.record.code.0);
    frame.context.rip = end_with as *const () as u64;
    frame.context.rsp = teb().stack_base - 0x1008;
}

extern "system" fn end_with(code: u64) -> ! {
    thread::exit(NtStatus(code as u32))
}

fn guarantee(bytes: u64) {
    // SAFETY: GuaranteedStackBytes is 32 bits at 1748h of the TEB.
    unsafe { asm!("mov gs:[0x1748], {:e}", in(reg) bytes as u32) };
}

extern "system" fn overflow(_: u64) -> ! {
    guarantee(GUARANTEED.load(SeqCst));
    // SAFETY: goes down until the stack ends, and never returns.
    unsafe { asm!("2: push 0", "jmp 2b", options(noreturn)) }
}

fn join(program: &Program, entry: thread::Entry, expected: NtStatus) {
    exceptions();
    fix(end_thread);
    let thread = program.done("a thread", thread::spawn(entry, 0));
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    let left = program.done("what it left", thread::basic_information(&thread));
    program.check("its status", left.exit_status, expected);
    program.check("one exception", exceptions(), 1);
}

fn overflows(program: &Program) {
    for guaranteed in [
        0,
        1,
        PAGE_SIZE,
        2 * PAGE_SIZE,
        5 * PAGE_SIZE - 1,
        9 * PAGE_SIZE,
    ] {
        GUARANTEED.store(guaranteed, SeqCst);
        join(program, overflow, NtStatus::STACK_OVERFLOW);
        let (lowest, limit, seen) = (LOWEST.load(SeqCst), LIMIT.load(SeqCst), seen());
        program.check("the limit afterwards", limit, lowest + PAGE_SIZE);
        let pages = guaranteed.div_ceil(PAGE_SIZE).max(LEAST_PAGES);
        let guard = lowest + pages * PAGE_SIZE;
        program.check("its values", (seen.count, seen.values[0]), (2, 1));
        let touched = seen.values[1];
        program.check("the guard page", touched & !(PAGE_SIZE - 1), guard);
        program.check("where the stack was", seen.rsp - 8, touched);
    }
}

/// Goes down until only the guard that is never replaced is left, and a little room.
extern "system" fn go_to_the_end(_: u64) -> ! {
    let guard = teb().deallocation_stack + LEAST_PAGES * PAGE_SIZE;
    // SAFETY: touches page after page of the stack, then faults with the stack
    // pointer near the guard, and never returns.
    unsafe {
        asm!(
            "2: sub rsp, 0x1000",
            "mov [rsp], rsp",
            "lea rcx, [rsp - 0x1000]",
            "cmp rcx, {end}",
            "ja 2b",
            "lea rsp, [{end} + 0x140]",
            "mov byte ptr [rsp], 0",
            "ud2",
            end = in(reg) guard + PAGE_SIZE,
            options(noreturn),
        )
    }
}

/// The exception's own frame meets the guard: that is what the handler is told.
fn frame_at_the_end(program: &Program) {
    join(program, go_to_the_end, NtStatus::STACK_OVERFLOW);
    let (lowest, limit, seen) = (LOWEST.load(SeqCst), LIMIT.load(SeqCst), seen());
    program.check("the limit afterwards", limit, lowest + PAGE_SIZE);
    program.check("no values", seen.count, 0);
    program.check(
        "where the stack was",
        seen.rsp,
        lowest + 3 * PAGE_SIZE + 0x140,
    );
    // SAFETY: code.
    let instruction = unsafe { (seen.rip as *const u16).read_unaligned() };
    program.check("the instruction", instruction.to_le_bytes(), [0x0F, 0x0B]);
}

/// A stack pointer that is not aligned stays as it is.
fn odd(program: &Program) {
    fn behind(frame: &mut ExceptionFrame) {
        frame.context.rip += 2;
    }
    for by in [1_u64, 2, 3, 8, 15, 17, 33] {
        exceptions();
        fix(behind);
        let (before, after): (u64, u64);
        // SAFETY: the handler goes on behind the instruction; the stack comes back.
        unsafe {
            asm!(
                "mov {saved}, rsp",
                "sub rsp, {by}",
                "mov {before}, rsp",
                "ud2",
                "mov {after}, rsp",
                "mov rsp, {saved}",
                by = in(reg) by, saved = out(reg) _,
                before = out(reg) before, after = out(reg) after,
            );
        }
        program.check("the stack", (seen().rsp, after), (before, before));
        program.check("one exception", exceptions(), 1);
    }
}
