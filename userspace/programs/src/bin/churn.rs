//! Threads or processes that come and go, and leave nothing behind.
//!
//! `churn.exe threads 10000`, `churn.exe processes 1000`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("churn", main);

use nt::failures::in_use;
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, Text, process, thread};

/// Threads that live at the same time.
const TOGETHER: usize = 8;
/// The first rounds fill what is kept for later.
const FIRST_ROUNDS: u64 = 16;

fn main(program: &Program) {
    let argument = |number| program.arguments().nth(number);
    let what = argument(1);
    let count = argument(2).and_then(|text| text.number()).unwrap_or(100);
    match what.as_ref().map(Text::as_str) {
        Some("threads") => churn(program, count / TOGETHER as u64, threads),
        Some("processes") => churn(program, count, one_process),
        _ => program.fail(format_args!("say `threads` or `processes`, and how many")),
    }
}

/// Goes round and round, and compares what there is before and after.
fn churn(program: &Program, rounds: u64, round: fn(&Program)) {
    let in_use = || program.done("what is in use", in_use());
    let mut before = in_use();
    for number in 0..rounds {
        round(program);
        if number < FIRST_ROUNDS {
            before = in_use();
        }
        let now = in_use();
        if now != before {
            program.fail(format_args!(
                "after round {number}: {now:?}, not {before:?}"
            ));
        }
    }
}

extern "system" fn end(status: u64) -> ! {
    thread::exit(NtStatus(status as u32))
}

fn threads(program: &Program) {
    let mut threads: [Option<Handle>; TOGETHER] = [const { None }; TOGETHER];
    for (number, place) in threads.iter_mut().enumerate() {
        *place = Some(program.done("a thread", thread::spawn(end, number as u64)));
    }
    for (number, thread) in threads.iter().flatten().enumerate() {
        program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
        let information = program.done("what it left", thread::basic_information(thread));
        program.check(
            "its status",
            information.exit_status,
            NtStatus(number as u32),
        );
    }
}

fn one_process(program: &Program) {
    let created = program.done("a process", process::spawn("nothing.exe", "nothing.exe"));
    program.check(
        "its end",
        sync::wait(&created.process, None),
        NtStatus::WAIT_0,
    );
    // The process is over before its last thread's end is seen.
    program.check(
        "its thread's",
        sync::wait(&created.thread, None),
        NtStatus::WAIT_0,
    );
}
