//! `selftest=NAMES`: the kernel's tests of itself, on the machine it runs on.
//!
//! One file for each theme. A test gives back the machine as it found it, so that
//! they can run in any order; those that end in a panic run only by name.

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

use alloc::vec::Vec;

use arrayvec::ArrayVec;
use config::Config;
use expect::Outcome;

use crate::ending::{self, Ended};
use crate::settings;

/// What stands before a test's name in the final record.
const PREFIX: &str = "selftest:";
const MOST: usize = 32;

struct SelfTest {
    /// The name with its prefix.
    name: &'static str,
    run: fn() -> Outcome,
    /// Whether `all` leaves it out: it ends in a panic when the kernel is in order,
    /// or takes long.
    only_by_name: bool,
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

static TESTS: [SelfTest; 25] = [
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

/// Runs the self-tests that the command line asks for. Without a start list, or
/// when one fails, the machine ends with their verdict.
pub(crate) fn if_asked(config: &'static Config) {
    for guard in hal::guards::missing() {
        log::warn!("this kernel was built without its guard {guard}, to test the tests");
    }
    let wanted = wanted(config);
    if wanted.is_empty() {
        return;
    }
    let mut ended = Vec::new();
    settings::need(
        "room for the results",
        ended.try_reserve_exact(wanted.len()),
    );
    for test in &wanted {
        let status = match (test.run)() {
            Ok(()) => {
                log::info!("selftest {}: ok", short(test));
                0
            }
            Err(failure) => {
                log::error!("selftest {}: {failure}", short(test));
                1
            }
        };
        hal::end::note_program(status == 0);
        ended.push(Ended {
            name: test.name,
            status,
            expected: 0,
        });
    }
    settings::check_pages("after the self-tests");
    let all_passed = ended.iter().all(|test| test.status == test.expected);
    if !all_passed || config.start_list().next().is_none() {
        ending::with_programs(&ended, config.end())
    }
}

/// The tests that the command line names.
fn wanted(config: &'static Config) -> ArrayVec<&'static SelfTest, MOST> {
    let mut wanted = ArrayVec::new();
    for name in config.selftests() {
        let known = TESTS.iter().filter(|test| match name {
            "all" => !test.only_by_name,
            _ => short(test) == name,
        });
        let before = wanted.len();
        wanted.extend(known.take(wanted.remaining_capacity()));
        if wanted.len() == before {
            log::error!(
                "the kernel option selftest={name} names no self-test, or too many of them; these exist:"
            );
            TESTS
                .iter()
                .for_each(|test| log::error!("  {}", short(test)));
            ending::fail("bad-option", config.end())
        }
    }
    wanted
}

fn short(test: &SelfTest) -> &'static str {
    test.name.trim_start_matches(PREFIX)
}
