//! Pipes whose calls do not wait: events, completion ports, cancelling.
use abi::file::*;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use nt::completion::{port, take};
use nt::file;
use nt::pipe::{self, NewPipe, Operation};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, system, thread};

use crate::{connect, connected, name, written};

const MILLISECOND: i64 = 10_000;
const NOW: Option<i64> = Some(0);
/// How often cancelling races completing.
const RACES: u32 = 10_000;

pub fn test(program: &Program) {
    events(program);
    listening(program);
    ports(program);
    cancelled(program);
    cancelled_waits(program);
    ended(program);
    races(program);
}

/// A server whose calls do not wait, and a client whose do.
fn pair(program: &Program, of: &str) -> (Handle, Handle) {
    let (server, _) = program.done(
        "a server",
        pipe::create(&name(of), &NewPipe::BYTES.overlapped()),
    );
    let client = connect(of, FILE_SYNCHRONOUS_IO_NONALERT);
    (server, program.done("a client", client))
}

fn events(program: &Program) {
    let (server, client) = pair(program, "events");
    let event = program.done("an event", sync::event(true, true));
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    operation.event = event.raw();
    // SAFETY: both stay until the operation is over.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), buffer.len()) };
    program.check("nothing yet", status, NtStatus::PENDING);
    program.check(
        "the event is reset",
        sync::wait(&event, NOW),
        NtStatus::TIMEOUT,
    );
    program.check("no result yet", operation.result().0, NtStatus::PENDING);
    written(program, "written", &client, b"hello");
    program.check(
        "the event is set",
        sync::wait(&event, NOW),
        NtStatus::WAIT_0,
    );
    program.check("the result", operation.result(), (NtStatus::SUCCESS, 5));
    program.require("the bytes", buffer[..5] == *b"hello");
    // Without an event the file itself is signalled.
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    // SAFETY: as above.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), buffer.len()) };
    program.check("nothing yet", status, NtStatus::PENDING);
    program.check("not signalled", sync::wait(&server, NOW), NtStatus::TIMEOUT);
    written(program, "written", &client, b"again");
    program.check("signalled", sync::wait(&server, NOW), NtStatus::WAIT_0);
    program.check("the result", operation.result(), (NtStatus::SUCCESS, 5));
}

fn listening(program: &Program) {
    let new = NewPipe::BYTES.overlapped();
    let (server, _) = program.done("a server", pipe::create(&name("listening"), &new));
    let event = program.done("an event", sync::event(false, false));
    let mut operation = Operation::new();
    operation.event = event.raw();
    // SAFETY: there is no output, and the operation stays.
    let status =
        unsafe { operation.control(&server, FSCTL_PIPE_LISTEN, &[], core::ptr::null_mut(), 0) };
    program.check("no client yet", status, NtStatus::PENDING);
    let client = connect("listening", FILE_SYNCHRONOUS_IO_NONALERT);
    program.done("a client", client);
    program.check("it came", sync::wait(&event, NOW), NtStatus::WAIT_0);
    program.check("the result", operation.result(), (NtStatus::SUCCESS, 0));
}

fn associate(program: &Program, file: &Handle, port: &Handle, key: u64) {
    let association = FileCompletionInformation {
        port: port.raw(),
        key,
    };
    program.check(
        "its port",
        file::set(file, FILE_COMPLETION_INFORMATION, &association),
        NtStatus::SUCCESS,
    );
}

fn ports(program: &Program) {
    let (server, client) = pair(program, "ports");
    let port = program.done("a port", port());
    associate(program, &server, &port, 5);
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    operation.context = 77;
    // SAFETY: both stay until the operation is over.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), buffer.len()) };
    program.check("nothing yet", status, NtStatus::PENDING);
    program.check("not told", take(&port, NOW), Err(NtStatus::TIMEOUT));
    written(program, "written", &client, b"abc");
    program.check("told", take(&port, NOW), Ok((5, 77, NtStatus::SUCCESS, 3)));
    program.require("the bytes", buffer[..3] == *b"abc");
    let mut other = Operation::new();
    other.context = 78;
    // SAFETY: as above.
    let status = unsafe { other.read(&server, buffer.as_mut_ptr(), buffer.len()) };
    program.check("nothing yet", status, NtStatus::PENDING);
    drop(client);
    program.check(
        "broken",
        take(&port, NOW),
        Ok((5, 78, NtStatus::PIPE_BROKEN, 0)),
    );
    let mut third = Operation::new();
    third.context = 79;
    // SAFETY: as above.
    let status = unsafe { third.read(&server, buffer.as_mut_ptr(), buffer.len()) };
    program.check("refused at once", status, NtStatus::PIPE_BROKEN);
    program.check("nobody is told", take(&port, NOW), Err(NtStatus::TIMEOUT));
}

fn cancelled(program: &Program) {
    let (server, client) = pair(program, "cancelled");
    let (mut first, mut second) = (Operation::new(), Operation::new());
    program.check("none", first.cancel(&server), NtStatus::NOT_FOUND);
    program.check("none of ours", pipe::cancel_own(&server), NtStatus::SUCCESS);
    let mut buffers = [[0; 16]; 2];
    for (operation, buffer) in [&mut first, &mut second].into_iter().zip(&mut buffers) {
        // SAFETY: both stay until the operation is over.
        let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
        program.check("nothing yet", status, NtStatus::PENDING);
    }
    program.check("the first", first.cancel(&server), NtStatus::SUCCESS);
    program.check("is cancelled", first.result(), (NtStatus::CANCELLED, 0));
    program.check("once", first.cancel(&server), NtStatus::NOT_FOUND);
    written(program, "written", &client, b"two");
    program.check("the other goes on", second.result(), (NtStatus::SUCCESS, 3));
    let mut third = Operation::new();
    // SAFETY: as above.
    let status = unsafe { third.read(&server, buffers[0].as_mut_ptr(), 16) };
    program.check("nothing yet", status, NtStatus::PENDING);
    program.check("all of ours", pipe::cancel_own(&server), NtStatus::SUCCESS);
    program.check("is cancelled", third.result().0, NtStatus::CANCELLED);
}

