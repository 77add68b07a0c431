//! What a call and an interrupt leave in the registers.
#![no_std]
#![no_main]
nt::program!("registers", main);

use abi::services::{FREESTANDING, numbers};
use nt::probe::{Action, R11, RAX, RCX, RSP, Registers, probe};
use nt::{NtStatus, Program};

const NAMES: [&str; 16] = [
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15",
];
/// Registers that a call keeps: rbx, rbp, rsi, rdi, r12 to r15.
const KEPT: [usize; 8] = [3, 5, 6, 7, 12, 13, 14, 15];
/// Vector registers from this one on are kept too.
const KEPT_VECTOR: usize = 6;
const R10: usize = 10;
const R15: usize = 15;
/// Round down, flush to zero, all masked: not the initial value.
const MXCSR: u64 = 0xBF80;
/// CF, PF, AF, ZF, SF, OF and the bits that are always set.
const FLAGS: u64 = 0x0AD7;
/// Rounds of counting, long enough for some timer interrupts.
const ROUNDS: u64 = 8_000_000;

fn main(program: &Program) {
    for service in FREESTANDING {
        // No argument is a handle or a mapped address: every call refuses it.
        call(program, service.name, service.number, |_| {});
    }
    call(program, "a number out of range", 0xFFFF, |_| {});
    let mut time = 0_i64;
    let address = &raw mut time as u64;
    let status = call(
        program,
        "a call that succeeds",
        numbers::NtQuerySystemTime,
        |registers| {
            registers.general[R10] = address;
        },
    );
    program.check("its status", status, NtStatus::SUCCESS);
    count(program);
}

/// Values that no other process and no register shares.
fn pattern() -> Registers {
    let id = nt::program::teb().process_id;
    let salt = 0x0000_5A00_0000_1000 + (id << 20);
    Registers {
        general: core::array::from_fn(|index| salt + 0x1_0000 * index as u64),
        vector: core::array::from_fn(|index| (u128::from(salt) << 64) | (index as u128 + 1)),
        flags: FLAGS,
        mxcsr: MXCSR,
    }
}

fn call(program: &Program, name: &str, number: u32, change: impl Fn(&mut Registers)) -> NtStatus {
    let mut before = pattern();
    before.general[RAX] = u64::from(number) | 0x55AA_0000_0000_0000;
    change(&mut before);
    // SAFETY: the arguments are refused, or point at a variable of the caller.
    let after = unsafe { probe(&before, [0; 5], Action::Call) };
    let wrong = |what: &str, value: u64| -> ! {
        program.fail(format_args!("{name}: {what} is {value:#x} afterwards"))
    };
    for (index, register) in NAMES.iter().enumerate() {
        let (was, is) = (before.general[index], after.general[index]);
        let right = match index {
            RAX => is >> 32 == 0,
            RCX => is == 0 || is < abi::memory::HIGHEST_USER_ADDRESS,
            R11 => is == 0 || is & 0xFFFF == FLAGS & 0xFFFF,
            RSP => true,
            _ if KEPT.contains(&index) => is == was,
            _ => is == was || is == 0,
        };
        if !right {
            wrong(register, is);
        }
    }
    for (index, (was, is)) in before.vector.iter().zip(after.vector).enumerate() {
        if is != *was && (index >= KEPT_VECTOR || is != 0) {
            wrong("a vector register", index as u64);
        }
    }
    if after.flags & FLAGS != FLAGS {
        wrong("rflags", after.flags);
    }
    if after.mxcsr != MXCSR {
        wrong("mxcsr", after.mxcsr);
    }
    NtStatus(after.general[RAX] as u32)
}

/// Interrupts come while nothing is called: they must not be noticed at all.
fn count(program: &Program) {
    let mut before = pattern();
    before.general[R15] = ROUNDS;
    // SAFETY: calls nothing.
    let after = unsafe { probe(&before, [0; 5], Action::Count) };
    for (index, register) in NAMES.iter().enumerate() {
        let expected = if index == R15 {
            0
        } else {
            before.general[index]
        };
        if index != RSP && after.general[index] != expected {
            program.fail(format_args!("interrupts changed {register}"));
        }
    }
    program.check("vector registers", after.vector, before.vector);
    program.check("flags", after.flags & FLAGS, FLAGS);
    program.check("mxcsr", after.mxcsr, MXCSR);
}
