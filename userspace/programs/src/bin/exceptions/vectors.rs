//! The upper halves of the AVX registers in contexts, where there are such.

use crate::handler::{exceptions, fix, stay};
use abi::context::*;
use abi::exception::ExceptionFrame;
use core::arch::asm;
use nt::exception::{self, THIS};
use nt::{NtStatus, Program, sync, thread};
use zerocopy::FromZeros;

/// A context with all that can stand behind it.
#[repr(C, align(64))]
struct Extended {
    context: Context,
    ex: ContextEx,
    state: ExtendedState,
}

impl Extended {
    fn new() -> Self {
        let mut new = Self {
            context: Context::new_zeroed(),
            ex: ContextEx::new_zeroed(),
            state: ExtendedState::new_zeroed(),
        };
        new.context.context_flags = CONTEXT_XSTATE;
        new.ex.xstate = ContextChunk {
            offset: size_of::<ContextEx>() as i32,
            length_bytes: size_of::<ExtendedState>() as u32,
        };
        new.state.header.mask = XSTATE_MASK_GSSE;
        new
    }
}

pub fn run(program: &Program) {
    if !nt::system::has_avx() {
        return;
    }
    interrupted(program);
    own(program);
    another_thread(program);
    refused(program);
}

fn state_of(frame: &mut ExceptionFrame) -> &mut ExtendedState {
    let chunk = frame.context_ex.xstate;
    let at = (&raw mut frame.context_ex as u64).wrapping_add_signed(chunk.offset.into());
    assert!(
        chunk.length_bytes == 0x140 && chunk.offset == 0xF0,
        "where it is"
    );
    assert!(frame.context_ex.all.length_bytes == 0x700, "all of it");
    assert!(frame.context.context_flags == 0x10_004F, "what is there");
    // SAFETY: the kernel has put it there, behind the frame.
    unsafe { &mut *(at as *mut ExtendedState) }
}

/// Upper halves of ymm6, ymm7 and ymm15 behind an exception; they were 1, 2 and 3.
fn after_exception(fix_it: fn(&mut ExceptionFrame)) -> [[u64; 2]; 3] {
    exceptions();
    fix(fix_it);
    let values = [[1_u64, 11], [2, 22], [3, 33]];
    let mut after = [[0_u64; 2]; 3];
    // SAFETY: what deals with it goes on behind the instruction.
    unsafe {
        asm!(
            "vinsertf128 ymm6, ymm6, [{values}], 1",
            "vinsertf128 ymm7, ymm7, [{values} + 16], 1",
            "vinsertf128 ymm15, ymm15, [{values} + 32], 1",
            "ud2",
            "vextractf128 [{after}], ymm6, 1",
            "vextractf128 [{after} + 16], ymm7, 1",
            "vextractf128 [{after} + 32], ymm15, 1",
            "vzeroupper",
            values = in(reg) values.as_ptr(), after = in(reg) after.as_mut_ptr(),
            out("xmm6") _, out("xmm7") _, out("xmm15") _,
        );
    }
    after
}

fn interrupted(program: &Program) {
    fn clobber(frame: &mut ExceptionFrame) {
        frame.context.rip += 2;
        let state = state_of(frame);
        assert!(state.header.mask == XSTATE_MASK_GSSE, "in use");
        assert!(state.upper_halves[6] == [1, 11], "as it was");
        // SAFETY: the context has them.
        unsafe { asm!("vzeroupper") };
    }
    let kept = after_exception(clobber);
    program.check("kept", kept, [[1, 11], [2, 22], [3, 33]]);
    fn change(frame: &mut ExceptionFrame) {
        frame.context.rip += 2;
        state_of(frame).upper_halves[7] = [7, 77];
    }
    let changed = after_exception(change);
    program.check("changed", changed, [[1, 11], [7, 77], [3, 33]]);
    fn leave_out(frame: &mut ExceptionFrame) {
        frame.context.rip += 2;
        state_of(frame).header.mask = 0;
    }
    program.check("as at the start", after_exception(leave_out), [[0; 2]; 3]);
    fn without(frame: &mut ExceptionFrame) {
        frame.context.rip += 2;
        frame.context.context_flags &= !0x40;
        // SAFETY: nothing uses them.
        unsafe { asm!("vzeroupper") };
    }
    program.check(
        "those of the handler",
        after_exception(without),
        [[0; 2]; 3],
    );
    exceptions();
    fix(stay);
}

fn get(thread: u64, extended: &mut Extended) -> NtStatus {
    // SAFETY: writes the context and what stands behind it, which are its own.
    unsafe { nt::call::nt_get_context_thread(thread, &raw mut *extended as u64) }
}

