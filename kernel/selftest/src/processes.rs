//! Programs come and go without a trace, also when memory runs out on the way.

use alloc::vec::Vec;

use executive::programs::{Launch, Programs};
use executive::scheduler;
use hal::memory::{OwnedFrame, frame_counts, heap_counts, module_bytes};

use super::expect::{Outcome, done, equal, fail, holds};

const PROGRAM: &str = "hello.exe";
/// Runs of one program; the first ones fill what is kept for later.
const RUNS: u32 = 1000;
pub(super) const FIRST_RUNS: u32 = 4;
/// Runs of a program that ends in another way, at most.
const MOST_RUNS: u32 = 10 * FIRST_RUNS;
/// Command lines of programs that end in other ways; some are refused.
const OTHERS: [&str; 11] = [
    "exit.exe 3",
    "fault-null.exe",
    "fault-divide.exe",
    "stack-overflow.exe",
    "imports.exe",
    "bad-magic.exe",
    "memory.exe",
    "no-such-program.exe",
    "crowd.exe",
    "churn.exe threads 200",
    "churn.exe processes 20",
];

pub(super) fn run() -> Outcome {
    let programs = open()?;
    churn(&programs, PROGRAM, RUNS)?;
    for command_line in OTHERS {
        settle(&programs, command_line)?;
    }
    Ok(())
}

pub(super) fn open() -> Outcome<Programs> {
    let Some(bytes) = module_bytes(0) else {
        return fail("there is no archive");
    };
    done("the archive", Programs::new(bytes))
}

/// What a program must leave as it was: free frames and used bytes of heap.
pub(super) fn resources() -> (u64, usize) {
    (frame_counts().free, heap_counts().used_bytes)
}

pub(super) fn churn(programs: &Programs, command_line: &str, runs: u32) -> Outcome {
    let mut before = resources();
    for number in 0..runs {
        let status = run_to_end(programs, command_line);
        let what = format_args!("status of {command_line}, run {number}");
        equal(what, status, Some(0))?;
        if number < FIRST_RUNS {
            before = resources();
        }
        let what = format_args!("free frames, heap bytes after run {number} of {command_line}");
        equal(what, resources(), before)?;
    }
    Ok(())
}

/// Runs a program until several runs in a row leave everything as it was. How many
/// threads a small machine has room for at once differs, and with it what is kept
/// for the next; what each run loses never settles.
fn settle(programs: &Programs, command_line: &str) -> Outcome {
    let mut before = resources();
    let mut alike = 0;
    for _ in 0..MOST_RUNS {
        run_to_end(programs, command_line);
        let after = resources();
        alike = if after == before { alike + 1 } else { 0 };
        if alike == FIRST_RUNS {
            return Ok(());
        }
        before = after;
    }
    fail(format_args!(
        "{command_line} leaves less each time: now {before:x?} of frames and heap"
    ))
}

/// Programs that are started where memory runs out on the way.
const HUNGRY: [&str; 2] = ["hello.exe", "memory.exe"];

/// Starts programs with 0, 1, 2, ... frames left, until there are enough.
pub(super) fn without_memory() -> Outcome {
    let programs = open()?;
    HUNGRY
        .into_iter()
        .try_for_each(|program| without_memory_for(&programs, program))
}

fn without_memory_for(programs: &Programs, program: &str) -> Outcome {
    const MOST: usize = 512;
    churn(programs, program, FIRST_RUNS)?;
    for left in 0..MOST {
        if start_with(programs, program, left)? == Some(0) {
            log::info!("{program} needs {left} frames, and failed in order with less");
            return holds("starts without memory were refused", left > 0);
        }
    }
    fail(format_args!("{program} does not run with {MOST} frames"))
}

/// Takes all frames but `left`, starts the program, and gives them back. Its
/// status, if it was not refused.
fn start_with(programs: &Programs, program: &str, left: usize) -> Outcome<Option<u32>> {
    let mut taken = Vec::new();
    let room = taken.try_reserve_exact(frame_counts().free as usize);
    done("room for all frames", room)?;
    let before = frame_counts().free;
    while frame_counts().free > left as u64 {
        taken.push(done("a frame", OwnedFrame::zeroed())?);
    }
    let used = heap_counts().used_bytes;
    let status = run_to_end(programs, program);
    equal(
        format_args!("heap bytes after {program} with {left} frames"),
        heap_counts().used_bytes,
        used,
    )?;
    taken.clear();
    equal(
        format_args!("free frames after {program} with {left}"),
        frame_counts().free,
        before,
    )?;
    Ok(status)
}

/// Runs a program to its end; its status, if it was not refused.
pub(super) fn run_to_end(programs: &Programs, command_line: &str) -> Option<u32> {
    let program = command_line.split(' ').next().unwrap_or_default();
    let launch = Launch {
        program,
        command_line,
        directory: None,
        environment: &[],
    };
    let started = programs.start(|_| &nt::FREESTANDING, &launch);
    let process = started.ok()?;
    scheduler::run_until(|| process.ended().is_some());
    process.ended()
}
