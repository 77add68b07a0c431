//! The sizes of answers of a fixed size, and addresses nobody may follow.
use abi::system::*;
use nt::machine::{query_at, query_into};
use nt::{NtStatus, Program};

/// Larger than any of the answers.
const MOST_BYTES: usize = 0x1C0;
/// What the buffer holds before.
const MARK: u8 = 0xA5;
/// Addresses that nobody may follow.
const BAD: [u64; 5] = [1, 0xFFF8, 1 << 47, 0xFFFF_8000_0000_0000, u64::MAX];

/// Which lengths a class takes.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// Its own only.
    Exactly,
    /// Its own or more.
    OrMore,
    /// So many or more; an answer is as long as the buffer, at most.
    From(usize),
    /// Its own or less.
    UpTo,
}

use Takes::{Exactly, From, OrMore, UpTo};

const CLASSES: [(u32, usize, Takes); 29] = [
    (SYSTEM_BASIC_INFORMATION, 0x40, Exactly),
    (SYSTEM_NATIVE_BASIC_INFORMATION, 0x40, Exactly),
    (SYSTEM_EMULATION_BASIC_INFORMATION, 0x40, Exactly),
    (SYSTEM_PROCESSOR_INFORMATION, 0xC, OrMore),
    (SYSTEM_EMULATION_PROCESSOR_INFORMATION, 0xC, OrMore),
    (SYSTEM_PERFORMANCE_INFORMATION, 0x158, From(0x138)),
    (SYSTEM_TIME_OF_DAY_INFORMATION, 0x30, UpTo),
    (SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, 0x30, OrMore),
    (SYSTEM_PAGE_FILE_INFORMATION, 0, OrMore),
    (SYSTEM_FILE_CACHE_INFORMATION, 0x40, OrMore),
    (SYSTEM_TIME_ADJUSTMENT_INFORMATION, 0xC, Exactly),
    (SYSTEM_KERNEL_DEBUGGER_INFORMATION, 2, OrMore),
    (SYSTEM_CONTEXT_SWITCH_INFORMATION, 0x30, Exactly),
    (SYSTEM_PROCESSOR_IDLE_INFORMATION, 0x30, OrMore),
    (SYSTEM_CURRENT_TIME_ZONE_INFORMATION, 0xAC, OrMore),
    (SYSTEM_RECOMMENDED_SHARED_DATA_ALIGNMENT, 4, Exactly),
    (SYSTEM_FILE_CACHE_INFORMATION_EX, 0x40, OrMore),
    (SYSTEM_PROCESSOR_IDLE_CYCLE_TIME_INFORMATION, 8, OrMore),
    (SYSTEM_BOOT_ENVIRONMENT_INFORMATION, 0x20, From(0x14)),
    (SYSTEM_DYNAMIC_TIME_ZONE_INFORMATION, 0x1B0, OrMore),
    (SYSTEM_BASIC_PERFORMANCE_INFORMATION, 0x20, Exactly),
    (SYSTEM_SECURE_BOOT_INFORMATION, 2, OrMore),
    (SYSTEM_DEVICE_INFORMATION, 0x18, Exactly),
    (SYSTEM_FLAGS_INFORMATION, 4, Exactly),
    (SYSTEM_MODULE_INFORMATION, 0x130, OrMore),
    (SYSTEM_POOL_TAG_INFORMATION, 8, OrMore),
    (SYSTEM_RANGE_START_INFORMATION, 8, Exactly),
    (SYSTEM_NUMA_PROCESSOR_MAP, 0x18, OrMore),
    (SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX, 3, OrMore),
];

pub fn check(program: &Program) {
    for (class, bytes, takes) in CLASSES {
        lengths(program, class, bytes, takes);
        if bytes > 0 {
            addresses(program, class, bytes as u64);
        }
    }
    for class in [4, 6, 10, 24, 49, 107, 108, 999, 1001, u32::MAX] {
        let status = query_into(class, &mut [0; 64]).0;
        program.check(
            "a class that there is not",
            (class, status),
            (class, NtStatus::INVALID_INFO_CLASS),
        );
    }
}

fn lengths(program: &Program, class: u32, bytes: usize, takes: Takes) {
    for length in 0..bytes + 9 {
        let mut buffer = [MARK; MOST_BYTES];
        let (status, returned) = query_into(class, &mut buffer[..length]);
        let least = match takes {
            Exactly | OrMore => bytes,
            From(least) => least,
            UpTo => 0,
        };
        let is_taken = length >= least && (length <= bytes || matches!(takes, OrMore | From(_)));
        let expected = match is_taken {
            true => NtStatus::SUCCESS,
            false => NtStatus::INFO_LENGTH_MISMATCH,
        };
        program.check(
            "status by length",
            (class, length, status),
            (class, length, expected),
        );
        let written = match is_taken {
            true => length.min(bytes),
            false => 0,
        };
        let told = match (is_taken, takes) {
            (true, _) => written as u32,
            // NT does not say what would do.
            (false, UpTo) => u32::MAX,
            (false, _) => bytes as u32,
        };
        program.check(
            "the length that is told",
            (class, length, returned),
            (class, length, told),
        );
        program.require(
            "nothing is written beside the answer",
            buffer[written..].iter().all(|byte| *byte == MARK),
        );
    }
}

fn addresses(program: &Program, class: u32, bytes: u64) {
    for address in BAD {
        let status = query_at(class, address, bytes, 0);
        program.check(
            "a bad address of the answer",
            (class, status),
            (class, NtStatus::ACCESS_VIOLATION),
        );
        let status = query_at(class, 0, bytes, address);
        program.check(
            "a bad address of the length",
            (class, status),
            (class, NtStatus::ACCESS_VIOLATION),
        );
    }
}
