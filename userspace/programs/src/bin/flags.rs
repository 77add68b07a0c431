//! Flags that would harm the kernel: cleared in it, kept for the program.
#![no_std]
#![no_main]
nt::program!("flags", main);

use abi::io::IoStatusBlock;
use abi::services::numbers::{NtQuerySystemInformation, NtWriteFile, NtYieldExecution};
use nt::probe::{Action, RAX, Registers, probe};
use nt::{NtStatus, Program};
use zerocopy::FromZeros;

const DIRECTION: u64 = 1 << 10;
const NESTED_TASK: u64 = 1 << 14;
const ALIGNMENT_CHECK: u64 = 1 << 18;
const IDENTIFICATION: u64 = 1 << 21;
const INTERRUPTS: u64 = 1 << 9;
/// Interrupts on, and the bit that is always set.
const BASE: u64 = 0x202;
const ROUNDS: u64 = 3_000_000;

fn main(program: &Program) {
    let all = DIRECTION | NESTED_TASK | ALIGNMENT_CHECK | IDENTIFICATION;
    for flags in [
        0,
        DIRECTION,
        NESTED_TASK,
        ALIGNMENT_CHECK,
        IDENTIFICATION,
        all,
    ] {
        yields(program, flags);
        copies_in(program, flags);
        copies_out(program, flags);
        counts(program, flags);
    }
}

fn registers(flags: u64) -> Registers {
    Registers {
        general: [0; 16],
        vector: [0; 16],
        flags: BASE | flags,
        mxcsr: abi::entry::INITIAL_MXCSR.into(),
    }
}

fn run(program: &Program, before: &Registers, stack: [u64; 5], action: Action) -> NtStatus {
    // SAFETY: callers' calls read and write their own variables.
    let after = unsafe { probe(before, stack, action) };
    let kept = DIRECTION | NESTED_TASK | ALIGNMENT_CHECK | IDENTIFICATION | INTERRUPTS;
    program.check("flags afterwards", after.flags & kept, before.flags & kept);
    NtStatus(after.general[RAX] as u32)
}

fn yields(program: &Program, flags: u64) {
    let mut before = registers(flags);
    before.general[RAX] = NtYieldExecution.into();
    let status = run(program, &before, [0; 5], Action::Call);
    program.require("yield succeeds", status.is_success());
}

/// Prints a line: a copy in the wrong direction would show.
fn copies_in(program: &Program, flags: u64) {
    const LINE: &str = "flags: written with a flag set\n";
    let mut before = registers(flags);
    let mut result = IoStatusBlock::new_zeroed();
    before.general[RAX] = NtWriteFile.into();
    before.general[10] = nt::program::parameters().standard_output;
    let stack = [
        &raw mut result as u64,
        LINE.as_ptr() as u64,
        LINE.len() as u64,
        0,
        0,
    ];
    let status = run(program, &before, stack, Action::Call);
    program.check(
        "write",
        (status, result.information),
        (NtStatus::SUCCESS, LINE.len() as u64),
    );
}

/// Receives a structure: a copy in the wrong direction would leave it empty.
fn copies_out(program: &Program, flags: u64) {
    let mut before = registers(flags);
    let mut buffer = [[0xAA_u8; 0x138]; 3];
    before.general[RAX] = NtQuerySystemInformation.into();
    before.general[10] = abi::system::SYSTEM_PERFORMANCE_INFORMATION.into();
    before.general[2] = &raw mut buffer[1] as u64;
    before.general[8] = 0x138;
    let status = run(program, &before, [0; 5], Action::Call);
    program.check("query", status, NtStatus::SUCCESS);
    let [below, structure, above] = buffer;
    program.require(
        "bytes around it",
        below == [0xAA; 0x138] && above == [0xAA; 0x138],
    );
    program.require("it was written", structure != [0xAA; 0x138]);
}

/// Interrupts come with the flag set.
fn counts(program: &Program, flags: u64) {
    let mut before = registers(flags);
    before.general[15] = ROUNDS;
    run(program, &before, [0; 5], Action::Count);
}
