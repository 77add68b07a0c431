//! Objects that a process has for itself.

use abi::io::CURRENT_PROCESS;
use abi::object::{
    DUPLICATE_SAME_ACCESS, DUPLICATE_SAME_ATTRIBUTES, OBJ_EXCLUSIVE, OBJ_INHERIT, OBJ_OPENIF,
};
use nt::object::{self, Name, create_event, duplicate, duplicate_between, open};
use nt::{NtStatus, Program, call, process, sync};

const PATH: &str = "\\BaseNamedObjects\\Mine";

pub fn exclusive(program: &Program) {
    let mine = Name::with(PATH, 0, OBJ_EXCLUSIVE);
    let (_, made) = create_event(&mine);
    let made = program.done("an event of its own", made);
    let information = program.done("what it is", object::basic_information(made.raw()));
    program.check("exclusive", information.attributes, OBJ_EXCLUSIVE);
    let shared = open(call::nt_open_event, &Name::new(PATH));
    program.check("shared", shared.err(), Some(NtStatus::ACCESS_DENIED));
    let again = program.done("exclusive again", open(call::nt_open_event, &mine));
    let (status, if_open) = create_event(&Name::with(PATH, 0, OBJ_OPENIF | OBJ_EXCLUSIVE));
    program.check("created again", status, NtStatus::OBJECT_NAME_EXISTS);
    duplicates(program, made.raw());
    drop((made, again, if_open));
    let gone = open(call::nt_open_event, &mine);
    program.check("gone", gone.err(), Some(NtStatus::OBJECT_NAME_NOT_FOUND));
    others(program);
}

fn duplicates(program: &Program, made: u64) {
    let other = duplicate(made, 0, 0, DUPLICATE_SAME_ACCESS);
    program.check("a duplicate", other.err(), Some(NtStatus::ACCESS_DENIED));
    let other = duplicate(made, 0, OBJ_EXCLUSIVE, DUPLICATE_SAME_ACCESS);
    program.done("an exclusive one", other);
    let child = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    let child = program.done("a process", child);
    for flags in [0, OBJ_EXCLUSIVE] {
        let there = duplicate_between(
            CURRENT_PROCESS,
            made,
            child.process.raw(),
            0,
            flags,
            DUPLICATE_SAME_ACCESS | DUPLICATE_SAME_ATTRIBUTES,
        );
        program.check(
            "for another process",
            there.err(),
            Some(NtStatus::ACCESS_DENIED),
        );
    }
    process::terminate(&child.process, NtStatus::SUCCESS);
    sync::wait(&child.process, None);
}

fn others(program: &Program) {
    let plain = Name::new(PATH);
    let (_, made) = create_event(&plain);
    let _made = program.done("an event of all", made);
    let mine = open(call::nt_open_event, &Name::with(PATH, 0, OBJ_EXCLUSIVE));
    program.check(
        "not exclusive",
        mine.err(),
        Some(NtStatus::INVALID_PARAMETER),
    );
    let name = Name::with("\\BaseNamedObjects\\Both", 0, OBJ_EXCLUSIVE | OBJ_INHERIT);
    let (status, _) = create_event(&name);
    program.check("inherited too", status, NtStatus::INVALID_PARAMETER);
}
