//! Exceptions of the x87 and SSE registers.

use crate::handler::{exceptions, fix, seen};
use abi::entry::{INITIAL_MXCSR, INITIAL_X87_CONTROL};
use abi::exception::ExceptionFrame;
use core::arch::asm;
use nt::{NtStatus, Program};

/// The bits of exceptions, in the control and status words and in MXCSR; there the
/// masks stand seven bits higher.
const INVALID: u32 = 1;
const DENORMAL: u32 = 1 << 1;
const DIVIDE: u32 = 1 << 2;
const OVERFLOW: u32 = 1 << 3;
const UNDERFLOW: u32 = 1 << 4;
const INEXACT: u32 = 1 << 5;
const ALL: u32 = 0x3F;

/// Operands: one whose square is too big and whose third is inexact, which that of
/// 1e300 is not; a denormal; and others.
static NUMBERS: [f64; 4] = [1.23456e300, 1.0e-310, 3.0, 1.0e-300];

pub fn run(program: &Program) {
    x87(program);
    sse(program);
}

/// Clears what was raised, and masks everything.
fn mask_x87(frame: &mut ExceptionFrame) {
    frame.context.flt_save.status_word &= 0x3800;
    frame.context.flt_save.control_word |= ALL as u16;
}

/// Runs x87 instructions with some exceptions unmasked, and leaves the registers as
/// a new thread has them; what they raise, `fwait` reports.
macro_rules! x87 {
    ($program:ident, $what:literal, $unmasked:expr, $($code:literal),*) => {{
        exceptions();
        fix(mask_x87);
        let controls = [INITIAL_X87_CONTROL & !($unmasked as u16), INITIAL_X87_CONTROL];
        let mut room = [0_u64; 8];
        let at: u64;
        // SAFETY: the x87 registers are nobody else's; what deals with the exception
        // has the instruction tried again.
        unsafe {
            asm!(
                "fninit",
                "fldcw [{controls}]",
                $($code),*,
                "lea {at}, [rip + 2f]",
                "2: fwait",
                "fninit",
                "fldcw [{controls} + 2]",
                controls = in(reg) controls.as_ptr(),
                at = out(reg) at,
                in("r8") NUMBERS.as_ptr(),
                in("r9") room.as_mut_ptr(),
            );
        }
        let count = exceptions();
        if count > 0 {
            $program.check($what, (seen().address, seen().count), (at, 0));
        }
        (count, seen().code)
    }};
}

fn x87(program: &Program) {
    let invalid = x87!(program, "0 / 0", INVALID, "fldz", "fldz", "fdivp");
    program.check("0 / 0", invalid, (1, NtStatus::FLOAT_INVALID_OPERATION));
    let divided = x87!(program, "1 / 0", DIVIDE, "fld1", "fldz", "fdivp");
    program.check("1 / 0", divided, (1, NtStatus::FLOAT_DIVIDE_BY_ZERO));
    let inexact = x87!(
        program,
        "1 / 3",
        INEXACT,
        "fld1",
        "fld qword ptr [r8 + 16]",
        "fdivp"
    );
    program.check("1 / 3", inexact, (1, NtStatus::FLOAT_INEXACT_RESULT));
    let over = x87!(
        program,
        "too big",
        OVERFLOW,
        "fld qword ptr [r8]",
        "fstp dword ptr [r9]"
    );
    program.check("too big", over, (1, NtStatus::FLOAT_OVERFLOW));
    let under = x87!(
        program,
        "too small",
        UNDERFLOW,
        "fld qword ptr [r8 + 24]",
        "fstp dword ptr [r9]"
    );
    program.check("too small", under, (1, NtStatus::FLOAT_UNDERFLOW));
    let denormal = x87!(program, "denormal", DENORMAL, "fld qword ptr [r8 + 8]");
    if_any(
        program,
        "denormal",
        denormal,
        NtStatus::FLOAT_DENORMAL_OPERAND,
    );
    let masked = x87!(program, "masked", 0, "fld1", "fldz", "fdivp");
    program.check("masked", masked.0, 0);
    // The emulator notices no stack faults by itself: the status word is loaded.
    let stack = x87!(
        program,
        "a stack fault",
        INVALID,
        "fnstenv [r9]",
        "or word ptr [r9 + 4], 0xC1",
        "fldenv [r9]"
    );
    program.check("a stack fault", stack, (1, NtStatus::FLOAT_STACK_CHECK));
    let earlier = x87!(
        program,
        "one that was masked before",
        DIVIDE,
        "fnstenv [r9]",
        "or word ptr [r9 + 4], 0x41",
        "fldenv [r9]",
        "fld1",
        "fldz",
        "fdivp"
    );
    let expected = (1, NtStatus::FLOAT_DIVIDE_BY_ZERO);
    program.check("one that was masked before", earlier, expected);
}

