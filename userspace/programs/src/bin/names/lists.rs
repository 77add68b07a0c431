//! Lists of a directory: one by one, all, some, and from anywhere.

use abi::object::ObjectDirectoryInformation;
use nt::object::{Name, create_event, list, open};
use nt::sync::Handle;
use nt::{NtStatus, Program, call};

use crate::is_text;

const NAMES: [&str; 4] = ["Alpha", "Beta", "Gamma", "Zeta"];
const STRUCTURE_BYTES: usize = size_of::<ObjectDirectoryInformation>();
const WORDS: usize = STRUCTURE_BYTES / 8;

pub fn lists(program: &Program) {
    let name = Name::new("\\BaseNamedObjects\\Lists");
    let directory = program.done("a directory", open(call::nt_create_directory_object, &name));
    let (mut buffer, mut context) = ([0; 128], 7);
    let empty = list(&directory, &mut buffer, 1024, false, true, &mut context);
    program.check("nothing", empty, (NtStatus::NO_MORE_ENTRIES, 0));
    // In another order than that of names.
    let _events = ["Zeta", "Beta", "Alpha", "Gamma"].map(|name| {
        let (_, event) = create_event(&Name::with(name, directory.raw(), 0));
        program.done("an event in it", event)
    });
    one_by_one(program, &directory);
    some(program, &directory);
    anywhere(program, &directory);
}

/// The bytes of a list of some of the names.
fn bytes_of(names: &[&str]) -> usize {
    let type_bytes = 2 * ("Event".len() + 1);
    let texts = names.iter().map(|name| 2 * (name.len() + 1) + type_bytes);
    STRUCTURE_BYTES * (names.len() + 1) + texts.sum::<usize>()
}

fn check(program: &Program, buffer: &[u64], names: &[&str]) {
    for (entry, name) in buffer.chunks(WORDS).zip(names) {
        program.require(name, is_text(buffer, [entry[0], entry[1]], name));
        program.require("its type", is_text(buffer, [entry[2], entry[3]], "Event"));
    }
    let end = &buffer[WORDS * names.len()..][..WORDS];
    program.require("the end", end.iter().all(|word| *word == 0));
}

fn one_by_one(program: &Program, directory: &Handle) {
    let mut context = 0;
    for (number, name) in NAMES.iter().enumerate() {
        let bytes = bytes_of(&[name]);
        let mut buffer = [u64::MAX; 128];
        let refused = list(directory, &mut buffer, bytes - 1, true, false, &mut context);
        program.check(
            "no room",
            refused,
            (NtStatus::BUFFER_TOO_SMALL, bytes as u32),
        );
        program.check("not counted", context as usize, number);
        let given = list(directory, &mut buffer, bytes, true, false, &mut context);
        program.check("the next", given, (NtStatus::SUCCESS, bytes as u32));
        program.check("counted", context as usize, number + 1);
        check(program, &buffer, &[name]);
    }
    let mut buffer = [0; 128];
    let (status, _) = list(directory, &mut buffer, 1024, true, false, &mut context);
    program.check("no more", status, NtStatus::NO_MORE_ENTRIES);
    let (status, _) = list(directory, &mut buffer, 1024, true, true, &mut context);
    program.check("again", (status, context), (NtStatus::SUCCESS, 1));
}

fn some(program: &Program, directory: &Handle) {
    let mut context = 0;
    for count in 0..=NAMES.len() {
        let names = &NAMES[..count];
        let (bytes, mut buffer) = (bytes_of(names), [u64::MAX; 128]);
        let (status, length) = list(directory, &mut buffer, bytes, false, true, &mut context);
        let expected = match count == NAMES.len() {
            true => NtStatus::SUCCESS,
            false => NtStatus::MORE_ENTRIES,
        };
        program.check("those that fit", (status, length), (expected, bytes as u32));
        program.check("as many", context as usize, count);
        check(program, &buffer, names);
        let more = list(directory, &mut buffer, 1024, false, false, &mut context);
        match count == NAMES.len() {
            true => program.check("none", more.0, NtStatus::NO_MORE_ENTRIES),
            false => {
                program.check("the rest", more.0, NtStatus::SUCCESS);
                check(program, &buffer, &NAMES[count..]);
            }
        }
    }
    let mut buffer = [u64::MAX; 4];
    let (status, length) = list(directory, &mut buffer, 0, false, true, &mut context);
    program.check(
        "no room at all",
        (status, length),
        (NtStatus::MORE_ENTRIES, 0),
    );
    program.check("nothing written", buffer, [u64::MAX; 4]);
}

/// A context is what the caller says it is.
fn anywhere(program: &Program, directory: &Handle) {
    for start in [4, 5, 0x7FFF_FFFF, 0x8000_0000, u32::MAX - 1, u32::MAX] {
        for single in [true, false] {
            let (mut buffer, mut context) = ([0; 128], start);
            let (status, _) = list(directory, &mut buffer, 1024, single, false, &mut context);
            program.check("beyond the end", status, NtStatus::NO_MORE_ENTRIES);
            program.check("as it was", context, start);
        }
    }
}
