//! Operations that end by a call of the thread, and waits that calls end.
use abi::exception::{ApcFrame, ExceptionFrame};
use abi::file::*;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::exception;
use nt::pipe::{self, NewPipe, Operation};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, system, thread};

use crate::{connect, name, written};

const MILLISECOND: i64 = 10_000;
const NOW: Option<i64> = Some(0);
const ROUTINE: u64 = 0x1234;
const CONTEXT: u64 = 0x5678;

static COUNT: AtomicU64 = AtomicU64::new(0);
/// What was called: its arguments, and the routine.
static CALLED: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

fn on_exception(frame: &mut ExceptionFrame) -> ! {
    nt::exit(frame.record.code)
}

fn on_apc(frame: &mut ApcFrame) -> ! {
    let [first, second, third, routine, ..] = frame.context.home;
    for (place, value) in CALLED.iter().zip([first, second, third, routine]) {
        place.store(value, SeqCst);
    }
    COUNT.fetch_add(1, SeqCst);
    // SAFETY: where the call interrupted the program.
    unsafe { exception::go_on(&frame.context, true) }
}

pub fn test(program: &Program) {
    let status = exception::register(on_exception, on_apc);
    program.check("its dispatchers", status, NtStatus::SUCCESS);
    reads(program);
    listens(program);
    writes(program);
    with_ports(program);
    synchronous(program);
    alerted(program);
    program.check("none", exception::forget(), NtStatus::SUCCESS);
}

fn with_call() -> Operation {
    Operation {
        apc: ROUTINE,
        context: CONTEXT,
        ..Operation::new()
    }
}

/// An APC is queued for this thread, and is made just once.
fn expect_call(program: &Program, what: &str, operation: &Operation) {
    let before = COUNT.load(SeqCst);
    system::delay(-MILLISECOND / 10);
    program.check(what, COUNT.load(SeqCst), before);
    let waited = exception::wait_alertably(-1000 * MILLISECOND);
    program.check(what, waited, NtStatus::USER_APC);
    program.check(what, COUNT.load(SeqCst), before + 1);
    let called = CALLED.each_ref().map(|place| place.load(SeqCst));
    let block = &raw const operation.block as u64;
    program.check(what, called, [CONTEXT, block, 0, ROUTINE]);
    program.check("once", exception::test_alert(), NtStatus::SUCCESS);
    program.check("once", COUNT.load(SeqCst), before + 1);
}

fn pair(program: &Program, options: u32) -> (Handle, Handle) {
    let new = NewPipe {
        options,
        ..NewPipe::BYTES
    };
    let (server, _) = program.done("a server", pipe::create(&name("apcs"), &new));
    let client = connect("apcs", FILE_SYNCHRONOUS_IO_NONALERT);
    (server, program.done("a client", client))
}

fn reads(program: &Program) {
    let (server, client) = pair(program, 0);
    let event = program.done("an event", sync::event(true, false));
    let (mut operation, mut buffer) = (with_call(), [0; 16]);
    operation.event = event.raw();
    // SAFETY: both stay until the operation is over.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("nothing yet", status, NtStatus::PENDING);
    let waited = exception::wait_alertably(-MILLISECOND);
    program.check("no call yet", waited, NtStatus::SUCCESS);
    written(program, "written", &client, b"abc");
    program.check("the result", operation.result(), (NtStatus::SUCCESS, 3));
    let waited = sync::wait(&event, NOW);
    program.check("the event too", waited, NtStatus::WAIT_0);
    expect_call(program, "a read's call", &operation);
    // What is there already ends at once, with its call.
    written(program, "written", &client, b"def");
    let (mut operation, mut buffer) = (with_call(), [0; 16]);
    // SAFETY: as above.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("at once", status, NtStatus::SUCCESS);
    expect_call(program, "its call", &operation);
    // A failure at once calls nothing; one later does.
    let (mut operation, mut buffer) = (with_call(), [0; 16]);
    // SAFETY: as above.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("nothing yet", status, NtStatus::PENDING);
    drop(client);
    program.check("broken", operation.result(), (NtStatus::PIPE_BROKEN, 0));
    expect_call(program, "a broken read's call", &operation);
    // SAFETY: as above.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("broken at once", status, NtStatus::PIPE_BROKEN);
    let waited = exception::wait_alertably(-MILLISECOND);
    program.check("no call", waited, NtStatus::SUCCESS);
}

