//! A third opinion on unwinding, for where framehop is known to be wrong: the
//! documented rules for epilogues, over iced-x86. What they leave to unwind
//! codes is framehop's.

use iced_x86::{Instruction, Mnemonic, OpKind, Register};
use pe::unwind::Context;

use crate::unwind_reference::{BASE, Reference, word};

const RSP: usize = 4;
/// More instructions than an epilogue has.
const LIMIT: usize = 24;

/// Where framehop 0.16 is wrong about which code is an epilogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unlike {
    /// A direct jump inside of the function: taken for the end of an epilogue,
    /// though the documents know no direct jumps there.
    InsideJump,
    /// A direct jump to or from a part of the function that lies elsewhere,
    /// with the stack frame in place: the same.
    OutsideJump,
    /// A jump through a register, or memory with a displacement, with the prefix
    /// by which compilers mark that it leaves the function: not taken for the
    /// end of an epilogue.
    MarkedJump,
    /// The same without that prefix, but directly behind the instruction that
    /// releases the frame, as in thunks that load a DLL at its first call. The
    /// documents do not allow it, yet no other meaning is possible.
    PlainJump,
    /// An epilogue that reaches into the next entry of the function table, as
    /// part of the same function: not seen.
    NextPart,
    /// `ret` with an operand or a prefix: not known.
    Return,
    /// `lea rsp` with a negative offset of one byte: taken for positive.
    NegativeOffset,
    /// `add r12` or `lea r12` before a jump: taken for `add rsp` and `lea rsp`,
    /// which differ from them only in the prefix.
    Prefix,
}

impl Reference {
    /// What the documents say about a stopped frame, and what framehop may do
    /// differently there. `previous` is where the instruction before is.
    pub fn unwind_by_rules(
        &mut self,
        context: Context,
        mut previous: Option<u32>,
    ) -> (Context, Option<Unlike>) {
        let mut state = context;
        let mut arrival = context;
        let mut unlike = None;
        let part_of = |entry: [u32; 3]| [entry[0], entry[1]];
        let mut part = self.entry((state.rip - BASE) as u32).map(part_of);
        for _ in 0..LIMIT {
            let rva = (state.rip - BASE) as u32;
            let Some([begin, end, _]) = self.entry(rva) else {
                break;
            };
            if part.replace([begin, end]) != Some([begin, end]) {
                unlike = unlike.or(Some(Unlike::NextPart));
            }
            let (known, length) = self.known(rva, end);
            match known {
                Known::PlainReturn | Known::JumpThroughMemory => return (left(state), unlike),
                Known::Return => return (left(state), unlike.or(Some(Unlike::Return))),
                Known::MarkedJump => {
                    return (left(state), unlike.or(Some(Unlike::MarkedJump)));
                }
                Known::PlainJump if self.is_released(previous, state) => {
                    return (left(state), unlike.or(Some(Unlike::PlainJump)));
                }
                Known::Jump { rva } => {
                    state.rip = BASE + u64::from(rva);
                    previous = None;
                    if (begin..end).contains(&rva) {
                        unlike = unlike.or(Some(Unlike::InsideJump));
                    } else {
                        unlike = unlike.or(Some(Unlike::OutsideJump));
                        arrival = state;
                    }
                    continue;
                }
                Known::Pop { register } => {
                    state.registers[register] = word(state.registers[RSP]);
                    state.registers[RSP] += 8;
                }
                Known::StackPointer { register, offset } => {
                    state.registers[RSP] = state.registers[register].wrapping_add(offset);
                    if offset.cast_signed() < 0 {
                        unlike = unlike.or(Some(Unlike::NegativeOffset));
                    }
                }
                Known::NearStackPointer => {
                    unlike = unlike.or(Some(Unlike::Prefix));
                    break;
                }
                Known::PlainJump | Known::Other => break,
            }
            previous = Some(rva);
            state.rip += u64::from(length);
        }
        (self.undo(arrival), unlike)
    }

