//! What processors there are, in the short form and with groups.
use abi::system::*;
use nt::machine::{query_about, query_into};
use nt::{NtStatus, Program};
use zerocopy::FromBytes;

const ENTRY_BYTES: usize = size_of::<SystemLogicalProcessorInformation>();
const MOST_BYTES: usize = 0x400;

pub fn check(program: &Program) {
    let caches = plain(program);
    extended(program, caches);
    times(program);
}

/// A core, a package and a node, and as many caches as there are.
fn plain(program: &Program) -> usize {
    let class = SYSTEM_LOGICAL_PROCESSOR_INFORMATION;
    let (status, needed) = query_into(class, &mut []);
    program.check("no room", status, NtStatus::INFO_LENGTH_MISMATCH);
    let mut buffer = [0xA5; MOST_BYTES];
    let (status, length) = query_into(class, &mut buffer);
    program.check("processors", (status, length), (NtStatus::SUCCESS, needed));
    let short = query_into(class, &mut buffer[..length as usize - 1]);
    program.check(
        "too little room",
        short,
        (NtStatus::INFO_LENGTH_MISMATCH, needed),
    );
    let (mut seen, mut caches) = ([0; 4], 0);
    for bytes in buffer[..length as usize].chunks(ENTRY_BYTES) {
        let Ok(entry) = SystemLogicalProcessorInformation::read_from_bytes(bytes) else {
            program.fail(format_args!("half an entry"))
        };
        program.check("the one processor", entry.processors_mask, 1);
        seen[entry.relationship as usize] += 1;
        if entry.relationship == RELATION_CACHE {
            caches += 1;
            program.require(
                "a cache",
                (1..=4).contains(&entry.cache.level)
                    && entry.cache.line_bytes.is_power_of_two()
                    && entry.cache.size_bytes >= entry.cache.line_bytes.into(),
            );
        }
    }
    seen[RELATION_CACHE as usize] = 0;
    program.check("core, node, package", seen, [1, 1, 0, 1]);
    let (status, again) = query_about(class, &0_u16.to_le_bytes(), &mut buffer);
    program.check("of the group", (status, again), (NtStatus::SUCCESS, needed));
    caches
}

fn extended(program: &Program, caches: usize) {
    let class = SYSTEM_LOGICAL_PROCESSOR_AND_GROUP_INFORMATION;
    let mut buffer = [0xA5; MOST_BYTES];
    let mut all = 0;
    for (relation, bytes) in [
        (RELATION_PROCESSOR_CORE, 0x30),
        (RELATION_NUMA_NODE, 0x30),
        (RELATION_CACHE, 0x38 * caches),
        (RELATION_PROCESSOR_PACKAGE, 0x30),
        (RELATION_GROUP, 0x50),
    ] {
        let input = relation.to_le_bytes();
        let (status, length) = query_about(class, &input, &mut buffer);
        program.check(
            "a relation",
            (relation, status, length as usize),
            (relation, NtStatus::SUCCESS, bytes),
        );
        all += bytes;
        if bytes > 0 {
            let found = u32::read_from_prefix(&buffer[..]).map(|(found, _)| found);
            program.check("its number", found, Ok(relation));
            let short = query_about(class, &input, &mut buffer[..bytes - 1]);
            program.check(
                "too little room for it",
                short,
                (NtStatus::INFO_LENGTH_MISMATCH, bytes as u32),
            );
        }
    }
    let (status, length) = query_about(class, &RELATION_ALL.to_le_bytes(), &mut buffer);
    program.check(
        "all relations",
        (status, length as usize),
        (NtStatus::SUCCESS, all),
    );
    let (mut at, mut entries) = (0, 0);
    while at < all {
        let Ok(size) = u32::read_from_bytes(&buffer[at + 4..at + 8]) else {
            program.fail(format_args!("half an entry"))
        };
        at += size as usize;
        entries += 1;
    }
    program.check(
        "entries one after the other",
        (at, entries),
        (all, 4 + caches),
    );
    for input in [&[][..], &[0; 2], &[0; 8], &5_u32.to_le_bytes(), &[0xFF; 4]] {
        program.check(
            "a relation that there is not",
            query_about(class, input, &mut buffer).0,
            NtStatus::INVALID_PARAMETER,
        );
    }
}

/// The only group, and others.
fn times(program: &Program) {
    let mut buffer = [0; 0x40];
    for (class, bytes) in [
        (SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, 0x30),
        (SYSTEM_PROCESSOR_IDLE_INFORMATION, 0x30),
        (SYSTEM_PROCESSOR_IDLE_CYCLE_TIME_INFORMATION, 8),
        (SYSTEM_PROCESSOR_CYCLE_TIME_INFORMATION, 8),
    ] {
        let of_group = |group: u16, buffer: &mut [u8]| {
            let (status, length) = query_about(class, &group.to_le_bytes(), buffer);
            (class, status, length)
        };
        let expected = (class, NtStatus::SUCCESS, bytes as u32);
        program.check("of the group", of_group(0, &mut buffer), expected);
        program.require("not nothing", buffer[..bytes].iter().any(|byte| *byte != 0));
        let expected = (class, NtStatus::INFO_LENGTH_MISMATCH, bytes as u32);
        let short = of_group(0, &mut buffer[..bytes - 1]);
        program.check("too little room", short, expected);
        let (_, status, _) = of_group(1, &mut buffer);
        program.check("another group", status, NtStatus::INVALID_PARAMETER);
    }
    for class in [
        SYSTEM_BASIC_INFORMATION,
        SYSTEM_PROCESS_INFORMATION,
        1000,
        9999,
    ] {
        program.check(
            "a class that takes no input",
            query_about(class, &[0; 2], &mut buffer).0,
            NtStatus::INVALID_INFO_CLASS,
        );
    }
}
