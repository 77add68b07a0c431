//! The program's dispatchers: what they saw, and what a test has them do.

use abi::context::CONTEXT_OFFSET;
use abi::exception::{ApcFrame, ExceptionFrame};
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use nt::exception;
use nt::{NtStatus, Program};

/// Changes the context with which the program goes on.
pub type Fix = fn(&mut ExceptionFrame);

/// What the exception was: code, flags, address, number of values, three values,
/// and of the context rip, rsp, eflags, dr6 and rax; where the frame was.
static SEEN: [AtomicU64; 13] = [const { AtomicU64::new(0) }; 13];
static COUNT: AtomicU64 = AtomicU64::new(0);
static FIX: AtomicUsize = AtomicUsize::new(0);
/// How many bytes the instruction has, to go on behind it.
static SKIP: AtomicU64 = AtomicU64::new(0);
/// A register that the handler changes.
pub const MARK: u64 = 0x1122_3344_5566_7788;

/// An exception that was dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub code: NtStatus,
    pub flags: u64,
    pub address: u64,
    pub count: u64,
    pub values: [u64; 3],
    pub rip: u64,
    pub rsp: u64,
    pub eflags: u64,
    pub dr6: u64,
    pub rax: u64,
    pub frame: u64,
}

/// The last exception.
pub fn seen() -> Seen {
    let [
        code,
        flags,
        address,
        count,
        a,
        b,
        c,
        rip,
        rsp,
        eflags,
        dr6,
        rax,
        frame,
    ] = SEEN.each_ref().map(|value| value.load(SeqCst));
    Seen {
        code: NtStatus(code as u32),
        flags,
        address,
        count,
        values: [a, b, c],
        rip,
        rsp,
        eflags,
        dr6,
        rax,
        frame,
    }
}

/// How many there were since it was last asked.
pub fn exceptions() -> u64 {
    COUNT.swap(0, SeqCst)
}

/// Has the next exceptions go on behind so many bytes.
pub fn skip(bytes: u64) {
    SKIP.store(bytes, SeqCst);
    fix(skip_bytes);
}

/// Has the next exceptions go on as a test wants.
pub fn fix(fix: Fix) {
    FIX.store(fix as usize, SeqCst);
}

/// Has the instruction tried again.
pub fn stay(_: &mut ExceptionFrame) {}

fn skip_bytes(frame: &mut ExceptionFrame) {
    frame.context.rip = frame.context.rip.wrapping_add(SKIP.load(SeqCst));
    frame.context.rbx = MARK;
}

/// Deals with an exception.
pub fn on_exception(frame: &mut ExceptionFrame) -> ! {
    let at = &raw const *frame as u64;
    let (record, context) = (&frame.record, &frame.context);
    let [a, b, c, ..] = record.information;
    let values = [
        u64::from(record.code.0),
        u64::from(record.flags),
        record.address,
        u64::from(record.parameter_count),
        a,
        b,
        c,
        context.rip,
        context.rsp,
        u64::from(context.eflags),
        context.dr6,
        context.rax,
        at,
    ];
    for (seen, value) in SEEN.iter().zip(values) {
        seen.store(value, SeqCst);
    }
    COUNT.fetch_add(1, SeqCst);
    let ex = &frame.context_ex;
    let is_whole = frame.machine_frame.rsp == context.rsp
        && frame.machine_frame.rip == context.rip
        && frame.machine_frame.eflags == u64::from(context.eflags)
        && frame.machine_frame.cs == 0x33
        && frame.machine_frame.ss == 0x2B
        && context.cs == 0x33
        && context.ss == 0x2B
        && [context.ds, context.es, context.fs, context.gs] == [0x2B; 4]
        && context.context_flags & !0x40 == 0x10_000F
        && context.mxcsr == context.flt_save.mxcsr
        && ex.all.offset == CONTEXT_OFFSET
        && ex.legacy.offset == CONTEXT_OFFSET
        && ex.legacy.length_bytes == 0x4D0
        && at.is_multiple_of(64)
        && at + 0x5C0 <= context.rsp
        && context.rsp - at < 0x5C0 + 64 + u64::from(ex.xstate.length_bytes)
        && flags() & (1 << 8 | 1 << 10 | 1 << 18) == 0;
    if !is_whole {
        nt::println!("exceptions: FAILED the frame at {at:#x} is not as it should be");
        nt::exit(NtStatus(1));
    }
    // SAFETY: only functions of this type are stored.
    let fix = unsafe { core::mem::transmute::<usize, Fix>(FIX.load(SeqCst)) };
    fix(frame);
    // SAFETY: where the test wants it.
    unsafe { exception::go_on(&frame.context, false) }
}

