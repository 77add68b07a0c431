//! Who waits for a lock, and how it is told.
use abi::exception::{ApcFrame, ExceptionFrame};
use abi::file::*;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::completion::{port, take};
use nt::pipe::{self, Operation};
use nt::sync::{self, Handle};
use nt::volume::{lock, unlock};
use nt::{NtStatus, Program, exception, file, system, thread};

use crate::*;

const DONE: (NtStatus, u64) = (NtStatus::SUCCESS, 0);
const CANCELLED: (NtStatus, u64) = (NtStatus::CANCELLED, 0);
/// How often releasing races cancelling.
const RACES: u32 = 5_000;

pub fn test(program: &Program, file: &Handle) {
    threads(program, file);
    events(program, file);
    calls(program, file);
    order(program, file);
    cancelled(program, file);
    ended(program, file);
    races(program, file);
}

fn locked(program: &Program, file: &Handle) {
    program.check("lock", lock(file, RANGE, 0, ALONE), NtStatus::SUCCESS);
}

fn unlocked(program: &Program, file: &Handle) {
    program.check("unlock", unlock(file, RANGE, 0), NtStatus::SUCCESS);
}

/// Locks the range, and says how that ended.
extern "system" fn locker(file: u64) -> ! {
    let file = Handle::from_raw(file);
    let status = lock(&file, RANGE, 0, ALONE);
    core::mem::forget(file);
    thread::exit(status)
}

fn status_of(program: &Program, thread: &Handle) -> NtStatus {
    program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
    let about = program.done("about it", thread::basic_information(thread));
    about.exit_status
}

/// A handle whose calls wait.
fn threads(program: &Program, file: &Handle) {
    locked(program, file);
    let other = open(program, FILE_SYNCHRONOUS_IO_NONALERT);
    let at_once = lock(&other, RANGE, 0, AT_ONCE);
    program.check("at once", at_once, NtStatus::LOCK_NOT_GRANTED);
    let thread = program.done("a thread", thread::spawn(locker, other.raw()));
    let waited = sync::wait(&thread, Some(-20 * MILLISECOND));
    program.check("it waits", waited, NtStatus::TIMEOUT);
    unlocked(program, file);
    program.check("granted", status_of(program, &thread), NtStatus::SUCCESS);
    program.require("the other's", !is_free(program, file));
    unlocked(program, &other);
    // Cancelled by another thread.
    locked(program, file);
    let thread = program.done("a thread", thread::spawn(locker, other.raw()));
    while pipe::cancel_waiting(&thread) == NtStatus::NOT_FOUND {
        system::delay(-MILLISECOND);
    }
    let status = status_of(program, &thread);
    program.check("cancelled", status, NtStatus::CANCELLED);
    unlocked(program, file);
    program.require("nobody's", is_free(program, file));
}

fn events(program: &Program, file: &Handle) {
    let other = open(program, 0);
    let event = program.done("an event", sync::event(true, true));
    let mut operation = Operation::new();
    operation.event = event.raw();
    locked(program, file);
    wait_for(program, &mut operation, &other, SHARED);
    program.check("reset", sync::wait(&event, NOW), NtStatus::TIMEOUT);
    unlocked(program, file);
    program.check("set", sync::wait(&event, NOW), NtStatus::WAIT_0);
    program.check("the result", operation.result(), DONE);
    // Without an event the file itself is signalled.
    let mut operation = Operation::new();
    let fresh = open(program, 0);
    program.check(
        "what it shares",
        lock(&fresh, RANGE, 1, (true, false)),
        NtStatus::SUCCESS,
    );
    wait_for(program, &mut operation, &fresh, ALONE);
    program.check("not signalled", sync::wait(&fresh, NOW), NtStatus::TIMEOUT);
    unlocked(program, &other);
    program.check("not yet", operation.result().0, NtStatus::PENDING);
    program.check("unlock", unlock(&fresh, RANGE, 1), NtStatus::SUCCESS);
    program.check("signalled", sync::wait(&fresh, NOW), NtStatus::WAIT_0);
    program.check("the result", operation.result(), DONE);
    // What fails at once tells nobody.
    let mut failed = Operation::new();
    failed.event = event.raw();
    // SAFETY: it is over at once.
    let status = unsafe { failed.lock(&other, RANGE, 0, AT_ONCE) };
    program.check("at once", status, NtStatus::LOCK_NOT_GRANTED);
    program.check("no result", failed.result().0, NtStatus::PENDING);
    drop(fresh);
    // What is done at once is told too.
    // SAFETY: as above.
    let status = unsafe { failed.lock(&other, RANGE, 0, ALONE) };
    program.check("done at once", status, NtStatus::SUCCESS);
    program.check("set", sync::wait(&event, NOW), NtStatus::WAIT_0);
    program.check("the result", failed.result(), DONE);
}

