//! Names, directories, links, and what handles are: made, shared, closed.
#![no_std]
#![no_main]
nt::program!("objects", main);

use abi::access::{DELETE, GENERIC_ALL, WRITE_DAC, WRITE_OWNER};
use abi::object::*;
use nt::call;
use nt::object::{self, Name, open};
use nt::sync::{self, ALL_ACCESS, Handle};
use nt::{NtStatus, Program, process, system};

fn main(program: &Program) {
    names(program);
    directories(program);
    links(program);
    permanence(program);
    handles(program);
    duplicates(program);
    inherited(program);
    many(program);
}

fn event(program: &Program, name: &Name) -> Handle {
    let (_, event) = object::create_event(name);
    program.done("a named event", event)
}

fn names(program: &Program) {
    let name = Name::new("\\BaseNamedObjects\\Spring");
    let made = event(program, &name);
    let opened = program.done("open it", open(call::nt_open_event, &name));
    program.check("set one", sync::set(&made), Ok(false));
    program.check("it is the other", sync::set(&opened), Ok(true));
    // SAFETY: touches no memory.
    let same = unsafe { call::nt_compare_objects(made.raw(), opened.raw()) };
    program.check("one object", same, NtStatus::SUCCESS);
    let other = program.done("an event", sync::event(true, false));
    // SAFETY: touches no memory.
    let same = unsafe { call::nt_compare_objects(made.raw(), other.raw()) };
    program.check("another one", same, NtStatus::NOT_SAME_OBJECT);
    let (_, again) = object::create_event(&name);
    program.check("taken", again.err(), Some(NtStatus::OBJECT_NAME_COLLISION));
    let open_if = Name::with("\\BaseNamedObjects\\Spring", 0, OBJ_OPENIF);
    let (status, again) = object::create_event(&open_if);
    program.check("opened instead", status, NtStatus::OBJECT_NAME_EXISTS);
    program.require("with a handle", again.is_ok());
    drop(again);
    let lower = "\\basenamedobjects\\SPRING";
    let exact = open(call::nt_open_event, &Name::new(lower));
    program.check(
        "case counts",
        exact.err(),
        Some(NtStatus::OBJECT_PATH_NOT_FOUND),
    );
    let any = Name::with(lower, 0, OBJ_CASE_INSENSITIVE);
    program.done("or not", open(call::nt_open_event, &any));
    let wrong = open(call::nt_open_mutant, &name);
    program.check(
        "another type",
        wrong.err(),
        Some(NtStatus::OBJECT_TYPE_MISMATCH),
    );
    for (path, status) in [
        (
            "\\BaseNamedObjects\\Autumn",
            NtStatus::OBJECT_NAME_NOT_FOUND,
        ),
        ("\\Nowhere\\Spring", NtStatus::OBJECT_PATH_NOT_FOUND),
        ("Spring", NtStatus::OBJECT_PATH_SYNTAX_BAD),
        (
            "\\BaseNamedObjects\\\\Spring",
            NtStatus::OBJECT_NAME_INVALID,
        ),
        (
            "\\BaseNamedObjects\\Spring\\Below",
            NtStatus::OBJECT_TYPE_MISMATCH,
        ),
        ("", NtStatus::OBJECT_PATH_SYNTAX_BAD),
    ] {
        let opened = open(call::nt_open_event, &Name::new(path));
        program.check(path, opened.err(), Some(status));
    }
    drop((made, opened));
    let gone = open(call::nt_open_event, &name);
    program.check(
        "gone with its handles",
        gone.err(),
        Some(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
}

fn directories(program: &Program) {
    let name = Name::new("\\BaseNamedObjects\\House");
    let house = program.done("a directory", open(call::nt_create_directory_object, &name));
    let below = Name::with("Room", house.raw(), 0);
    let room = event(program, &below);
    let whole = Name::new("\\BaseNamedObjects\\House\\Room");
    program.done("by its whole name", open(call::nt_open_event, &whole));
    let mut units = [0; 64];
    let length = program.done("its name", object::name_of(room.raw(), &mut units));
    let expected = "\\BaseNamedObjects\\House\\Room";
    program.require(
        "the name",
        expected.encode_utf16().eq(units[..length].iter().copied()),
    );
    let rooted = Name::with("\\Room", house.raw(), 0);
    let opened = open(call::nt_open_event, &rooted);
    program.check(
        "absolute below a root",
        opened.err(),
        Some(NtStatus::OBJECT_PATH_SYNTAX_BAD),
    );
    let _attic = event(program, &Name::with("Attic", house.raw(), 0));
    let mut buffer = [0_u64; 64];
    let (mut context, mut length) = (0_u32, 0_u32);
    let mut list = |restart: u64, bytes: u64| {
        // SAFETY: writes buffer, context and length only.
        let status = unsafe {
            call::nt_query_directory_object(
                house.raw(),
                buffer.as_mut_ptr() as u64,
                bytes,
                1,
                restart,
                &raw mut context as u64,
                &raw mut length as u64,
            )
        };
        (status, buffer[0] & 0xFFFF)
    };
    program.check("no room", list(1, 0x20), (NtStatus::BUFFER_TOO_SMALL, 0));
    program.check("the first", list(1, 512), (NtStatus::SUCCESS, 10));
    program.check("the second", list(0, 512), (NtStatus::SUCCESS, 8));
    program.check("no third", list(0, 512).0, NtStatus::NO_MORE_ENTRIES);
    program.check("again", list(1, 512), (NtStatus::SUCCESS, 10));
}

fn links(program: &Program) {
    let link_name = Name::new("\\BaseNamedObjects\\Short");
    let link = object::create_link(&link_name, "\\Sessions\\1\\BaseNamedObjects");
    let link = program.done("a link", link);
    let over = object::create_link(&link_name, "\\Elsewhere");
    program.check(
        "a link over a link",
        over.err(),
        Some(NtStatus::OBJECT_NAME_COLLISION),
    );
    let through = event(program, &Name::new("\\BaseNamedObjects\\Short\\Long"));
    let direct = Name::new("\\Sessions\\1\\BaseNamedObjects\\Long");
    program.done("where it leads", open(call::nt_open_event, &direct));
    program.done(
        "the link itself",
        open(call::nt_open_symbolic_link_object, &link_name),
    );
    let refused = Name::with("\\BaseNamedObjects\\Short\\Long", 0, OBJ_DONT_REPARSE);
    let opened = open(call::nt_open_event, &refused);
    program.check(
        "no links",
        opened.err(),
        Some(NtStatus::REPARSE_POINT_ENCOUNTERED),
    );
    let devices = Name::new("\\DosDevices");
    program.done(
        "one from the start",
        open(call::nt_open_directory_object, &devices),
    );
    let _round = object::create_link(&Name::new("\\BaseNamedObjects\\A"), "\\BaseNamedObjects\\B");
    let _and = object::create_link(&Name::new("\\BaseNamedObjects\\B"), "\\BaseNamedObjects\\A");
    let opened = open(call::nt_open_event, &Name::new("\\BaseNamedObjects\\A\\X"));
    program.require("round and round", opened.is_err());
    drop((link, through));
}

fn permanence(program: &Program) {
    let name = Name::with("\\BaseNamedObjects\\Stone", 0, OBJ_PERMANENT);
    let (status, _) = object::create_event(&name);
    program.check("a name that stays", status, NtStatus::PRIVILEGE_NOT_HELD);
    let none = open(call::nt_open_event, &name);
    program.check(
        "not there",
        none.err(),
        Some(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
    let name = Name::new("\\BaseNamedObjects\\Stone");
    let stone = event(program, &name);
    // SAFETY: touches no memory.
    let permanent = unsafe { call::nt_make_permanent_object(stone.raw()) };
    program.check("made to stay", permanent, NtStatus::PRIVILEGE_NOT_HELD);
    // SAFETY: touches no memory.
    let temporary = unsafe { call::nt_make_temporary_object(stone.raw()) };
    program.check("temporary it is", temporary, NtStatus::SUCCESS);
    program.done("with its name", open(call::nt_open_event, &name));
    drop(stone);
    let gone = open(call::nt_open_event, &name);
    program.check("gone", gone.err(), Some(NtStatus::OBJECT_NAME_NOT_FOUND));
    kept(program);
}

/// What the kernel keeps names of.
fn kept(program: &Program) {
    let name = Name::new("\\KernelObjects");
    let kept = open(call::nt_open_directory_object, &name);
    let kept = program.done("a directory that stays", kept);
    let information = program.done("what it is", object::basic_information(kept.raw()));
    program.check("permanent", information.attributes, OBJ_PERMANENT);
    // SAFETY: touches no memory.
    let temporary = unsafe { call::nt_make_temporary_object(kept.raw()) };
    program.check("not to be removed", temporary, NtStatus::ACCESS_DENIED);
    for access in [DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_ALL] {
        let opened = object::open_with(call::nt_open_directory_object, &name, access.into());
        program.check("opened to", opened.err(), Some(NtStatus::ACCESS_DENIED));
        let other = object::duplicate(kept.raw(), access.into(), 0, 0);
        program.check("duplicated to", other.err(), Some(NtStatus::ACCESS_DENIED));
    }
}

fn handles(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let value = event.raw();
    program.check(
        "the low bits do not count",
        sync::signal_raw(value | 3),
        NtStatus::SUCCESS,
    );
    drop(event);
    program.check("closed", sync::signal_raw(value), NtStatus::INVALID_HANDLE);
    let other = program.done("an event", sync::event(true, false));
    program.require("not the same value again", other.raw() != value);
    program.check(
        "the old one",
        sync::signal_raw(value),
        NtStatus::INVALID_HANDLE,
    );
    program.check(
        "protect it",
        object::set_flags(&other, false, true),
        NtStatus::SUCCESS,
    );
    program.check(
        "not closable",
        system::close(other.raw()),
        NtStatus::HANDLE_NOT_CLOSABLE,
    );
    program.check(
        "unprotect it",
        object::set_flags(&other, true, false),
        NtStatus::SUCCESS,
    );
    let information = program.done("what it is", object::basic_information(other.raw()));
    program.check("inherited", information.attributes, OBJ_INHERIT);
    program.check("one handle", information.handle_count, 1);
}

fn duplicates(program: &Program) {
    const QUERY: u64 = 1;
    let event = program.done("an event", sync::event(true, false));
    let narrow = object::duplicate(event.raw(), QUERY, 0, 0);
    let narrow = program.done("a narrower handle", narrow);
    program.check(
        "it cannot set",
        sync::signal(&narrow),
        NtStatus::ACCESS_DENIED,
    );
    program.check(
        "nor wait",
        sync::wait(&narrow, Some(0)),
        NtStatus::ACCESS_DENIED,
    );
    let same = object::duplicate(event.raw(), 0, OBJ_INHERIT, DUPLICATE_SAME_ACCESS);
    let same = program.done("the same access", same);
    program.check("it sets", sync::signal(&same), NtStatus::SUCCESS);
    let information = program.done("what it is", object::basic_information(same.raw()));
    program.check("three handles", information.handle_count, 3);
    program.check("inherited", information.attributes, OBJ_INHERIT);
    let value = narrow.raw();
    let moved = object::duplicate(value, ALL_ACCESS, 0, DUPLICATE_CLOSE_SOURCE);
    program.done("moved", moved.map(drop));
    program.check(
        "the source is closed",
        sync::signal_raw(value),
        NtStatus::INVALID_HANDLE,
    );
    core::mem::forget(narrow);
    let nothing = object::duplicate(0x7FF0, 0, 0, DUPLICATE_SAME_ACCESS);
    program.check("of nothing", nothing.err(), Some(NtStatus::INVALID_HANDLE));
    let own = object::duplicate(abi::io::CURRENT_THREAD, 0, 0, DUPLICATE_SAME_ACCESS);
    let own = program.done("the thread itself", own);
    program.check("is this one", nt::thread::id_of(&own), Ok(nt::thread::id()));
    let made = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    let child = program.done("a process", made);
    let there = object::duplicate_between(
        abi::io::CURRENT_PROCESS,
        event.raw(),
        child.process.raw(),
        0,
        0,
        DUPLICATE_SAME_ACCESS,
    );
    let there = program.done("for another process", there);
    let back = object::duplicate_between(
        child.process.raw(),
        there.raw(),
        abi::io::CURRENT_PROCESS,
        0,
        0,
        DUPLICATE_SAME_ACCESS,
    );
    let back = program.done("and back", back);
    program.check("it is set", sync::wait(&back, Some(0)), NtStatus::WAIT_0);
    // The value is another process's; it goes with it.
    core::mem::forget(there);
    process::terminate(&child.process, NtStatus::SUCCESS);
    sync::wait(&child.process, None);
    let late = object::duplicate_between(
        abi::io::CURRENT_PROCESS,
        event.raw(),
        child.process.raw(),
        0,
        0,
        DUPLICATE_SAME_ACCESS,
    );
    program.check(
        "for one that has ended",
        late.err(),
        Some(NtStatus::PROCESS_IS_TERMINATING),
    );
    drop((back, same));
    let information = program.done("what is left", object::basic_information(event.raw()));
    program.check("one handle", information.handle_count, 1);
}

fn inherited(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let plain = program.done("an event", sync::event(true, false));
    program.check(
        "inherit it",
        object::set_flags(&event, true, false),
        NtStatus::SUCCESS,
    );
    let flags = process::INHERIT_HANDLES;
    let made = process::create("spin.exe", "spin.exe", flags, process::SUSPENDED);
    let child = program.done("a process", made);
    let theirs = |value| {
        object::duplicate_between(
            child.process.raw(),
            value,
            abi::io::CURRENT_PROCESS,
            0,
            0,
            DUPLICATE_SAME_ACCESS,
        )
    };
    let back = program.done("the same value there", theirs(event.raw()));
    // SAFETY: touches no memory.
    let same = unsafe { call::nt_compare_objects(event.raw(), back.raw()) };
    program.check("is the same object", same, NtStatus::SUCCESS);
    program.check(
        "the other not",
        theirs(plain.raw()).err(),
        Some(NtStatus::INVALID_HANDLE),
    );
    process::terminate(&child.process, NtStatus::SUCCESS);
    sync::wait(&child.process, None);
}

fn many(program: &Program) {
    const COUNT: usize = 2_000;
    let mut free = 0;
    for turn in 0..3 {
        let mut handles = [const { None }; COUNT];
        for place in &mut handles {
            *place = Some(program.done("one of many", sync::event(true, false)));
        }
        drop(handles);
        let now = program.done("free memory", system::available_pages());
        if turn == 0 {
            free = now;
        }
        program.check("free pages", now, free);
    }
}
