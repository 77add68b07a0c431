//! How waits for changes end, and what is refused.
use abi::file::*;
use nt::completion::{port, take};
use nt::file::How;
use nt::pipe::{self, Operation};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, file, system, thread};

use crate::watcher::Watcher;
use crate::*;

const FILE: &str = "\\??\\C:\\watched\\file";
const SUB: &str = "\\??\\C:\\watched\\sub";
const ADDED: u32 = FILE_ACTION_ADDED;
const REMOVED: u32 = FILE_ACTION_REMOVED;

pub fn test(program: &Program, directory: &Handle) {
    refused(program, directory);
    too_much(program);
    events(program);
    ports(program);
    order(program);
    threads(program);
    closed(program);
    deleted(program);
}

fn come_and_go(program: &Program) {
    drop(make(program, FILE, 0));
    delete(program, FILE);
}

fn refused(program: &Program, directory: &Handle) {
    let invalid = NtStatus::INVALID_PARAMETER;
    let mut watcher = Watcher::new(open(program, DIRECTORY, 0), false);
    for filter in [0, FILE_NOTIFY_VALID_MASK + 1, u32::MAX] {
        watcher.filter = filter;
        program.check("its filter", watcher.ask(), invalid);
    }
    let ask = |what, directory: &Handle, at: *mut u8, length, status| {
        let mut operation = Operation::new();
        // SAFETY: it is refused at once.
        let asked = unsafe { operation.watch(directory, at, length, 1, false) };
        program.check(what, asked, status);
        program.check(what, operation.result().0, NtStatus::PENDING);
    };
    let mut room = [0; 64];
    let buffer = room.as_mut_ptr();
    let file = make(program, FILE, 0);
    ask("a file", &file, buffer, 64, invalid);
    let how = How::open(FILE_READ_ATTRIBUTES, FILE_SHARE_VALID_FLAGS);
    let (blind, _) = program.done("without rights", file::create(&name(DIRECTORY), how));
    ask(
        "without rights",
        &blind,
        buffer,
        64,
        NtStatus::ACCESS_DENIED,
    );
    let how = How::open(FILE_READ_DATA, FILE_SHARE_VALID_FLAGS);
    let (null, _) = program.done("a device", file::create(&name("\\??\\NUL"), how));
    ask(
        "a device",
        &null,
        buffer,
        64,
        NtStatus::INVALID_DEVICE_REQUEST,
    );
    let nowhere = core::ptr::without_provenance_mut(8);
    ask(
        "no buffer",
        directory,
        nowhere,
        64,
        NtStatus::ACCESS_VIOLATION,
    );
    drop(file);
    delete(program, FILE);
}

/// More than there is room for is to be looked for.
fn too_much(program: &Program) {
    let looked_for = (NtStatus::NOTIFY_ENUM_DIR, 0);
    // Records of two names, with `file` as a name, take 20 bytes each.
    let mut watcher = Watcher::new(open(program, DIRECTORY, 0), false);
    watcher.room = 39;
    watcher.wait(program);
    drop(make(program, FILE, 0));
    watcher.told(program, "one", &[(ADDED, "file")]);
    delete(program, FILE);
    come_and_go(program);
    program.check("too much", watcher.ask(), NtStatus::PENDING);
    program.check("too much", watcher.operation.result(), looked_for);
    // What comes then is told again.
    drop(make(program, FILE, 0));
    watcher.kept(program, "again", &[(ADDED, "file")]);
    // What is kept may be too much for a later call.
    delete(program, FILE);
    watcher.room = 19;
    program.check("less room", watcher.ask(), NtStatus::PENDING);
    program.check("less room", watcher.operation.result(), looked_for);
    watcher.wait(program);
    // No room at all is enough to be told that something happened.
    let mut none = Watcher::new(open(program, DIRECTORY, 0), false);
    none.room = 0;
    none.wait(program);
    come_and_go(program);
    program.check("no room", none.operation.result(), looked_for);
    program.check("too little", watcher.operation.result(), looked_for);
}