static CALLED: AtomicU64 = AtomicU64::new(0);

fn on_exception(frame: &mut ExceptionFrame) -> ! {
    nt::exit(frame.record.code)
}

fn on_apc(frame: &mut ApcFrame) -> ! {
    CALLED.store(frame.context.home[0], SeqCst);
    // SAFETY: where the call interrupted the program.
    unsafe { exception::go_on(&frame.context, true) }
}

fn calls(program: &Program, file: &Handle) {
    let status = exception::register(on_exception, on_apc);
    program.check("its dispatchers", status, NtStatus::SUCCESS);
    let other = open(program, 0);
    let mut operation = Operation {
        apc: 0x1234,
        context: 0x5678,
        ..Operation::new()
    };
    locked(program, file);
    wait_for(program, &mut operation, &other, ALONE);
    unlocked(program, file);
    let waited = exception::wait_alertably(-1000 * MILLISECOND);
    program.check("called", waited, NtStatus::USER_APC);
    program.check("with", CALLED.load(SeqCst), 0x5678);
    program.check("the result", operation.result(), DONE);
    program.check("none", exception::forget(), NtStatus::SUCCESS);
}

fn associate(program: &Program, file: &Handle, port: &Handle) {
    let association = FileCompletionInformation {
        port: port.raw(),
        key: 5,
    };
    let status = file::set(file, FILE_COMPLETION_INFORMATION, &association);
    program.check("its port", status, NtStatus::SUCCESS);
}

/// Who has waited longest is first; those that share get the lock together.
fn order(program: &Program, file: &Handle) {
    let port = program.done("a port", port());
    let files = [const { 0 }; 4].map(|_: u8| open(program, 0));
    let mut operations = [const { Operation::new() }; 4];
    locked(program, file);
    let hows = [SHARED, ALONE, SHARED, ALONE];
    for (number, (operation, file)) in operations.iter_mut().zip(&files).enumerate() {
        associate(program, file, &port);
        operation.context = number as u64 + 1;
        wait_for(program, operation, file, hows[number]);
    }
    let next = |expected: u64| {
        let packet = Ok((5, expected, NtStatus::SUCCESS, 0));
        program.check("told", take(&port, NOW), packet);
    };
    let nobody = || program.check("nobody", take(&port, NOW), Err(NtStatus::TIMEOUT));
    nobody();
    unlocked(program, file);
    next(1);
    next(3);
    nobody();
    unlocked(program, &files[2]);
    nobody();
    unlocked(program, &files[0]);
    next(2);
    nobody();
    unlocked(program, &files[1]);
    next(4);
    unlocked(program, &files[3]);
    nobody();
}

fn cancelled(program: &Program, file: &Handle) {
    let (one, other) = (open(program, 0), open(program, 0));
    locked(program, file);
    let mut operations = [const { Operation::new() }; 4];
    let [first, second, third, fourth] = &mut operations;
    program.check("none", first.cancel(&one), NtStatus::NOT_FOUND);
    wait_for(program, first, &one, ALONE);
    wait_for(program, second, &one, ALONE);
    wait_for(program, third, &other, ALONE);
    wait_for(program, fourth, &one, ALONE);
    program.check("of another", third.cancel(&one), NtStatus::NOT_FOUND);
    program.check("one", second.cancel(&one), NtStatus::SUCCESS);
    program.check("it is over", second.result(), CANCELLED);
    program.check("only once", second.cancel(&one), NtStatus::NOT_FOUND);
    program.check("the others wait", first.result().0, NtStatus::PENDING);
    program.check("all", pipe::cancel_own(&one), NtStatus::SUCCESS);
    program.check("it is over", first.result(), CANCELLED);
    program.check("it is over", fourth.result(), CANCELLED);
    program.check("of another", third.result().0, NtStatus::PENDING);
    unlocked(program, file);
    program.check("it waited", third.result(), DONE);
    program.check("not waiting", third.cancel(&other), NtStatus::NOT_FOUND);
}

