//! Calls from the kernel into a program: exceptions and APCs.
//!
//! The program has said where its dispatchers are. Each finds a frame on its stack
//! with the context it interrupted, and ends in NtContinue (Wine contract, 5.1, 5.4).

use abi::NtStatus;
use abi::context::{
    CONTEXT_EX_ALL_BYTES, CONTEXT_EX_EXTENDED_BYTES, CONTEXT_EX_XSTATE_ABSENT_OFFSET,
    CONTEXT_EX_XSTATE_OFFSET, CONTEXT_OFFSET, CONTEXT_XSTATE, Context, ContextChunk, ContextEx,
};
use abi::exception::{
    APC_FRAME_ALIGNMENT, ApcFrame, EXCEPTION_FRAME_ALIGNMENT, ExceptionRecord,
    ExtendedExceptionFrame, MachineFrame,
};
use executive::exception::{self, Cause};
use executive::process::{EntryPoint, Thread};
use hal::Ref;
use hal::trap::TrapFrame;
use sched::ApcCall;
use zerocopy::{FromZeros, Immutable, IntoBytes};

use crate::call::write;
use crate::{context, extended_context, fault};

const BREAKPOINT: u8 = 3;
const FAST_FAIL: u8 = 0x29;
const ASSERTION: u8 = 0x2c;
const DEBUG_SERVICE: u8 = 0x2d;
/// A debug service is followed by a byte that is skipped.
const SKIPPED_BYTES: u64 = 1;
/// TF, DF and AC: clear when a dispatcher begins.
const CLEARED_FLAGS: u64 = 1 << 8 | 1 << 10 | 1 << 18;

/// Has a program deal with its exception. False: it does not; that is the end.
#[inline(never)]
pub(crate) fn raise(thread: &Thread, frame: &mut TrapFrame, cause: &Cause) -> bool {
    let vector = match cause {
        Cause::Processor(exception) => Some(exception.vector),
        _ => None,
    };
    match vector {
        Some(FAST_FAIL) => return false,
        Some(DEBUG_SERVICE) if is_for_debugger(frame) => {
            skip(frame);
            return true;
        }
        _ => {}
    }
    if thread.process().entry_point(EntryPoint::Exception) == 0 {
        return false;
    }
    let mut context = context::of_current(frame);
    context.rip = match vector {
        Some(BREAKPOINT) => context.rip.wrapping_sub(1),
        Some(ASSERTION) => context.rip.wrapping_sub(2),
        Some(DEBUG_SERVICE) => context.rip.wrapping_add(SKIPPED_BYTES),
        _ => context.rip,
    };
    let (parameters, count) = fault::parameters(cause, frame);
    let mut record = ExceptionRecord::new_zeroed();
    record.code = fault::status(cause, frame);
    record.flags = fault::flags(cause);
    record.address = context.rip;
    record.parameter_count = u32::try_from(count).unwrap_or(0);
    for (place, value) in record.information.iter_mut().zip(parameters).take(count) {
        *place = value;
    }
    show_exception(thread, frame, context, record).is_ok()
}

/// Whether a debug service is one that says something to a debugger: there is none,
/// so nobody hears it. Any other is a breakpoint.
fn is_for_debugger(frame: &TrapFrame) -> bool {
    const PRINT: u64 = 1;
    const LOAD_SYMBOLS: u64 = 3;
    const UNLOAD_SYMBOLS: u64 = 4;
    const COMMAND_STRING: u64 = 5;
    let service = frame.user_registers().rax;
    matches!(
        service,
        PRINT | LOAD_SYMBOLS | UNLOAD_SYMBOLS | COMMAND_STRING
    )
}

fn skip(frame: &mut TrapFrame) {
    let mut registers = frame.user_registers();
    registers.rip = registers.rip.wrapping_add(SKIPPED_BYTES);
    frame.set_user_registers(&registers);
}

