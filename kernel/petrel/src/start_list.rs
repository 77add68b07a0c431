//! Runs the programs of the start list, group by group.

use alloc::vec::Vec;

use config::{Config, StartEntry};
use executive::memory::Image;
use executive::process::Process;
use executive::programs::{self, Programs};
use executive::{Error, Personality, scheduler, shutdown};
use hal::Ref;

use crate::ending::{self, Ended};
use crate::settings;

/// Most environment variables a start list's programs are given.
const VARIABLES: usize = config::ENVIRONMENT_MAX;

/// A program that was started, or the status with which it was refused.
enum Started {
    Running(Ref<Process>),
    Refused(u32),
}

/// Runs all programs and ends the machine with the verdict.
pub(crate) fn run(config: &'static Config) -> ! {
    let programs = open_archive(config);
    let environment: arrayvec::ArrayVec<(&str, &str), VARIABLES> = config.environment().collect();
    let (mut ended, mut started) = (Vec::new(), Vec::new());
    settings::need(
        "room for the results",
        reserve(config, &mut ended, &mut started),
    );
    if config.calls_may_fail() {
        nt::let_programs_fail_allocations();
    }
    if let Some(number) = config.failing_allocation() {
        hal::memory::inject_failure(number - 1);
    }
    for group in config.start_list() {
        if shutdown::is_asked() {
            // A program that is not run has no status to be right or wrong.
            log::error!("a program shut the machine down before others were started");
            ending::fail("shut-down", config.end())
        }
        started.clear();
        for entry in group {
            started.push((entry, start(programs, &entry, &environment)));
        }
        scheduler::run_until(|| {
            started
                .iter()
                .all(|(_, started)| started.status().is_some())
        });
        for (entry, started) in &started {
            let status = started.status().unwrap_or_default();
            hal::end::note_program(status == entry.expected);
            ended.push(Ended {
                name: entry.program,
                status,
                expected: entry.expected,
            });
        }
    }
    if ended.is_empty() {
        log::error!("nothing to start; name programs with start=\"hello.exe; other.exe\"");
        ending::fail("nothing-to-start", config.end())
    }
    report_failure(config);
    settings::check_pages("at the end");
    settings::report_memory("at the end");
    ending::with_programs(&ended, config.end())
}

/// Once, so that no failure that is asked for hits here.
fn reserve<A, B>(
    config: &Config,
    ended: &mut Vec<A>,
    started: &mut Vec<B>,
) -> Result<(), alloc::collections::TryReserveError> {
    let programs = config.start_list().flatten().count();
    ended.try_reserve_exact(programs)?;
    started.try_reserve_exact(programs)
}

fn open_archive(config: &Config) -> &'static Programs {
    let Some(bytes) = hal::memory::module_bytes(0) else {
        log::error!("no archive; the boot loader must load one as the first module");
        ending::fail("no-archive", config.end())
    };
    match Programs::new(bytes) {
        Ok(programs) => programs::install(programs),
        Err(error) => {
            log::error!("archive: {error}");
            ending::fail("bad-archive", config.end())
        }
    }
}

/// Says what became of the failure that was asked for.
fn report_failure(config: &Config) {
    let Some(number) = config.failing_allocation() else {
        return;
    };
    match hal::memory::stop_injecting() {
        true => log::info!("allocation {number} failed, as fail= asked for"),
        false => log::warn!("fail=alloc:{number}: there were fewer allocations"),
    }
}

fn start(programs: &Programs, entry: &StartEntry<'_>, environment: &[(&str, &str)]) -> Started {
    log::info!("starting {}", entry.command_line);
    let personality = |image: &Image| nt::Nt::of(image) as &dyn Personality;
    match programs.start(personality, entry.program, entry.command_line, environment) {
        Ok(process) => Started::Running(process),
        Err(error) => Started::Refused(refuse(entry.program, &error)),
    }
}

fn refuse(program: &str, error: &Error) -> u32 {
    let status = nt::Nt::Freestanding.start_status(error);
    let name = nt::Nt::Freestanding
        .status_name(status)
        .unwrap_or("a status of its own");
    log::error!("{program} cannot be started: {error} ({name})");
    status
}

impl Started {
    fn status(&self) -> Option<u32> {
        match self {
            Self::Running(process) => process.ended(),
            Self::Refused(status) => Some(*status),
        }
    }
}
