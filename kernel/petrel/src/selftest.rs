//! `selftest=NAMES`: the kernel's tests of itself, on the machine it runs on.
//!
//! The tests are a crate of their own; here is which are asked for, and the verdict.

use alloc::vec::Vec;

use arrayvec::ArrayVec;
use config::Config;
use selftest::{SelfTest, TESTS};

use crate::ending::{self, Ended};
use crate::settings;

const MOST: usize = 32;

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
                log::info!("selftest {}: ok", test.short());
                0
            }
            Err(failure) => {
                log::error!("selftest {}: {failure}", test.short());
                1
            }
        };
        hal::end::note_program(status == 0);
        ended.push(Ended {
            name: test.name,
            status,
            expected: 0,
            cycles: 0,
            written: None,
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
            _ => test.short() == name,
        });
        let before = wanted.len();
        wanted.extend(known.take(wanted.remaining_capacity()));
        if wanted.len() == before {
            log::error!(
                "the kernel option selftest={name} names no self-test, or too many of them; these exist:"
            );
            TESTS
                .iter()
                .for_each(|test| log::error!("  {}", test.short()));
            ending::fail("bad-option", config.end())
        }
    }
    wanted
}
