//! The processes of a job, counted and listed.

use alloc::vec::Vec;

use crate::{Limits, Measured, NoticeLimits, Notices};

/// Why a process cannot join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinError {
    /// The limit of processes is reached.
    TooMany,
    /// The limit of time is reached, and was not set again.
    TimeIsOver,
    /// Exhaustion: the kernel has no memory for a longer list.
    NoMemory,
}

/// How many processes a job has, and had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounting {
    /// There have been.
    pub total: u32,
    /// There are.
    pub active: u32,
    /// Ended because of a limit.
    pub terminated: u32,
}

/// What one job knows.
#[derive(Debug, Default)]
pub struct JobState {
    limits: Limits,
    /// Sorted.
    members: Vec<u64>,
    total: u32,
    terminated: u32,
    is_ending: bool,
    notices: Notices,
    /// User and kernel time when the limit of time was set.
    period_began_100ns: (u64, u64),
    is_time_over: bool,
}

/// What a look at a job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// A limit was passed that is only reported.
    pub is_notice_due: bool,
    /// Its limit of time has just been reached.
    pub is_time_over: bool,
}

impl JobState {
    /// A job without processes or limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Its limits.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sets them. Processes that are in the job already stay, however many. With
    /// the user and kernel time so far a new period of its time begins; whether
    /// the one before had come to its end.
    pub fn set_limits(&mut self, limits: Limits, period_100ns: Option<(u64, u64)>) -> bool {
        self.limits = limits;
        if let Some(began) = period_100ns {
            self.period_began_100ns = began;
        }
        let is_renewed = period_100ns.is_some() || limits.job_time_100ns.is_none();
        let was_over = is_renewed && self.is_time_over;
        if was_over {
            self.is_time_over = false;
            self.is_ending = false;
        }
        was_over
    }

    /// User and kernel time when the period began that its limit of time is for.
    #[must_use]
    pub const fn period_began_100ns(&self) -> (u64, u64) {
        self.period_began_100ns
    }

    /// The limit of time was reached, which is all that happens: there is none any
    /// more.
    pub const fn forget_time(&mut self) {
        self.limits.job_time_100ns = None;
        self.is_time_over = false;
    }

    /// What is to be reported.
    #[must_use]
    pub const fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Says what is to be reported of a job that has used so much.
    pub fn set_notices(&mut self, limits: NoticeLimits, now: &Measured) {
        self.notices.set(limits, now);
    }

    /// Compares what the job has used with its limits.
    pub fn review(&mut self, now: &Measured) -> Review {
        let (began, _) = self.period_began_100ns;
        let time = now.user_time_100ns.saturating_sub(began);
        let is_over = self.limits.job_time_100ns.is_some_and(|most| time >= most);
        let was_over = self.is_time_over;
        self.is_time_over |= is_over;
        Review {
            is_notice_due: self.notices.review(now),
            is_time_over: is_over && !was_over,
        }
    }

    /// Adds a process; one that is in the job stays in it.
    ///
    /// # Errors
    /// [`JoinError`] says why not; then nothing has changed.
    pub fn join(&mut self, process: u64) -> Result<(), JoinError> {
        let Err(place) = self.members.binary_search(&process) else {
            return Ok(());
        };
        if self.is_time_over {
            return Err(JoinError::TimeIsOver);
        }
        let active = self.accounting().active;
        if self
            .limits
            .active_processes
            .is_some_and(|most| active >= most)
        {
            return Err(JoinError::TooMany);
        }
        self.members
            .try_reserve(1)
            .map_err(|_| JoinError::NoMemory)?;
        self.members.insert(place, process);
        self.total = self.total.saturating_add(1);
        Ok(())
    }

    /// Undoes a [`JobState::join`].
    pub fn withdraw(&mut self, process: u64) {
        if let Ok(place) = self.members.binary_search(&process) {
            self.members.remove(place);
            self.total = self.total.saturating_sub(1);
        }
    }

    /// Takes a process out that has ended. Whether that ends the job.
    pub fn leave(&mut self, process: u64) -> bool {
        match self.members.binary_search(&process) {
            Ok(place) => {
                self.members.remove(place);
                self.is_ending && self.members.is_empty()
            }
            Err(_) => false,
        }
    }

    /// All processes are about to be ended. Whether that ends the job at once.
    pub const fn begin_end(&mut self) -> bool {
        self.is_ending = true;
        self.members.is_empty()
    }

    /// A limit ends processes, which may not have come to join.
    pub const fn note_terminated(&mut self, processes: u32) {
        self.terminated = self.terminated.saturating_add(processes);
    }

    /// Whether a process is in the job.
    #[must_use]
    pub fn has(&self, process: u64) -> bool {
        self.members.binary_search(&process).is_ok()
    }

    /// Whether it has no processes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The process with the lowest number above this one: all of them, from 0
    /// on, also when some come or go between the calls.
    #[must_use]
    pub fn next_after(&self, process: u64) -> Option<u64> {
        let place = self.members.partition_point(|&member| member <= process);
        self.members.get(place).copied()
    }

    /// How many processes there are and were.
    #[must_use]
    pub fn accounting(&self) -> Accounting {
        Accounting {
            total: self.total,
            active: u32::try_from(self.members.len()).unwrap_or(u32::MAX),
            terminated: self.terminated,
        }
    }
}
