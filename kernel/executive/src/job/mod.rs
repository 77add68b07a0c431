//! Jobs: groups of processes that are limited, counted and ended together.
//!
//! Jobs nest as they have since NT 6.2: a process is in its job and in all jobs
//! that one is nested in. A job becomes nested when a process of another job is
//! assigned to it while it is empty, and stays so for good.

mod membership;
mod port;
mod rate;
mod review;

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use hal::Ref;
use hal::lock::Lock;
pub use jobs::{Accounting, Breakaway, Limits, Measured, NoticeLimits, Notices, Passed, Tolerance};
use jobs::{JobState, JoinError};
use sched::{ObjectKey, Signal};
use spin::Once;

use crate::memory::Quota;
use crate::object::{Header, Object, ObjectKind};
use crate::process::{IoCounts, PriorityClass, Process, Usage, Used};
use crate::scheduler::{self, Waitable};
use crate::{Error, ids, rank};
pub(crate) use membership::Membership;
use port::{JobPort, Message};
use rate::Rate;
pub use rate::RateControl;
use review::Reviewed;
pub(crate) use review::tick;

/// A longer chain of nested jobs makes no sense, and each link costs time.
const MOST_NESTED: usize = 16;

/// The status of processes that a limit ends (NT `winerror.h`).
const ERROR_NOT_ENOUGH_QUOTA: u32 = 1816;

/// A job.
pub struct Job {
    header: Header,
    /// Signalled once all processes have ended that were to end together.
    over: Waitable,
    quota: Ref<Quota>,
    /// The job it is nested in.
    parent: Once<Ref<Self>>,
    has_nested: AtomicBool,
    ui_restrictions: AtomicU32,
    reports_end_of_time: AtomicBool,
    /// What the processes used that have ended.
    used_before: Usage,
    faults_before: AtomicU64,
    io_before: IoCounts,
    port: Once<JobPort>,
    rate: Rate,
    reviewed: Reviewed,
    state: Lock<rank::Jobs, JobState>,
}

