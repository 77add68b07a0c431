//! Pipes to other processes: what a child has written, and what it asked.
use abi::file::*;
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::thread::THREAD_IMPERSONATION_TOKEN;
use abi::token::{CURRENT_PROCESS_TOKEN, SECURITY_LEVEL_IMPERSONATION, TOKEN_IMPERSONATION_LEVEL};
use nt::file;
use nt::information::{self, Of};
use nt::pipe::{self, NewPipe, Operation};
use nt::process::{self, Created, INHERIT_HANDLES};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, object, system, thread, token};

use crate::{connect, join, name, not_read, read, written};

const SYNCHRONOUS: u32 = FILE_SYNCHRONOUS_IO_NONALERT;
const MILLISECOND: i64 = 10_000;
const GREETING: &[u8] = b"what a child says\n";

pub fn test(program: &Program) {
    left_behind(program);
    answered(program);
    visited(program);
    ended(program);
}

/// What a child does with the end it was given, by its arguments.
pub fn be_child(program: &Program, what: &str) {
    let number = program.arguments().nth(2).and_then(|text| text.number());
    let end = Handle::from_raw(program.done("a handle", number.ok_or(NtStatus::INVALID_HANDLE)));
    match what {
        "write" => written(program, "written by a child", &end, GREETING),
        "echo" => {
            let mut buffer = [0; 64];
            while let Ok(bytes) = file::read(&end, None, &mut buffer) {
                written(program, "echoed", &end, &buffer[..bytes]);
            }
        }
        "visit" => {
            let client = program.done("a client", connect("visited", SYNCHRONOUS));
            written(program, "by its own end", &client, GREETING);
            read(program, "the parent has seen it", &end, 1, b"x");
        }
        "hang" => {
            let (mut operation, mut buffer) = (Operation::new(), [0; 64]);
            // SAFETY: both stay as long as the process.
            let status = unsafe { operation.read(&end, buffer.as_mut_ptr(), 64) };
            program.check("nothing yet", status, NtStatus::PENDING);
            let (much, mut operation) = ([7; 5000], Operation::new());
            // SAFETY: as above.
            let status = unsafe { operation.write(&end, &much) };
            program.check("no room", status, NtStatus::PENDING);
            let main = extra_reader(program, &end);
            program.check("for ever", sync::wait(&main, None), NtStatus::WAIT_0);
        }
        _ => program.fail(format_args!("a child that is to {what}")),
    }
    core::mem::forget(end);
}

/// A thread that asks too, and waits.
fn extra_reader(program: &Program, end: &Handle) -> Handle {
    extern "system" fn ask(end: u64) -> ! {
        let end = Handle::from_raw(end);
        let (mut operation, mut buffer) = (Operation::new(), [0; 64]);
        // SAFETY: both stay as long as the thread.
        unsafe { operation.read(&end, buffer.as_mut_ptr(), 64) };
        loop {
            system::delay(-1000 * MILLISECOND);
        }
    }
    program.done("another thread", thread::spawn(ask, end.raw()))
}

/// Starts this program as a child that inherits an end, which is then only its.
fn start(program: &Program, what: &str, end: Handle) -> Created {
    let status = object::set_flags(&end, true, false);
    program.check("to be inherited", status, NtStatus::SUCCESS);
    let (mut digits, mut number) = ([b'0'; 10], end.raw());
    for digit in digits.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    let digits = core::str::from_utf8(&digits).unwrap_or_default();
    let (mut first, mut second, mut third) = ([0; 64], [0; 64], [0; 64]);
    let line = join("pipes.exe ", what, &mut first);
    let line = join(line, " ", &mut second);
    let line = join(line, digits, &mut third);
    let made = process::create("pipes.exe", line, INHERIT_HANDLES, 0);
    program.done("a child", made)
}

fn pair(program: &Program, options: u32) -> (Handle, Handle) {
    let (server, _) = program.done("a server", pipe::create(&name("child"), &NewPipe::BYTES));
    let client = program.done("a client", connect("child", options));
    (server, client)
}

