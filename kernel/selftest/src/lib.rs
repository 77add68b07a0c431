//! The kernel's tests of itself, on the machine it runs on.
//!
//! One file for each theme. A test gives back the machine as it found it, so that
//! they can run in any order; those that end in a panic run only by name.
//!
//! They are a crate of their own because they are built for size: in a kernel that
//! is not asked for them they only take room.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod breakpoints;
mod chain;
mod contexts;
mod expect;
mod failures;
mod frame_cost;
mod frames;
mod heap;
mod heap_cost;
mod locks;
mod pages;
mod processes;
mod processor;
mod report_cost;
mod symbols;
mod time;
mod traps;
mod user_copy;
mod user_run;
mod vectors;

pub use expect::{Failure, Outcome};

/// What stands before a test's name in the final record.
pub const PREFIX: &str = "selftest:";

/// One test.
pub struct SelfTest {
    /// The name with its prefix.
    pub name: &'static str,
    /// Runs it.
    pub run: fn() -> Outcome,
    /// Whether `all` leaves it out: it ends in a panic when the kernel is in order,
    /// or takes long.
    pub only_by_name: bool,
}

const fn test(name: &'static str, run: fn() -> Outcome) -> SelfTest {
    SelfTest {
        name,
        run,
        only_by_name: false,
    }
}

const fn only_by_name(name: &'static str, run: fn() -> Outcome) -> SelfTest {
    SelfTest {
        name,
        run,
        only_by_name: true,
    }
}

/// All tests, in the order in which they run.
pub static TESTS: [SelfTest; 25] = [
    test("selftest:processor", processor::run),
    test("selftest:pages", pages::run),
    test("selftest:frames", frames::run),
    test("selftest:heap", heap::run),
    test("selftest:user-copy", user_copy::run),
    test("selftest:traps", traps::run),
    test("selftest:contexts", contexts::run),
    test("selftest:vectors", vectors::run),
    test("selftest:breakpoints", breakpoints::run),
    test("selftest:time", time::run),
    test("selftest:locks", locks::run),
    test("selftest:symbols", symbols::run),
    test("selftest:chain", chain::run),
    test("selftest:processes", processes::run),
    test("selftest:no-memory", processes::without_memory),
    test("selftest:failures", failures::run),
    test("selftest:heap-refusals", heap::refuses),
    only_by_name("selftest:tick-rate", time::tick_rate),
    only_by_name("selftest:frame-cost", frame_cost::run),
    only_by_name("selftest:heap-cost", heap_cost::run),
    only_by_name("selftest:report-cost", report_cost::run),
    only_by_name("selftest:lock-order", locks::wrong_order),
    only_by_name("selftest:lock-release", locks::wrong_release),
    only_by_name("selftest:lock-twice", locks::twice),
    only_by_name("selftest:copy-under-lock", locks::copy_under_lock),
];

impl SelfTest {
    /// Its name on the command line.
    pub fn short(&self) -> &'static str {
        self.name.trim_start_matches(PREFIX)
    }
}
