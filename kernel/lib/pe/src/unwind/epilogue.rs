//! Finding out whether an epilogue is being executed, from the code ahead.
//!
//! Carrying out what certainly comes next is right wherever it stands: so pops
//! up to a return are followed, direct jumps too. Where a jump leaves the
//! function and does not meet the rest of an epilogue, the stack is that of
//! the place it leads to. Only an indirect jump may mean two things, a call in
//! tail position or a switch: it ends an epilogue if the stack was restored
//! directly before.

use super::info::{Operation, UnwindInfo};
use super::instruction::{Instruction, MAX_BYTES};
use super::{UnwindError, undo};
use crate::{FunctionEntry, PeView};

/// More than the registers there are, plus releases and jumps.
const MAX_INSTRUCTIONS: usize = 24;

/// What comes next for certain.
pub(super) struct Rest {
    list: [Instruction; MAX_INSTRUCTIONS],
    count: usize,
    /// Where execution arrives then; nowhere if the function is left.
    pub arrival: Option<u32>,
}

impl Rest {
    /// The instructions to carry out, in order.
    pub fn instructions(&self) -> &[Instruction] {
        self.list.get(..self.count).unwrap_or_default()
    }

    fn push(&mut self, instruction: Instruction) {
        if let Some(to) = self.list.get_mut(self.count) {
            *to = instruction;
            self.count = self.count.saturating_add(1);
        }
    }
}

/// Follows the code from `rva` on, which `entry` covers.
pub(super) fn rest(view: &PeView<'_>, entry: FunctionEntry, rva: u32) -> Result<Rest, UnwindError> {
    let mut rest = follow(view, entry, rva)?;
    if let Some(left) = UnwindInfo::read(view, entry)?.listed_epilogue(entry, rva) {
        // One byte stands for the last instruction, whatever it is.
        if left == 1 {
            rest.count = 0;
            rest.arrival = None;
        } else if rest.arrival.is_some() && rest.count == 0 {
            return Err(UnwindError::BadEpilogue { rva });
        }
    }
    Ok(rest)
}

fn follow(view: &PeView<'_>, mut entry: FunctionEntry, rva: u32) -> Result<Rest, UnwindError> {
    let mut rest = Rest {
        list: [Instruction::Return; MAX_INSTRUCTIONS],
        count: 0,
        arrival: Some(rva),
    };
    // How many instructions lead to `arrival`, the last place outside.
    let mut count_at_arrival = 0;
    let mut at = rva;
    for _ in 0..MAX_INSTRUCTIONS {
        // An epilogue may reach from one part of a function into the next.
        if !covers(entry, at) {
            let Some(next) = view.function_entry(at) else {
                break;
            };
            entry = next;
        }
        let Some((instruction, length)) = decode(view, entry, at)? else {
            break;
        };
        let next = at.wrapping_add(length);
        match instruction {
            Instruction::Return => {
                rest.arrival = None;
                return Ok(rest);
            }
            Instruction::JumpIndirect => {
                if rest.count > count_at_arrival || is_restored(view, entry, at)? {
                    rest.arrival = None;
                    return Ok(rest);
                }
                break;
            }
            Instruction::Jump { distance } => {
                at = next.wrapping_add_signed(distance);
                if !covers(entry, at) {
                    rest.arrival = Some(at);
                    count_at_arrival = rest.count;
                }
            }
            _ => {
                rest.push(instruction);
                at = next;
            }
        }
    }
    rest.count = count_at_arrival;
    Ok(rest)
}

fn covers(entry: FunctionEntry, rva: u32) -> bool {
    (entry.begin_rva..entry.end_rva).contains(&rva)
}

/// The instruction at `rva` if it is one for epilogues of this function.
fn decode(
    view: &PeView<'_>,
    entry: FunctionEntry,
    rva: u32,
) -> Result<Option<(Instruction, u32)>, UnwindError> {
    let left = entry.end_rva.saturating_sub(rva);
    let code = view.data(rva, left.min(MAX_BYTES)).unwrap_or_default();
    let decoded = Instruction::decode(code);
    if let Some((Instruction::LoadStackPointer { base, .. }, _)) = decoded {
        let frame = UnwindInfo::read(view, entry)?.frame;
        return Ok(decoded.filter(|_| frame.is_some_and(|frame| frame.register == base)));
    }
    Ok(decoded)
}

/// Whether the instruction before `rva` undoes the first of the prologue.
fn is_restored(view: &PeView<'_>, entry: FunctionEntry, rva: u32) -> Result<bool, UnwindError> {
    let Some(first) = undo::first_operation(view, entry)? else {
        return Ok(true);
    };
    let is_before = |bytes: u32, wanted: Instruction| {
        let start = rva.saturating_sub(bytes);
        let code = view.data(start, bytes).unwrap_or_default();
        Instruction::decode(code) == Some((wanted, bytes))
    };
    let any = |wanted, lengths: &[u32]| lengths.iter().any(|&bytes| is_before(bytes, wanted));
    Ok(match first {
        Operation::Push { register } => any(Instruction::Pop { register }, &[1, 2]),
        Operation::Allocate { bytes } => any(Instruction::Release { bytes }, &[4, 7]),
        _ => false,
    })
}
