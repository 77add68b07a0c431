//! The links that there are from the start, and links opened for themselves.

use abi::object::{OBJ_CASE_INSENSITIVE, OBJ_DONT_REPARSE, OBJ_OPENLINK};
use nt::object::{self, Name, create_event, create_link, link_target, open};
use nt::{NtStatus, Program, call};

pub fn links(program: &Program) {
    sessions(program);
    devices(program);
    themselves(program);
    targets(program);
}

fn sessions(program: &Program) {
    const GLOBAL: &str = "\\BaseNamedObjects\\Everywhere";
    const LOCAL: &str = "\\Sessions\\1\\BaseNamedObjects\\Here";
    for (through, direct) in [
        (
            "\\Sessions\\1\\BaseNamedObjects\\Global\\Everywhere",
            GLOBAL,
        ),
        ("\\BaseNamedObjects\\Global\\Everywhere", GLOBAL),
        ("\\BaseNamedObjects\\Local\\Everywhere", GLOBAL),
        ("\\BaseNamedObjects\\Session\\0\\Everywhere", GLOBAL),
        ("\\Sessions\\1\\BaseNamedObjects\\Local\\Here", LOCAL),
        ("\\Sessions\\1\\BaseNamedObjects\\Session\\1\\Here", LOCAL),
        (
            "\\GLOBAL??\\GLOBALROOT\\BaseNamedObjects\\Everywhere",
            GLOBAL,
        ),
        ("\\??\\GLOBALROOT\\BaseNamedObjects\\Everywhere", GLOBAL),
    ] {
        let (_, made) = create_event(&Name::new(through));
        let made = program.done(through, made);
        let opened = program.done(direct, open(call::nt_open_event, &Name::new(direct)));
        program.require("one object", object::is_same(&made, &opened));
    }
}

/// What all have is found where a process's own devices are.
fn devices(program: &Program) {
    let all = Name::new("\\GLOBAL??\\Z:");
    let made = create_link(&all, "\\Device");
    let made = program.done("a device of all", made);
    for path in [
        "\\??\\Z:",
        "\\DosDevices\\Z:",
        "\\??\\Global\\z:",
        "\\Sessions\\1\\DosDevices\\z:",
    ] {
        let name = Name::with(path, 0, OBJ_CASE_INSENSITIVE);
        let opened = program.done(path, open(call::nt_open_symbolic_link_object, &name));
        program.require("the same", object::is_same(&made, &opened));
    }
    let own = create_link(&Name::new("\\??\\Y:"), "\\Device");
    let own = program.done("one of its own", own);
    let opened = open(
        call::nt_open_symbolic_link_object,
        &Name::new("\\GLOBAL??\\Y:"),
    );
    program.check(
        "not of all",
        opened.err(),
        Some(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
    drop(own);
}

fn themselves(program: &Program) {
    let path = "\\BaseNamedObjects\\Global";
    for flags in [
        0,
        OBJ_OPENLINK,
        OBJ_DONT_REPARSE,
        OBJ_DONT_REPARSE | OBJ_OPENLINK,
    ] {
        let name = Name::with(path, 0, flags);
        program.done("a link", open(call::nt_open_symbolic_link_object, &name));
        let below = "\\BaseNamedObjects\\Global\\Local";
        let below = open(
            call::nt_open_symbolic_link_object,
            &Name::with(below, 0, flags),
        );
        let expected = match flags & OBJ_DONT_REPARSE {
            0 => None,
            _ => Some(NtStatus::REPARSE_POINT_ENCOUNTERED),
        };
        program.check("one behind it", below.err(), expected);
    }
    let directory = Name::with(path, 0, OBJ_DONT_REPARSE);
    let opened = open(call::nt_open_directory_object, &directory);
    program.check(
        "not what it leads to",
        opened.err(),
        Some(NtStatus::REPARSE_POINT_ENCOUNTERED),
    );
}

fn targets(program: &Program) {
    const TARGET: &str = "\\BaseNamedObjects";
    const BYTES: u16 = 2 * TARGET.len() as u16;
    let name = Name::new("\\BaseNamedObjects\\Target");
    let link = program.done("a link", create_link(&name, TARGET));
    for (room, is_room) in [
        (0, false),
        (BYTES - 1, false),
        (BYTES, true),
        (BYTES + 2, true),
    ] {
        let mut units = [0xAAAA_u16; 32];
        let (status, length, told) = link_target(&link, &mut units, room);
        program.check("the length", told, u32::from(BYTES) + 2);
        match is_room {
            true => {
                program.check(
                    "where it leads",
                    (status, length),
                    (NtStatus::SUCCESS, BYTES),
                );
                let same = TARGET
                    .encode_utf16()
                    .eq(units[..TARGET.len()].iter().copied());
                program.require("there", same);
            }
            false => {
                program.check("no room", (status, length), (NtStatus::BUFFER_TOO_SMALL, 0));
                program.require("as it was", units.iter().all(|unit| *unit == 0xAAAA));
            }
        }
    }
    let information = program.done("the link", object::basic_information(link.raw()));
    program.require("made after 1601", information.creation_time > 0);
    let empty = create_link(&Name::new("\\BaseNamedObjects\\Empty"), "");
    program.check(
        "one to nowhere",
        empty.err(),
        Some(NtStatus::INVALID_PARAMETER),
    );
}
