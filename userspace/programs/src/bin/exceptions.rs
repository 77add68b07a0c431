//! Exceptions that a program deals with itself, contexts, and APCs.
#![no_std]
#![no_main]
nt::program!("exceptions", main);

use abi::context::*;
use abi::exception::{ApcFrame, ExceptionFrame, ExceptionRecord};
use abi::memory::*;
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::exception::{self, THIS};
use nt::memory::{allocate, protect};
use nt::{NtStatus, Program, sync, system, thread};
use zerocopy::FromZeros;

/// What the last exception was: code, address, first two values, rsp, frame.
static SEEN: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];
/// How many bytes the instruction has, to go on behind it.
static SKIP: AtomicU64 = AtomicU64::new(0);
/// What APCs were called with.
static CALLS: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];
static STATUS: AtomicU64 = AtomicU64::new(0);
/// A register that the handler changes.
const MARK: u64 = 0x1122_3344_5566_7788;

fn main(program: &Program) {
    let queued = exception::queue_apc(THIS, 1, [0; 3]);
    program.check("without a dispatcher", queued, NtStatus::NOT_SUPPORTED);
    let registered = exception::register(on_exception, on_apc);
    program.check("register", registered, NtStatus::SUCCESS);
    faults(program);
    memory_faults(program);
    raised(program);
    calls(program);
    timers(program);
    contexts(program);
    breakpoints(program);
}

fn on_exception(frame: &mut ExceptionFrame) -> ! {
    let at = &raw const *frame as u64;
    let record = &frame.record;
    let values = [
        u64::from(record.code.0),
        record.address,
        record.information[0],
        record.information[1],
        frame.context.rsp,
        at,
    ];
    for (seen, value) in SEEN.iter().zip(values) {
        seen.store(value, SeqCst);
    }
    let is_whole = frame.machine_frame.rsp == frame.context.rsp
        && frame.machine_frame.rip == frame.context.rip
        && frame.context.cs == 0x33
        && frame.context.ss == 0x2B
        && frame.context_ex.legacy.offset == CONTEXT_OFFSET
        && frame.context_ex.legacy.length_bytes == 0x4D0
        && frame.context_ex.xstate.length_bytes == 0
        && at.is_multiple_of(64)
        && at + 0x5C0 <= frame.context.rsp
        && frame.context.rsp - at < 0x5C0 + 64;
    if !is_whole {
        nt::println!("exceptions: FAILED the frame at {at:#x} is not as it should be");
        nt::exit(NtStatus(1));
    }
    frame.context.rip = frame.context.rip.wrapping_add(SKIP.load(SeqCst));
    frame.context.rbx = MARK;
    // SAFETY: behind the instruction, as the test wants it.
    unsafe { exception::go_on(&frame.context, false) }
}

fn seen(number: usize) -> u64 {
    SEEN[number].load(SeqCst)
}

/// Runs one instruction of so many bytes that is to fault; rbx comes back changed,
/// rcx and r11 as they were.
macro_rules! fault {
    ($bytes:literal, $($code:tt)*) => {{
        SKIP.store($bytes, SeqCst);
        let (mark, at, other, another): (u64, u64, u64, u64);
        // SAFETY: the handler goes on behind the instruction.
        unsafe {
            asm!(
                "push rbx",
                "lea rax, [rip + 2f]",
                "mov rcx, 0x1234",
                "mov r11, 0x5678",
                "xor edx, edx",
                "2:",
                $($code)*,
                "mov r8, rbx",
                "pop rbx",
                out("rax") at, out("r8") mark, out("rcx") other, out("r11") another,
                out("rdx") _, out("r9") _, out("r10") _,
            );
        }
        assert!(mark == MARK && other == 0x1234 && another == 0x5678, "registers");
        at
    }};
}

fn check(program: &Program, what: &str, code: NtStatus, address: u64) {
    program.check(what, NtStatus(seen(0) as u32), code);
    program.check(what, seen(1), address);
}

fn faults(program: &Program) {
    let at = fault!(2, "ud2");
    check(
        program,
        "an invalid instruction",
        NtStatus::ILLEGAL_INSTRUCTION,
        at,
    );
    let at = fault!(1, "int3");
    check(program, "a breakpoint", NtStatus::BREAKPOINT, at);
    let at = fault!(0, "int 0x2c");
    check(program, "an assertion", NtStatus::ASSERTION_FAILURE, at + 2);
    let at = fault!(0, "int 0x2d");
    check(program, "a debug service", NtStatus::BREAKPOINT, at + 2);
    let at = fault!(1, "hlt");
    check(
        program,
        "a privileged instruction",
        NtStatus::PRIVILEGED_INSTRUCTION,
        at,
    );
    let at = fault!(2, "div edx");
    check(
        program,
        "a division by zero",
        NtStatus::INTEGER_DIVIDE_BY_ZERO,
        at,
    );
}

