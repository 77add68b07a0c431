//! Asynchronous procedure calls.

use crate::handler::{called, calls, during, exceptions, fix, interrupted_rax, seen};
use abi::exception::{ApcFrame, ExceptionFrame};
use abi::object::{IO_COMPLETION_RESERVE, USER_APC_RESERVE};
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::exception::{self, THIS};
use nt::object;
use nt::sync::Handle;
use nt::{NtStatus, Program, sync, system, thread};

const SUCCESS: NtStatus = NtStatus::SUCCESS;
const MILLISECOND: i64 = 10_000;
const LONG: i64 = -100_000 * MILLISECOND;

pub fn run(program: &Program) {
    waits(program);
    other_threads(program);
    special(program);
    reserved(program);
    nested(program);
    odd_stack(program);
    no_stack(program);
    timers(program);
}

fn queue(program: &Program, thread: u64, routine: u64, arguments: [u64; 3]) {
    let queued = exception::queue_apc(thread, routine, arguments);
    program.check("queue", queued, SUCCESS);
}

/// Waits for what a thread ends with.
fn status_of(program: &Program, thread: &Handle) -> NtStatus {
    program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
    let left = program.done("what it left", thread::basic_information(thread));
    left.exit_status
}

fn waits(program: &Program) {
    let before = calls();
    queue(program, THIS, 0x99, [1, 2, 3]);
    system::delay(-MILLISECOND);
    program.check("not in a plain wait", calls(), before);
    let waited = exception::wait_alertably(LONG);
    program.check("ends an alertable wait", waited, NtStatus::USER_APC);
    program.check(
        "was called",
        (calls(), called()),
        (before + 1, [1, 2, 3, 0x99]),
    );
    program.check(
        "rax of its context",
        interrupted_rax(),
        u64::from(NtStatus::USER_APC.0),
    );
    for number in 1..=3 {
        queue(program, THIS, number, [number; 3]);
    }
    program.check("test", exception::test_alert(), SUCCESS);
    program.check("all were called", (calls(), called()), (before + 4, [3; 4]));
    program.check("rax of its context", interrupted_rax(), 0);
    let waited = exception::wait_alertably(-MILLISECOND);
    program.check("no more", waited, SUCCESS);
    program.check("test", exception::test_alert(), SUCCESS);
    program.check("no more", calls(), before + 4);
    // An event that is signalled comes first.
    let event = program.done("an event", sync::event(false, true));
    queue(program, THIS, 5, [5; 3]);
    let waited = sync::wait_raw(event.raw(), None, true);
    program.check(
        "the event comes first",
        (waited, calls()),
        (NtStatus::WAIT_0, before + 4),
    );
    let waited = sync::wait_raw(event.raw(), Some(0), true);
    program.check(
        "then the call",
        (waited, calls()),
        (NtStatus::USER_APC, before + 5),
    );
}

/// Ends with the status of its wait.
extern "system" fn wait_alertably(event: u64) -> ! {
    thread::exit(sync::wait_raw(event, None, true))
}

static SPINS: AtomicU64 = AtomicU64::new(0);

extern "system" fn spin(_: u64) -> ! {
    loop {
        SPINS.fetch_add(1, SeqCst);
    }
}

extern "system" fn end(_: u64) -> ! {
    thread::exit(SUCCESS)
}

fn other_threads(program: &Program) {
    let before = calls();
    let event = program.done("an event", sync::event(false, false));
    let waiting = program.done("a thread", thread::spawn(wait_alertably, event.raw()));
    system::delay(-MILLISECOND);
    queue(program, waiting.raw(), 7, [4, 5, 6]);
    program.check(
        "its status",
        status_of(program, &waiting),
        NtStatus::USER_APC,
    );
    program.check(
        "was called",
        (calls(), called()),
        (before + 1, [4, 5, 6, 7]),
    );
    let late = exception::queue_apc(waiting.raw(), 7, [0; 3]);
    program.check("it has ended", late, NtStatus::THREAD_IS_TERMINATING);
    // One that is suspended in its wait makes the call when it is resumed.
    let waiting = program.done("a thread", thread::spawn(wait_alertably, event.raw()));
    system::delay(-MILLISECOND);
    program.check("suspend it", thread::suspend(&waiting), Ok(0));
    queue(program, waiting.raw(), 8, [0; 3]);
    system::delay(-2 * MILLISECOND);
    program.check("not while it is suspended", calls(), before + 1);
    program.check("resume it", thread::resume(&waiting), Ok(1));
    program.check(
        "its status",
        status_of(program, &waiting),
        NtStatus::USER_APC,
    );
    program.check("was called", calls(), before + 2);
    // One that was never started does not before it waits: it never does.
    let new = program.done("a thread", thread::spawn_suspended(end, 0));
    queue(program, new.raw(), 9, [0; 3]);
    program.check("resume it", thread::resume(&new), Ok(1));
    program.check("its status", status_of(program, &new), SUCCESS);
}

