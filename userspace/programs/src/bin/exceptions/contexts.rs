//! Contexts of other threads, and what of a context a program may have.

use abi::context::*;
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::exception::{self, THIS};
use nt::{NtStatus, Program, sync, system, thread};
use zerocopy::FromZeros;

/// IOPL, NT, RF's neighbours VM, VIF, VIP and the reserved bits.
const NOT_A_PROGRAMS: u32 = 0x001A_7000;
static RAN: AtomicU64 = AtomicU64::new(0);

pub fn run(program: &Program) {
    new_thread(program);
    waiting_thread(program);
    refused(program);
    flags(program);
    own(program);
}

extern "system" fn note(value: u64) -> ! {
    RAN.store(value, SeqCst);
    thread::exit(NtStatus::SUCCESS)
}

fn context(flags: u32) -> Context {
    let mut context = Context::new_zeroed();
    context.context_flags = flags;
    context
}

fn new_thread(program: &Program) {
    let other = program.done("a thread", thread::spawn_suspended(note, 3));
    let mut context = context(CONTEXT_FULL);
    let got = exception::get_context(other.raw(), &mut context);
    program.check("of one that never ran", got, NtStatus::SUCCESS);
    program.check("where it begins", context.rip, note as *const () as u64);
    program.check("its argument", context.rcx, 3);
    let words = (context.mxcsr, context.flt_save.control_word);
    program.check("its control words", words, (0x1F80, 0x27F));
    context.rcx = 4;
    context.flt_save.mxcsr = u32::MAX;
    // SAFETY: the thread's own registers, with another argument.
    let set = unsafe { exception::set_context(other.raw(), &context) };
    program.check("set it", set, NtStatus::SUCCESS);
    exception::get_context(other.raw(), &mut context);
    program.check("reserved bits are left out", context.mxcsr & 0xFFFF_0000, 0);
    context.flt_save.mxcsr = 0x1F80;
    // SAFETY: as above.
    unsafe { exception::set_context(other.raw(), &context) };
    program.check("let it run", thread::resume(&other), Ok(1));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
    program.check("it ran with that", RAN.load(SeqCst), 4);
    let ended = exception::get_context(other.raw(), &mut context);
    program.check(
        "of one that has ended",
        ended,
        NtStatus::THREAD_IS_TERMINATING,
    );
}

/// Waits for an event; ends with what it finds in rax then.
extern "system" fn wait_for(event: u64) -> ! {
    let rax: u64;
    // SAFETY: a wait.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") u64::from(abi::services::numbers::NtWaitForSingleObject) => rax,
            in("r10") event, in("rdx") 0, in("r8") 0,
            lateout("r9") _, lateout("rcx") _, lateout("r11") _,
        );
    }
    thread::exit(NtStatus(rax as u32))
}

/// A thread whose registers are set in a wait has them when that is over.
fn waiting_thread(program: &Program) {
    let event = program.done("an event", sync::event(false, false));
    for (parts, expected) in [
        (CONTEXT_CONTROL, NtStatus::WAIT_0),
        (CONTEXT_CONTROL | CONTEXT_INTEGER, NtStatus(0x4242)),
    ] {
        let waiting = program.done("a thread", thread::spawn(wait_for, event.raw()));
        system::delay(-10_000);
        let mut context = context(parts);
        let got = exception::get_context(waiting.raw(), &mut context);
        program.check("its context", got, NtStatus::SUCCESS);
        context.rax = 0x4242;
        // SAFETY: the thread's own registers, with another result.
        let set = unsafe { exception::set_context(waiting.raw(), &context) };
        program.check("set it", set, NtStatus::SUCCESS);
        let ended = sync::wait(&waiting, Some(-10_000));
        program.check("it still waits", ended, NtStatus::TIMEOUT);
        program.check("signal", sync::signal(&event), NtStatus::SUCCESS);
        program.check("its end", sync::wait(&waiting, None), NtStatus::WAIT_0);
        let left = program.done("what it left", thread::basic_information(&waiting));
        program.check("what it found in rax", left.exit_status, expected);
    }
}

fn refused(program: &Program) {
    for flags in [0, 0xF, 0x1_000F, 0x20_000F] {
        let none = exception::get_context(THIS, &mut context(flags));
        program.check("of no processor", none, NtStatus::INVALID_PARAMETER);
        // SAFETY: refused.
        let none = unsafe { exception::set_context(THIS, &context(flags)) };
        program.check("of no processor", none, NtStatus::INVALID_PARAMETER);
    }
    let mut none = context(CONTEXT_AMD64);
    none.rip = 5;
    let got = exception::get_context(THIS, &mut none);
    program.check("no parts", (got, none.rip), (NtStatus::SUCCESS, 5));
    // SAFETY: sets nothing.
    let set = unsafe { exception::set_context(THIS, &none) };
    program.check("no parts", set, NtStatus::SUCCESS);
}

fn flags(program: &Program) {
    let other = program.done("a thread", thread::spawn_suspended(note, 5));
    let mut context = context(CONTEXT_CONTROL);
    exception::get_context(other.raw(), &mut context);
    let good = context;
    context.eflags = u32::MAX;
    (context.cs, context.ss) = (0x10, 0x18);
    // SAFETY: what a program may not have is left out.
    unsafe { exception::set_context(other.raw(), &context) };
    exception::get_context(other.raw(), &mut context);
    program.check("no privilege by flags", context.eflags & NOT_A_PROGRAMS, 0);
    program.check("what it may have", context.eflags & 0x25_0FD5, 0x25_0FD5);
    program.check("its own segments", (context.cs, context.ss), (0x33, 0x2B));
    context.eflags = 0;
    // SAFETY: as above.
    unsafe { exception::set_context(other.raw(), &context) };
    exception::get_context(other.raw(), &mut context);
    program.check("interrupts stay on", context.eflags, 0x202);
    // SAFETY: as it was.
    unsafe { exception::set_context(other.raw(), &good) };
    program.check("let it run", thread::resume(&other), Ok(1));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
}

/// The calling thread's.
fn own(program: &Program) {
    let mut context = context(CONTEXT_ALL);
    let (r15, rsp): (u64, u64);
    let result: u64;
    // SAFETY: writes the context.
    unsafe {
        asm!(
            "mov r15, 0x1515",
            "mov {rsp}, rsp",
            "syscall",
            rsp = out(reg) rsp,
            inlateout("rax") u64::from(abi::services::numbers::NtGetContextThread) => result,
            in("r10") THIS, in("rdx") &raw mut context, lateout("r8") _, lateout("r9") _,
            lateout("rcx") _, lateout("r11") _, out("r15") r15,
        );
    }
    program.check("its context", (result, r15), (0, 0x1515));
    program.check("its registers", (context.r15, context.rsp), (0x1515, rsp));
    let segments = [
        context.cs, context.ss, context.ds, context.es, context.fs, context.gs,
    ];
    program.check(
        "its segments",
        segments,
        [0x33, 0x2B, 0x2B, 0x2B, 0x2B, 0x2B],
    );
}
