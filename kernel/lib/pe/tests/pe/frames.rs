//! Functions made by hand and stopped somewhere, for tests of unwinding.

use pe::PeView;
use pe::unwind::{Context, Step, UnwindError, step};

use crate::builder::*;

pub const BASE: u64 = 0x7FF6_0000_0000;
pub const STACK: u64 = 0x50_0000;
const STACK_WORDS: u64 = 0x4000;
/// Where the code and the unwind information of a test are.
pub const CODE_RVA: u32 = 0x1000;
pub const INFO_RVA: u32 = 0x3000;
/// The function is this long, so the byte behind its code is far from its end.
pub const END_RVA: u32 = 0x1100;

/// Registers by the processor's numbers.
pub const RBX: usize = 3;
pub const RSP: usize = 4;
pub const RBP: usize = 5;
pub const RSI: usize = 6;
pub const RDI: usize = 7;
pub const R12: usize = 12;
pub const R13: usize = 13;

/// What is stored at an address of the stack: not an address, and unique.
pub fn word(address: u64) -> Option<u64> {
    let offset = address.checked_sub(STACK)?;
    (offset < STACK_WORDS * 8).then_some(0xABCD_0000_0000 | offset)
}

/// An image of one section of code, one of unwind information and a table.
pub fn image(code: &[u8], info: &[u8], entries: &[[u32; 3]]) -> Vec<u8> {
    let mut builder = Builder::new();
    builder.sections[0].data[..code.len()].copy_from_slice(code);
    let info_rva = builder.add(section(".xdata", 0x1000, info.to_vec(), READ));
    assert_eq!(info_rva, INFO_RVA);
    if entries.is_empty() {
        return builder.build();
    }
    builder.add_directory(EXCEPTION, |_| {
        let words = entries.iter().flatten();
        words.flat_map(|word| word.to_le_bytes()).collect()
    });
    builder.build()
}

/// Registers that are all different, stopped at an offset from the base.
pub fn context(rva: u32) -> Context {
    let mut registers = std::array::from_fn(|number| 0x1111 * (number as u64 + 1));
    registers[RSP] = STACK;
    registers[RBP] = STACK + 0x100;
    Context {
        rip: BASE + u64::from(rva),
        registers,
        after_call: false,
    }
}

/// Unwind information: header and codes.
pub fn info(version_flags: u8, prologue_bytes: u8, frame: u8, codes: &[u16]) -> Vec<u8> {
    let mut bytes = vec![version_flags, prologue_bytes, codes.len() as u8, frame];
    bytes.extend(codes.iter().flat_map(|code| code.to_le_bytes()));
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// One slot: an operation with its parameter, done at `offset`.
pub const fn slot(offset: u8, operation: u8, parameter: u8) -> u16 {
    offset as u16 | (operation as u16) << 8 | (parameter as u16) << 12
}

pub type Outcome = Result<(Step, Context), UnwindError>;

/// One step from these registers; an error must leave them alone.
pub fn run(file: &[u8], context: Context) -> Outcome {
    run_with(file, context, word)
}

/// The same with another stack.
pub fn run_with(
    file: &[u8],
    mut context: Context,
    mut stack: impl FnMut(u64) -> Option<u64>,
) -> Outcome {
    let view = PeView::parse(file).unwrap();
    let before = context;
    let result = step(&view, BASE, &mut context, &mut stack);
    assert!(result.is_ok() || context == before, "changed by an error");
    if result.is_ok_and(|step| step != Step::MachineFrame) {
        assert!(context.rsp() > before.rsp() && context.after_call);
    }
    result.map(|step| (step, context))
}

/// Stops a function with this code and information `offset` bytes into it.
pub fn stop_at(offset: u32, code: &[u8], info: &[u8]) -> Outcome {
    let file = image(code, info, &[[CODE_RVA, END_RVA, INFO_RVA]]);
    run(&file, context(CODE_RVA + offset))
}

/// The context of `rva` after leaving with the return address at `return_at`,
/// and with these registers read from offsets in the stack.
pub fn caller(rva: u32, return_at: u64, restored: &[(usize, u64)]) -> Context {
    let mut wanted = context(rva);
    wanted.rip = word(STACK + return_at).unwrap();
    wanted.registers[RSP] = STACK + return_at + 8;
    wanted.after_call = true;
    for &(number, at) in restored {
        wanted.registers[number] = word(STACK + at).unwrap();
    }
    wanted
}