static END: AtomicU64 = AtomicU64::new(0);

/// Reads, and says how that ended.
extern "system" fn reader(end: u64) -> ! {
    let end = Handle::from_raw(end);
    let read = file::read(&end, None, &mut [0; 16]);
    core::mem::forget(end);
    thread::exit(read.err().unwrap_or(NtStatus::SUCCESS))
}

/// What another thread waits for in its call.
fn cancelled_waits(program: &Program) {
    let (_server, client) = connected(program, "waits", &NewPipe::BYTES);
    let thread = program.done("a thread", thread::spawn(reader, client.raw()));
    while pipe::cancel_waiting(&thread) == NtStatus::NOT_FOUND {
        system::delay(-MILLISECOND);
    }
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    let ended = thread::basic_information(&thread).map(|about| about.exit_status);
    program.check("cancelled", ended, Ok(NtStatus::CANCELLED));
}

static BEGUN: AtomicBool = AtomicBool::new(false);

/// Asks, and ends before the answer.
extern "system" fn asker(end: u64) -> ! {
    let end = Handle::from_raw(end);
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    operation.event = END.load(SeqCst);
    // SAFETY: what the thread asked is cancelled with it.
    let status = unsafe { operation.read(&end, buffer.as_mut_ptr(), 16) };
    BEGUN.store(status == NtStatus::PENDING, SeqCst);
    core::mem::forget(end);
    thread::exit(NtStatus::SUCCESS)
}

/// What a thread asked ends with it; others get the data.
fn ended(program: &Program) {
    let (server, client) = pair(program, "ended");
    let event = program.done("an event", sync::event(true, false));
    END.store(event.raw(), SeqCst);
    let thread = program.done("a thread", thread::spawn(asker, server.raw()));
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    program.require("it had asked", BEGUN.load(SeqCst));
    program.check("cancelled", sync::wait(&event, NOW), NtStatus::WAIT_0);
    written(program, "written", &client, b"data");
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    // SAFETY: both stay until the operation is over.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("not lost", status, NtStatus::SUCCESS);
}

static WRITTEN: AtomicU64 = AtomicU64::new(0);
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Writes a byte now and then until it is told to stop.
extern "system" fn writer(end: u64) -> ! {
    let end = Handle::from_raw(end);
    let mut random = 0x5EED_u64;
    while !IS_OVER.load(SeqCst) {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        for _ in 0..random >> 56 {
            core::hint::spin_loop();
        }
        if file::write(&end, None, &[1]).is_ok() {
            WRITTEN.fetch_add(1, SeqCst);
        }
        if random >> 32 & 3 == 0 {
            system::yield_execution();
        }
    }
    core::mem::forget(end);
    thread::exit(NtStatus::SUCCESS)
}

/// Each of many reads either gets its data or is cancelled, and a port is told once.
fn races(program: &Program) {
    let (server, client) = pair(program, "races");
    let port = program.done("a port", port());
    associate(program, &server, &port, 1);
    let thread = program.done("a thread", thread::spawn(writer, client.raw()));
    let (mut read, mut cancelled) = (0, 0);
    for number in 1..=RACES {
        let (mut operation, mut buffer) = (Operation::new(), [0; 64]);
        operation.context = number.into();
        // SAFETY: both stay until the port has told of the end.
        let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 64) };
        if status == NtStatus::PENDING {
            if number % 3 == 0 {
                system::yield_execution();
            }
            let status = operation.cancel(&server);
            let is_known = [NtStatus::SUCCESS, NtStatus::NOT_FOUND].contains(&status);
            program.require("cancelled or over", is_known);
        } else {
            program.check("read at once", status, NtStatus::SUCCESS);
        }
        let (_, context, status, bytes) = program.done("its end", take(&port, None));
        program.check("of this one", context, number.into());
        program.check("the result", operation.result(), (status, bytes));
        match status {
            NtStatus::CANCELLED => cancelled += 1,
            _ => read += bytes,
        }
        program.check("told once", take(&port, NOW), Err(NtStatus::TIMEOUT));
    }
    IS_OVER.store(true, SeqCst);
    // The writer may wait for room.
    let mut left = [0; 0x1000];
    while sync::wait(&thread, NOW) == NtStatus::TIMEOUT {
        let mut operation = Operation::new();
        // SAFETY: as above.
        if unsafe { operation.read(&server, left.as_mut_ptr(), left.len()) } == NtStatus::PENDING {
            operation.cancel(&server);
        }
        if operation.result().0 == NtStatus::SUCCESS {
            read += operation.result().1;
        }
        system::yield_execution();
    }
    let mut operation = Operation::new();
    // SAFETY: as above.
    match unsafe { operation.read(&server, left.as_mut_ptr(), left.len()) } {
        NtStatus::SUCCESS => read += operation.result().1,
        _ => {
            operation.cancel(&server);
        }
    }
    program.check("no byte is lost", read, WRITTEN.load(SeqCst));
    program.require("some were cancelled", cancelled > RACES / 100);
    program.require("some were read", read > 100);
}
