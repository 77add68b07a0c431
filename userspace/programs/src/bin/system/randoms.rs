//! Random bytes: any number of them, all of the buffer, none twice.
use abi::memory::PAGE_SIZE;
use abi::system::SYSTEM_INTERRUPT_INFORMATION;
use nt::machine::{allocate_uuids, query_into};
use nt::{NtStatus, Program};

const LEAST_BYTES: usize = 0x18;
const MOST_BYTES: usize = 0x1800;

pub fn check(program: &Program) {
    let mut buffer = [0; MOST_BYTES];
    for length in [0, 1, LEAST_BYTES - 1] {
        program.check(
            "too few",
            query_into(SYSTEM_INTERRUPT_INFORMATION, &mut buffer[..length]),
            (NtStatus::INFO_LENGTH_MISMATCH, LEAST_BYTES as u32),
        );
    }
    program.require("nothing written", buffer.iter().all(|byte| *byte == 0));
    for length in [
        LEAST_BYTES,
        25,
        256,
        1023,
        1024,
        1025,
        PAGE_SIZE as usize + 3,
    ] {
        whole(program, &mut buffer, length);
    }
    apart(program);
    evenly(program, &mut buffer);
    uuids(program);
}

/// Every byte of the buffer becomes something else in one of a few tries.
fn whole(program: &Program, buffer: &mut [u8], length: usize) {
    let mut changed = [false; MOST_BYTES];
    for _ in 0..8 {
        buffer.fill(0);
        let (status, returned) = query_into(SYSTEM_INTERRUPT_INFORMATION, &mut buffer[..length]);
        program.check(
            "random bytes",
            (status, returned as usize),
            (NtStatus::SUCCESS, length),
        );
        for (changed, byte) in changed.iter_mut().zip(buffer.iter()) {
            *changed |= *byte != 0;
        }
    }
    program.check(
        "which bytes are random",
        changed.iter().position(|changed| !changed),
        Some(length),
    );
    program.require("no more", changed[length..].iter().all(|changed| !changed));
}

/// Blocks of different calls are different.
fn apart(program: &Program) {
    let mut blocks = [[0_u8; LEAST_BYTES]; 64];
    for block in &mut blocks {
        let (status, _) = query_into(SYSTEM_INTERRUPT_INFORMATION, block);
        program.check("random bytes", status, NtStatus::SUCCESS);
    }
    for (number, block) in blocks.iter().enumerate() {
        program.require("no block twice", !blocks[..number].contains(block));
    }
}

/// As many ones as zeros, nearly.
fn evenly(program: &Program, buffer: &mut [u8]) {
    let (status, _) = query_into(SYSTEM_INTERRUPT_INFORMATION, buffer);
    program.check("random bytes", status, NtStatus::SUCCESS);
    let ones: u32 = buffer.iter().map(|byte| byte.count_ones()).sum();
    let half = MOST_BYTES as u32 * 4;
    // Eight standard deviations: sqrt(8 * 1800h) / 2 is 111.
    program.require("bits are even", ones.abs_diff(half) < 8 * 111);
}

/// Stretches of time that do not overlap, for one machine.
fn uuids(program: &Program) {
    let mut before: Option<(u64, u32, u32, [u8; 6])> = None;
    for _ in 0..8 {
        let next = loop {
            match allocate_uuids() {
                Err(NtStatus::RETRY) => {}
                other => break program.done("a stretch", other),
            }
        };
        program.require("it is not empty", next.1 > 0);
        program.require("of no network card", next.3[0] & 1 == 1);
        if let Some((start, length, sequence, node)) = before {
            program.require(
                "it begins behind the one before",
                next.0 >= start + u64::from(length),
            );
            program.check("the same machine", (next.2, next.3), (sequence, node));
        }
        before = Some(next);
    }
}
