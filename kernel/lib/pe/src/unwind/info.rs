//! Unwind information (UNWIND_INFO) and its codes (UNWIND_CODE).

use super::{RSP, UnwindError};
use crate::records::{RuntimeFunction, record};
use crate::{FunctionEntry, PeView};

const HEADER_BYTES: u32 = 4;
const SLOT_BYTES: u32 = 2;
/// UNW_FLAG_CHAININFO, in the bits above the version.
const CHAINED: u8 = 4;
/// Bit 0 of a function entry's reference: it leads to another entry.
const INDIRECT: u32 = 1;

/// What one function, or part of one, did to registers and stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnwindInfo<'a> {
    pub rva: u32,
    version: u8,
    pub prologue_bytes: u8,
    pub frame: Option<Frame>,
    codes: &'a [u8],
    /// The part of the function whose prologue ran before.
    pub parent: Option<FunctionEntry>,
}

/// The register that keeps the place of the stack frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub register: u8,
    /// How far it points above the frame's lowest address.
    pub offset_bytes: u64,
}

/// One unwind code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    /// End of the instruction that did it, from the start of the function.
    pub offset: u8,
    pub operation: Operation,
}

/// What the prologue did. Saved SSE registers are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Push { register: u8 },
    Allocate { bytes: u64 },
    SetFrame,
    Save { register: u8, offset_bytes: u64 },
    SaveXmm,
    MachineFrame { has_error_code: bool },
    Epilogue { info: u8 },
    Spare,
}

impl<'a> UnwindInfo<'a> {
    /// Reads the information that a function entry refers to.
    pub fn read(view: &PeView<'a>, entry: FunctionEntry) -> Result<Self, UnwindError> {
        let rva = entry.unwind_rva;
        if rva & INDIRECT != 0 {
            return Ok(Self {
                rva,
                version: 1,
                prologue_bytes: 0,
                frame: None,
                codes: &[],
                parent: Some(read_entry(view, rva & !INDIRECT)?),
            });
        }
        let header = data(view, rva, HEADER_BYTES)?;
        let &[version_flags, prologue_bytes, slot_count, frame] = header else {
            return Err(UnwindError::InfoOutsideImage { rva });
        };
        let version = version_flags & 7;
        if !matches!(version, 1 | 2) {
            return Err(UnwindError::UnknownVersion { rva, version });
        }
        let slots_rva = rva.saturating_add(HEADER_BYTES);
        let slot_count = u32::from(slot_count);
        let parent_rva =
            slots_rva.saturating_add(SLOT_BYTES.saturating_mul(slot_count.next_multiple_of(2)));
        let is_chained = (version_flags >> 3) & CHAINED != 0;
        Ok(Self {
            rva,
            version,
            prologue_bytes,
            frame: (frame & 0xF != 0).then_some(Frame {
                register: frame & 0xF,
                offset_bytes: u64::from(frame & 0xF0),
            }),
            codes: data(view, slots_rva, SLOT_BYTES.saturating_mul(slot_count))?,
            parent: match is_chained {
                true => Some(read_entry(view, parent_rva)?),
                false => None,
            },
        })
    }

    /// The codes, last operation of the prologue first.
    pub fn codes(&self) -> Codes<'a> {
        Codes {
            info_rva: self.rva,
            version: self.version,
            slots: self.codes,
        }
    }

    /// Whether version 2 lists an epilogue at `rva`, and how many bytes of it
    /// are left; its last instruction counts as one byte. All epilogues of
    /// `entry` have the same size, which the first such code holds.
    pub fn listed_epilogue(&self, entry: FunctionEntry, rva: u32) -> Option<u32> {
        let mut codes = self.codes().map_while(|code| match code {
            Ok(Code {
                offset,
                operation: Operation::Epilogue { info },
            }) => Some((offset, info)),
            _ => None,
        });
        let (size, flags) = codes.next()?;
        let at_end = (flags & 1 != 0).then_some(u32::from(size));
        let others = codes.map(|(low, high)| u32::from(low) | u32::from(high) << 8);
        at_end.into_iter().chain(others).find_map(|before_end| {
            let start = entry
                .end_rva
                .checked_sub(before_end)
                .filter(|_| before_end != 0)?;
            let done = rva.checked_sub(start)?;
            u32::from(size).checked_sub(done).filter(|&left| left > 0)
        })
    }
}

