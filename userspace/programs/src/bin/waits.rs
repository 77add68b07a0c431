//! Events, semaphores, mutants, timers, tokens: signals and waits.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("waits", main);

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, system, thread};

const MILLISECOND: i64 = 10_000;
const NOW: Option<i64> = Some(0);

fn main(program: &Program) {
    events(program);
    semaphores(program);
    mutants(program);
    several(program);
    timers(program);
    woken(program);
    abandoned(program);
    tokens(program);
    keyed(program);
}

fn events(program: &Program) {
    let manual = program.done("a manual event", sync::event(true, false));
    program.check("not set", sync::wait(&manual, NOW), NtStatus::TIMEOUT);
    program.check("set", sync::set(&manual), Ok(false));
    program.check("set again", sync::set(&manual), Ok(true));
    for _ in 0..2 {
        program.check("stays set", sync::wait(&manual, None), NtStatus::WAIT_0);
    }
    program.check("reset", sync::reset(&manual), Ok(true));
    program.check("is reset", sync::wait(&manual, NOW), NtStatus::TIMEOUT);
    let automatic = program.done("an automatic event", sync::event(false, true));
    program.check("was set", sync::wait(&automatic, None), NtStatus::WAIT_0);
    program.check("is taken", sync::wait(&automatic, NOW), NtStatus::TIMEOUT);
    program.check("pulse", sync::pulse(&automatic), Ok(false));
    program.check(
        "a pulse leaves nothing",
        sync::wait(&automatic, NOW),
        NtStatus::TIMEOUT,
    );
    let started = program.done("the time", system::system_time_100ns());
    program.check(
        "a time",
        sync::wait(&automatic, Some(-3 * MILLISECOND)),
        NtStatus::TIMEOUT,
    );
    let passed = program.done("the time", system::system_time_100ns()) - started;
    program.require("not too early", passed >= 3 * MILLISECOND);
}

fn semaphores(program: &Program) {
    program.check(
        "above its limit",
        sync::semaphore(3, 2).err(),
        Some(NtStatus::INVALID_PARAMETER),
    );
    let semaphore = program.done("a semaphore", sync::semaphore(1, 2));
    program.check("one", sync::wait(&semaphore, NOW), NtStatus::WAIT_0);
    program.check("none", sync::wait(&semaphore, NOW), NtStatus::TIMEOUT);
    program.check("two more", sync::release_semaphore(&semaphore, 2), Ok(0));
    program.check(
        "over the limit",
        sync::release_semaphore(&semaphore, 1),
        Err(NtStatus::SEMAPHORE_LIMIT_EXCEEDED),
    );
    program.check("the first", sync::wait(&semaphore, NOW), NtStatus::WAIT_0);
    program.check("the second", sync::wait(&semaphore, NOW), NtStatus::WAIT_0);
    program.check("no third", sync::wait(&semaphore, NOW), NtStatus::TIMEOUT);
}

fn mutants(program: &Program) {
    let mutant = program.done("a mutant", sync::mutant(true));
    program.check("again", sync::wait(&mutant, None), NtStatus::WAIT_0);
    program.check("released once", sync::release_mutant(&mutant), Ok(-1));
    program.check("released twice", sync::release_mutant(&mutant), Ok(0));
    program.check(
        "not ours any more",
        sync::release_mutant(&mutant),
        Err(NtStatus::MUTANT_NOT_OWNED),
    );
}

