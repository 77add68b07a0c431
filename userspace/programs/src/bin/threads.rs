//! Threads: made, suspended, resumed, ended; their statuses, their memory.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("threads", main);

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, system, thread};

const STILL_ACTIVE: u32 = 0x103;
const MILLISECOND: i64 = 10_000;
static COUNT: AtomicU64 = AtomicU64::new(0);

fn main(program: &Program) {
    statuses(program);
    suspended(program);
    suspended_waiting(program);
    preempted(program);
    ended(program);
    many(program);
    memory_comes_back(program);
}

extern "system" fn count(by: u64) -> ! {
    COUNT.fetch_add(by, SeqCst);
    thread::exit(NtStatus(by as u32))
}

/// Runs for as long as nobody ends it.
extern "system" fn spin(_: u64) -> ! {
    loop {
        COUNT.fetch_add(1, SeqCst);
    }
}

fn join(program: &Program, thread: &Handle, expected: u32) {
    program.check("a thread's end", sync::wait(thread, None), NtStatus::WAIT_0);
    let information = program.done("what it left", thread::basic_information(thread));
    program.check("its status", information.exit_status, NtStatus(expected));
}

fn statuses(program: &Program) {
    let thread = program.done("a thread", thread::spawn_suspended(count, 42));
    let information = program.done("what it is", thread::basic_information(&thread));
    program.check("runs", information.exit_status, NtStatus(STILL_ACTIVE));
    program.check(
        "its process",
        information.client_id.process,
        nt::program::teb().process_id,
    );
    program.require(
        "it has a TEB of its own",
        information.teb != nt::program::teb().this,
    );
    program.check("resumed", thread::resume(&thread), Ok(1));
    join(program, &thread, 42);
    program.check("not suspended", thread::resume(&thread), Ok(0));
    program.check(
        "ended",
        thread::suspend(&thread),
        Err(NtStatus::THREAD_IS_TERMINATING),
    );
}

fn suspended(program: &Program) {
    COUNT.store(0, SeqCst);
    let thread = program.done("a thread", thread::spawn_suspended(count, 5));
    program.check("suspended again", thread::suspend(&thread), Ok(1));
    program.check("resumed once", thread::resume(&thread), Ok(2));
    program.check(
        "does not run",
        sync::wait(&thread, Some(-2 * MILLISECOND)),
        NtStatus::TIMEOUT,
    );
    program.check("counted nothing", COUNT.load(SeqCst), 0);
    program.check("resumed", thread::resume(&thread), Ok(1));
    join(program, &thread, 5);
    let thread = program.done("a thread", thread::spawn_suspended(count, 1));
    for before in 1..127 {
        program.check("more", thread::suspend(&thread), Ok(before));
    }
    program.check(
        "too often",
        thread::suspend(&thread),
        Err(NtStatus::SUSPEND_COUNT_EXCEEDED),
    );
    for before in (1..=127).rev() {
        program.check("less", thread::resume(&thread), Ok(before));
    }
    join(program, &thread, 1);
}

/// One that is suspended in its wait leaves the signals to others.
fn suspended_waiting(program: &Program) {
    let event = program.done("an event", sync::event(false, false));
    let waiting = program.done("a thread", thread::spawn(wait_for, event.raw()));
    system::delay(-MILLISECOND);
    program.check("suspend it", thread::suspend(&waiting), Ok(0));
    program.check("signal", sync::set(&event), Ok(false));
    system::delay(-2 * MILLISECOND);
    let left = sync::wait(&event, Some(0));
    program.check("the signal is left", left, NtStatus::WAIT_0);
    program.check("resume it", thread::resume(&waiting), Ok(1));
    let ended = sync::wait(&waiting, Some(-2 * MILLISECOND));
    program.check("it still waits", ended, NtStatus::TIMEOUT);
    program.check("suspend it", thread::suspend(&waiting), Ok(0));
    program.check("signal", sync::set(&event), Ok(false));
    program.check("resume it", thread::resume(&waiting), Ok(1));
    join(program, &waiting, 0);
    program.check("it took the signal", sync::set(&event), Ok(false));
}

fn preempted(program: &Program) {
    COUNT.store(0, SeqCst);
    let thread = program.done("a thread", thread::spawn(spin, 0));
    // Neither of them gives way by itself.
    while COUNT.load(SeqCst) == 0 {}
    program.check("suspend it", thread::suspend(&thread), Ok(0));
    system::delay(-MILLISECOND);
    let stopped_at = COUNT.load(SeqCst);
    system::delay(-5 * MILLISECOND);
    program.check("stands still", COUNT.load(SeqCst), stopped_at);
    program.check("resume it", thread::resume(&thread), Ok(1));
    while COUNT.load(SeqCst) == stopped_at {}
    program.check(
        "end it",
        thread::terminate(&thread, NtStatus(9)),
        NtStatus::SUCCESS,
    );
    join(program, &thread, 9);
}

/// Waits for ever.
extern "system" fn wait_for(event: u64) -> ! {
    sync::wait_raw(event, None, false);
    thread::exit(NtStatus::SUCCESS)
}

fn ended(program: &Program) {
    let event = program.done("an event", sync::event(false, false));
    let waiting = program.done("a thread", thread::spawn(wait_for, event.raw()));
    let suspended = program.done("a thread", thread::spawn_suspended(spin, 0));
    system::delay(-MILLISECOND);
    for (thread, status) in [(&waiting, 11), (&suspended, 12)] {
        program.check(
            "end it",
            thread::terminate(thread, NtStatus(status)),
            NtStatus::SUCCESS,
        );
        join(program, thread, status);
        let again = thread::terminate(thread, NtStatus(99));
        program.require(
            "ended already",
            again == NtStatus::THREAD_IS_TERMINATING || again.is_success(),
        );
        join(program, thread, status);
    }
    program.check("the event was not taken", sync::set(&event), Ok(false));
    program.check("it is there", sync::wait(&event, Some(0)), NtStatus::WAIT_0);
}

fn many(program: &Program) {
    COUNT.store(0, SeqCst);
    let mut threads = [const { None }; 64];
    for place in &mut threads {
        *place = Some(program.done("a thread", thread::spawn(count, 3)));
    }
    for thread in threads.iter().flatten() {
        join(program, thread, 3);
    }
    program.check("each once", COUNT.load(SeqCst), 64 * 3);
}

fn memory_comes_back(program: &Program) {
    let mut free = 0;
    for turn in 0..200 {
        let thread = program.done("a thread", thread::spawn(count, 1));
        join(program, &thread, 1);
        drop(thread);
        // The first turns fill what is kept for later.
        let now = program.done("free memory", system::available_pages());
        if turn < 10 {
            free = now;
        }
        program.check("free pages", now, free);
    }
}