/// Iterates over codes; ends behind the first error.
pub(super) struct Codes<'a> {
    info_rva: u32,
    version: u8,
    slots: &'a [u8],
}

impl Iterator for Codes<'_> {
    type Item = Result<Code, UnwindError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&[offset, code], rest) = self.slots.split_first_chunk()?;
        self.slots = rest;
        let operation = self.operation(code);
        if operation.is_none() {
            self.slots = &[];
        }
        let error = UnwindError::BadCode {
            rva: self.info_rva,
            code,
        };
        Some(
            operation
                .map(|operation| Code { offset, operation })
                .ok_or(error),
        )
    }
}

impl Codes<'_> {
    fn operation(&mut self, code: u8) -> Option<Operation> {
        let info = code >> 4;
        Some(match (code & 0xF, info) {
            (0, _) => Operation::Push {
                register: not_rsp(info)?,
            },
            (1, 0) => Operation::Allocate {
                bytes: self.word(8)?,
            },
            (1, 1) => Operation::Allocate {
                bytes: self.two_words()?,
            },
            (2, _) => Operation::Allocate {
                bytes: u64::from(info).wrapping_add(1).wrapping_mul(8),
            },
            (3, _) => Operation::SetFrame,
            (4, _) => Operation::Save {
                register: not_rsp(info)?,
                offset_bytes: self.word(8)?,
            },
            (5, _) => Operation::Save {
                register: not_rsp(info)?,
                offset_bytes: self.two_words()?,
            },
            (6, _) if self.version == 2 => Operation::Epilogue { info },
            (7, _) if self.version == 2 => self.two_words().map(|_| Operation::Spare)?,
            (8, _) => self.word(16).map(|_| Operation::SaveXmm)?,
            (9, _) => self.two_words().map(|_| Operation::SaveXmm)?,
            (10, 0 | 1) => Operation::MachineFrame {
                has_error_code: info == 1,
            },
            _ => return None,
        })
    }

    /// The next slot, a number in units of `unit_bytes`.
    fn word(&mut self, unit_bytes: u64) -> Option<u64> {
        let (&bytes, rest) = self.slots.split_first_chunk()?;
        self.slots = rest;
        Some(u64::from(u16::from_le_bytes(bytes)).wrapping_mul(unit_bytes))
    }

    /// The next two slots, a number of bytes.
    fn two_words(&mut self) -> Option<u64> {
        let (&bytes, rest) = self.slots.split_first_chunk()?;
        self.slots = rest;
        Some(u64::from(u32::from_le_bytes(bytes)))
    }
}

/// A register that may be saved: the stack pointer may not.
fn not_rsp(register: u8) -> Option<u8> {
    (register != RSP).then_some(register)
}

fn read_entry(view: &PeView<'_>, rva: u32) -> Result<FunctionEntry, UnwindError> {
    let bytes = data(view, rva, size_of::<RuntimeFunction>() as u32)?;
    let entry: &RuntimeFunction = record(bytes, 0).ok_or(UnwindError::InfoOutsideImage { rva })?;
    Ok(FunctionEntry::from(entry))
}

/// Bytes of the image, which may be none.
fn data<'a>(view: &PeView<'a>, rva: u32, bytes: u32) -> Result<&'a [u8], UnwindError> {
    match bytes {
        0 => Ok(&[]),
        _ => view
            .data(rva, bytes)
            .ok_or(UnwindError::InfoOutsideImage { rva }),
    }
}