fn several(program: &Program) {
    let one = program.done("an event", sync::event(false, false));
    let two = program.done("an event", sync::event(false, true));
    let three = program.done("an event", sync::event(true, true));
    let all: &[&Handle] = &[&one, &two, &three];
    program.check("any", sync::wait_several(all, false, NOW), NtStatus(1));
    program.check(
        "any, the next",
        sync::wait_several(all, false, NOW),
        NtStatus(2),
    );
    program.check("all", sync::wait_several(all, true, NOW), NtStatus::TIMEOUT);
    program.check("set one", sync::set(&one), Ok(false));
    program.check("set two", sync::set(&two), Ok(false));
    program.check(
        "all are there",
        sync::wait_several(all, true, NOW),
        NtStatus::WAIT_0,
    );
    program.check(
        "and taken",
        sync::wait_several(&[&one, &two], false, NOW),
        NtStatus::TIMEOUT,
    );
    let twice: &[&Handle] = &[&three, &three];
    program.check(
        "one twice",
        sync::wait_several(twice, true, NOW),
        NtStatus::INVALID_PARAMETER_MIX,
    );
    program.check(
        "any of it",
        sync::wait_several(twice, false, NOW),
        NtStatus::WAIT_0,
    );
    program.check(
        "none",
        sync::wait_several(&[], false, NOW),
        NtStatus::INVALID_PARAMETER_1,
    );
    let many = [&three; 65];
    program.check(
        "too many",
        sync::wait_several(&many, false, NOW),
        NtStatus::INVALID_PARAMETER_1,
    );
    program.check(
        "64",
        sync::wait_several(&many[..64], false, NOW),
        NtStatus::WAIT_0,
    );
}

fn timers(program: &Program) {
    let timer = program.done("a timer", sync::timer(false));
    program.check("not set", sync::wait(&timer, NOW), NtStatus::TIMEOUT);
    let set = sync::set_timer(&timer, -10_000 * MILLISECOND, 0);
    program.done("set it", set);
    program.check("too early", sync::wait(&timer, NOW), NtStatus::TIMEOUT);
    let set = sync::set_timer(&timer, -2 * MILLISECOND, 0);
    program.done("set it anew", set);
    program.check(
        "in time",
        sync::wait(&timer, Some(-500 * MILLISECOND)),
        NtStatus::WAIT_0,
    );
    program.check(
        "once",
        sync::wait(&timer, Some(-5 * MILLISECOND)),
        NtStatus::TIMEOUT,
    );
    program.done("every two", sync::set_timer(&timer, -MILLISECOND, 2));
    for _ in 0..5 {
        program.check(
            "a period",
            sync::wait(&timer, Some(-500 * MILLISECOND)),
            NtStatus::WAIT_0,
        );
    }
    // A period may have ended meanwhile, whose signal stays.
    if program.done("cancelled", sync::cancel_timer(&timer)) {
        program.check("its signal", sync::wait(&timer, NOW), NtStatus::WAIT_0);
    }
    program.check(
        "no more",
        sync::wait(&timer, Some(-5 * MILLISECOND)),
        NtStatus::TIMEOUT,
    );
}

static ORDER: AtomicU64 = AtomicU64::new(0);

/// Notes its number when its event is set.
extern "system" fn waiter(event: u64) -> ! {
    let status = sync::wait_raw(event, None, false);
    if status == NtStatus::WAIT_0 {
        ORDER.fetch_add(1, SeqCst);
    }
    thread::exit(NtStatus(7))
}

fn woken(program: &Program) {
    let event = program.done("an event", sync::event(false, false));
    let threads = [(); 4].map(|()| program.done("a thread", thread::spawn(waiter, event.raw())));
    system::delay(-MILLISECOND);
    for number in 1..=4 {
        program.check("set", sync::set(&event), Ok(false));
        while ORDER.load(SeqCst) < number {
            system::delay(-MILLISECOND);
        }
        system::delay(-MILLISECOND);
        program.check("one woken by each", ORDER.load(SeqCst), number);
    }
    for thread in &threads {
        program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
    }
    let manual = program.done("a manual event", sync::event(true, false));
    let threads = [(); 4].map(|()| program.done("a thread", thread::spawn(waiter, manual.raw())));
    system::delay(-MILLISECOND);
    program.check("set for all", sync::set(&manual), Ok(false));
    let all: [&Handle; 4] = core::array::from_fn(|index| &threads[index]);
    program.check(
        "all end",
        sync::wait_several(&all, true, None),
        NtStatus::WAIT_0,
    );
    program.check("all were woken", ORDER.load(SeqCst), 8);
}

