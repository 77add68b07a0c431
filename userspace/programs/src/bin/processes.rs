//! Processes: made, waited for, ended; what they inherit; what they leave.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("processes", main);

use abi::io::CURRENT_PROCESS;
use nt::process::{self, Created};
use nt::sync;
use nt::{NtStatus, Program, system, thread};

const STILL_ACTIVE: NtStatus = NtStatus(0x103);
const MILLISECOND: i64 = 10_000;

fn main(program: &Program) {
    statuses(program);
    refused(program);
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
        ("bad-magic.exe", NtStatus::INVALID_IMAGE_FORMAT),
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
