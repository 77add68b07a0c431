//! NtContinue and NtContinueEx: what of a context is taken.

use crate::handler::{calls, exceptions, fix, seen};
use abi::context::*;
use abi::exception::ExceptionFrame;
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::exception::{self, THIS};
use nt::{NtStatus, Program};
use zerocopy::{FromZeros, IntoBytes};

pub fn run(program: &Program) {
    parts(program);
    whole(program);
    sanitised(program);
    nowhere(program);
    alertable(program);
    refused(program);
}

/// Flags, r12, r13, the first half of xmm6 and MXCSR after going on with a context
/// of some parts: what it leaves out stays as it is.
fn go_on_with(parts: u32) -> [u64; 5] {
    let mut context = Context::new_zeroed();
    context.context_flags = parts;
    context.eflags = 0x203;
    (context.r12, context.r13) = (0xCC, 0xDD);
    context.flt_save.xmm_registers[6] = [0xEE, 0xFF];
    context.flt_save.mxcsr = 0x1FA0;
    context.flt_save.control_word = 0x27F;
    (context.dr0, context.dr7) = (0x1234, 0x400);
    (context.cs, context.ss, context.ds) = (0x10, 0x18, 0x10);
    let mut mxcsr = [0x1F80_u32, 0];
    context.rdi = mxcsr.as_mut_ptr() as u64;
    let (flags, r12, r13, xmm6): (u64, u64, u64, u64);
    // SAFETY: the context is completed here, where it goes on.
    unsafe {
        asm!(
            "push rbx",
            "push rbp",
            "lea rcx, [rip + 2f]",
            "mov [r10 + 0xF8], rcx",
            "mov [r10 + 0x98], rsp",
            "mov r12d, 1",
            "mov r13d, 2",
            "mov eax, 3",
            "movq xmm6, rax",
            "mov eax, {number}",
            "xor edx, edx",
            "syscall",
            "hlt",
            "2:",
            "pushfq",
            "pop rax",
            "movq rdx, xmm6",
            "stmxcsr [rdi + 4]",
            "ldmxcsr [rdi]",
            "pop rbp",
            "pop rbx",
            number = const abi::services::numbers::NtContinue,
            in("r10") &raw mut context, in("rdi") mxcsr.as_mut_ptr(),
            lateout("rax") flags, out("rdx") xmm6, out("r12") r12, out("r13") r13,
            out("xmm6") _, lateout("r10") _, lateout("rdi") _, out("rcx") _, out("rsi") _,
            out("r8") _, out("r9") _, out("r11") _, out("r14") _, out("r15") _,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _,
            out("xmm5") _, out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _,
            out("xmm11") _, out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
        );
    }
    [flags & 1, r12, r13, xmm6, mxcsr[1].into()]
}

fn debug_registers() -> [u64; 2] {
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_DEBUG_REGISTERS;
    exception::get_context(THIS, &mut context);
    [context.dr0, context.dr7]
}

fn parts(program: &Program) {
    let control = CONTEXT_CONTROL;
    program.check("control", go_on_with(control), [1, 1, 2, 3, 0x1F80]);
    let integer = control | CONTEXT_INTEGER;
    program.check("integer", go_on_with(integer), [1, 0xCC, 0xDD, 3, 0x1F80]);
    let float = control | CONTEXT_FLOATING_POINT;
    program.check("float", go_on_with(float), [1, 1, 2, 0xEE, 0x1FA0]);
    let segments = control | CONTEXT_SEGMENTS;
    program.check("segments", go_on_with(segments), [1, 1, 2, 3, 0x1F80]);
    program.check("no debug registers", debug_registers()[0], 0);
    let debug = control | CONTEXT_DEBUG_REGISTERS;
    program.check("debug", go_on_with(debug), [1, 1, 2, 3, 0x1F80]);
    program.check("the debug registers", debug_registers()[0], 0x1234);
    let all = CONTEXT_ALL;
    program.check("all", go_on_with(all), [1, 0xCC, 0xDD, 0xEE, 0x1FA0]);
    let full = CONTEXT_FULL | CONTEXT_UNWOUND_TO_CALL | CONTEXT_EXCEPTION_REQUEST;
    program.check(
        "flags of unwinders",
        go_on_with(full),
        [1, 0xCC, 0xDD, 0xEE, 0x1FA0],
    );
    exceptions();
}

