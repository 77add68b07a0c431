//! Programs come and go without a trace, also when memory runs out on the way.

use alloc::vec::Vec;

use executive::programs::Programs;
use executive::sched;
use hal::memory::{OwnedFrame, frame_counts, heap_counts, module_bytes};

use super::expect::{Outcome, done, equal, fail, holds};

const PROGRAM: &str = "hello.exe";
/// Runs of one program; the first ones fill what is kept for later.
const RUNS: u32 = 1000;
const FIRST_RUNS: u32 = 4;
/// Command lines of programs that end in other ways; some are refused.
const OTHERS: [&str; 8] = [
    "exit.exe 3",
    "fault-null.exe",
    "fault-divide.exe",
    "stack-overflow.exe",
    "imports.exe",
    "bad-magic.exe",
    "memory.exe",
    "no-such-program.exe",
];

pub(super) fn run() -> Outcome {
    let programs = open()?;
    churn(&programs, PROGRAM, RUNS, true)?;
    for command_line in OTHERS {
        churn(&programs, command_line, 2 * FIRST_RUNS, false)?;
    }
    Ok(())
}

fn open() -> Outcome<Programs> {
    let Some(bytes) = module_bytes(0) else {
        return fail("there is no archive");
    };
    done("the archive", Programs::new(bytes))
}

/// What a program must leave as it was: free frames and used bytes of heap.
fn resources() -> (u64, usize) {
    (frame_counts().free, heap_counts().used_bytes)
}

fn churn(programs: &Programs, command_line: &str, runs: u32, must_succeed: bool) -> Outcome {
    let program = command_line.split(' ').next().unwrap_or_default();
    let mut before = resources();
    for number in 0..runs {
        let started = programs.start(&nt::FREESTANDING, program, command_line, &[]);
        let status = match started {
            Ok(process) => {
                sched::run_until(|| process.ended().is_some());
                process.ended()
            }
            Err(_) => None,
        };
        if must_succeed {
            equal(
                format_args!("status of {program}, run {number}"),
                status,
                Some(0),
            )?;
        }
        if number < FIRST_RUNS {
            before = resources();
        }
        let what = format_args!("free frames, heap bytes after run {number} of {program}");
        equal(what, resources(), before)?;
    }
    Ok(())
}

/// Starts a program with 0, 1, 2, ... frames left, until there are enough.
pub(super) fn without_memory() -> Outcome {
    const MOST: usize = 256;
    let programs = open()?;
    churn(&programs, PROGRAM, FIRST_RUNS, true)?;
    let mut refused = 0;
    for left in 0..MOST {
        match start_with(&programs, left)? {
            Started::Succeeded => {
                log::info!(
                    "{PROGRAM} needs {left} frames; {refused} starts with less failed in order"
                );
                return holds("starts without memory were refused", refused > 0);
            }
            Started::Failed => refused += 1,
        }
    }
    fail(format_args!("{PROGRAM} does not run with {MOST} frames"))
}

enum Started {
    Succeeded,
    /// It was refused, or began and ended for want of memory.
    Failed,
}

/// Takes all frames but `left`, starts the program, and gives them back.
fn start_with(programs: &Programs, left: usize) -> Outcome<Started> {
    let mut taken = Vec::new();
    done(
        "room for all frames",
        taken.try_reserve_exact(frame_counts().free as usize),
    )?;
    let before = frame_counts().free;
    while frame_counts().free > left as u64 {
        taken.push(done("a frame", OwnedFrame::zeroed())?);
    }
    let used = heap_counts().used_bytes;
    let started = programs.start(&nt::FREESTANDING, PROGRAM, PROGRAM, &[]);
    let status = started.ok().map(|process| {
        sched::run_until(|| process.ended().is_some());
        process.ended()
    });
    equal(
        format_args!("heap bytes after a start with {left} frames"),
        heap_counts().used_bytes,
        used,
    )?;
    taken.clear();
    equal(
        format_args!("free frames after a start with {left}"),
        frame_counts().free,
        before,
    )?;
    Ok(if status == Some(Some(0)) {
        Started::Succeeded
    } else {
        Started::Failed
    })
}