/// Calls that do not wait for an alertable wait.
fn special(program: &Program) {
    let before = calls();
    let queued = exception::queue_special_apc(THIS, 1, [2, 3, 4]);
    program.check("to itself", queued, SUCCESS);
    program.check("at once", (calls(), called()), (before + 1, [2, 3, 4, 1]));
    program.check("rax of its context", interrupted_rax(), 0);
    let spinning = program.done("a thread", thread::spawn(spin, 0));
    while SPINS.load(SeqCst) == 0 {}
    let queued = exception::queue_special_apc(spinning.raw(), 5, [6, 7, 8]);
    program.check("to one that computes", queued, SUCCESS);
    while calls() == before + 1 {}
    program.check(
        "was called",
        (calls(), called()),
        (before + 2, [6, 7, 8, 5]),
    );
    let spins = SPINS.load(SeqCst);
    while SPINS.load(SeqCst) == spins {}
    thread::terminate(&spinning, SUCCESS);
    status_of(program, &spinning);
    // A special one is made before others.
    queue(program, THIS, 1, [0; 3]);
    queue(program, THIS, 2, [0; 3]);
    during(|_| ORDER.store(called()[3], SeqCst));
    exception::queue_special_apc(THIS, 3, [0; 3]);
    program.check("the special one first", ORDER.load(SeqCst), 3);
    exception::test_alert();
    program.check("then the others", (calls(), called()[3]), (before + 5, 2));
    let none = exception::queue_apc_ex(THIS, 0x3_FFF8, 1, [0; 3]);
    program.check("no reserve", none, NtStatus::INVALID_HANDLE);
    let plain = exception::queue_apc_ex(THIS, 0, 4, [0; 3]);
    program.check("without one", (plain, calls()), (SUCCESS, before + 5));
    exception::test_alert();
    program.check("was called", (calls(), called()[3]), (before + 6, 4));
}

/// Calls that need no memory but that of a reserve.
fn reserved(program: &Program) {
    let reserve = program.done("a reserve", object::reserve(USER_APC_RESERVE));
    let queue = |routine| exception::queue_apc_ex(THIS, reserve.raw(), routine, [1, 2, 3]);
    let before = calls();
    for number in 1..4 {
        program.check("queued", queue(number), SUCCESS);
        let again = queue(9);
        program.check("in use", again, NtStatus::INVALID_PARAMETER_2);
        program.check("not yet", calls(), before + number - 1);
        exception::test_alert();
        program.check(
            "was called",
            (calls(), called()),
            (before + number, [1, 2, 3, number]),
        );
    }
    // A thread that ends makes no calls, and the room is free.
    let event = program.done("an event", sync::event(false, false));
    let waiting = program.done("a thread", thread::spawn_suspended(end, event.raw()));
    let queued = exception::queue_apc_ex(waiting.raw(), reserve.raw(), 5, [0; 3]);
    program.check("queued", queued, SUCCESS);
    program.check("resume it", thread::resume(&waiting), Ok(1));
    program.check("its status", status_of(program, &waiting), SUCCESS);
    let late = exception::queue_apc_ex(waiting.raw(), reserve.raw(), 5, [0; 3]);
    program.check("it has ended", late, NtStatus::THREAD_IS_TERMINATING);
    program.check("queued", queue(6), SUCCESS);
    // What is queued stays so without the handle.
    let other = program.done("of packets", object::reserve(IO_COMPLETION_RESERVE));
    let weak = program.done("weak", object::duplicate(reserve.raw(), 1, 0, 0));
    let mismatch = NtStatus::OBJECT_TYPE_MISMATCH;
    for (handle, status) in [
        (other.raw(), mismatch),
        (event.raw(), mismatch),
        (weak.raw(), NtStatus::ACCESS_DENIED),
    ] {
        let none = exception::queue_apc_ex(THIS, handle, 1, [0; 3]);
        program.check("no reserve", none, status);
    }
    drop((reserve, weak));
    exception::test_alert();
    program.check("was called", (calls(), called()[3]), (before + 4, 6));
}

static ORDER: AtomicU64 = AtomicU64::new(0);
static DEPTH: AtomicU64 = AtomicU64::new(0);

