//! Taking back what a prologue did, by the codes that describe it.

use super::info::{Code, Operation, UnwindInfo};
use super::{Context, RSP, Step, UnwindError, read};
use crate::{FunctionEntry, PeView};

/// More parts than compilers split a function into along one path.
const MAX_CHAINED: usize = 32;
/// Offsets in a machine frame; an error code moves them up.
const MACHINE_RSP: u64 = 24;
const ERROR_CODE_BYTES: u64 = 8;

/// Undoes the part of the prologue that ran before `rva`, then leaves. What
/// ran follows from the codes' offsets alone: there is hand-written code that
/// states a prologue shorter than its codes tell.
pub(super) fn prologue(
    view: &PeView<'_>,
    entry: FunctionEntry,
    rva: u32,
    context: &mut Context,
    stack: &mut impl FnMut(u64) -> Option<u64>,
) -> Result<Step, UnwindError> {
    let mut info = UnwindInfo::read(view, entry)?;
    let mut executed = rva.saturating_sub(entry.begin_rva);
    let is_prologue = executed <= info.prologue_bytes.into();
    for _ in 0..MAX_CHAINED {
        if undo(&info, executed, context, stack)? {
            return Ok(Step::MachineFrame);
        }
        let Some(parent) = info.parent else {
            context.leave(stack)?;
            return Ok(if is_prologue {
                Step::Prologue
            } else {
                Step::Body
            });
        };
        info = UnwindInfo::read(view, parent)?;
        executed = u32::MAX;
    }
    Err(UnwindError::TooManyChained { rva: info.rva })
}

/// The first operation of a function, which its epilogues undo last.
pub(super) fn first_operation(
    view: &PeView<'_>,
    entry: FunctionEntry,
) -> Result<Option<Operation>, UnwindError> {
    let mut info = UnwindInfo::read(view, entry)?;
    for _ in 0..MAX_CHAINED {
        let Some(parent) = info.parent else {
            let last = info.codes().last().transpose()?;
            return Ok(last.map(|code| code.operation));
        };
        info = UnwindInfo::read(view, parent)?;
    }
    Err(UnwindError::TooManyChained { rva: info.rva })
}

/// Undoes the operations that end at or before `executed` bytes; tells whether
/// they led to a machine frame, which ends the function.
fn undo(
    info: &UnwindInfo<'_>,
    executed: u32,
    context: &mut Context,
    stack: &mut impl FnMut(u64) -> Option<u64>,
) -> Result<bool, UnwindError> {
    // Offsets count from the lowest address of the fixed allocation.
    let lowest = match info.frame {
        Some(frame) => context
            .register(frame.register)
            .wrapping_sub(frame.offset_bytes),
        None => context.rsp(),
    };
    // Lists of epilogues stand first and use the offset for something else.
    let is_ahead = |code: &Result<Code, _>| {
        code.as_ref().is_ok_and(|code| {
            let is_list = matches!(code.operation, Operation::Epilogue { .. });
            is_list || u32::from(code.offset) > executed
        })
    };
    for code in info.codes().skip_while(is_ahead) {
        match code?.operation {
            Operation::Push { register } => {
                let value = context.pop(stack)?;
                context.set(register, value);
            }
            Operation::Allocate { bytes } => context.release(bytes),
            Operation::SetFrame => context.set(RSP, lowest),
            Operation::Save {
                register,
                offset_bytes,
            } => {
                let value = read(stack, lowest.wrapping_add(offset_bytes))?;
                context.set(register, value);
            }
            Operation::MachineFrame { has_error_code } => {
                if has_error_code {
                    context.release(ERROR_CODE_BYTES);
                }
                context.rip = read(stack, context.rsp())?;
                let rsp = read(stack, context.rsp().wrapping_add(MACHINE_RSP))?;
                context.set(RSP, rsp);
                context.after_call = false;
                return Ok(true);
            }
            Operation::SaveXmm | Operation::Epilogue { .. } | Operation::Spare => {}
        }
    }
    Ok(false)
}
