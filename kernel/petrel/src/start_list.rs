//! Runs the programs of the start list, group by group.

use alloc::vec::Vec;

use config::{Config, Job, Step};
use executive::process::Process;
use executive::programs::{self, Launch, Programs};
use executive::{Error, Personality, scheduler, shutdown};
use hal::Ref;
use hal::time::cycles_since_start;

use crate::ending::{self, Ended};
use crate::job;
use crate::settings;

/// With what a process ends that outlives the programs (NT `STATUS_PROCESS_IS_TERMINATING`).
const LEFT_BEHIND: u32 = 0xC000_010A;

/// A program that was started, or the status with which it was refused.
enum Started {
    Running(Ref<Process>),
    Refused(u32),
}

/// One of the programs that run together.
struct Program<'a> {
    name: &'a str,
    expected: u32,
    /// When it was, in cycles since the kernel was entered.
    started_at: u64,
    started: Started,
}

/// Runs all programs and ends the machine with the verdict.
pub(crate) fn run(config: &'static Config) -> ! {
    let programs = open_archive(config);
    let job = job::find(config, programs);
    job::connect_streams(config, job.as_ref());
    let environment = variables(config, None);
    let (mut ended, mut started) = (Vec::new(), Vec::new());
    settings::need(
        "room for the results",
        reserve(config, job.as_ref(), &mut ended, &mut started),
    );
    nt::choose_debug_channels(config.wine().records());
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
        for entry in group {
            let launch = Launch {
                program: entry.program,
                command_line: entry.command_line,
                directory: None,
                environment: &environment,
            };
            started.push(Program {
                name: entry.program,
                expected: entry.expected,
                started_at: cycles_since_start(),
                started: start(programs, &launch),
            });
        }
        await_all(&mut started, &mut ended);
    }
    for step in job.iter().flat_map(Job::steps) {
        job::give_input(config, programs, step.input);
        let environment = variables(config, Some(&step));
        let launch = Launch {
            program: step.program,
            command_line: step.command_line,
            directory: step.directory,
            environment: &environment,
        };
        started.push(Program {
            name: step.program,
            expected: 0,
            started_at: cycles_since_start(),
            started: start(programs, &launch),
        });
        await_all(&mut started, &mut ended);
    }
    if ended.is_empty() {
        log::error!("nothing to start; name programs with start=\"hello.exe; other.exe\"");
        ending::fail("nothing-to-start", config.end())
    }
    executive::io::settle();
    report_failure(config);
    settings::check_pages("at the end");
    settings::report_memory("at the end");
    ending::with_programs(&ended, config.end())
}

/// Lets them run until all have ended, and ends the processes that they leave behind:
/// a run is over with its programs, and what follows finds none of it.
fn await_all<'a>(started: &mut Vec<Program<'a>>, ended: &mut Vec<Ended<'a>>) {
    scheduler::run_until(|| {
        started
            .iter()
            .all(|program| program.started.status().is_some())
    });
    let now = cycles_since_start();
    scheduler::end_all(LEFT_BEHIND);
    for program in started.drain(..) {
        let status = program.started.status().unwrap_or_default();
        hal::end::note_program(status == program.expected);
        ended.push(Ended {
            name: program.name,
            status,
            expected: program.expected,
            cycles: now.saturating_sub(program.started_at),
            written: executive::io::take_written(),
        });
    }
}

/// The variables that programs have besides: those of a job behind those of the
/// command line.
fn variables(
    config: &'static Config,
    step: Option<&Step<'static>>,
) -> Vec<(&'static str, &'static str)> {
    let mut all = Vec::new();
    let own = step.iter().flat_map(|step| step.environment());
    for variable in config.environment().chain(own) {
        settings::need("room for variables", all.try_reserve(1));
        all.push(variable);
    }
    all
}

/// Once, so that no failure that is asked for hits here.
fn reserve<A, B>(
    config: &Config,
    job: Option<&Job<'_>>,
    ended: &mut Vec<A>,
    started: &mut Vec<B>,
) -> Result<(), alloc::collections::TryReserveError> {
    let steps = job.map_or(0, |job| job.steps().count());
    let programs = config.start_list().flatten().count().saturating_add(steps);
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

fn start(programs: &Programs, launch: &Launch<'_>) -> Started {
    log::info!("starting {}", launch.command_line);
    match programs.start(nt::personality_of, launch) {
        Ok(process) => Started::Running(process),
        Err(error) => Started::Refused(refuse(launch.program, &error)),
    }
}

fn refuse(program: &str, error: &Error) -> u32 {
    let status = nt::FREESTANDING.start_status(error);
    let name = nt::FREESTANDING
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
