//! The job in the boot image, and whose the standard streams are.

use config::{Config, Input, Job, Streams};
use executive::programs::Programs;

use crate::{ending, settings};

/// The job's file, and what is to be read from standard input.
const JOB: &str = "job";
const INPUT: &str = "input";

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
pub(crate) fn connect_streams(config: &Config, programs: &'static Programs, job: Option<&Job<'_>>) {
    if config.streams() == Streams::Console {
        return;
    }
    let input = job.map_or(Input::Host, |job| job.input);
    let first = match input {
        Input::Host => None,
        Input::Image | Input::Begins => programs.own_file(INPUT),
    };
    let is_all = input == Input::Image;
    let connected = executive::io::connect_host(first.unwrap_or_default(), is_all);
    if !settings::need("standard streams", connected) {
        log::error!("stdio=host: the machine has no devices for the streams of programs");
        ending::fail("no-streams", config.end())
    }
}