/// Shows a program an exception in a context, below whose stack its dispatcher goes
/// on.
pub(crate) fn show_exception(
    thread: &Thread,
    frame: &mut TrapFrame,
    context: Context,
    record: ExceptionRecord,
) -> Result<(), NtStatus> {
    let dispatcher = thread.process().entry_point(EntryPoint::Exception);
    if dispatcher == 0 {
        return Err(NtStatus::UNSUCCESSFUL);
    }
    let halves = hal::thread::avx();
    let mut shown = ExtendedExceptionFrame::new_zeroed();
    let part = &mut shown.frame;
    part.context_ex = ContextEx {
        all: chunk(CONTEXT_OFFSET, CONTEXT_EX_ALL_BYTES),
        legacy: chunk(CONTEXT_OFFSET, CONTEXT_OFFSET.unsigned_abs()),
        xstate: chunk(CONTEXT_EX_XSTATE_ABSENT_OFFSET, 0),
        reserved_18: 0,
    };
    part.record = record;
    part.machine_frame = machine_frame(&context);
    let stack = context.rsp;
    part.context = context;
    if let Some(halves) = &halves {
        let length_bytes = CONTEXT_EX_EXTENDED_BYTES
            .wrapping_sub(CONTEXT_EX_XSTATE_OFFSET.unsigned_abs())
            .wrapping_sub(CONTEXT_OFFSET.unsigned_abs());
        part.context_ex.all = chunk(CONTEXT_OFFSET, CONTEXT_EX_EXTENDED_BYTES);
        part.context_ex.xstate = chunk(CONTEXT_EX_XSTATE_OFFSET, length_bytes);
        part.context.context_flags |= CONTEXT_XSTATE;
        shown.state = extended_context::state(halves);
    }
    let overflows = thread.stack_overflows();
    let mut go = |shown: &ExtendedExceptionFrame| match halves {
        Some(_) => enter(frame, stack, EXCEPTION_FRAME_ALIGNMENT, shown, dispatcher),
        None => enter(
            frame,
            stack,
            EXCEPTION_FRAME_ALIGNMENT,
            &shown.frame,
            dispatcher,
        ),
    };
    let entered = go(&shown);
    if entered.is_ok() || thread.stack_overflows() == overflows {
        return entered;
    }
    // The frame itself met the end of the stack: that is the exception then, and
    // what is left of the stack is usable now.
    shown.frame.record.code = NtStatus::STACK_OVERFLOW;
    shown.frame.record.flags = 0;
    shown.frame.record.parameter_count = 0;
    go(&shown)
}

fn chunk(offset: i32, length_bytes: u32) -> ContextChunk {
    ContextChunk {
        offset,
        length_bytes,
    }
}

/// Has a thread make a call before it goes on; queueing has checked that the
/// process has a dispatcher for it. A thread without a stack for it has an exception
/// instead.
#[inline(never)]
pub(crate) fn call_apc(thread: &Ref<Thread>, frame: &mut TrapFrame, call: ApcCall) {
    let dispatcher = thread.process().entry_point(EntryPoint::Apc);
    let mut shown = ApcFrame::new_zeroed();
    shown.context = context::of_current(frame);
    let [first, second, third] = call.arguments;
    let [home1, home2, home3, home4, ..] = &mut shown.context.home;
    (*home1, *home2, *home3, *home4) = (first, second, third, call.routine);
    shown.machine_frame = machine_frame(&shown.context);
    let stack = shown.context.rsp;
    let overflows = thread.stack_overflows();
    if enter(frame, stack, APC_FRAME_ALIGNMENT, &shown, dispatcher).is_ok() {
        return;
    }
    let cause = match thread.stack_overflows() == overflows {
        true => Cause::NoStack(stack),
        false => Cause::Raised(NtStatus::STACK_OVERFLOW.0),
    };
    if !raise(thread, frame, &cause) {
        exception::end_program(thread, frame, &cause);
    }
}

fn machine_frame(context: &Context) -> MachineFrame {
    MachineFrame {
        rip: context.rip,
        cs: context.cs.into(),
        eflags: context.eflags.into(),
        rsp: context.rsp,
        ss: context.ss.into(),
    }
}

/// Puts a structure below a stack pointer and goes on at a dispatcher, whose stack
/// pointer it is.
fn enter<T: IntoBytes + Immutable>(
    frame: &mut TrapFrame,
    stack: u64,
    alignment: u64,
    shown: &T,
    dispatcher: u64,
) -> Result<(), NtStatus> {
    let size = u64::try_from(size_of::<T>()).unwrap_or(u64::MAX);
    let at = stack.wrapping_sub(size) & alignment.wrapping_neg();
    write(at, shown)?;
    let mut registers = frame.user_registers();
    registers.rip = dispatcher;
    registers.rsp = at;
    registers.flags &= !CLEARED_FLAGS;
    frame.set_user_registers(&registers);
    Ok(())
}