fn listens(program: &Program) {
    let new = NewPipe::BYTES.overlapped();
    let (server, _) = program.done("a server", pipe::create(&name("apcs"), &new));
    let mut operation = with_call();
    let none = core::ptr::null_mut();
    // SAFETY: there is no output, and the operation stays.
    let status = unsafe { operation.control(&server, FSCTL_PIPE_LISTEN, &[], none, 0) };
    program.check("no client yet", status, NtStatus::PENDING);
    let client = program.done("a client", connect("apcs", FILE_SYNCHRONOUS_IO_NONALERT));
    expect_call(program, "a listen's call", &operation);
    drop(client);
    let mut operation = with_call();
    // SAFETY: as above.
    let status = unsafe { operation.control(&server, FSCTL_PIPE_LISTEN, &[], none, 0) };
    program.check("refused", status, NtStatus::PIPE_CLOSING);
    let waited = exception::wait_alertably(-MILLISECOND);
    program.check("no call", waited, NtStatus::SUCCESS);
}

fn writes(program: &Program) {
    let (server, client) = pair(program, 0);
    let much = [1; 5000];
    let mut operation = with_call();
    // SAFETY: it stays.
    let status = unsafe { operation.write(&server, &much) };
    program.check("no room", status, NtStatus::PENDING);
    crate::read(program, "a part", &client, 904, &much[..904]);
    program.check("room", operation.result(), (NtStatus::SUCCESS, 5000));
    expect_call(program, "a write's call", &operation);
    let mut second = with_call();
    // SAFETY: it stays.
    let status = unsafe { second.write(&server, &much) };
    program.check("no room", status, NtStatus::PENDING);
    let status = second.cancel(&server);
    program.check("cancel", status, NtStatus::SUCCESS);
    program.check("cancelled", second.result().0, NtStatus::CANCELLED);
    expect_call(program, "a cancelled write's call", &second);
}

/// A file that tells a completion port makes no calls.
fn with_ports(program: &Program) {
    let (server, _client) = pair(program, 0);
    let port = program.done("a port", nt::completion::port());
    let association = FileCompletionInformation {
        port: port.raw(),
        key: 1,
    };
    let status = nt::file::set(&server, FILE_COMPLETION_INFORMATION, &association);
    program.check("its port", status, NtStatus::SUCCESS);
    let (mut operation, mut buffer) = (with_call(), [0; 16]);
    // SAFETY: both stay until the operation is over.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("not both", status, NtStatus::INVALID_PARAMETER);
}

/// Who waits in its call gets its call all the same.
fn synchronous(program: &Program) {
    let (server, client) = pair(program, FILE_SYNCHRONOUS_IO_NONALERT);
    written(program, "written", &client, b"abc");
    let (mut operation, mut buffer) = (with_call(), [0; 16]);
    // SAFETY: it is over when the call returns.
    let status = unsafe { operation.read(&server, buffer.as_mut_ptr(), 16) };
    program.check("read", status, NtStatus::SUCCESS);
    expect_call(program, "its call", &operation);
}

static WAITING: AtomicU64 = AtomicU64::new(0);

/// Reads in a wait that calls end, and then takes the call.
extern "system" fn alertable_reader(end: u64) -> ! {
    let end = Handle::from_raw(end);
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    WAITING.store(1, SeqCst);
    // SAFETY: it is over when the call returns.
    let status = unsafe { operation.read(&end, buffer.as_mut_ptr(), 16) };
    WAITING.store(0, SeqCst);
    core::mem::forget(end);
    let is_told = operation.result() == (NtStatus::CANCELLED, 0);
    match is_told {
        true => thread::exit(status),
        false => thread::exit(NtStatus::UNSUCCESSFUL),
    }
}

/// Such a wait ends by a call, which is made; the pipe stays as it was.
fn alerted(program: &Program) {
    for (options, is_alertable) in [
        (FILE_SYNCHRONOUS_IO_ALERT, true),
        (FILE_SYNCHRONOUS_IO_NONALERT, false),
    ] {
        let (server, client) = pair(program, options);
        let before = COUNT.load(SeqCst);
        let reader = thread::spawn(alertable_reader, server.raw());
        let reader = program.done("a reader", reader);
        while WAITING.load(SeqCst) == 0 {
            system::delay(-MILLISECOND);
        }
        system::delay(-MILLISECOND);
        let queued = exception::queue_apc(reader.raw(), ROUTINE, [1, 2, 3]);
        program.check("queue", queued, NtStatus::SUCCESS);
        if is_alertable {
            let ended = sync::wait(&reader, None);
            program.check("its end", ended, NtStatus::WAIT_0);
            program.check("called", COUNT.load(SeqCst), before + 1);
            let left = program.done("what it left", thread::basic_information(&reader));
            program.check("cancelled", left.exit_status, NtStatus::CANCELLED);
        } else {
            let ended = sync::wait(&reader, Some(-5 * MILLISECOND));
            program.check("it waits still", ended, NtStatus::TIMEOUT);
            program.check("not called", COUNT.load(SeqCst), before);
            let status = pipe::cancel_waiting(&reader);
            program.check("cancel", status, NtStatus::SUCCESS);
            program.check("its end", sync::wait(&reader, None), NtStatus::WAIT_0);
        }
        written(program, "written", &client, b"whole");
        crate::read(program, "nothing is lost", &server, 16, b"whole");
    }
}
