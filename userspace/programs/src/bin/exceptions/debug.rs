//! Single steps and watched memory: each thread has its own.

use crate::handler::{exceptions, fix, seen, stay};
use abi::context::{CONTEXT_CONTROL, CONTEXT_DEBUG_REGISTERS, Context};
use abi::exception::ExceptionFrame;
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::exception::{self, THIS};
use nt::{NtStatus, Program, sync, system, thread};
use zerocopy::FromZeros;

const TRAP: u32 = 1 << 8;
const RESUME: u32 = 1 << 16;
/// DR6: a single step.
const STEP: u64 = 1 << 14;
static WATCHED: AtomicU64 = AtomicU64::new(0);

pub fn run(program: &Program) {
    steps(program);
    writes(program);
    instructions(program);
    threads(program);
    what_is_kept(program);
}

/// Where the steps were.
static STEPS: [AtomicU64; 8] = [const { AtomicU64::new(0) }; 8];
static STEP_COUNT: AtomicU64 = AtomicU64::new(0);

/// Steps once more, until there were five.
fn step(frame: &mut ExceptionFrame) {
    let number = STEP_COUNT.fetch_add(1, SeqCst);
    STEPS[number as usize].store(frame.context.rip, SeqCst);
    // The flag is gone already.
    frame.context.eflags |= if number < 4 { TRAP } else { 0 };
}

fn begin(frame: &mut ExceptionFrame) {
    frame.context.rip += 2;
    frame.context.eflags |= TRAP;
    fix(step);
}

fn steps(program: &Program) {
    exceptions();
    fix(begin);
    let start: u64;
    // SAFETY: the handler goes on behind each instruction.
    unsafe {
        asm!(
            "lea {start}, [rip + 2f]",
            "ud2",
            "2: nop",
            "lea rax, [rax]",
            "jmp 3f",
            "hlt",
            "3: nop",
            "nop",
            "nop",
            start = out(reg) start,
        );
    }
    program.check("five steps", exceptions(), 1 + 5);
    program.check(
        "what it is",
        (seen().code, seen().count),
        (NtStatus::SINGLE_STEP, 0),
    );
    program.check("the flag is gone", seen().eflags & u64::from(TRAP), 0);
    program.check("why, says DR6", seen().dr6, STEP);
    let at = STEPS.each_ref().map(|step| step.load(SeqCst));
    let offsets = [1, 4, 7, 8, 9].map(|offset| start + offset);
    program.check("after each instruction", &at[..5], &offsets[..]);
}

fn watch(thread: u64, registers: [u64; 4], control: u64) -> NtStatus {
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_DEBUG_REGISTERS;
    [context.dr0, context.dr1, context.dr2, context.dr3] = registers;
    context.dr7 = control;
    // SAFETY: only watches.
    unsafe { exception::set_context(thread, &context) }
}

fn writes(program: &Program) {
    let at = WATCHED.as_ptr() as u64;
    fix(stay);
    exceptions();
    // Writes of eight bytes, by the first register.
    program.check(
        "watch a word",
        watch(THIS, [at, 0, 0, 0], 0x9_0001),
        NtStatus::SUCCESS,
    );
    WATCHED.load(SeqCst);
    program.check("reads are not watched", exceptions(), 0);
    WATCHED.store(1, SeqCst);
    program.check(
        "a write",
        (seen().code, exceptions()),
        (NtStatus::SINGLE_STEP, 1),
    );
    program.check("DR6 says which", seen().dr6, 1);
    // Both, by the fourth.
    watch(THIS, [0, 0, 0, at], 0xB000_0040);
    WATCHED.load(SeqCst);
    program.check("a read", (seen().dr6, exceptions()), (8, 1));
    // The kernel's own accesses are not the program's.
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_DEBUG_REGISTERS;
    watch(THIS, [(&raw const context.dr3) as u64, 0, 0, 0], 0x9_0001);
    exceptions();
    exception::get_context(THIS, &mut context);
    program.check("not what the kernel does", exceptions(), 0);
    program.check("its DR7", context.dr7 & 0xFFFF_00FF, 0x9_0001);
    watch(THIS, [0; 4], 0);
    WATCHED.store(2, SeqCst);
    program.check("not watched any more", exceptions(), 0);
}

#[inline(never)]
extern "system" fn watched_function(value: u64) -> u64 {
    core::hint::black_box(value + 1)
}

fn instructions(program: &Program) {
    fn resume(frame: &mut ExceptionFrame) {
        frame.context.eflags |= RESUME;
    }
    fix(resume);
    exceptions();
    let at = watched_function as *const () as u64;
    program.check(
        "watch code",
        watch(THIS, [0, at, 0, 0], 4),
        NtStatus::SUCCESS,
    );
    let called = core::hint::black_box(watched_function as extern "system" fn(u64) -> u64);
    program.check("it runs all the same", called(4), 5);
    program.check("before it does", (seen().address, seen().rip), (at, at));
    program.check("once", (seen().dr6, exceptions()), (2, 1));
    watch(THIS, [0; 4], 0);
}

extern "system" fn write_when_told(event: u64) -> ! {
    sync::wait_raw(event, None, false);
    WATCHED.store(thread::id(), SeqCst);
    thread::exit(NtStatus::SUCCESS)
}

/// What one watches the other does not.
fn threads(program: &Program) {
    fix(stay);
    exceptions();
    let event = program.done("an event", sync::event(true, false));
    let [one, other] =
        [(); 2].map(|()| program.done("a thread", thread::spawn(write_when_told, event.raw())));
    system::delay(-10_000);
    let at = WATCHED.as_ptr() as u64;
    program.check(
        "watch it",
        watch(one.raw(), [at, 0, 0, 0], 0x9_0001),
        NtStatus::SUCCESS,
    );
    WATCHED.store(3, SeqCst);
    program.check("not for this one", exceptions(), 0);
    program.check("signal", sync::signal(&event), NtStatus::SUCCESS);
    for thread in [&one, &other] {
        program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
    }
    program.check("for one of them", (seen().dr6, exceptions()), (1, 1));
}

/// What could watch the kernel, or is none of a program's, is left out.
fn what_is_kept(program: &Program) {
    let kernel = 0xFFFF_8000_0000_0000;
    program.check(
        "set",
        watch(THIS, [kernel, 16, kernel, 0], !0x55),
        NtStatus::SUCCESS,
    );
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_DEBUG_REGISTERS | CONTEXT_CONTROL;
    exception::get_context(THIS, &mut context);
    let addresses = [context.dr0, context.dr1, context.dr2, context.dr3];
    program.check("no address of the kernel's", addresses, [0, 16, 0, 0]);
    program.check("nothing is on, GD is not", context.dr7 & 0x20FF, 0);
    watch(THIS, [0; 4], 0);
}
