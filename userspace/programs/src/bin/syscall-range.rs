//! Numbers at and beyond the end of the table, which end no program.
//!
//! A number in the table whose call has no handler says so.
#![no_std]
#![no_main]
nt::program!("syscall-range", main);

use abi::services::FREESTANDING;
use nt::NtStatus;

fn main(program: &nt::Program) {
    let end = FREESTANDING.len() as u64;
    // The first and the last call, with a handle they refuse.
    program.check("call 0", call(0), NtStatus::INVALID_HANDLE);
    if call(end - 1) == NtStatus::INVALID_SYSTEM_SERVICE {
        program.fail(format_args!("the last call is not known"));
    }
    if let Some(service) = FREESTANDING.iter().find(|service| !service.is_served()) {
        let status = call(service.number.into());
        program.check(
            "a call without a handler",
            status,
            NtStatus::NOT_IMPLEMENTED,
        );
    }
    // Only eax counts.
    program.check(
        "call 0 in a wide rax",
        call(1 << 32),
        NtStatus::INVALID_HANDLE,
    );
    let invalid = |number| {
        if call(number) != NtStatus::INVALID_SYSTEM_SERVICE {
            program.fail(format_args!("call {number:#x} returned {}", call(number)));
        }
    };
    for number in end..end + 64 {
        invalid(number);
    }
    for bit in 0..32 {
        let power = 1 << bit;
        for number in [power - 1, power, power + 1, power + end - 1, power * 8] {
            if number & 0xFFFF_FFFF >= end {
                invalid(number);
            }
        }
    }
    for number in [
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFFF,
        u64::MAX,
        u64::MAX << 32 | end,
    ] {
        invalid(number);
    }
}

/// A call with a bad handle and no memory.
fn call(number: u64) -> NtStatus {
    // SAFETY: no call does anything with these arguments.
    NtStatus(unsafe { nt::call::any(number, [0xFFFF]) } as u32)
}