/// What general and vector registers a context gives: all of them, exactly.
fn whole(program: &Program) {
    fn set(frame: &mut ExceptionFrame) {
        let context = &mut frame.context;
        context.rip += 2;
        context.flt_save.xmm_registers = core::array::from_fn(|number| {
            let number = number as u64;
            [number * 3 + 1, number * 5 + 2]
        });
        [
            context.rax,
            context.rcx,
            context.rdx,
            context.rsi,
            context.rdi,
        ] = [1, 2, 3, 4, 5];
        [context.r8, context.r9, context.r10, context.r11] = [6, 7, 8, 9];
        [context.r12, context.r13, context.r14, context.r15] = [10, 11, 12, 13];
        context.eflags = 0x202 | 0x8D5;
    }
    fix(set);
    let mut vectors = [[0_u64; 2]; 16];
    let mut integers = [0_u64; 13];
    let places = [vectors.as_mut_ptr() as u64, integers.as_mut_ptr() as u64];
    let flags: u64;
    // SAFETY: the handler goes on behind the instruction; everything is stored or
    // restored.
    unsafe {
        asm!(
            "push rbx",
            "push rbp",
            "push r15",
            "pop r15",
            "mov rbp, {places}",
            "ud2",
            "pushfq",
            "push rcx",
            "mov rcx, [rbp + 8]",
            "mov [rcx], rax",
            "mov [rcx + 16], rdx",
            "mov [rcx + 24], rsi",
            "mov [rcx + 32], rdi",
            "mov [rcx + 40], r8",
            "mov [rcx + 48], r9",
            "mov [rcx + 56], r10",
            "mov [rcx + 64], r11",
            "mov [rcx + 72], r12",
            "mov [rcx + 80], r13",
            "mov [rcx + 88], r14",
            "mov [rcx + 96], r15",
            "pop rax",
            "mov [rcx + 8], rax",
            "mov rcx, [rbp]",
            "movups [rcx], xmm0",
            "movups [rcx + 0x10], xmm1",
            "movups [rcx + 0x50], xmm5",
            "movups [rcx + 0x60], xmm6",
            "movups [rcx + 0xF0], xmm15",
            "pop rax",
            "pop rbp",
            "pop rbx",
            places = in(reg) places.as_ptr(),
            out("rax") flags, out("rcx") _, out("rdx") _, out("rsi") _, out("rdi") _,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _,
            out("r13") _, out("r14") _, out("r15") _,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _,
            out("xmm5") _, out("xmm6") _, out("xmm7") _, out("xmm8") _, out("xmm9") _,
            out("xmm10") _, out("xmm11") _, out("xmm12") _, out("xmm13") _, out("xmm14") _,
            out("xmm15") _,
        );
    }
    program.check(
        "general registers",
        integers,
        core::array::from_fn(|place| place as u64 + 1),
    );
    for number in [0, 1, 5, 6, 15] {
        let expected = [number * 3 + 1, number * 5 + 2];
        program.check("a vector register", vectors[number as usize], expected);
    }
    program.check("flags", flags & 0x8D5, 0x8D5);
    exceptions();
}

fn sanitised(program: &Program) {
    fn spoil(frame: &mut ExceptionFrame) {
        let context = &mut frame.context;
        context.rip += 2;
        // All but TF, AC, and the direction.
        context.eflags = !0x4_0500;
        (context.cs, context.ss) = (0x10, 0);
        [context.ds, context.es, context.fs, context.gs] = [0xFFFF; 4];
        context.flt_save.mxcsr = 0xFFFF_1F80;
        context.mxcsr = u32::MAX;
        context.flt_save.mxcsr_mask = 0;
        context.flt_save.reserved_005 = 0xFF;
        context.flt_save.reserved_1a0 = [0xFF; 96];
    }
    fix(spoil);
    let mut mxcsr = [0_u32, 0x1F80];
    let flags: u64;
    // SAFETY: the handler goes on behind the instruction.
    unsafe {
        asm!(
            "ud2",
            "pushfq",
            "pop {flags}",
            "stmxcsr [{mxcsr}]",
            "ldmxcsr [{mxcsr} + 4]",
            flags = out(reg) flags, mxcsr = in(reg) mxcsr.as_mut_ptr(),
        );
    }
    program.check("no privilege by flags", flags & 0x1A_7000, 0);
    program.check("interrupts stay on", flags & 0x202, 0x202);
    program.check("MXCSR", mxcsr[0], 0x1F80);
    let cs: u64;
    // SAFETY: reads the selector.
    unsafe { asm!("mov {}, cs", out(reg) cs) };
    program.check("the segment", cs & 0xFFFF, 0x33);
    exceptions();
}

