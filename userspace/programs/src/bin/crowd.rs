//! A thousand threads at once, of all priorities: each one's turn comes.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("crowd", main);

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, information, system, thread};

use abi::thread::THREAD_BASE_PRIORITY;
use information::Of;

const THREADS: usize = 1000;
const ROUNDS: u64 = 10;
/// Increments of the threads, in turn: from the least to the most.
const INCREMENTS: [i32; 7] = [-15, -2, -1, 0, 1, 2, 15];

/// Handles of what all wait for, and of what one has at a time.
static GATE: AtomicU64 = AtomicU64::new(0);
static TURN: AtomicU64 = AtomicU64::new(0);
static INSIDE: AtomicU64 = AtomicU64::new(0);
static ROUNDS_DONE: AtomicU64 = AtomicU64::new(0);

fn main(program: &Program) {
    let gate = program.done("the gate", sync::event(true, false));
    let turn = program.done("the turn", sync::mutant(false));
    GATE.store(gate.raw(), SeqCst);
    TURN.store(turn.raw(), SeqCst);
    let mut threads = [const { None }; THREADS];
    for (number, place) in threads.iter_mut().enumerate() {
        let new = program.done("a thread", thread::spawn(take_turns, number as u64));
        let increment = INCREMENTS[number % INCREMENTS.len()];
        let status = information::set(Of::Thread, new.raw(), THREAD_BASE_PRIORITY, &increment);
        program.check("its priority", status, NtStatus::SUCCESS);
        *place = Some(new);
    }
    program.check("none has begun", ROUNDS_DONE.load(SeqCst), 0);
    program.check("open the gate", sync::set(&gate), Ok(false));
    for thread in threads.iter().flatten() {
        join(program, thread);
    }
    let all = THREADS as u64 * ROUNDS;
    program.check("all rounds", ROUNDS_DONE.load(SeqCst), all);
}

fn join(program: &Program, thread: &Handle) {
    program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
    let information = program.done("what it left", thread::basic_information(thread));
    program.check("its status", information.exit_status, NtStatus::SUCCESS);
}

extern "system" fn take_turns(number: u64) -> ! {
    let program = Program { name: "crowd" };
    sync::wait_raw(GATE.load(SeqCst), None, false);
    for round in 0..ROUNDS {
        let status = sync::wait_raw(TURN.load(SeqCst), None, false);
        program.check("a turn", status, NtStatus::WAIT_0);
        program.check("alone", INSIDE.swap(1, SeqCst), 0);
        // Sometimes whoever has the turn lets others run, or waits.
        match (number + round) % 16 {
            0 => drop(system::yield_execution()),
            1 => drop(system::delay(-1)),
            _ => {}
        }
        INSIDE.store(0, SeqCst);
        ROUNDS_DONE.fetch_add(1, SeqCst);
        let released = sync::release_mutant_raw(TURN.load(SeqCst));
        program.check("release it", released, NtStatus::SUCCESS);
    }
    thread::exit(NtStatus::SUCCESS)
}
