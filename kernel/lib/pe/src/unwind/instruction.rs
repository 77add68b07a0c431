//! The instructions that epilogues consist of.

use super::{Context, RSP, UnwindError};

/// Longest of them that is decoded whole, in bytes.
pub(super) const MAX_BYTES: u32 = 8;

/// An instruction of an epilogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instruction {
    /// `add rsp, constant`
    Release { bytes: u64 },
    /// `lea rsp, [base + constant]`
    LoadStackPointer { base: u8, offset: u64 },
    /// `pop register`
    Pop { register: u8 },
    /// `ret`
    Return,
    /// `jmp` to a place that many bytes behind this instruction.
    Jump { distance: i32 },
    /// `jmp` through a register or memory.
    JumpIndirect,
}

impl Instruction {
    /// Decodes the instruction `code` begins with, and tells its length; for
    /// an indirect jump only that of its opcode.
    pub fn decode(code: &[u8]) -> Option<(Self, u32)> {
        Some(match *code {
            [0x48, 0x83, 0xC4, byte, ..] => (
                Self::Release {
                    bytes: extend(byte),
                },
                4,
            ),
            [0x48, 0x81, 0xC4, a, b, c, d, ..] => (
                Self::Release {
                    bytes: extend4([a, b, c, d]),
                },
                7,
            ),
            [rex @ (0x48 | 0x49), 0x8D, ref rest @ ..] => {
                let (instruction, bytes) = load_stack_pointer(rex & 1, rest)?;
                (instruction, bytes.saturating_add(2))
            }
            [pop @ 0x58..=0x5F, ..] => (popped(0, pop)?, 1),
            [rex @ 0x40..=0x4F, pop @ 0x58..=0x5F, ..] => (popped(rex & 1, pop)?, 2),
            [0xC3, ..] => (Self::Return, 1),
            [0xF2 | 0xF3, 0xC3, ..] => (Self::Return, 2),
            [0xC2, _, _, ..] => (Self::Return, 3),
            [0xEB, byte, ..] => (
                Self::Jump {
                    distance: i32::from(byte.cast_signed()),
                },
                2,
            ),
            [0xE9, a, b, c, d, ..] => (
                Self::Jump {
                    distance: i32::from_le_bytes([a, b, c, d]),
                },
                5,
            ),
            [0xFF, operands, ..] if is_jump(operands) => (Self::JumpIndirect, 2),
            [0x40..=0x4F, 0xFF, operands, ..] if is_jump(operands) => (Self::JumpIndirect, 3),
            _ => return None,
        })
    }

    /// Does what the instruction would; those that end an epilogue do nothing.
    pub fn carry_out(
        self,
        context: &mut Context,
        stack: &mut impl FnMut(u64) -> Option<u64>,
    ) -> Result<(), UnwindError> {
        match self {
            Self::Release { bytes } => context.release(bytes),
            Self::LoadStackPointer { base, offset } => {
                context.set(RSP, context.register(base).wrapping_add(offset));
            }
            Self::Pop { register } => {
                let value = context.pop(stack)?;
                context.set(register, value);
            }
            Self::Return | Self::Jump { .. } | Self::JumpIndirect => {}
        }
        Ok(())
    }
}

/// `lea rsp, [base + constant]` behind its opcode (Intel SDM volume 2, 2.1.5).
fn load_stack_pointer(high: u8, code: &[u8]) -> Option<(Instruction, u32)> {
    let (&operands, code) = code.split_first()?;
    let (mode, to, low) = (operands >> 6, (operands >> 3) & 7, operands & 7);
    let base = (high << 3) | low;
    let (code, before) = match (low, code) {
        // A second byte says: no index, the same base.
        (4, [0x24, rest @ ..]) => (rest, 2),
        (4, _) => return None,
        _ => (code, 1),
    };
    let (offset, bytes) = match (mode, code) {
        (0, _) if low != 5 => (0, 0),
        (1, &[byte, ..]) => (extend(byte), 1),
        (2, &[a, b, c, d, ..]) => (extend4([a, b, c, d]), 4),
        _ => return None,
    };
    let length = u32::saturating_add(before, bytes);
    (to == RSP).then_some((Instruction::LoadStackPointer { base, offset }, length))
}

/// Popping the stack pointer is not for epilogues.
fn popped(high: u8, pop: u8) -> Option<Instruction> {
    let register = (high << 3) | (pop & 7);
    (register != RSP).then_some(Instruction::Pop { register })
}

/// Opcode FF is a near jump if the middle bits of the next byte say 4.
fn is_jump(operands: u8) -> bool {
    (operands >> 3) & 7 == 4
}

fn extend(byte: u8) -> u64 {
    i64::from(byte.cast_signed()).cast_unsigned()
}

fn extend4(bytes: [u8; 4]) -> u64 {
    i64::from(i32::from_le_bytes(bytes)).cast_unsigned()
}