static IS_ASKED: AtomicU64 = AtomicU64::new(0);

/// Asks, and ends before the answer.
extern "system" fn asker(file: u64) -> ! {
    let (file, mut operation) = (Handle::from_raw(file), Operation::new());
    // SAFETY: what the thread asked is cancelled with it.
    let status = unsafe { operation.lock(&file, RANGE, 0, ALONE) };
    IS_ASKED.store((status == NtStatus::PENDING).into(), SeqCst);
    core::mem::forget(file);
    thread::exit(NtStatus::SUCCESS)
}

/// A thread that ends waits no more, whether it asked or waits in its call.
fn ended(program: &Program, file: &Handle) {
    locked(program, file);
    let other = open(program, 0);
    let thread = program.done("a thread", thread::spawn(asker, other.raw()));
    program.check("its end", status_of(program, &thread), NtStatus::SUCCESS);
    program.check("it had asked", IS_ASKED.load(SeqCst), 1);
    let waiting = open(program, FILE_SYNCHRONOUS_IO_NONALERT);
    let thread = program.done("a thread", thread::spawn(locker, waiting.raw()));
    system::delay(-20 * MILLISECOND);
    let status = thread::terminate(&thread, NtStatus::UNSUCCESSFUL);
    program.check("terminate", status, NtStatus::SUCCESS);
    let status = status_of(program, &thread);
    program.check("terminated", status, NtStatus::UNSUCCESSFUL);
    unlocked(program, file);
    program.require("nobody's", is_free(program, file));
}

static IS_OVER: AtomicU64 = AtomicU64::new(0);

/// Has the lock again and again.
extern "system" fn rival(file: u64) -> ! {
    let file = Handle::from_raw(file);
    while IS_OVER.load(SeqCst) == 0 {
        if lock(&file, RANGE, 0, ALONE) == NtStatus::SUCCESS {
            system::yield_execution();
            unlock(&file, RANGE, 0);
        }
    }
    core::mem::forget(file);
    thread::exit(NtStatus::SUCCESS)
}

/// Each of many waits gets the lock or is cancelled, and is over once.
fn races(program: &Program, file: &Handle) {
    let rivals = open(program, FILE_SYNCHRONOUS_IO_NONALERT);
    let thread = program.done("a thread", thread::spawn(rival, rivals.raw()));
    let (asks, port) = (open(program, 0), program.done("a port", port()));
    associate(program, &asks, &port);
    let (mut granted, mut cancelled) = (0, 0);
    for number in 1..=RACES {
        let mut operation = Operation::new();
        operation.context = number.into();
        // SAFETY: it stays until the port has told of its end.
        let status = unsafe { operation.lock(&asks, RANGE, 0, ALONE) };
        if status == NtStatus::PENDING {
            if number % 2 == 0 {
                system::yield_execution();
            }
            operation.cancel(&asks);
        }
        let (_, context, status, _) = program.done("its end", take(&port, None));
        program.check("of this one", context, number.into());
        program.check("the result", operation.result().0, status);
        program.check("told once", take(&port, NOW), Err(NtStatus::TIMEOUT));
        match status {
            NtStatus::CANCELLED => cancelled += 1,
            status => {
                program.check("granted", status, NtStatus::SUCCESS);
                unlocked(program, &asks);
                granted += 1;
            }
        }
    }
    IS_OVER.store(1, SeqCst);
    program.check("its end", status_of(program, &thread), NtStatus::SUCCESS);
    program.require("some got it", granted > RACES / 100);
    program.require("some did not", cancelled > RACES / 100);
    program.require("nobody's", is_free(program, file));
}
