//! Unwinding: from the registers in a function to those in its caller.
//!
//! [`step`] does one frame by the image's function table (`.pdata`) and unwind
//! information (`.xdata`). It reads the stack through the caller's function
//! only, allocates nothing, and does bounded work whatever the bytes are.
//!
//! Facts come from Microsoft's "x64 exception handling" and "x64 prolog and
//! epilog" pages; of version 2 from the description of LLVM's "unwind v2".
//! - `info` reads unwind information, `undo` takes its operations back;
//! - `epilogue` finds what is left of an epilogue, `instruction` decodes it.

mod epilogue;
mod error;
mod info;
mod instruction;
mod undo;

pub use error::UnwindError;

use crate::{PAGE_BYTES, PeView};

/// Number of rsp in the encoding of registers.
const RSP: u8 = 4;
/// Size of a stack word.
const WORD_BYTES: u64 = 8;

/// Integer registers of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The next instruction of the frame.
    pub rip: u64,
    /// By the processor's numbers: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8
    /// to r15. Volatile ones keep the values of the first frame.
    pub registers: [u64; 16],
    /// Whether `rip` is where a call returns to. Not so in the first frame and
    /// after a machine frame, where any instruction may be the next.
    pub after_call: bool,
}

impl Context {
    /// The stack pointer.
    pub fn rsp(&self) -> u64 {
        self.register(RSP)
    }

    fn register(&self, number: u8) -> u64 {
        let found = self.registers.get(usize::from(number));
        found.copied().unwrap_or_default()
    }

    fn set(&mut self, number: u8, value: u64) {
        if let Some(register) = self.registers.get_mut(usize::from(number)) {
            *register = value;
        }
    }

    fn release(&mut self, bytes: u64) {
        self.set(RSP, self.rsp().wrapping_add(bytes));
    }

    fn pop(&mut self, stack: &mut impl FnMut(u64) -> Option<u64>) -> Result<u64, UnwindError> {
        let value = read(stack, self.rsp())?;
        self.release(WORD_BYTES);
        Ok(value)
    }

    /// Leaves the function: the return address is on top of the stack.
    fn leave(&mut self, stack: &mut impl FnMut(u64) -> Option<u64>) -> Result<(), UnwindError> {
        self.rip = self.pop(stack)?;
        self.after_call = true;
        Ok(())
    }
}

/// How the caller was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By unwind information: the whole prologue was undone.
    Body,
    /// By unwind information: the executed part of the prologue was undone.
    Prologue,
    /// By carrying out the rest of an epilogue, which may be a jump away.
    Epilogue,
    /// The function has no unwind information: it leaves the stack alone.
    Leaf,
    /// By a machine frame: the caller was interrupted before its `rip`.
    MachineFrame,
}

/// Turns the registers of a frame whose code lies in the image at `base` into
/// those of its caller. `stack` reads the word at an address, if there is one.
///
/// An error says why the chain ends here, and leaves `context` as it was. The
/// stack pointer grows with every step but [`Step::MachineFrame`], so only
/// these may lead in circles: limit the number of frames.
pub fn step(
    view: &PeView<'_>,
    base: u64,
    context: &mut Context,
    stack: &mut impl FnMut(u64) -> Option<u64>,
) -> Result<Step, UnwindError> {
    let mut caller = *context;
    let rva = rva_of(view, base, context)?;
    let step = if context.after_call {
        undo_call(view, rva, &mut caller, stack)?
    } else {
        undo_any(view, rva, &mut caller, stack)?
    };
    if step != Step::MachineFrame && caller.rsp() <= context.rsp() {
        return Err(UnwindError::StackNotAscending {
            from: context.rsp(),
            to: caller.rsp(),
        });
    }
    *context = caller;
    Ok(step)
}

/// Where `rip` is in the image, if that is code. A call at the very end of a
/// function returns to behind it, so the call counts.
fn rva_of(view: &PeView<'_>, base: u64, context: &Context) -> Result<u32, UnwindError> {
    let outside = UnwindError::NotCode { rip: context.rip };
    let rva = context.rip.checked_sub(base).ok_or(outside)?;
    let rva = u32::try_from(rva).map_err(|_| outside)?;
    let place = rva.checked_sub(context.after_call.into()).ok_or(outside)?;
    let segment = view.layout.segment_at(place.div_euclid(PAGE_BYTES));
    segment
        .filter(|segment| segment.protection.execute)
        .map(|_| rva)
        .ok_or(outside)
}

/// A frame that waits for a call: never in an epilogue, never a leaf.
fn undo_call(
    view: &PeView<'_>,
    rva: u32,
    context: &mut Context,
    stack: &mut impl FnMut(u64) -> Option<u64>,
) -> Result<Step, UnwindError> {
    let entry = view
        .function_entry(rva.wrapping_sub(1))
        .ok_or(UnwindError::NoUnwindInfo { rva })?;
    undo::prologue(view, entry, rva, context, stack)
}

/// A frame that was stopped before any instruction.
fn undo_any(
    view: &PeView<'_>,
    rva: u32,
    context: &mut Context,
    stack: &mut impl FnMut(u64) -> Option<u64>,
) -> Result<Step, UnwindError> {
    let Some(entry) = view.function_entry(rva) else {
        context.leave(stack)?;
        return Ok(Step::Leaf);
    };
    let rest = epilogue::rest(view, entry, rva)?;
    for &instruction in rest.instructions() {
        instruction.carry_out(context, stack)?;
    }
    let Some(arrival) = rest.arrival else {
        context.leave(stack)?;
        return Ok(Step::Epilogue);
    };
    let step = match view.function_entry(arrival) {
        Some(entry) => undo::prologue(view, entry, arrival, context, stack)?,
        None => context.leave(stack).map(|()| Step::Leaf)?,
    };
    let is_elsewhere = arrival != rva && step != Step::MachineFrame;
    Ok(if is_elsewhere { Step::Epilogue } else { step })
}

/// Reads one word of the stack.
fn read(stack: &mut impl FnMut(u64) -> Option<u64>, address: u64) -> Result<u64, UnwindError> {
    stack(address).ok_or(UnwindError::StackUnreadable { address })
}