/// The emulator does not raise all of them.
fn if_any(program: &Program, what: &str, (count, code): (u64, NtStatus), expected: NtStatus) {
    if count > 0 {
        program.check(what, (count, code), (1, expected));
    }
}

fn mask_sse(frame: &mut ExceptionFrame) {
    frame.context.flt_save.mxcsr = INITIAL_MXCSR;
    frame.context.mxcsr = INITIAL_MXCSR;
}

/// Runs an SSE instruction with some exceptions unmasked.
macro_rules! sse {
    ($program:ident, $what:literal, $unmasked:expr, $code:literal) => {{
        exceptions();
        fix(mask_sse);
        let controls = [INITIAL_MXCSR & !($unmasked << 7), INITIAL_MXCSR];
        let at: u64;
        // SAFETY: the register is restored; as above.
        unsafe {
            asm!(
                "movsd xmm0, [r8]",
                "movsd xmm1, [r8 + 16]",
                "movsd xmm2, [r8 + 8]",
                "xorps xmm3, xmm3",
                "xorps xmm4, xmm4",
                "ldmxcsr [{controls}]",
                "lea {at}, [rip + 2f]",
                concat!("2: ", $code),
                "ldmxcsr [{controls} + 4]",
                controls = in(reg) controls.as_ptr(),
                at = out(reg) at,
                in("r8") NUMBERS.as_ptr(),
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _,
            );
        }
        let count = exceptions();
        if count > 0 {
            $program.check($what, (seen().address, seen().count), (at, 2));
            // MXCSR, with what was raised and what was not masked.
            $program.check($what, seen().values[0], 0);
            let mxcsr = seen().values[1] as u32;
            $program.check($what, mxcsr & ALL << 7, controls[0] & ALL << 7);
            $program.check($what, mxcsr & $unmasked, $unmasked);
        }
        (count, seen().code)
    }};
}

fn sse(program: &Program) {
    let invalid = sse!(program, "0 / 0", INVALID, "divsd xmm3, xmm4");
    if_any(program, "0 / 0", invalid, NtStatus::FLOAT_INVALID_OPERATION);
    let divided = sse!(program, "3 / 0", DIVIDE, "divsd xmm1, xmm3");
    if_any(program, "3 / 0", divided, NtStatus::FLOAT_DIVIDE_BY_ZERO);
    let over = sse!(program, "too big", OVERFLOW, "mulsd xmm0, xmm0");
    if_any(program, "too big", over, NtStatus::FLOAT_OVERFLOW);
    let under = sse!(program, "too small", UNDERFLOW, "cvtsd2ss xmm0, [r8 + 24]");
    if_any(program, "too small", under, NtStatus::FLOAT_UNDERFLOW);
    let inexact = sse!(program, "a third", INEXACT, "divsd xmm0, xmm1");
    if_any(program, "a third", inexact, NtStatus::FLOAT_INEXACT_RESULT);
    let denormal = sse!(program, "denormal", DENORMAL, "addsd xmm2, xmm1");
    if_any(
        program,
        "denormal",
        denormal,
        NtStatus::FLOAT_DENORMAL_OPERAND,
    );
    let masked = sse!(program, "masked", 0, "divsd xmm1, xmm3");
    program.check("masked", masked.0, 0);
    // If one is raised, so are all: the emulator raises none.
    let counts = [invalid, divided, over, under, inexact, denormal].map(|raised| raised.0);
    program.check("all or none", counts, [counts[0]; 6]);
}