fn events(program: &Program) {
    let event = program.done("an event", sync::event(true, true));
    let mut watcher = Watcher::new(open(program, DIRECTORY, 0), false);
    watcher.operation.event = event.raw();
    watcher.wait(program);
    program.check("reset", sync::wait(&event, NOW), NtStatus::TIMEOUT);
    drop(make(program, FILE, 0));
    program.check("set", sync::wait(&event, NOW), NtStatus::WAIT_0);
    watcher.told(program, "told", &[(ADDED, "file")]);
    // Without an event the directory itself is signalled.
    watcher.operation.event = 0;
    watcher.wait(program);
    let waited = sync::wait(&watcher.directory, NOW);
    program.check("not signalled", waited, NtStatus::TIMEOUT);
    delete(program, FILE);
    let waited = sync::wait(&watcher.directory, NOW);
    program.check("signalled", waited, NtStatus::WAIT_0);
    watcher.told(program, "told", &[(REMOVED, "file")]);
}

fn ports(program: &Program) {
    let port = program.done("a port", port());
    let mut watcher = Watcher::new(open(program, DIRECTORY, 0), false);
    let association = FileCompletionInformation {
        port: port.raw(),
        key: 5,
    };
    let status = file::set(
        &watcher.directory,
        FILE_COMPLETION_INFORMATION,
        &association,
    );
    program.check("its port", status, NtStatus::SUCCESS);
    watcher.operation.context = 7;
    watcher.wait(program);
    program.check("nobody", take(&port, NOW), Err(NtStatus::TIMEOUT));
    drop(make(program, FILE, 0));
    let told = Ok((5, 7, NtStatus::SUCCESS, 20));
    program.check("told", take(&port, NOW), told);
    delete(program, FILE);
    watcher.kept(program, "at once", &[(REMOVED, "file")]);
    program.check("told", take(&port, NOW), told);
    // What is kept is not told at once, so the port is not passed over.
    let skip_port_on_success = 1_u32;
    let status = file::set(
        &watcher.directory,
        FILE_IO_COMPLETION_NOTIFICATION_INFORMATION,
        &skip_port_on_success,
    );
    program.check("quiet", status, NtStatus::SUCCESS);
    drop(make(program, FILE, 0));
    watcher.kept(program, "not quiet", &[(ADDED, "file")]);
    program.check("told", take(&port, NOW), told);
    delete(program, FILE);
    watcher.kept(program, "not quiet", &[(REMOVED, "file")]);
    program.check("told", take(&port, NOW), told);
    watcher.wait(program);
    let status = watcher.operation.cancel(&watcher.directory);
    program.check("cancel", status, NtStatus::SUCCESS);
    let cancelled = Ok((5, 7, NtStatus::CANCELLED, 0));
    program.check("told", take(&port, NOW), cancelled);
}

/// Calls of one handle are answered one after another.
fn order(program: &Program) {
    let directory = open(program, DIRECTORY, 0);
    let mut operations = [const { Operation::new() }; 3];
    let mut buffers = [[0; 64]; 3];
    for (operation, buffer) in operations.iter_mut().zip(&mut buffers) {
        // SAFETY: both stay until it is over.
        let status = unsafe { operation.watch(&directory, buffer.as_mut_ptr(), 64, 1, false) };
        program.check("it waits", status, NtStatus::PENDING);
    }
    let told = (NtStatus::SUCCESS, 20);
    drop(make(program, FILE, 0));
    program.check("the first", operations[0].result(), told);
    program.check("no other", operations[1].result().0, NtStatus::PENDING);
    let status = operations[1].cancel(&directory);
    program.check("cancel", status, NtStatus::SUCCESS);
    let status = operations[1].result().0;
    program.check("cancelled", status, NtStatus::CANCELLED);
    delete(program, FILE);
    program.check("the last", operations[2].result(), told);
    program.check("none", pipe::cancel_own(&directory), NtStatus::SUCCESS);
    let status = operations[2].cancel(&directory);
    program.check("none", status, NtStatus::NOT_FOUND);
}