fn memory_faults(program: &Program) {
    let at = fault!(3, "mov r9, [rdx]");
    check(program, "a read of null", NtStatus::ACCESS_VIOLATION, at);
    program.check("which was read", (seen(2), seen(3)), (0, 0));
    let at = fault!(3, "mov [rdx], r9");
    check(program, "a write to null", NtStatus::ACCESS_VIOLATION, at);
    program.check("which was written", (seen(2), seen(3)), (1, 0));
    let both = MEM_RESERVE | MEM_COMMIT;
    let page = allocate(0, PAGE_SIZE, both, PAGE_READWRITE | PAGE_GUARD);
    let page = program.done("a guarded page", page).base;
    SKIP.store(0, SeqCst);
    // SAFETY: the page is this test's; the handler tries the write again.
    unsafe { (page as *mut u64).write_volatile(5) };
    program.check(
        "a guard",
        NtStatus(seen(0) as u32),
        NtStatus::GUARD_PAGE_VIOLATION,
    );
    program.check("its address", seen(3), page);
    SEEN[0].store(0, SeqCst);
    // SAFETY: as above.
    program.check(
        "only once",
        unsafe { (page as *const u64).read_volatile() },
        5,
    );
    program.check("no exception", seen(0), 0);
    // SAFETY: nothing uses the page meanwhile.
    let changed = unsafe { protect(page, PAGE_SIZE, PAGE_READONLY) };
    program.done("read-only", changed);
    SKIP.store(3, SeqCst);
    // SAFETY: the handler goes on behind the instruction.
    unsafe {
        asm!("push rbx", "mov [rcx], r9", "pop rbx", in("rcx") page, in("r9") 0);
    }
    program.check(
        "a write to it",
        NtStatus(seen(0) as u32),
        NtStatus::ACCESS_VIOLATION,
    );
    program.check("its address", (seen(2), seen(3)), (1, page));
}

fn own_context(flags: u32) -> Context {
    let mut context = Context::new_zeroed();
    context.context_flags = flags;
    exception::get_context(THIS, &mut context);
    context
}

fn raised(program: &Program) {
    let mut record = ExceptionRecord::new_zeroed();
    record.code = NtStatus(0xE123_4567);
    record.address = 0x77;
    record.parameter_count = 1;
    record.information[0] = 42;
    SKIP.store(0, SeqCst);
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_CONTROL;
    context.eflags = 0x202;
    // SAFETY: the context is completed here, where the handler goes on.
    unsafe {
        asm!(
            "push rbx",
            "lea rax, [rip + 2f]",
            "mov [rdx + 0xf8], rax",
            "mov [rdx + 0x98], rsp",
            "mov r10, rcx",
            "mov r8d, 1",
            "mov eax, {number}",
            "syscall",
            "2:",
            "pop rbx",
            number = const abi::services::numbers::NtRaiseException,
            in("rcx") &raw const record, in("rdx") &raw mut context,
            lateout("rax") _, lateout("rcx") _, lateout("rdx") _, lateout("r8") _,
            lateout("r9") _, lateout("r10") _, lateout("r11") _,
        );
    }
    program.check("a code of its own", seen(0), 0xE123_4567);
    program.check("its address and value", (seen(1), seen(2)), (0x77, 42));
    let mut wrong = context;
    wrong.context_flags = 0;
    // SAFETY: refused.
    let refused = unsafe { exception::raise(&record, &wrong, true) };
    program.check("no context", refused, NtStatus::INVALID_PARAMETER);
}

fn on_apc(frame: &mut ApcFrame) -> ! {
    let [first, second, third, routine, ..] = frame.context.home;
    for (place, value) in CALLS.iter().zip([first, second, third, routine]) {
        place.store(value, SeqCst);
    }
    STATUS.fetch_add(1, SeqCst);
    // SAFETY: where the call interrupted the program.
    unsafe { exception::go_on(&frame.context, true) }
}

fn called() -> [u64; 4] {
    CALLS.each_ref().map(|value| value.load(SeqCst))
}

fn calls(program: &Program) {
    let count = || STATUS.load(SeqCst);
    program.check(
        "queue",
        exception::queue_apc(THIS, 0x99, [1, 2, 3]),
        NtStatus::SUCCESS,
    );
    system::delay(-10_000);
    program.check("not in a plain wait", count(), 0);
    let waited = exception::wait_alertably(-1_000_000_000);
    program.check("ends an alertable wait", waited, NtStatus::USER_APC);
    program.check("was called", (count(), called()), (1, [1, 2, 3, 0x99]));
    for number in 1..=3 {
        let queued = exception::queue_apc(THIS, number, [number; 3]);
        program.check("queue", queued, NtStatus::SUCCESS);
    }
    program.check("test", exception::test_alert(), NtStatus::SUCCESS);
    program.check("all were called", (count(), called()), (4, [3; 4]));
    program.check(
        "no more",
        exception::wait_alertably(-10_000),
        NtStatus::SUCCESS,
    );
    let event = program.done("an event", sync::event(false, false));
    let waiting = program.done("a thread", thread::spawn(wait_alertably, event.raw()));
    system::delay(-10_000);
    let queued = exception::queue_apc(waiting.raw(), 7, [4, 5, 6]);
    program.check("for another thread", queued, NtStatus::SUCCESS);
    program.check("its end", sync::wait(&waiting, None), NtStatus::WAIT_0);
    let left = program.done("what it left", thread::basic_information(&waiting));
    program.check("its status", left.exit_status, NtStatus::USER_APC);
    program.check("was called", (count(), called()), (5, [4, 5, 6, 7]));
    let queued = exception::queue_apc(waiting.raw(), 7, [0; 3]);
    program.check("it has ended", queued, NtStatus::THREAD_IS_TERMINATING);
}

