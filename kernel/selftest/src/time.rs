//! Time: it never goes back, and the ticks agree with it.

use hal::cpu::interrupts;
use hal::time::{TICKS_PER_SECOND, since_start_ns, ticks};

use super::expect::{Outcome, equal, holds};

const READINGS: u32 = 10_000;
const NS_PER_TICK: u64 = 1_000_000_000 / TICKS_PER_SECOND;
const TICKS: u64 = 100;

pub(super) fn run() -> Outcome {
    monotonic()?;
    masked()?;
    wait_for(TICKS);
    Ok(())
}

/// Ticks come as often as they should, which only a machine can promise whose
/// time is its own instructions: a busy host delays ticks and joins them.
pub(super) fn tick_rate() -> Outcome {
    wait_for(TICKS);
    let (first, start) = (ticks(), since_start_ns());
    wait_for(TICKS);
    let passed = since_start_ns() - start;
    let counted = ticks() - first;
    let expected = passed / NS_PER_TICK;
    holds(
        format_args!("{counted} ticks come in {passed} ns"),
        counted.abs_diff(expected) <= 1,
    )
}

fn monotonic() -> Outcome {
    let start = since_start_ns();
    let mut last = start;
    for _ in 0..READINGS {
        let now = since_start_ns();
        holds(format_args!("{now} ns comes after {last} ns"), now >= last)?;
        last = now;
    }
    holds("time passes", last > start)
}

/// No tick comes in the kernel but where it lets them in.
fn masked() -> Outcome {
    let (before, start) = (ticks(), since_start_ns());
    while since_start_ns() - start < 3 * NS_PER_TICK {}
    equal("ticks in the kernel", ticks() - before, 0)?;
    interrupts::let_pending_in();
    holds("a tick that waited comes", ticks() > before)
}

fn wait_for(count: u64) {
    let first = ticks();
    while ticks() - first < count {
        interrupts::wait_for_one();
    }
}