/// Watches in its call, and says how that ended.
extern "system" fn waiter(directory: u64) -> ! {
    let mut watcher = Watcher::new(Handle::from_raw(directory), false);
    let status = watcher.ask();
    let is_written = watcher.operation.result().0 == status;
    core::mem::forget(watcher.directory);
    thread::exit(if is_written {
        status
    } else {
        NtStatus::UNSUCCESSFUL
    })
}

fn status_of(program: &Program, thread: &Handle) -> NtStatus {
    program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
    let about = program.done("about it", thread::basic_information(thread));
    about.exit_status
}

/// Handles whose calls wait.
fn threads(program: &Program) {
    let directory = open(program, DIRECTORY, FILE_SYNCHRONOUS_IO_NONALERT);
    let spawn = || {
        let thread = thread::spawn(waiter, directory.raw());
        let thread = program.done("a thread", thread);
        let waited = sync::wait(&thread, Some(-20 * MILLISECOND));
        program.check("it waits", waited, NtStatus::TIMEOUT);
        thread
    };
    let thread = spawn();
    drop(make(program, FILE, 0));
    program.check("told", status_of(program, &thread), NtStatus::SUCCESS);
    // What is kept ends the call.
    delete(program, FILE);
    drop(make(program, FILE, 0));
    let thread = program.done("a thread", thread::spawn(waiter, directory.raw()));
    program.check("kept", status_of(program, &thread), NtStatus::SUCCESS);
    let thread = spawn();
    while pipe::cancel_waiting(&thread) == NtStatus::NOT_FOUND {
        system::delay(-MILLISECOND);
    }
    let status = status_of(program, &thread);
    program.check("cancelled", status, NtStatus::CANCELLED);
    // A thread that is ended while it waits.
    let thread = spawn();
    let status = thread::terminate(&thread, NtStatus::UNSUCCESSFUL);
    program.check("terminate", status, NtStatus::SUCCESS);
    let status = status_of(program, &thread);
    program.check("terminated", status, NtStatus::UNSUCCESSFUL);
    // The last handle goes while a thread waits.
    let thread = spawn();
    system::close(directory.raw());
    let status = status_of(program, &thread);
    program.check("closed", status, NtStatus::NOTIFY_CLEANUP);
    core::mem::forget(directory);
    delete(program, FILE);
}

fn closed(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let mut watcher = Watcher::new(open(program, DIRECTORY, 0), true);
    watcher.operation.event = event.raw();
    watcher.wait(program);
    system::close(watcher.directory.raw());
    program.check("told", sync::wait(&event, NOW), NtStatus::WAIT_0);
    let result = watcher.operation.result();
    program.check("closed", result, (NtStatus::NOTIFY_CLEANUP, 0));
    core::mem::forget(watcher.directory);
}

/// A directory that is being deleted is watched no more.
fn deleted(program: &Program) {
    let sub = make(program, SUB, FILE_DIRECTORY_FILE);
    let mut watcher = Watcher::new(open(program, SUB, 0), true);
    let mut above = Watcher::new(open(program, DIRECTORY, 0), true);
    watcher.wait(program);
    above.wait(program);
    let status = file::set(&sub, FILE_DISPOSITION_INFORMATION, &1_u8);
    program.check("delete", status, NtStatus::SUCCESS);
    let result = watcher.operation.result();
    program.check("told", result, (NtStatus::DELETE_PENDING, 0));
    program.check("too late", watcher.ask(), NtStatus::DELETE_PENDING);
    program.check("not gone", above.operation.result().0, NtStatus::PENDING);
    drop(sub);
    drop(watcher);
    above.told(program, "gone", &[(REMOVED, "sub")]);
    // By a handle that deletes when it is closed.
    let sub = make(program, SUB, FILE_DIRECTORY_FILE | FILE_DELETE_ON_CLOSE);
    let mut watcher = Watcher::new(open(program, SUB, 0), true);
    watcher.wait(program);
    drop(sub);
    let result = watcher.operation.result();
    program.check("told", result, (NtStatus::DELETE_PENDING, 0));
}
