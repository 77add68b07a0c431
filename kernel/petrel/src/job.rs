//! The job in the boot image, and whose the standard streams are.

use config::{Config, Input, Job, Streams};
use executive::programs::Programs;

use crate::{ending, settings};

/// The job's file.
const JOB: &str = "job";

/// The job, where there is one and no start list is given.
pub(crate) fn find(config: &Config, programs: &'static Programs) -> Option<Job<'static>> {
    if config.start_list().next().is_some() {
        return None;
    }
    match Job::parse(programs.own_file(JOB)?) {
        Ok(job) => Some(job),
        Err(error) => {
            log::error!("{error}; make the boot image again");
            ending::fail("bad-job", config.end())
        }
    }
}

/// Leads standard streams to where they are wanted.
pub(crate) fn connect_streams(config: &Config, job: Option<&Job<'_>>) {
    if config.streams() == Streams::Console {
        return;
    }
    let terminal = config.terminal();
    let connected = executive::io::terminal::connect(terminal.as_ref());
    if !settings::need("the terminal", connected) {
        log::error!("terminal=: the machine has no line to the host");
        ending::fail("no-streams", config.end())
    }
    let is_asked = |input| matches!(input, Input::Host | Input::Begins(_));
    let is_host_asked = job.is_none_or(|job| job.steps().any(|step| is_asked(step.input)));
    let connected = executive::io::connect_host(is_host_asked, terminal.as_ref());
    if !settings::need("standard streams", connected) {
        log::error!("stdio=host: the machine has no devices for the streams of programs");
        ending::fail("no-streams", config.end())
    }
}

/// Gives the next program what it is to read.
pub(crate) fn give_input(config: &Config, programs: &'static Programs, input: Input<'_>) {
    let (name, is_all) = match input {
        Input::Nothing => return executive::io::set_no_input(),
        Input::Host => return executive::io::set_input(&[], false),
        Input::Image(name) => (name, true),
        Input::Begins(name) => (name, false),
    };
    let Some(first) = programs.own_file(name) else {
        log::error!("the job's input {name} is not in the boot image; make it again");
        ending::fail("bad-job", config.end())
    };
    executive::io::set_input(first, is_all);
}