/// Ends as the owner of a mutant.
extern "system" fn owner(mutant: u64) -> ! {
    sync::wait_raw(mutant, None, false);
    thread::exit(NtStatus::SUCCESS)
}

fn abandoned(program: &Program) {
    let mutant = program.done("a mutant", sync::mutant(false));
    let thread = program.done("a thread", thread::spawn(owner, mutant.raw()));
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    program.check(
        "abandoned",
        sync::wait(&mutant, None),
        NtStatus::ABANDONED_WAIT_0,
    );
    program.check("not any more", sync::wait(&mutant, None), NtStatus::WAIT_0);
}

static MAIN_THREAD: AtomicU64 = AtomicU64::new(0);

/// Answers tokens until it is told to stop.
extern "system" fn answerer(turns: u64) -> ! {
    for _ in 0..turns {
        if sync::wait_for_alert(None) != NtStatus::ALERTED {
            thread::exit(NtStatus::UNSUCCESSFUL);
        }
        ORDER.fetch_add(1, SeqCst);
        sync::alert(MAIN_THREAD.load(SeqCst));
    }
    thread::exit(NtStatus::SUCCESS)
}

fn tokens(program: &Program) {
    MAIN_THREAD.store(thread::id(), SeqCst);
    ORDER.store(0, SeqCst);
    program.check("no token", sync::wait_for_alert(NOW), NtStatus::TIMEOUT);
    program.check("to oneself", sync::alert(thread::id()), NtStatus::SUCCESS);
    program.check(
        "twice is once",
        sync::alert(thread::id()),
        NtStatus::SUCCESS,
    );
    program.check("one token", sync::wait_for_alert(None), NtStatus::ALERTED);
    program.check(
        "gone",
        sync::wait_for_alert(Some(-MILLISECOND)),
        NtStatus::TIMEOUT,
    );
    program.check("nobody", sync::alert(0xFFFF_FFF0), NtStatus::INVALID_CID);
    let thread = program.done("a thread", thread::spawn(answerer, 50));
    let id = program.done("its number", thread::id_of(&thread));
    for turn in 1..=50 {
        program.check("alert", sync::alert(id), NtStatus::SUCCESS);
        program.check("answer", sync::wait_for_alert(None), NtStatus::ALERTED);
        program.check("turn", ORDER.load(SeqCst), turn);
    }
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    program.check("it is no more", sync::alert(id), NtStatus::INVALID_CID);
}

/// Releases who waits for its key, then waits for the next.
extern "system" fn keeper(event: u64) -> ! {
    let released = sync::meet(event, 2, true, None);
    let woken = sync::meet(event, 4, false, None);
    let are_done = released == NtStatus::SUCCESS && woken == NtStatus::SUCCESS;
    thread::exit(match are_done {
        true => NtStatus::SUCCESS,
        false => NtStatus::UNSUCCESSFUL,
    })
}

/// By an event of the program's own, and without one.
fn keyed(program: &Program) {
    let made = program.done("a keyed event", sync::keyed_event());
    for event in [made.raw(), 0] {
        for releases in [false, true] {
            let status = sync::meet(event, 2, releases, Some(-MILLISECOND));
            program.check("nobody comes", status, NtStatus::TIMEOUT);
        }
        let thread = program.done("a thread", thread::spawn(keeper, event));
        let status = sync::meet(event, 2, false, None);
        program.check("released", status, NtStatus::SUCCESS);
        let status = sync::meet(event, 4, true, None);
        program.check("releases", status, NtStatus::SUCCESS);
        program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
        let ended = thread::basic_information(&thread).map(|it| it.exit_status);
        program.check("both ways", ended, Ok(NtStatus::SUCCESS));
        let status = sync::meet(event, 3, false, NOW);
        program.check("an odd key", status, NtStatus::INVALID_PARAMETER_1);
    }
}
