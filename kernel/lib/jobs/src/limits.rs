//! What a job's owner can limit.

/// The limits of a job; `None`: there is no such limit.
///
/// Those marked as recorded are kept for whoever asks and change nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Processes in the job at one time.
    pub active_processes: Option<u32>,
    /// Commitment of each process.
    pub process_memory_bytes: Option<u64>,
    /// Commitment of all processes together.
    pub job_memory_bytes: Option<u64>,
    /// Base priority of each process.
    pub base_priority: Option<u8>,
    /// Whether the last handle's closing ends all processes.
    pub ends_on_close: bool,
    /// Which new processes leave the job.
    pub breakaway: Breakaway,
    /// User time of each process.
    pub process_time_100ns: Option<u64>,
    /// User time of the job since it was set.
    pub job_time_100ns: Option<u64>,
    /// Least and most resident memory of each process: what its settings say.
    pub working_set_bytes: Option<(u64, u64)>,
    /// Processors, a bit each. Recorded: there is one.
    pub affinity: Option<u64>,
    /// Whether processes may choose among them. Recorded.
    pub affinity_is_subset: bool,
    /// Length of quanta, 0 to 9. Recorded.
    pub scheduling_class: Option<u32>,
    /// Whether a crash shows no dialogue. Recorded.
    pub dies_on_unhandled_exception: bool,
}

/// Which new processes leave their parent's job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breakaway {
    /// Those whose creator asks for it.
    pub on_request: bool,
    /// All.
    pub always: bool,
}

impl Breakaway {
    /// Whether a new process leaves.
    #[must_use]
    pub const fn lets_go(self, is_requested: bool) -> bool {
        self.always || self.on_request && is_requested
    }
}
