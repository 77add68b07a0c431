//! Locks of processes: on a file that they inherit, and at their end.
use abi::object::DUPLICATE_SAME_ACCESS;
use nt::process::{self, Created, INHERIT_HANDLES};
use nt::sync::{self, Handle};
use nt::volume::{lock, unlock};
use nt::{NtStatus, Program, Text, object};

use crate::*;

/// Handles that a child inherits, by their values.
struct Shared {
    file: Handle,
    /// Set by the child.
    ready: Handle,
    /// Waited for by the child.
    go_on: Handle,
}

pub fn test(program: &Program) {
    let shared = Shared {
        file: open(program, FILE_SYNCHRONOUS_IO_NONALERT),
        ready: program.done("an event", sync::event(false, false)),
        go_on: program.done("an event", sync::event(false, false)),
    };
    for handle in [&shared.file, &shared.ready, &shared.go_on] {
        let status = object::set_flags(handle, true, false);
        program.check("to be inherited", status, NtStatus::SUCCESS);
    }
    closed(program, &shared);
    ended(program, &shared);
    killed(program, &shared);
}

/// What a child does with what it inherited.
pub fn be_child(program: &Program) {
    let word = |number| program.arguments().nth(number);
    let handle = |number| {
        let value = word(number).and_then(|text| text.number());
        Handle::from_raw(program.done("a handle", value.ok_or(NtStatus::INVALID_HANDLE)))
    };
    let shared = Shared {
        file: handle(2),
        ready: handle(3),
        go_on: handle(4),
    };
    let pause = || {
        program.done("ready", sync::set(&shared.ready));
        program.check("go on", sync::wait(&shared.go_on, None), NtStatus::WAIT_0);
    };
    let what = word(1);
    let locked = |what| program.check(what, lock(&shared.file, RANGE, 0, ALONE), NtStatus::SUCCESS);
    match what.as_ref().map_or("", |what| what.as_str()) {
        "close" => {
            locked("a child's");
            pause();
            let copy = object::duplicate(shared.file.raw(), 0, 0, DUPLICATE_SAME_ACCESS);
            let copy = program.done("a copy", copy);
            nt::system::close(shared.file.raw());
            pause();
            drop(copy);
            pause();
            core::mem::forget(shared.file);
        }
        "hold" => {
            locked("a child's");
            pause();
        }
        "wait" => {
            program.done("ready", sync::set(&shared.ready));
            locked("for ever");
        }
        what => program.fail(format_args!("a child that is to {what}")),
    }
}

fn start(program: &Program, what: &str, shared: &Shared) -> Created {
    let handles = [&shared.file, &shared.ready, &shared.go_on].map(Handle::raw);
    let line = Text::formatted(format_args!(
        "locks.exe {what} {} {} {}",
        handles[0], handles[1], handles[2]
    ));
    let made = process::create("locks.exe", line.as_str(), INHERIT_HANDLES, 0);
    let child = program.done("a child", made);
    ready(program, shared);
    child
}

fn ready(program: &Program, shared: &Shared) {
    let ready = sync::wait(&shared.ready, Some(-10_000 * MILLISECOND));
    program.check("a child", ready, NtStatus::WAIT_0);
}

fn go_on(program: &Program, shared: &Shared) {
    program.done("go on", sync::set(&shared.go_on));
}

fn joined(program: &Program, child: &Created, status: NtStatus) {
    let ended = sync::wait(&child.process, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    let left = process::basic_information(child.process.raw());
    let left = program.done("what it left", left);
    program.check("its status", left.exit_status, status);
}

/// Of one open file, each process has locks of its own, for as long as it has a
/// handle.
fn closed(program: &Program, shared: &Shared) {
    let child = start(program, "close", shared);
    let status = unlock(&shared.file, RANGE, 0);
    program.check("the child's", status, NtStatus::RANGE_NOT_LOCKED);
    program.require("the child's", !is_free(program, &shared.file));
    go_on(program, shared);
    ready(program, shared);
    program.require("it has a copy", !is_free(program, &shared.file));
    go_on(program, shared);
    ready(program, shared);
    program.require("it has none", is_free(program, &shared.file));
    go_on(program, shared);
    joined(program, &child, NtStatus::SUCCESS);
}

/// Who waits for a child's lock gets it at its end.
fn ended(program: &Program, shared: &Shared) {
    let child = start(program, "hold", shared);
    let (other, mut operation) = (open(program, 0), Operation::new());
    wait_for(program, &mut operation, &other, ALONE);
    go_on(program, shared);
    joined(program, &child, NtStatus::SUCCESS);
    let result = operation.result();
    program.check("granted", result, (NtStatus::SUCCESS, 0));
}

/// A child that is ended while it waits gets no lock.
fn killed(program: &Program, shared: &Shared) {
    let mine = lock(&shared.file, RANGE, 0, ALONE);
    program.check("lock", mine, NtStatus::SUCCESS);
    let child = start(program, "wait", shared);
    nt::system::delay(-20 * MILLISECOND);
    let ended = process::terminate(&child.process, NtStatus::UNSUCCESSFUL);
    program.check("terminate", ended, NtStatus::SUCCESS);
    joined(program, &child, NtStatus::UNSUCCESSFUL);
    let status = unlock(&shared.file, RANGE, 0);
    program.check("unlock", status, NtStatus::SUCCESS);
    program.require("nobody's", is_free(program, &shared.file));
}
