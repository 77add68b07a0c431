//! Calls from the kernel into a program: exceptions and APCs.
//!
//! The program has said where its dispatchers are. Each finds a frame on its stack
//! with the context it interrupted, and ends in NtContinue (Wine contract, 5.1, 5.4).

use abi::NtStatus;
use abi::context::{
    CONTEXT_EX_ALL_BYTES, CONTEXT_EX_XSTATE_ABSENT_OFFSET, CONTEXT_OFFSET, Context, ContextChunk,
    ContextEx,
};
use abi::exception::{
    APC_FRAME_ALIGNMENT, ApcFrame, EXCEPTION_FRAME_ALIGNMENT, ExceptionFrame, ExceptionRecord,
    MachineFrame,
};
use executive::exception::Cause;
use executive::process::{EntryPoint, Thread};
use hal::Ref;
use hal::trap::TrapFrame;
use sched::ApcCall;
use zerocopy::{FromZeros, Immutable, IntoBytes};

use crate::call::write;
use crate::{context, fault};

/// Bytes of the machine instruction INT3.
const BREAKPOINT_BYTES: u64 = 1;
const BREAKPOINT: u8 = 3;
const FAST_FAIL: u8 = 0x29;
/// TF, DF and AC: clear when a dispatcher begins.
const CLEARED_FLAGS: u64 = 1 << 8 | 1 << 10 | 1 << 18;

/// Has a program deal with its exception. False: it does not; that is the end.
pub(crate) fn raise(thread: &Thread, frame: &mut TrapFrame, cause: &Cause) -> bool {
    if matches!(cause, Cause::Processor(exception) if exception.vector == FAST_FAIL) {
        return false;
    }
    if thread.process().entry_point(EntryPoint::Exception) == 0 {
        return false;
    }
    let mut context = context::of_current(frame);
    if matches!(cause, Cause::Processor(exception) if exception.vector == BREAKPOINT) {
        context.rip = context.rip.wrapping_sub(BREAKPOINT_BYTES);
    }
    let (parameters, count) = fault::parameters(cause);
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
    let mut shown = ExceptionFrame::new_zeroed();
    shown.context_ex = ContextEx {
        all: chunk(CONTEXT_OFFSET, CONTEXT_EX_ALL_BYTES),
        legacy: chunk(CONTEXT_OFFSET, CONTEXT_OFFSET.unsigned_abs()),
        xstate: chunk(CONTEXT_EX_XSTATE_ABSENT_OFFSET, 0),
        reserved_18: 0,
    };
    shown.record = record;
    shown.machine_frame = machine_frame(&context);
    let stack = context.rsp;
    shown.context = context;
    enter(frame, stack, EXCEPTION_FRAME_ALIGNMENT, &shown, dispatcher)
}

fn chunk(offset: i32, length_bytes: u32) -> ContextChunk {
    ContextChunk {
        offset,
        length_bytes,
    }
}

/// Has a thread make a call before it goes on; queueing has checked that the
/// process has a dispatcher for it.
pub(crate) fn call_apc(thread: &Ref<Thread>, frame: &mut TrapFrame, call: ApcCall) {
    let dispatcher = thread.process().entry_point(EntryPoint::Apc);
    let mut shown = ApcFrame::new_zeroed();
    shown.context = context::of_current(frame);
    let [first, second, third] = call.arguments;
    let [home1, home2, home3, home4, ..] = &mut shown.context.home;
    (*home1, *home2, *home3, *home4) = (first, second, third, call.routine);
    shown.machine_frame = machine_frame(&shown.context);
    let stack = shown.context.rsp;
    if enter(frame, stack, APC_FRAME_ALIGNMENT, &shown, dispatcher).is_err() {
        log::error!(
            "{} (process {}, thread {}) has no stack for an APC at {stack:#x}",
            thread.process().name(),
            thread.process().id(),
            thread.id(),
        );
        thread.process().end(NtStatus::ACCESS_VIOLATION.0);
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
