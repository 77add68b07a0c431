//! Processes: made, waited for, ended; what they inherit; what they leave.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("processes", main);

use abi::file::{FILE_SHARE_VALID_FLAGS, FILE_WRITE_DATA};
use abi::io::CURRENT_PROCESS;
use abi::object::OBJ_CASE_INSENSITIVE;
use nt::file::{self, How};
use nt::object::Name;
use nt::process::{self, Created};
use nt::sync;
use nt::{NtStatus, Program, system, thread};

const STILL_ACTIVE: NtStatus = NtStatus(0x103);
const MILLISECOND: i64 = 10_000;

fn main(program: &Program) {
    statuses(program);
    refused(program);
    by_path(program);
    suspended(program);
    ended(program);
    memory_comes_back(program);
}

fn spawn(program: &Program, file: &str, command_line: &str) -> Created {
    program.done(command_line, process::spawn(file, command_line))
}

fn join(program: &Program, created: &Created, expected: u32) {
    program.check(
        "its end",
        sync::wait(&created.process, None),
        NtStatus::WAIT_0,
    );
    program.check(
        "its thread's",
        sync::wait(&created.thread, None),
        NtStatus::WAIT_0,
    );
    let information = program.done(
        "what it left",
        process::basic_information(created.process.raw()),
    );
    program.check("its status", information.exit_status, NtStatus(expected));
}

fn statuses(program: &Program) {
    let created = spawn(program, "exit.exe", "exit.exe 0x2A");
    let own = program.done("what we are", process::basic_information(CURRENT_PROCESS));
    let other = program.done(
        "what it is",
        process::basic_information(created.process.raw()),
    );
    program.check("its number", other.process_id, created.client_id.process);
    program.check("its parent", other.parent_process_id, own.process_id);
    program.require("it has another number", other.process_id != own.process_id);
    join(program, &created, 0x2A);
    join(program, &spawn(program, "hello.exe", "hello.exe"), 0);
    let arguments = spawn(
        program,
        "arguments.exe",
        "arguments.exe one \"two words\" 3",
    );
    join(program, &arguments, 0);
    let crashed = spawn(program, "fault-null.exe", "fault-null.exe");
    join(program, &crashed, 0xC000_0005);
}

fn refused(program: &Program) {
    for (file, expected) in [
        ("nobody.exe", NtStatus::OBJECT_NAME_NOT_FOUND),
        ("imports.exe", NtStatus::DLL_NOT_FOUND),
        ("bad-magic.exe", NtStatus::INVALID_IMAGE_NOT_MZ),
        ("", NtStatus::OBJECT_NAME_INVALID),
    ] {
        program.check(file, process::spawn(file, file).err(), Some(expected));
    }
    let elsewhere = process::Wide::new(&["\\??\\D:\\hello.exe"]);
    let block = nt::program::parameters();
    program.check(
        "another drive",
        process::create_from(&elsewhere, block, 0, 0).err(),
        Some(NtStatus::OBJECT_PATH_NOT_FOUND),
    );
    let unknown = process::create("hello.exe", "hello.exe", 0x8000_0000, 0);
    program.check("a flag", unknown.err(), Some(NtStatus::INVALID_PARAMETER_7));
    let event = program.done("no debugger", sync::event(true, false));
    for (debug, expected) in [
        (event.raw(), NtStatus::OBJECT_TYPE_MISMATCH),
        (0xBAD0, NtStatus::INVALID_HANDLE),
    ] {
        let made = process::create_debugged("hello.exe", "hello.exe", debug);
        program.check("under a debugger", made.err(), Some(expected));
    }
}

/// A program is a file, whatever leads to it, and is kept from being written.
fn by_path(program: &Program) {
    let block = nt::program::parameters();
    let run = |path| process::create_from(&process::Wide::new(&[path]), block, 0, 0);
    for (path, expected) in [
        ("exit.exe", NtStatus::OBJECT_PATH_SYNTAX_BAD),
        ("\\??\\C:\\programs", NtStatus::FILE_IS_A_DIRECTORY),
        (
            "\\??\\C:\\nowhere\\exit.exe",
            NtStatus::OBJECT_PATH_NOT_FOUND,
        ),
        ("\\BaseNamedObjects", NtStatus::OBJECT_TYPE_MISMATCH),
        ("\\??\\NUL", NtStatus::INVALID_FILE_FOR_SECTION),
    ] {
        program.check(path, run(path).err(), Some(expected));
    }
    for path in [
        "\\??\\C:\\programs\\hello.exe",
        "\\??\\c:\\PROGRAMS\\Hello.EXE",
        "\\DosDevices\\C:\\programs\\hello.exe",
        "\\Device\\HarddiskVolume1\\programs\\hello.exe",
    ] {
        let created = program.done(path, run(path));
        join(program, &created, 0);
    }
    let name = Name::with("\\??\\C:\\programs\\spin.exe", 0, OBJ_CASE_INSENSITIVE);
    let how = How::open(FILE_WRITE_DATA, FILE_SHARE_VALID_FLAGS);
    let writer = program.done("a writer", file::create(&name, how)).0;
    let made = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    let expected = Some(NtStatus::SHARING_VIOLATION);
    program.check("of what is written", made.err(), expected);
    drop(writer);
    let made = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    let created = program.done("of what is not", made);
    let writer = file::create(&name, how).map(|_| ());
    program.check("write what runs", writer.err(), expected);
    program.check("delete it", file::delete(&name), NtStatus::CANNOT_DELETE);
    let ended = process::terminate(&created.process, NtStatus(7));
    program.check("end it", ended, NtStatus::SUCCESS);
    join(program, &created, 7);
}

fn suspended(program: &Program) {
    let made = process::create("exit.exe", "exit.exe 7", 0, process::SUSPENDED);
    let created = program.done("suspended", made);
    program.check(
        "stands still",
        sync::wait(&created.process, Some(-3 * MILLISECOND)),
        NtStatus::TIMEOUT,
    );
    let information = program.done(
        "what it is",
        process::basic_information(created.process.raw()),
    );
    program.check("runs", information.exit_status, STILL_ACTIVE);
    program.check("resumed", thread::resume(&created.thread), Ok(1));
    join(program, &created, 7);
}

fn ended(program: &Program) {
    let created = spawn(program, "spin.exe", "spin.exe");
    system::delay(-2 * MILLISECOND);
    program.check(
        "end it",
        process::terminate(&created.process, NtStatus(77)),
        NtStatus::SUCCESS,
    );
    join(program, &created, 77);
    program.check(
        "ended already",
        process::terminate(&created.process, NtStatus(78)),
        NtStatus::PROCESS_IS_TERMINATING,
    );
    let made = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    let created = program.done("suspended", made);
    program.check(
        "end one that never ran",
        process::terminate(&created.process, NtStatus(79)),
        NtStatus::SUCCESS,
    );
    join(program, &created, 79);
}

fn memory_comes_back(program: &Program) {
    let mut free = 0;
    for turn in 0..60 {
        let created = spawn(program, "exit.exe", "exit.exe 1");
        join(program, &created, 1);
        drop(created);
        let now = program.done("free memory", system::available_pages());
        // The first turns fill what is kept for later.
        if turn < 10 {
            free = now;
        }
        program.check("free pages", now, free);
    }
}
