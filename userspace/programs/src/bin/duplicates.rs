//! Duplicates that close their source, whatever else comes of them.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("duplicates", main);

use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::object::*;
use nt::object::{self, Name, basic_information, create_event, duplicate, duplicate_between};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, call, process, system};

const MOVE: u32 = DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS;

fn main(program: &Program) {
    protected(program);
    moved(program);
    attributes(program);
    failed(program);
    pseudo(program);
    between(program);
}

/// Moves a handle; it is the caller's no more.
fn take(handle: Handle, access: u64, flags: u32, options: u32) -> Result<Handle, NtStatus> {
    let taken = duplicate(handle.raw(), access, flags, options);
    core::mem::forget(handle);
    taken
}

fn handle_count(program: &Program, handle: u64) -> u32 {
    program
        .done("its handles", basic_information(handle))
        .handle_count
}

/// A source that may not be closed leaves no duplicate behind.
fn protected(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    program.check(
        "protect it",
        object::set_flags(&event, false, true),
        NtStatus::SUCCESS,
    );
    for options in [
        MOVE,
        DUPLICATE_CLOSE_SOURCE,
        MOVE | DUPLICATE_SAME_ATTRIBUTES,
    ] {
        let moved = duplicate(event.raw(), 0, 0, options);
        program.check("moved", moved.err(), Some(NtStatus::HANDLE_NOT_CLOSABLE));
        program.check("one handle", handle_count(program, event.raw()), 1);
    }
    let copy = duplicate(
        event.raw(),
        0,
        0,
        DUPLICATE_SAME_ACCESS | DUPLICATE_SAME_ATTRIBUTES,
    );
    let copy = program.done("a copy with its attributes", copy);
    let information = program.done("what it is", basic_information(copy.raw()));
    program.check("protected too", information.attributes, OBJ_PROTECT_CLOSE);
    program.check(
        "not closable",
        system::close(copy.raw()),
        NtStatus::HANDLE_NOT_CLOSABLE,
    );
    for handle in [&event, &copy] {
        let status = object::set_flags(handle, false, false);
        program.check("unprotect it", status, NtStatus::SUCCESS);
    }
}

/// The only handle of a named object: the name stays.
fn moved(program: &Program) {
    let name = Name::new("\\BaseNamedObjects\\Moved");
    let (_, event) = create_event(&name);
    let event = program.done("a named event", event);
    let old = event.raw();
    let event = program.done("moved", take(event, 0, 0, MOVE));
    program.check("the old one", system::close(old), NtStatus::INVALID_HANDLE);
    program.check("one handle", handle_count(program, event.raw()), 1);
    let opened = object::open(call::nt_open_event, &name);
    let opened = program.done("by its name", opened);
    program.require("the same", object::is_same(&event, &opened));
    drop((event, opened));
    let gone = object::open(call::nt_open_event, &name);
    program.check("gone", gone.err(), Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

fn attributes(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let flags = |handle: &Handle| {
        program
            .done("flags", basic_information(handle.raw()))
            .attributes
    };
    let inherited = program.done("inherited", take(event, 0, OBJ_INHERIT, MOVE));
    program.check("inherited", flags(&inherited), OBJ_INHERIT);
    let same = take(inherited, 0, 0, MOVE | DUPLICATE_SAME_ATTRIBUTES);
    let same = program.done("the same attributes", same);
    program.check("inherited still", flags(&same), OBJ_INHERIT);
    let none = program.done("none", take(same, 0, 0, MOVE));
    program.check("not inherited", flags(&none), 0);
}

/// The source is closed also when there is no duplicate.
fn failed(program: &Program) {
    let watch = program.done("an event", sync::event(true, false));
    let copy = || {
        program.done(
            "a copy",
            duplicate(watch.raw(), 0, 0, DUPLICATE_SAME_ACCESS),
        )
    };
    for target in [0x7FF0, watch.raw()] {
        let source = copy();
        let moved = duplicate_between(CURRENT_PROCESS, source.raw(), target, 0, 0, MOVE);
        program.require("to no process", moved.is_err());
        program.check(
            "closed",
            system::close(source.raw()),
            NtStatus::INVALID_HANDLE,
        );
        core::mem::forget(source);
        program.check("one handle", handle_count(program, watch.raw()), 1);
    }
    let source = copy();
    let closed = duplicate_between(CURRENT_PROCESS, source.raw(), 0, 0, 0, MOVE);
    program.check("closed only", closed.map(|handle| handle.raw()), Ok(0));
    program.check(
        "closed",
        system::close(source.raw()),
        NtStatus::INVALID_HANDLE,
    );
    core::mem::forget(source);
    program.check("one handle", handle_count(program, watch.raw()), 1);
    let nowhere = duplicate_between(CURRENT_PROCESS, watch.raw(), 0, 0, 0, 0);
    program.check("nowhere", nowhere.err(), Some(NtStatus::INVALID_PARAMETER));
    let twice = copy();
    let value = twice.raw();
    drop(program.done("moved", take(twice, 0, 0, MOVE)));
    let again = duplicate(value, 0, 0, MOVE);
    program.check("again", again.err(), Some(NtStatus::INVALID_HANDLE));
}

/// What stands for the process or the thread cannot be closed.
fn pseudo(program: &Program) {
    for handle in [CURRENT_PROCESS, CURRENT_THREAD] {
        let real = program.done("a handle of it", duplicate(handle, 0, 0, MOVE));
        let again = program.done("and again", duplicate(handle, 0, 0, MOVE));
        program.require("of the same", object::is_same(&real, &again));
    }
}

/// Into another process and back, and out of one that has ended.
fn between(program: &Program) {
    let child = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    let child = program.done("a process", child);
    let event = program.done("an event", sync::event(true, true));
    let there = |options| {
        let to = child.process.raw();
        let there = duplicate_between(CURRENT_PROCESS, event.raw(), to, 0, 0, options);
        let there = program.done("for the other", there);
        let value = there.raw();
        // It is a handle of the other's.
        core::mem::forget(there);
        value
    };
    let value = there(DUPLICATE_SAME_ACCESS);
    program.check("two handles", handle_count(program, event.raw()), 2);
    let back = duplicate_between(child.process.raw(), value, CURRENT_PROCESS, 0, 0, MOVE);
    let back = program.done("and back", back);
    program.check("two still", handle_count(program, event.raw()), 2);
    program.check("set", sync::wait(&back, Some(0)), NtStatus::WAIT_0);
    let gone = duplicate_between(child.process.raw(), value, CURRENT_PROCESS, 0, 0, MOVE);
    program.check("not there now", gone.err(), Some(NtStatus::INVALID_HANDLE));
    drop(back);
    there(DUPLICATE_SAME_ACCESS);
    process::terminate(&child.process, NtStatus::SUCCESS);
    sync::wait(&child.process, None);
    program.check("with it its handle", handle_count(program, event.raw()), 1);
    let late = duplicate_between(
        CURRENT_PROCESS,
        event.raw(),
        child.process.raw(),
        0,
        0,
        DUPLICATE_SAME_ACCESS,
    );
    program.check(
        "too late",
        late.err(),
        Some(NtStatus::PROCESS_IS_TERMINATING),
    );
}