impl Job {
    /// A job without processes or limits.
    pub fn new() -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::Job),
            over: Waitable::new(Signal::Notification { is_set: false })?,
            quota: Quota::new()?,
            parent: Once::new(),
            has_nested: AtomicBool::new(false),
            ui_restrictions: AtomicU32::new(0),
            reports_end_of_time: AtomicBool::new(false),
            used_before: Usage::default(),
            faults_before: AtomicU64::new(0),
            io_before: IoCounts::default(),
            port: Once::new(),
            rate: Rate::default(),
            reviewed: Reviewed::default(),
            state: Lock::new(JobState::new()),
        })?)
    }

    /// What every object has.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What waits for its end wait for.
    pub(crate) fn signal(&self) -> &ObjectKey {
        self.over.key()
    }

    /// Its limits.
    pub fn limits(&self) -> Limits {
        *self.state.lock().limits()
    }

    /// Restrictions of windows, which are recorded.
    pub fn ui_restrictions(&self) -> u32 {
        self.ui_restrictions.load(Ordering::Relaxed)
    }

    /// Records them. A job that has some cannot be nested.
    pub fn set_ui_restrictions(&self, restrictions: u32) {
        self.ui_restrictions.store(restrictions, Ordering::Relaxed);
    }

    /// Whether the end of its time is only reported.
    pub fn reports_end_of_time(&self) -> bool {
        self.reports_end_of_time.load(Ordering::Relaxed)
    }

    /// Says whether.
    pub fn set_reports_end_of_time(&self, reports: bool) {
        self.reports_end_of_time.store(reports, Ordering::Relaxed);
    }

    /// How many processes there are and were.
    pub fn accounting(&self) -> Accounting {
        self.state.lock().accounting()
    }

    /// What its processes have used of the processor, and their page faults, those
    /// that ended included.
    pub fn used(&self) -> (Used, u64) {
        let mut sum = (
            self.used_before.used(),
            self.faults_before.load(Ordering::Relaxed),
        );
        self.for_each_process(|process| {
            sum.0 = sum.0.plus(process.used());
            sum.1 = sum.1.saturating_add(process.memory().counters().faults);
        });
        sum
    }

    /// What its processes asked of files, those that ended included.
    pub fn io_counts(&self) -> IoCounts {
        let sum = IoCounts::default();
        sum.add(&self.io_before);
        self.for_each_process(|process| sum.add(process.io_counts()));
        sum
    }

    /// The most that was committed: by one process, and together.
    pub fn peak_bytes(&self) -> (u64, u64) {
        self.quota.peak_bytes()
    }

    /// The number of the process in it with the lowest number above this one.
    pub fn process_after(&self, id: u64) -> Option<u64> {
        self.state.lock().next_after(id)
    }

    /// Ends all its processes with a status.
    pub fn end(&self, status: u32) {
        let is_over = self.state.lock().begin_end();
        if is_over {
            self.signal_end();
        }
        self.for_each_process(|process| process.end(status));
    }

    /// The last handle was closed.
    pub(crate) fn last_handle_closed(&self) {
        if self.limits().ends_on_close {
            self.end(0);
        }
    }

    fn signal_end(&self) {
        scheduler::with(|dispatcher| dispatcher.set(self.over.key()));
    }

    fn for_each_process(&self, mut operate: impl FnMut(&Process)) {
        let mut after = 0;
        while let Some(id) = self.process_after(after) {
            after = id;
            if let Some(Object::Process(process)) = ids::find(id) {
                operate(&process);
            }
        }
    }

    /// It, and what it is nested in.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        core::iter::successors(Some(self), |job| job.parent.get().map(|parent| &**parent))
    }

    /// Whether it is a job or nested in it.
    fn is_within(&self, job: &Self) -> bool {
        self.chain().any(|other| core::ptr::eq(other, job))
    }

    /// The class that all jobs of the chain allow.
    fn effective_class(&self) -> Option<PriorityClass> {
        let limit = self.chain().filter_map(|job| job.limits().base_priority);
        limit
            .min()
            .and_then(|level| PriorityClass::of_level(level.into()))
    }

    /// Adds a process to it and to what it is nested in, up to `known`, which
    /// has the process already.
    /// The one that has no place for it comes with the error.
    fn join<'a>(&'a self, process: u64, known: Option<&Self>) -> Result<(), (&'a Self, Error)> {
        for job in self.new_to(known) {
            let joined = job.state.lock().join(process);
            if let Err(error) = joined {
                self.chain()
                    .take_while(|joined| !core::ptr::eq(*joined, job))
                    .for_each(|joined| joined.state.lock().withdraw(process));
                job.state.lock().note_terminated(1);
                return Err((job, error.into()));
            }
        }
        Ok(())
    }

    /// It, and what it is nested in but `known` is not.
    fn new_to<'a, 'b>(
        &'a self,
        known: Option<&'b Self>,
    ) -> impl Iterator<Item = &'a Self> + use<'a, 'b> {
        let is_known = move |job: &Self| known.is_some_and(|known| known.is_within(job));
        self.chain().take_while(move |job| !is_known(job))
    }

    /// Takes a process out that has ended.
    fn leave(&self, process: &Process) {
        let (used, faults) = (process.used(), process.memory().counters().faults);
        for job in self.chain() {
            job.review_last(process);
            job.used_before.add(used);
            job.faults_before.fetch_add(faults, Ordering::Relaxed);
            job.io_before.add(process.io_counts());
            let mut state = job.state.lock();
            let is_over = state.leave(process.id());
            let is_empty = state.is_empty();
            drop(state);
            job.tell(Message::of_end(process), process.id());
            if is_empty {
                job.tell(Message::ActiveProcessZero, 0);
            }
            if is_over {
                job.signal_end();
            }
        }
    }

    /// Whether it can become a part of another.
    fn can_nest_in(&self, parent: &Self) -> bool {
        let is_alone = self.parent.get().is_none() && !self.has_nested.load(Ordering::Relaxed);
        is_alone
            && self.state.lock().is_empty()
            && self.ui_restrictions() == 0
            && parent.ui_restrictions() == 0
            && parent.chain().count() < MOST_NESTED
    }

    /// Makes it a part of another, for good.
    fn nest_in(&self, parent: &Ref<Self>) {
        parent.has_nested.store(true, Ordering::Relaxed);
        self.parent.call_once(|| parent.clone());
        self.quota.nest_in(&parent.quota);
    }
}

impl From<JoinError> for Error {
    fn from(error: JoinError) -> Self {
        match error {
            JoinError::TooMany => Self::JobProcessLimit,
            JoinError::TimeIsOver => Self::JobTimeLimit,
            JoinError::NoMemory => Self::OutOfMemory,
        }
    }
}