/// Ends with the status of its wait.
extern "system" fn wait_alertably(event: u64) -> ! {
    thread::exit(sync::wait_raw(event, None, true))
}

fn timers(program: &Program) {
    let timer = program.done("a timer", sync::timer(false));
    let due = -10_000_i64;
    // SAFETY: reads the time; the routine is only given to the handler.
    let set =
        unsafe { nt::call::nt_set_timer(timer.raw(), &raw const due as u64, 0x55, 0x66, 0, 0, 0) };
    program.check("a timer with a call", set, NtStatus::SUCCESS);
    let before = STATUS.load(SeqCst);
    let waited = exception::wait_alertably(-1_000_000_000);
    program.check("its call", waited, NtStatus::USER_APC);
    program.check("once", STATUS.load(SeqCst), before + 1);
    let [context, low, high, routine] = called();
    program.check("context and routine", (context, routine), (0x66, 0x55));
    let time = program.done("the time", system::system_time_100ns());
    let was = (high << 32 | low) as i64;
    program.require("for which time", was <= time && time - was < 600_000_000);
}

fn contexts(program: &Program) {
    static RAN: AtomicU64 = AtomicU64::new(0);
    extern "system" fn note(value: u64) -> ! {
        RAN.store(value, SeqCst);
        thread::exit(NtStatus::SUCCESS)
    }
    let other = program.done("a thread", thread::spawn_suspended(note, 3));
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_FULL;
    let got = exception::get_context(other.raw(), &mut context);
    program.check("of one that never ran", got, NtStatus::SUCCESS);
    program.check("where it begins", context.rip, note as *const () as u64);
    program.check("its argument", context.rcx, 3);
    program.check(
        "its control words",
        (context.mxcsr, context.flt_save.control_word),
        (0x1F80, 0x27F),
    );
    context.rcx = 4;
    context.flt_save.mxcsr = u32::MAX;
    // SAFETY: the thread's own registers, with another argument.
    let set = unsafe { exception::set_context(other.raw(), &context) };
    program.check("set it", set, NtStatus::SUCCESS);
    exception::get_context(other.raw(), &mut context);
    program.require(
        "reserved bits are left out",
        context.mxcsr & 0xFFFF_0000 == 0,
    );
    context.flt_save.mxcsr = 0x1F80;
    // SAFETY: as above.
    unsafe { exception::set_context(other.raw(), &context) };
    program.check("let it run", thread::resume(&other), Ok(1));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
    program.check("it ran with that", RAN.load(SeqCst), 4);
    program.check(
        "of one that has ended",
        exception::get_context(other.raw(), &mut context),
        NtStatus::THREAD_IS_TERMINATING,
    );
    context.context_flags = 0;
    let none = exception::get_context(THIS, &mut context);
    program.check("no parts", none, NtStatus::INVALID_PARAMETER);
    let bad = program.done("a thread", thread::spawn_suspended(note, 5));
    context.context_flags = CONTEXT_CONTROL;
    exception::get_context(bad.raw(), &mut context);
    context.eflags = !0x100;
    // SAFETY: the flags that a program may set are harmless.
    unsafe { exception::set_context(bad.raw(), &context) };
    exception::get_context(bad.raw(), &mut context);
    program.check("no privilege by flags", context.eflags & 0x2_7000, 0);
    context.eflags = 0x202;
    // SAFETY: as above.
    unsafe { exception::set_context(bad.raw(), &context) };
    program.check("let it run", thread::resume(&bad), Ok(1));
    program.check("its end", sync::wait(&bad, None), NtStatus::WAIT_0);
}

fn breakpoints(program: &Program) {
    static WATCHED: AtomicU64 = AtomicU64::new(0);
    let mut context = own_context(CONTEXT_DEBUG_REGISTERS);
    context.dr0 = WATCHED.as_ptr() as u64;
    // Writes of eight bytes, by the first register.
    context.dr7 = 0x9_0001;
    // SAFETY: only watches.
    let set = unsafe { exception::set_context(THIS, &context) };
    program.check("watch a word", set, NtStatus::SUCCESS);
    SKIP.store(0, SeqCst);
    SEEN[0].store(0, SeqCst);
    WATCHED.store(1, SeqCst);
    program.check("a write", NtStatus(seen(0) as u32), NtStatus::SINGLE_STEP);
    context.dr7 = 0;
    // SAFETY: as above.
    unsafe { exception::set_context(THIS, &context) };
    SEEN[0].store(0, SeqCst);
    WATCHED.store(2, SeqCst);
    program.check("not watched any more", seen(0), 0);
}