/// Going on where nothing is, is an exception there.
fn nowhere(program: &Program) {
    fn go(frame: &mut ExceptionFrame) {
        fix(crate::memory::go_back);
        frame.context.rip = TARGET.load(SeqCst);
    }
    for target in [
        0,
        0x1234,
        0x8000_0000_0000,
        0xFFFF_7FFF_FFFF_FFFF,
        0xFFFF_8000_0000_0000,
        u64::MAX,
    ] {
        TARGET.store(target, SeqCst);
        fix(go);
        // SAFETY: the second exception goes on at the label.
        unsafe {
            asm!(
                "push rbx",
                "lea rbx, [rip + 2f]",
                "mov r12, rsp",
                "ud2",
                "2:",
                "pop rbx",
                out("r12") _,
            );
        }
        program.check("two exceptions", exceptions(), 2);
        exceptions();
        let violation = NtStatus::ACCESS_VIOLATION;
        program.check(
            "the second",
            (seen().code, seen().address),
            (violation, target),
        );
        let is_address = !(0x8000_0000_0000..0xFFFF_8000_0000_0000).contains(&target);
        let values = if is_address {
            [8, target]
        } else {
            [0, u64::MAX]
        };
        program.check("its values", &seen().values[..2], &values[..]);
    }
}

static TARGET: AtomicU64 = AtomicU64::new(0);

/// Comes back from a call of NtContinue or NtContinueEx right behind it.
fn come_back(number: u32, argument: u64) {
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_CONTROL;
    context.eflags = 0x202;
    // SAFETY: the context is completed here, where it goes on.
    unsafe {
        asm!(
            "lea rcx, [rip + 2f]",
            "mov [r10 + 0xF8], rcx",
            "mov [r10 + 0x98], rsp",
            "syscall",
            "hlt",
            "2:",
            in("r10") &raw mut context, in("rdx") argument, in("rax") u64::from(number),
            lateout("rax") _, lateout("rcx") _, lateout("rdx") _, lateout("r10") _,
            lateout("r8") _, lateout("r9") _, lateout("r11") _,
        );
    }
}

fn alertable(program: &Program) {
    use abi::services::numbers::{NtContinue, NtContinueEx};
    const LONGJUMP: u32 = 2;
    let structure = |flags: u32| [LONGJUMP, flags, 0, 0, 0, 0];
    let (with, without) = (structure(1), structure(0));
    let [with, without] = [&with, &without].map(|structure| structure.as_bytes().as_ptr() as u64);
    for (number, argument, calls_it) in [
        (NtContinue, 0, false),
        (NtContinue, 1, true),
        (NtContinue, 0xFF00, false),
        (NtContinue, 2, true),
        (NtContinueEx, 0, false),
        (NtContinueEx, 1, true),
        (NtContinueEx, 0xFF, true),
        (NtContinueEx, without, false),
        (NtContinueEx, with, true),
    ] {
        let before = calls();
        let queued = exception::queue_apc(THIS, 1, [0; 3]);
        program.check("queue", queued, NtStatus::SUCCESS);
        come_back(number, argument);
        program.check(
            "calls",
            (argument, calls() - before),
            (argument, calls_it.into()),
        );
        exception::test_alert();
        program.check("made by now", calls() - before, 1);
    }
}

fn refused(program: &Program) {
    let none = Context::new_zeroed();
    // SAFETY: refused.
    let of_none = unsafe { nt::call::nt_continue(&raw const none as u64, 0) };
    program.check("of no processor", of_none, NtStatus::INVALID_PARAMETER);
    let mut context = none;
    context.context_flags = CONTEXT_CONTROL;
    let good = &raw const context as u64;
    for bad in [0, 0x100, 0x7FFF_FFFE_FF00, 0xFFFF_8000_0000_0000, u64::MAX] {
        // SAFETY: refused.
        let refused = unsafe {
            (
                nt::call::nt_continue(bad, 0),
                nt::call::nt_continue_ex(bad, 0),
                nt::call::nt_raise_exception(bad, good, 1),
                nt::call::nt_raise_exception(good, bad, 1),
            )
        };
        let violation = NtStatus::ACCESS_VIOLATION;
        program.check(
            "a bad address",
            refused,
            (violation, violation, violation, violation),
        );
        if bad > 0xFF {
            // SAFETY: refused.
            let refused = unsafe { nt::call::nt_continue_ex(good, bad) };
            program.check("a bad argument", refused, violation);
        }
    }
    program.check("no exception", exceptions(), 0);
}
