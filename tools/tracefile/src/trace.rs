//! A trace as a whole: what was there from when to when.
//!
//! Times are in nanoseconds from the trace's beginning.

use crate::record::{Fault, Pairs};

/// What happened in a run.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) version: String,
    pub(crate) build_id: String,
    pub(crate) processes: Vec<Process>,
    pub(crate) threads: Vec<Thread>,
    pub(crate) slices: Vec<Slice>,
    /// What the processor did, without what it idled.
    pub(crate) runs: Vec<Run>,
    pub(crate) end_ns: u64,
    /// Whether the time that the trace took is in it.
    pub(crate) with_own_time: bool,
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) begin_ns: u64,
    pub(crate) end_ns: u64,
}

impl Span {
    pub(crate) fn length_ns(self) -> u64 {
        self.end_ns.saturating_sub(self.begin_ns)
    }
}

/// Something with a number, which others may have had before.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) id: u64,
    /// The number that viewers are given: no other process has it.
    pub(crate) shown_id: u64,
    pub(crate) parent: Option<u64>,
    pub(crate) program: String,
    pub(crate) span: Span,
    pub(crate) ended: Ended,
}

/// How something ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With this result.
    With(String),
    /// The log does not say.
    NotInLog,
}

#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) id: u64,
    pub(crate) shown_id: u64,
    /// Its place in the list of processes.
    pub(crate) process: usize,
    pub(crate) name: Option<String>,
    pub(crate) span: Span,
    pub(crate) ended: Ended,
}

/// Something that a thread did; those of a thread nest.
#[derive(Debug)]
pub(crate) struct Slice {
    /// Its place in the list of threads.
    pub(crate) thread: usize,
    pub(crate) span: Span,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    Call(Call),
    Fault(Fault),
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) family: Option<String>,
    pub(crate) arguments: Pairs,
    pub(crate) ended: Ended,
    /// Where its thread goes on, if it does elsewhere.
    pub(crate) at: Option<String>,
    pub(crate) left: Pairs,
}

/// A time that a thread had the processor for.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) thread: usize,
    pub(crate) span: Span,
    /// Why it ended, in a word.
    pub(crate) why: String,
}

impl Trace {
    pub(crate) fn process_of(&self, thread: &Thread) -> &Process {
        &self.processes[thread.process]
    }

    /// What a thread is called.
    pub(crate) fn thread_name(&self, thread: &Thread) -> String {
        match &thread.name {
            Some(name) => format!("{name} ({})", thread.id),
            None => format!("thread {}", thread.id),
        }
    }
}