fn joined(program: &Program, child: &Created) {
    let ended = sync::wait(&child.process, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    let left = process::basic_information(child.process.raw());
    let left = program.done("what it left", left);
    program.check("its status", left.exit_status, NtStatus::SUCCESS);
}

/// What a child wrote is there when it has ended, and then no more.
fn left_behind(program: &Program) {
    let (server, client) = pair(program, SYNCHRONOUS);
    let child = start(program, "write", client);
    joined(program, &child);
    read(program, "what it wrote", &server, 64, GREETING);
    not_read(program, "the end of it", &server, NtStatus::PIPE_BROKEN);
}

fn answered(program: &Program) {
    let (server, client) = pair(program, SYNCHRONOUS);
    let child = start(program, "echo", client);
    for text in [b"one".as_slice(), b"two and more", b"three"] {
        written(program, "asked", &server, text);
        read(program, "answered", &server, 64, text);
    }
    drop(server);
    joined(program, &child);
}

/// A client knows its server, and the server who its client is.
fn visited(program: &Program) {
    const PIPE: u32 = FSCTL_PIPE_GET_PIPE_ATTRIBUTE;
    const CONNECTION: u32 = FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE;
    let id = |process| process::basic_information(process).map(|known| known.process_id);
    let attribute = |end: &Handle, code, name: &str| {
        let mut value = [0; 4];
        let length = pipe::control(end, code, name.as_bytes(), &mut value)?;
        program.check("bytes of an attribute", length, value.len());
        Ok(u64::from(u32::from_le_bytes(value)))
    };
    let (server, client) = pair(program, SYNCHRONOUS);
    let (visited, _) = program.done("a server", pipe::create(&name("visited"), &NewPipe::BYTES));
    program.check(
        "nobody came yet",
        attribute(&visited, CONNECTION, "ClientProcessId\0"),
        Err(NtStatus::NOT_FOUND),
    );
    program.check(
        "nobody to act for",
        act_for_client(&visited),
        NtStatus::CANNOT_IMPERSONATE,
    );
    program.check(
        "for its server",
        act_for_client(&client),
        NtStatus::ILLEGAL_FUNCTION,
    );
    let child = start(program, "visit", client);
    let listened = pipe::control_status(&visited, FSCTL_PIPE_LISTEN, &[], &mut []).0;
    // It may have come before the server listens.
    let came = [NtStatus::SUCCESS, NtStatus::PIPE_CONNECTED];
    program.require("it came", came.contains(&listened));
    read(program, "what it wrote", &visited, 64, GREETING);
    let visitor = id(child.process.raw());
    for (what, end, code, name, expected) in [
        (
            "a visitor",
            &visited,
            CONNECTION,
            "ClientProcessId\0",
            visitor,
        ),
        (
            "the server",
            &visited,
            PIPE,
            "ServerProcessId\0",
            id(CURRENT_PROCESS),
        ),
        (
            "a session",
            &visited,
            CONNECTION,
            "ClientSessionId\0",
            Ok(1),
        ),
        ("the server's", &visited, PIPE, "ServerSessionId\0", Ok(1)),
        (
            "a machine",
            &visited,
            CONNECTION,
            "ClientComputerName\0",
            Err(NtStatus::NOT_FOUND),
        ),
        (
            "no end of it",
            &visited,
            PIPE,
            "ServerProcessId",
            Err(NtStatus::NOT_FOUND),
        ),
        ("nothing", &visited, PIPE, "", Err(NtStatus::NOT_FOUND)),
    ] {
        program.check(what, attribute(end, code, name), expected);
    }
    let mut both = [0; 16];
    let length = pipe::control(&visited, FSCTL_PIPE_QUERY_CLIENT_PROCESS, &[], &mut both);
    program.check("of one process", length, Ok(both.len()));
    let number = u64::from_le_bytes(both[8..].try_into().unwrap_or_default());
    program.check("which is the child", Ok(number), visitor);
    program.check(
        "no room",
        pipe::control(
            &visited,
            FSCTL_PIPE_QUERY_CLIENT_PROCESS,
            &[],
            &mut both[..15],
        ),
        Err(NtStatus::BUFFER_TOO_SMALL),
    );
    program.check("acts for it", act_for_client(&visited), NtStatus::SUCCESS);
    for token in token::open_of_thread() {
        let token = program.done("whom", token);
        let level = token::query::<u32>(token.raw(), TOKEN_IMPERSONATION_LEVEL);
        program.check("how far", level, Ok(SECURITY_LEVEL_IMPERSONATION));
        let same = token::compare(token.raw(), CURRENT_PROCESS_TOKEN);
        program.check("the same user", same, Ok(true));
    }
    let none = information::set(
        Of::Thread,
        CURRENT_THREAD,
        THREAD_IMPERSONATION_TOKEN,
        &0_u64,
    );
    program.check("no more", none, NtStatus::SUCCESS);
    written(program, "it may go", &server, b"x");
    joined(program, &child);
    program.check("gone", act_for_client(&visited), NtStatus::SUCCESS);
    let none = information::set(
        Of::Thread,
        CURRENT_THREAD,
        THREAD_IMPERSONATION_TOKEN,
        &0_u64,
    );
    program.check("no more again", none, NtStatus::SUCCESS);
}

fn act_for_client(end: &Handle) -> NtStatus {
    pipe::control_status(end, FSCTL_PIPE_IMPERSONATE, &[], &mut []).0
}

/// A child that ends while it waits, by two threads, leaves an end that is closed.
fn ended(program: &Program) {
    for turn in 0..3 {
        let (server, client) = pair(program, 0);
        let child = start(program, "hang", client);
        // It waits once this much has come.
        read(program, "from a child", &server, 1, &[7]);
        if turn == 1 {
            written(program, "for one of its reads", &server, b"x");
        }
        let ended = process::terminate(&child.process, NtStatus::SUCCESS);
        program.check("terminate", ended, NtStatus::SUCCESS);
        joined(program, &child);
        let mut rest = [0; 8192];
        loop {
            match file::read(&server, None, &mut rest) {
                Ok(bytes) => {
                    program.require("what it wrote", rest[..bytes].iter().all(|&b| b == 7))
                }
                Err(status) => break program.check("its end", status, NtStatus::PIPE_BROKEN),
            }
        }
        let write = file::write(&server, None, b"x");
        program.check("nobody there", write, Err(NtStatus::PIPE_CLOSING));
    }
}