fn set(thread: u64, extended: &Extended) -> NtStatus {
    // SAFETY: nothing relies on these registers.
    unsafe { nt::call::nt_set_context_thread(thread, &raw const *extended as u64) }
}

fn own(program: &Program) {
    let mut extended = Extended::new();
    let (at, value) = (&raw mut extended, [5_u64, 55]);
    let status: u64;
    // SAFETY: writes the context.
    unsafe {
        asm!(
            "vinsertf128 ymm9, ymm9, [{value}], 1",
            "syscall",
            "vzeroupper",
            value = in(reg) value.as_ptr(),
            inlateout("rax") u64::from(abi::services::numbers::NtGetContextThread) => status,
            in("r10") THIS, in("rdx") at, lateout("r8") _, lateout("r9") _,
            lateout("rcx") _, lateout("r11") _, out("xmm9") _,
        );
    }
    program.check("its context", status, 0);
    let found = (extended.state.header.mask, extended.state.upper_halves[9]);
    program.check("its halves", found, (XSTATE_MASK_GSSE, value));
    program.check(
        "none are in use",
        get(THIS, &mut extended),
        NtStatus::SUCCESS,
    );
    program.check("says the mask", extended.state.header.mask, 0);
}

extern "system" fn end_with_half(_: u64) -> ! {
    let mut half = [0_u64; 2];
    // SAFETY: stores a register.
    unsafe { asm!("vextractf128 [{}], ymm3, 1", in(reg) half.as_mut_ptr()) };
    thread::exit(NtStatus(half[0] as u32))
}

fn another_thread(program: &Program) {
    let other = program.done("a thread", thread::spawn_suspended(end_with_half, 0));
    let mut extended = Extended::new();
    extended.state.upper_halves[3] = [0x77, 1];
    program.check("set", set(other.raw(), &extended), NtStatus::SUCCESS);
    extended.state.upper_halves[3] = [0; 2];
    program.check("get", get(other.raw(), &mut extended), NtStatus::SUCCESS);
    let found = (extended.state.header.mask, extended.state.upper_halves[3]);
    program.check("what was set", found, (XSTATE_MASK_GSSE, [0x77, 1]));
    program.check("let it run", thread::resume(&other), Ok(1));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
    let left = program.done("what it left", thread::basic_information(&other));
    program.check("it had that", left.exit_status, NtStatus(0x77));
}

fn refused(program: &Program) {
    let other = program.done("a thread", thread::spawn_suspended(end_with_half, 0));
    for (length_bytes, expected) in [
        (0, NtStatus::INVALID_PARAMETER),
        (0x3F, NtStatus::INVALID_PARAMETER),
        (0x40, NtStatus::BUFFER_OVERFLOW),
        (0x13F, NtStatus::BUFFER_OVERFLOW),
        (0x141, NtStatus::INVALID_PARAMETER),
        (u32::MAX, NtStatus::INVALID_PARAMETER),
    ] {
        let mut extended = Extended::new();
        extended.state.upper_halves[0] = [1, 1];
        program.check("set", set(other.raw(), &extended), NtStatus::SUCCESS);
        extended.ex.xstate.length_bytes = length_bytes;
        program.check("too short to set", set(other.raw(), &extended), expected);
        program.check(
            "too short to get",
            get(other.raw(), &mut extended),
            expected,
        );
    }
    for offset in [i32::MIN, i32::MAX, -0x7000_0000] {
        let mut extended = Extended::new();
        extended.ex.xstate.offset = offset;
        let violation = NtStatus::ACCESS_VIOLATION;
        program.check("nowhere", set(other.raw(), &extended), violation);
        program.check("nowhere", get(other.raw(), &mut extended), violation);
    }
    // Less is enough where nothing is asked for.
    let mut extended = Extended::new();
    extended.ex.xstate.length_bytes = 0x40;
    extended.state.header.mask = 0;
    program.check(
        "no halves",
        get(other.raw(), &mut extended),
        NtStatus::SUCCESS,
    );
    program.check("set none", set(other.raw(), &extended), NtStatus::SUCCESS);
    let mut extended = Extended::new();
    program.check(
        "they are 0",
        get(other.raw(), &mut extended),
        NtStatus::SUCCESS,
    );
    program.check("says the mask", extended.state.header.mask, 0);
    thread::terminate(&other, NtStatus::SUCCESS);
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_INTEGER;
    program.check(
        "without",
        exception::get_context(THIS, &mut context),
        NtStatus::SUCCESS,
    );
}