/// RFLAGS.
pub fn flags() -> u64 {
    let flags: u64;
    // SAFETY: reads the flags.
    unsafe { core::arch::asm!("pushfq", "pop {}", out(reg) flags) };
    flags
}

/// What APCs were called with, and how many.
static CALLS: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];
static CALL_COUNT: AtomicU64 = AtomicU64::new(0);
static RAX: AtomicU64 = AtomicU64::new(0);
static DURING: AtomicUsize = AtomicUsize::new(0);

/// What is done in the next APC.
pub type During = fn(&mut ApcFrame);

/// Has the next APC do something.
pub fn during(act: During) {
    DURING.store(act as usize, SeqCst);
}

/// Makes a call.
pub fn on_apc(frame: &mut ApcFrame) -> ! {
    let at = &raw const *frame as u64;
    let context = &frame.context;
    let is_whole = frame.machine_frame.rip == context.rip
        && frame.machine_frame.rsp == context.rsp
        && frame.machine_frame.cs == 0x33
        && frame.machine_frame.ss == 0x2B
        && context.context_flags & !0x40 == 0x10_000F
        && at == (context.rsp & !15) - 0x500;
    if !is_whole {
        nt::println!("exceptions: FAILED the APC's frame at {at:#x} is not as it should be");
        nt::exit(NtStatus(1));
    }
    let [first, second, third, routine, ..] = context.home;
    for (place, value) in CALLS.iter().zip([first, second, third, routine]) {
        place.store(value, SeqCst);
    }
    RAX.store(context.rax, SeqCst);
    CALL_COUNT.fetch_add(1, SeqCst);
    match DURING.swap(0, SeqCst) {
        0 => {}
        act => {
            // SAFETY: only functions of this type are stored.
            let act = unsafe { core::mem::transmute::<usize, During>(act) };
            act(frame);
        }
    }
    // SAFETY: where the call interrupted the program, or as the test wants it.
    unsafe { exception::go_on(&frame.context, true) }
}

/// Arguments and routine of the last APC.
pub fn called() -> [u64; 4] {
    CALLS.each_ref().map(|value| value.load(SeqCst))
}

/// How many there were.
pub fn calls() -> u64 {
    CALL_COUNT.load(SeqCst)
}

/// rax of the context that the last one interrupted.
pub fn interrupted_rax() -> u64 {
    RAX.load(SeqCst)
}

/// Runs one instruction of so many bytes that is to fault; rbx comes back changed,
/// rcx and r11 as they were. rdx is 0 or what the preparation makes it.
#[macro_export]
macro_rules! fault {
    ($bytes:literal, [$($before:literal),*], $($code:tt)*) => {{
        $crate::handler::skip($bytes);
        let (mark, at, other, another): (u64, u64, u64, u64);
        // SAFETY: the handler goes on behind the instruction.
        unsafe {
            core::arch::asm!(
                "push rbx",
                "lea rax, [rip + 2f]",
                "mov rcx, 0x1234",
                "mov r11, 0x5678",
                $($before),*,
                "2:",
                $($code)*,
                "mov r8, rbx",
                "pop rbx",
                out("rax") at, out("r8") mark, out("rcx") other, out("r11") another,
                out("rdx") _, out("r9") _, out("r10") _,
            );
        }
        assert!(
            mark == $crate::handler::MARK && other == 0x1234 && another == 0x5678,
            "registers behind {}",
            stringify!($($code)*)
        );
        at
    }};
    ($bytes:literal, $($code:tt)*) => { $crate::fault!($bytes, ["xor edx, edx"], $($code)*) };
}

/// Checks code and address of the last exception.
pub fn check(program: &Program, what: &str, code: NtStatus, address: u64) {
    program.check(what, seen().code, code);
    program.check(what, (seen().address, seen().rip), (address, address));
    program.check(what, (seen().flags, exceptions()), (0, 1));
}

/// The same with its values.
pub fn check_values(program: &Program, what: &str, code: NtStatus, at: u64, values: &[u64]) {
    check(program, what, code, at);
    program.check(what, seen().count, values.len() as u64);
    program.check(what, &seen().values[..values.len()], values);
}
