//! Which processes have the console, and telling them of its events.

use ::console::{ConsoleStatus, Event};
use alloc::vec::Vec;
use hal::Ref;

use super::{ABORT_TICKS, Aborting, Terminal};
use crate::Error;
use crate::ids;
use crate::object::Object;
use crate::process::Process;

/// The processes, the one that came last first.
pub(super) struct Attached(Vec<Entry>);

#[derive(Clone, Copy)]
struct Entry {
    process: u64,
    /// Those that are told of events together, by the number of one of them.
    group: u32,
}

impl Attached {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn has(&self, process: u64) -> bool {
        self.0.iter().any(|entry| entry.process == process)
    }

    /// One more, of its own group until that is said.
    pub(super) fn add(&mut self, process: u64) -> Result<(), Error> {
        self.0.try_reserve(1)?;
        let group = u32::try_from(process).unwrap_or(0);
        self.0.insert(0, Entry { process, group });
        Ok(())
    }

    pub(super) fn set_group(&mut self, process: u64, group: u32) {
        for entry in self.0.iter_mut().filter(|entry| entry.process == process) {
            entry.group = group;
        }
    }

    /// A process has let go of it.
    pub(super) fn remove(&mut self, process: u64) {
        if let Some(at) = self.0.iter().position(|entry| entry.process == process) {
            self.0.remove(at);
        }
    }

    /// The numbers of those of a group, or of all.
    fn of_group(&self, group: u32) -> Result<Vec<u64>, Error> {
        let mut all = Vec::new();
        all.try_reserve_exact(self.0.len())?;
        let is_meant = |entry: &&Entry| group == 0 || entry.group == group;
        all.extend(self.0.iter().filter(is_meant).map(|entry| entry.process));
        Ok(all)
    }
}

impl Terminal {
    /// Tells the processes of a group, or all, of an event. Under no lock.
    pub(super) fn tell(&self, event: Event, group: u32) {
        let processes = self.state.lock().attached.of_group(group);
        let mut threads = Vec::new();
        // Without memory nobody can be told.
        for process in processes.unwrap_or_default() {
            if let Some(process) = process_of(process)
                && process.ended().is_none()
                && let Some(thread) = process.personality().console_event(&process, event as u32)
                && threads.try_reserve(1).is_ok()
            {
                threads.push(thread);
            }
        }
        if event == Event::C {
            let aborting = Aborting {
                threads,
                ticks: ABORT_TICKS,
            };
            let before = self.state.lock().aborting.replace(aborting);
            drop(before);
        }
    }
}

fn process_of(number: u64) -> Option<Ref<Process>> {
    match ids::find(number)? {
        Object::Process(process) => Some(process),
        _ => None,
    }
}

/// The numbers of the processes that have the console.
pub fn processes() -> Result<Vec<u64>, Error> {
    Terminal::get()?.state.lock().attached.of_group(0)
}

/// The process whose console is meant: one that has it.
pub(super) fn bound(number: u32, parent: u64) -> Result<u64, Error> {
    /// `ATTACH_PARENT_PROCESS`
    const PARENT: u32 = u32::MAX;
    let number = match number {
        PARENT => parent,
        number => number.into(),
    };
    if process_of(number).is_none() {
        return Err(Error::Console(ConsoleStatus::InvalidParameter));
    }
    match Terminal::get()?.state.lock().attached.has(number) {
        true => Ok(number),
        false => Err(Error::Console(ConsoleStatus::InvalidHandle)),
    }
}
