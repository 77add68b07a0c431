//! Handles that are closed: their locks go, and nobody waits by them.
use abi::io::CURRENT_PROCESS;
use abi::object::{DUPLICATE_CLOSE_SOURCE, DUPLICATE_SAME_ACCESS};
use nt::object::{duplicate, duplicate_between};
use nt::sync::{self, Handle};
use nt::volume::lock;
use nt::{NtStatus, Program, process, system};

use crate::*;

pub fn test(program: &Program) {
    let probe = open(program, FILE_SYNCHRONOUS_IO_NONALERT);
    last_handle(program, &probe);
    moved(program, &probe);
    elsewhere(program, &probe);
    waiting(program, &probe);
}

fn locked(program: &Program) -> Handle {
    let file = open(program, FILE_SYNCHRONOUS_IO_NONALERT);
    program.check("lock", lock(&file, RANGE, 0, ALONE), NtStatus::SUCCESS);
    file
}

/// Every handle but the last leaves the locks as they are.
fn last_handle(program: &Program, probe: &Handle) {
    let file = locked(program);
    let copy = duplicate(file.raw(), 0, 0, DUPLICATE_SAME_ACCESS);
    let copy = program.done("a copy", copy);
    drop(file);
    program.require("still locked", !is_free(program, probe));
    drop(copy);
    program.require("released", is_free(program, probe));
}

/// A handle that becomes another is the last at no time.
fn moved(program: &Program, probe: &Handle) {
    let file = locked(program);
    let options = DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE;
    let moved = duplicate(file.raw(), 0, 0, options);
    core::mem::forget(file);
    let moved = program.done("moved", moved);
    program.require("still locked", !is_free(program, probe));
    drop(moved);
    program.require("released", is_free(program, probe));
}

/// Another process's handle keeps the file open, but not this process's locks.
fn elsewhere(program: &Program, probe: &Handle) {
    let child = program.done("a child", process::spawn("spin.exe", "spin.exe"));
    let options = DUPLICATE_SAME_ACCESS;
    let give = |file: &Handle, options| {
        let (from, to) = (CURRENT_PROCESS, child.process.raw());
        let given = duplicate_between(from, file.raw(), to, 0, 0, options);
        core::mem::forget(program.done("its handle", given));
    };
    let file = locked(program);
    give(&file, options);
    program.require("still locked", !is_free(program, probe));
    drop(file);
    program.require("released", is_free(program, probe));
    // The same where the handle goes there.
    let file = locked(program);
    give(&file, options | DUPLICATE_CLOSE_SOURCE);
    core::mem::forget(file);
    program.require("released", is_free(program, probe));
    // Waits end with this process's last handle too.
    let (holder, file, mut operation) = (locked(program), open(program, 0), Operation::new());
    wait_for(program, &mut operation, &file, ALONE);
    give(&file, options);
    drop(file);
    program.check("cancelled", operation.result().0, NtStatus::CANCELLED);
    drop(holder);
    program.require("nobody's", is_free(program, probe));
    let status = process::terminate(&child.process, NtStatus::SUCCESS);
    program.check("terminate", status, NtStatus::SUCCESS);
}

/// Waits in a call for a lock that never comes.
extern "system" fn locker(file: u64) -> ! {
    let file = Handle::from_raw(file);
    let status = lock(&file, RANGE, 0, ALONE);
    core::mem::forget(file);
    nt::thread::exit(status)
}

/// Who waits by a handle that is closed waits no more.
fn waiting(program: &Program, probe: &Handle) {
    let holder = locked(program);
    let (file, mut operation) = (open(program, 0), Operation::new());
    let event = program.done("an event", sync::event(true, false));
    operation.event = event.raw();
    wait_for(program, &mut operation, &file, ALONE);
    drop(file);
    program.check("told", sync::wait(&event, NOW), NtStatus::WAIT_0);
    program.check("cancelled", operation.result().0, NtStatus::CANCELLED);
    let file = open(program, FILE_SYNCHRONOUS_IO_NONALERT);
    let thread = nt::thread::spawn(locker, file.raw());
    let thread = program.done("a thread", thread);
    system::delay(-20 * MILLISECOND);
    drop(file);
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    let about = nt::thread::basic_information(&thread).map(|about| about.exit_status);
    program.check("cancelled", about, Ok(NtStatus::CANCELLED));
    drop(holder);
    program.require("nobody's", is_free(program, probe));
}
