//! The types of objects: each by a handle, all at once, and by their names.

use abi::object::{
    OBJECT_TYPE_INFORMATION, OBJECT_TYPES_INFORMATION, ObjectDirectoryInformation,
    ObjectTypeInformation,
};
use nt::object::{Name, list, open, query};
use nt::{NtStatus, Program, call, sync};

use crate::is_text;

const NAMES: [&str; 19] = [
    "Type",
    "Directory",
    "SymbolicLink",
    "Token",
    "Job",
    "Process",
    "Thread",
    "UserApcReserve",
    "IoCompletionReserve",
    "Event",
    "Mutant",
    "Semaphore",
    "Timer",
    "KeyedEvent",
    "Section",
    "Device",
    "IoCompletion",
    "File",
    "Key",
];
/// NT's number of the first type.
const FIRST_INDEX: u8 = 2;
const STRUCTURE_WORDS: usize = size_of::<ObjectTypeInformation>() / 8;

pub fn types(program: &Program) {
    all(program);
    of_an_event(program);
    by_name(program);
}

fn all(program: &Program) {
    let mut buffer = [0_u64; 768];
    // The handle is not looked at.
    let (status, needed) = query(0, OBJECT_TYPES_INFORMATION, &mut buffer, 4);
    program.check("no room for all", status, NtStatus::INFO_LENGTH_MISMATCH);
    let bytes = needed as usize;
    let (status, _) = query(0, OBJECT_TYPES_INFORMATION, &mut buffer, bytes - 1);
    program.check("nearly", status, NtStatus::INFO_LENGTH_MISMATCH);
    let answer = query(0, OBJECT_TYPES_INFORMATION, &mut buffer, bytes);
    program.check("all types", answer, (NtStatus::SUCCESS, needed));
    program.check("how many", buffer[0] as u32, NAMES.len() as u32);
    let mut at = 1;
    for (number, name) in NAMES.iter().enumerate() {
        let string = [buffer[at], buffer[at + 1]];
        program.require(name, is_text(&buffer, string, name));
        let index = (buffer[at + 0x58 / 8] >> 16) as u8;
        program.check("its index", index, FIRST_INDEX + number as u8);
        let maximum = (string[0] >> 16 & 0xFFFF) as usize;
        at += STRUCTURE_WORDS + maximum.div_ceil(8);
    }
    program.check("the end", 8 * at, bytes);
}

/// Counts of objects and handles, and the most of both.
fn counts(program: &Program, handle: u64) -> [u32; 4] {
    let mut buffer = [0_u64; 32];
    let (status, _) = query(handle, OBJECT_TYPE_INFORMATION, &mut buffer, 256);
    program.check("its type", status, NtStatus::SUCCESS);
    let low = |word: u64| word as u32;
    let high = |word: u64| (word >> 32) as u32;
    [
        low(buffer[2]),
        high(buffer[2]),
        low(buffer[5]),
        high(buffer[5]),
    ]
}

fn of_an_event(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let mut buffer = [0_u64; 32];
    let (status, _) = query(event.raw(), OBJECT_TYPE_INFORMATION, &mut buffer, 256);
    program.check("its type", status, NtStatus::SUCCESS);
    program.require(
        "an event",
        is_text(&buffer, [buffer[0], buffer[1]], "Event"),
    );
    program.check("valid access", (buffer[10] >> 32) as u32, 0x1F_0003);
    let before = counts(program, event.raw());
    let others = [(); 3].map(|()| program.done("one more", sync::event(true, false)));
    let during = counts(program, event.raw());
    program.require("three events more", during[0] == before[0] + 3);
    program.require("three handles more", during[1] == before[1] + 3);
    program.require(
        "at least as many ever",
        during[2] >= during[0] && during[3] >= during[1],
    );
    drop(others);
    let after = counts(program, event.raw());
    program.check("events", after[0], before[0]);
    program.check("handles", after[1], before[1]);
    program.check("as many ever", &after[2..], &during[2..]);
}

fn by_name(program: &Program) {
    let directory = open(call::nt_open_directory_object, &Name::new("\\ObjectTypes"));
    let directory = program.done("the directory of types", directory);
    let mut buffer = [0_u64; 512];
    let mut context = 0;
    let (status, _) = list(&directory, &mut buffer, 4096, false, true, &mut context);
    program.check("its entries", status, NtStatus::SUCCESS);
    program.check("one for each", context as usize, NAMES.len());
    const WORDS: usize = size_of::<ObjectDirectoryInformation>() / 8;
    for entry in buffer.chunks(WORDS).take(NAMES.len()) {
        let is_name = |name: &&str| is_text(&buffer, [entry[0], entry[1]], name);
        program.require("the name of a type", NAMES.iter().any(is_name));
        program.require("a type", is_text(&buffer, [entry[2], entry[3]], "Type"));
    }
    let opened = open(call::nt_open_event, &Name::new("\\ObjectTypes\\Event"));
    program.check(
        "not an event",
        opened.err(),
        Some(NtStatus::OBJECT_TYPE_MISMATCH),
    );
}
