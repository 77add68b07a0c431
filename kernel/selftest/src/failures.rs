//! Each allocation on a program's way fails once; nothing may be lost by it.

use executive::programs::Programs;
use hal::memory::{allocations, inject_failure, injected, stop_injecting};

use super::expect::{Outcome, equal, fail, holds};
use super::processes::{self, FIRST_RUNS, churn, resources, run_to_end};

/// Programs that are started, each until it needs no more allocations.
const PROGRAMS: [&str; 3] = ["hello.exe", "memory.exe", "waits.exe"];
/// More allocations than any of them needs.
const MOST: u64 = 4096;

pub(super) fn run() -> Outcome {
    counts()?;
    let programs = processes::open()?;
    PROGRAMS
        .into_iter()
        .try_for_each(|program| walk(&programs, program))
}

/// The failure comes when it was asked for, once.
fn counts() -> Outcome {
    const AFTER: u64 = 3;
    let frame = || hal::memory::OwnedFrame::zeroed().is_ok();
    let before = allocations();
    inject_failure(AFTER);
    for number in 0..2 * AFTER {
        equal("failed before", injected(), number > AFTER)?;
        let what = format_args!("allocation {number} succeeds");
        equal(what, frame(), number != AFTER)?;
    }
    equal("allocations", allocations(), before + 2 * AFTER)?;
    holds("it failed", stop_injecting())?;
    holds("none is to fail", !injected() && !stop_injecting())?;
    inject_failure(0);
    inject_failure(1);
    equal(
        "the first failure is off",
        (frame(), frame()),
        (true, false),
    )?;
    stop_injecting();
    Ok(())
}

fn walk(programs: &Programs, program: &str) -> Outcome {
    churn(programs, program, FIRST_RUNS)?;
    let mut before = resources();
    for after in 0..MOST {
        inject_failure(after);
        let status = run_to_end(programs, program);
        if !stop_injecting() {
            log::info!("{program}: {after} allocations, each of which failed once");
            equal("its status without a failure", status, Some(0))?;
            return holds("some allocations failed", after > 0);
        }
        if resources() == before {
            continue;
        }
        // A program that copes with a failure reaches pages of its image that are
        // then kept; they are not taken twice.
        before = resources();
        inject_failure(after);
        run_to_end(programs, program);
        stop_injecting();
        let what = format_args!("free frames, heap bytes after allocation {after} of {program}");
        equal(what, resources(), before)?;
    }
    fail(format_args!("{program} needs more than {MOST} allocations"))
}