/// A call that waits for a call that queues one more.
fn nested(program: &Program) {
    fn outer(_: &mut ApcFrame) {
        during(inner);
        exception::queue_apc(THIS, 12, [0; 3]);
        DEPTH.fetch_add(1, SeqCst);
        let waited = exception::wait_alertably(LONG);
        ORDER.store(u64::from(waited.0), SeqCst);
        DEPTH.fetch_add(100, SeqCst);
    }
    fn inner(_: &mut ApcFrame) {
        exception::queue_apc(THIS, 13, [0; 3]);
        DEPTH.fetch_add(10, SeqCst);
    }
    let before = calls();
    during(outer);
    queue(program, THIS, 11, [0; 3]);
    let waited = exception::wait_alertably(LONG);
    program.check("the outer wait", waited, NtStatus::USER_APC);
    let inner_wait = u64::from(NtStatus::USER_APC.0);
    program.check(
        "all of them",
        (DEPTH.load(SeqCst), ORDER.load(SeqCst)),
        (111, inner_wait),
    );
    program.check(
        "the last one, too",
        (calls(), called()[3]),
        (before + 3, 13),
    );
    // An exception in a call.
    fn fault(_: &mut ApcFrame) {
        fix(|frame: &mut ExceptionFrame| frame.context.rip += 2);
        // SAFETY: the handler goes on behind it.
        unsafe { asm!("ud2") };
    }
    exceptions();
    during(fault);
    queue(program, THIS, 14, [0; 3]);
    program.check("test", exception::test_alert(), SUCCESS);
    program.check(
        "an exception in it",
        (exceptions(), calls()),
        (1, before + 4),
    );
    // A call that ends its thread.
    extern "system" fn run(_: u64) -> ! {
        exception::queue_apc(THIS, 15, [0; 3]);
        during(|_| thread::exit(NtStatus(15)));
        exception::test_alert();
        thread::exit(SUCCESS)
    }
    let ended = program.done("a thread", thread::spawn(run, 0));
    program.check("ends in it", status_of(program, &ended), NtStatus(15));
}

/// Makes a call with some stack pointer.
fn test_with_stack(stack: u64) -> u64 {
    let after: u64;
    // SAFETY: the stack comes back.
    unsafe {
        asm!(
            "mov r12, rsp",
            "mov rsp, {stack}",
            "mov eax, {number}",
            "syscall",
            "mov {after}, rsp",
            "mov rsp, r12",
            stack = in(reg) stack,
            after = lateout(reg) after,
            number = const abi::services::numbers::NtTestAlert,
            out("rax") _, out("rcx") _, out("rdx") _, out("r8") _, out("r9") _,
            out("r10") _, out("r11") _, out("r12") _,
        );
    }
    after
}

fn odd_stack(program: &Program) {
    let room = [0_u8; 0x4000];
    for by in 0..20 {
        let stack = &raw const room as u64 + 0x3000 + by;
        let before = calls();
        queue(program, THIS, 1, [0; 3]);
        program.check("the stack stays", test_with_stack(stack), stack);
        program.check("was called", calls(), before + 1);
    }
}

/// Where there is no stack for a call there is an exception, if there is one for it.
fn no_stack(program: &Program) {
    extern "system" fn at_the_end(_: u64) -> ! {
        exception::queue_apc(THIS, 1, [0; 3]);
        let guard = nt::program::teb().deallocation_stack + 0x2000;
        // SAFETY: goes down until there is no room for a call; the handler ends the
        // thread.
        unsafe {
            asm!(
                "2: sub rsp, 0x1000",
                "mov [rsp], rsp",
                "lea rcx, [rsp - 0x1000]",
                "cmp rcx, {end}",
                "ja 2b",
                "lea rsp, [{end} + 0x140]",
                "mov byte ptr [rsp], 0",
                "mov eax, {number}",
                "syscall",
                "hlt",
                end = in(reg) guard + 0x1000,
                number = const abi::services::numbers::NtTestAlert,
                options(noreturn),
            )
        }
    }
    exceptions();
    fix(crate::stacks::end_thread);
    let before = calls();
    let thread = program.done("a thread", thread::spawn(at_the_end, 0));
    let status = status_of(program, &thread);
    program.check("no room", status, NtStatus::STACK_OVERFLOW);
    program.check(
        "an exception, no call",
        (exceptions(), calls()),
        (1, before),
    );
    program.check("without values", seen().count, 0);
}

fn timers(program: &Program) {
    let timer = program.done("a timer", sync::timer(false));
    let due = -MILLISECOND;
    // SAFETY: reads the time; the routine is only given to the handler.
    let set =
        unsafe { nt::call::nt_set_timer(timer.raw(), &raw const due as u64, 0x55, 0x66, 0, 0, 0) };
    program.check("a timer with a call", set, SUCCESS);
    let before = calls();
    let waited = exception::wait_alertably(LONG);
    program.check(
        "its call",
        (waited, calls()),
        (NtStatus::USER_APC, before + 1),
    );
    let [context, low, high, routine] = called();
    program.check("context and routine", (context, routine), (0x66, 0x55));
    let time = program.done("the time", system::system_time_100ns());
    let was = (high << 32 | low) as i64;
    program.require("for which time", was <= time && time - was < 600_000_000);
}
