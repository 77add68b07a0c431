//! Limits that are only reported, and which of them were passed.

/// How much above a rate a job may be, and over which time, as NT counts both: 1
/// to 3. Recorded: a rate that is kept is never passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// Of low, medium and high.
    pub level: u32,
    /// Of short, medium and long.
    pub interval: u32,
}

/// The limits whose passing is told; `None`: there is no such limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeLimits {
    /// Bytes read.
    pub read_bytes: Option<u64>,
    /// Bytes written.
    pub written_bytes: Option<u64>,
    /// User time from now on.
    pub user_time_100ns: Option<u64>,
    /// Commitment that is not to be passed.
    pub most_memory_bytes: Option<u64>,
    /// Commitment that is to stay, once it is reached.
    pub least_memory_bytes: Option<u64>,
    /// Of the processor, of input and output, of the network.
    pub tolerances: [Option<Tolerance>; 3],
}

/// What a job has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Bytes read.
    pub read_bytes: u64,
    /// Bytes written.
    pub written_bytes: u64,
    /// User time.
    pub user_time_100ns: u64,
    /// Commitment now.
    pub memory_bytes: u64,
}

/// Which limits were passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Of bytes read.
    pub reads: bool,
    /// Of bytes written.
    pub writes: bool,
    /// Of user time.
    pub time: bool,
    /// Of commitment.
    pub most_memory: bool,
    /// Of commitment, from above.
    pub least_memory: bool,
}

/// The limits, and what came of them since they were set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notices {
    limits: NoticeLimits,
    passed: Passed,
    /// User time when they were set.
    time_before_100ns: u64,
    /// Whether the least commitment was reached.
    is_reached: bool,
}

impl Notices {
    /// Sets the limits of a job that has used so much; nothing is passed any more.
    pub(crate) fn set(&mut self, limits: NoticeLimits, now: &Measured) {
        *self = Self {
            limits,
            passed: Passed::default(),
            time_before_100ns: now.user_time_100ns,
            is_reached: false,
        };
    }

    /// Whether a limit is passed that was not.
    pub(crate) fn review(&mut self, now: &Measured) -> bool {
        let limits = &self.limits;
        let is_above = |limit: Option<u64>, used| limit.is_some_and(|limit| used > limit);
        let time = now.user_time_100ns.saturating_sub(self.time_before_100ns);
        let is_below = |limit| now.memory_bytes < limit;
        self.is_reached |= limits
            .least_memory_bytes
            .is_some_and(|limit| !is_below(limit));
        let before = self.passed;
        self.passed = Passed {
            reads: before.reads || is_above(limits.read_bytes, now.read_bytes),
            writes: before.writes || is_above(limits.written_bytes, now.written_bytes),
            time: before.time || is_above(limits.user_time_100ns, time),
            most_memory: before.most_memory || is_above(limits.most_memory_bytes, now.memory_bytes),
            least_memory: before.least_memory
                || self.is_reached && limits.least_memory_bytes.is_some_and(is_below),
        };
        self.passed != before
    }

    /// The limits.
    #[must_use]
    pub const fn limits(&self) -> &NoticeLimits {
        &self.limits
    }

    /// Which were passed since they were set.
    #[must_use]
    pub const fn passed(&self) -> Passed {
        self.passed
    }
}