    /// Whether the previous instruction left nothing on the stack but the
    /// return address: the codes say so of the place before it.
    fn is_released(&mut self, previous: Option<u32>, state: Context) -> bool {
        let Some(previous) = previous else {
            return false;
        };
        let [_, end, _] = self.entry(previous).unwrap();
        let bytes = match self.known(previous, end).0 {
            Known::Pop { .. } => 8,
            Known::StackPointer {
                register: RSP,
                offset,
            } => offset,
            _ => return false,
        };
        let mut before = state;
        before.rip = BASE + u64::from(previous);
        before.registers[RSP] -= bytes;
        self.undo(before).registers[RSP] == state.registers[RSP] + 8
    }

    /// The instruction at `rva` and its length.
    fn known(&self, rva: u32, end_rva: u32) -> (Known, u32) {
        let instruction = self.decoder(rva, end_rva).decode();
        let code = &self.memory[rva as usize..][..instruction.len()];
        let [.., info] = self.entry(rva).unwrap();
        let frame = self.memory[info as usize + 3] & 15;
        let known = Known::from(&instruction, code, frame);
        (known, instruction.len() as u32)
    }
}

fn left(mut state: Context) -> Context {
    state.rip = word(state.registers[RSP]);
    state.registers[RSP] += 8;
    state.after_call = true;
    state
}

/// Instructions of epilogues.
enum Known {
    /// `ret` alone, and with an operand or prefix.
    PlainReturn,
    Return,
    Jump {
        rva: u32,
    },
    JumpThroughMemory,
    /// Another indirect jump, with the prefix REX.W or without.
    MarkedJump,
    PlainJump,
    Pop {
        register: usize,
    },
    StackPointer {
        register: usize,
        offset: u64,
    },
    /// The same with r12 in the place of rsp.
    NearStackPointer,
    Other,
}

impl Known {
    fn from(instruction: &Instruction, code: &[u8], frame: u8) -> Self {
        let to = instruction.op0_register();
        let has_rex_w = code[0] & 0xF8 == 0x48;
        match (
            instruction.mnemonic(),
            instruction.op0_kind(),
            instruction.op1_kind(),
        ) {
            (Mnemonic::Ret, ..) if code.len() == 1 => Self::PlainReturn,
            (Mnemonic::Ret, ..) => Self::Return,
            (Mnemonic::Jmp, OpKind::NearBranch64, _) => Self::Jump {
                rva: instruction.near_branch64() as u32,
            },
            (Mnemonic::Jmp, OpKind::Memory, _) if is_without_displacement(code) => {
                Self::JumpThroughMemory
            }
            (Mnemonic::Jmp, ..) if has_rex_w => Self::MarkedJump,
            (Mnemonic::Jmp, ..) => Self::PlainJump,
            (Mnemonic::Pop, OpKind::Register, _) if to.is_gpr64() && to != Register::RSP => {
                Self::Pop {
                    register: to.number(),
                }
            }
            (Mnemonic::Add, OpKind::Register, kind)
                if to == Register::RSP && kind != OpKind::Register && kind != OpKind::Memory =>
            {
                Self::StackPointer {
                    register: RSP,
                    offset: instruction.immediate(1),
                }
            }
            (Mnemonic::Lea, ..) if to == Register::RSP && is_from(instruction, frame) => {
                Self::StackPointer {
                    register: frame.into(),
                    offset: instruction.memory_displacement64(),
                }
            }
            (Mnemonic::Add | Mnemonic::Lea, ..) if to == Register::R12 => Self::NearStackPointer,
            _ => Self::Other,
        }
    }
}

/// Whether the two upper bits behind opcode FF are 0: that is how an epilogue
/// may jump through memory.
fn is_without_displacement(code: &[u8]) -> bool {
    let opcode = code.iter().position(|&byte| byte == 0xFF).unwrap();
    code[opcode + 1] >> 6 == 0
}

fn is_from(lea: &Instruction, frame: u8) -> bool {
    let base = lea.memory_base();
    frame != 0
        && lea.memory_index() == Register::None
        && base.is_gpr64()
        && base.number() == frame.into()
}
