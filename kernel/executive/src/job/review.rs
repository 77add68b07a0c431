//! What jobs' limits come to: looked at now and then, and when processes end.
//!
//! Nothing is looked at while no job has a limit that takes it, so that ticks and
//! what processes do cost as much as ever.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use hal::time;
use jobs::{Limits, Measured, NoticeLimits, Notices};

use super::port::Message;
use super::rate::RateControl;
use super::{ERROR_NOT_ENOUGH_QUOTA, Job};
use crate::memory::Refusal;
use crate::object::Object;
use crate::process::{IoKind, Process};
use crate::{clock, ids, scheduler};

/// Jobs that are to be looked at.
static REVIEWED: AtomicU32 = AtomicU32::new(0);
/// Ticks from one look to the next.
const PERIOD_TICKS: u64 = 16;

/// Counts a job among those that are to be looked at, while it has a reason to.
#[derive(Default)]
pub(super) struct Reviewed {
    /// 1: it is.
    is_counted: AtomicU32,
    /// The tick of the last look.
    last: AtomicU64,
}

impl Reviewed {
    fn set(&self, is_wanted: bool) {
        let wanted = u32::from(is_wanted);
        match (self.is_counted.swap(wanted, Relaxed), wanted) {
            (0, 1) => REVIEWED.fetch_add(1, Relaxed),
            (1, 0) => REVIEWED.fetch_sub(1, Relaxed),
            _ => 0,
        };
    }
}

impl Drop for Reviewed {
    fn drop(&mut self) {
        self.set(false);
    }
}

/// A tick came, in user mode or not.
#[inline]
pub(crate) fn tick(in_user_mode: bool) {
    if REVIEWED.load(Relaxed) != 0 {
        review_all(in_user_mode);
    }
}

#[cold]
fn review_all(in_user_mode: bool) {
    let current = scheduler::current();
    if current.is_some() && !in_user_mode {
        // It is at work in the kernel.
        return;
    }
    let now = time::ticks();
    if now.is_multiple_of(PERIOD_TICKS) {
        let is_process = |object: &Object| matches!(object, Object::Process(_));
        let mut id = 0;
        while let Some(Object::Process(process)) = ids::next_after(id, is_process) {
            id = process.id();
            if let Some(job) = process.job() {
                job.review(&process, now);
            }
        }
    }
    if let Some(job) = current.and_then(|thread| thread.process().job()) {
        job.slow_down(now);
    }
}

impl Job {
    /// Sets its limits, which hold for its processes from now on. Whether the time
    /// of the job counts from now on too.
    pub fn set_limits(&self, limits: Limits, renews_time: bool) {
        let (used, _) = self.used();
        let time = |cycles| clock::cycles_to_100ns(cycles);
        let period = (time(used.user_cycles), time(used.kernel_cycles));
        let mut state = self.state.lock();
        let was_over = state.set_limits(limits, renews_time.then_some(period));
        drop(state);
        self.quota
            .set_limits(limits.process_memory_bytes, limits.job_memory_bytes);
        if was_over {
            scheduler::with(|dispatcher| dispatcher.reset(self.over.key()));
        }
        self.note_reasons();
        self.for_each_process(|process| self.apply_to(process, &limits));
    }

    /// Sets what of its limits are settings of its processes.
    pub(super) fn apply_to(&self, process: &Process, limits: &Limits) {
        if let Some((least, most)) = limits.working_set_bytes {
            process.settings().least_working_set.set(least);
            process.settings().most_working_set.set(most);
        }
        if limits.base_priority.is_some() {
            process.set_priority_class(process.priority_class());
        }
    }

    /// What its processes may keep resident, if it or what it is nested in says so.
    pub fn working_set_bytes(&self) -> Option<(u64, u64)> {
        self.chain().find_map(|job| job.limits().working_set_bytes)
    }

    /// User and kernel time when the period began that its limit of time is for.
    pub fn period_began_100ns(&self) -> (u64, u64) {
        self.state.lock().period_began_100ns()
    }

    /// What is to be reported and was passed at the last look, and what it has used.
    pub fn notices(&self) -> (Notices, Measured) {
        let measured = self.measured();
        (*self.state.lock().notices(), measured)
    }

    /// Says what is to be reported from now on.
    pub fn set_notices(&self, limits: NoticeLimits) {
        let measured = self.measured();
        self.state.lock().set_notices(limits, &measured);
        self.note_reasons();
    }

    /// What it may use of the processor.
    pub fn rate_control(&self) -> RateControl {
        self.rate.control()
    }

    /// Says what it may use of the processor.
    pub fn set_rate_control(&self, control: RateControl) {
        self.rate.set(control);
        self.note_reasons();
    }

    fn note_reasons(&self) {
        let state = self.state.lock();
        let limits = state.limits();
        let are_limited = [
            limits.process_time_100ns,
            limits.job_time_100ns,
            limits.process_memory_bytes,
            limits.job_memory_bytes,
        ];
        let is_told = *state.notices().limits() != NoticeLimits::default();
        let is_wanted = is_told || are_limited.iter().any(Option::is_some) || self.rate.is_kept();
        drop(state);
        self.reviewed.set(is_wanted);
    }

    fn measured(&self) -> Measured {
        let (used, _) = self.used();
        let io = self.io_counts();
        Measured {
            read_bytes: io.counted(IoKind::Read).bytes,
            written_bytes: io.counted(IoKind::Write).bytes,
            user_time_100ns: clock::cycles_to_100ns(used.user_cycles),
            memory_bytes: self.quota.charged_bytes(),
        }
    }

    /// Looks at one of its processes, and at it and what it is nested in.
    fn review(&self, process: &Process, now: u64) {
        let time = clock::cycles_to_100ns(process.used().user_cycles);
        for job in self.chain().filter(|job| job.is_reviewed()) {
            let most = job.limits().process_time_100ns;
            if process.ending().is_none() && most.is_some_and(|most| time >= most) {
                job.state.lock().note_terminated(1);
                process.end(ERROR_NOT_ENOUGH_QUOTA);
                job.tell(Message::EndOfProcessTime, process.id());
            }
            if job.reviewed.last.swap(now, Relaxed) != now {
                job.review_together(process.id());
            }
        }
    }

    /// Looks at it before one of its processes leaves it.
    pub(super) fn review_last(&self, process: &Process) {
        if self.is_reviewed() {
            self.review_together(process.id());
        }
    }

    fn is_reviewed(&self) -> bool {
        self.reviewed.is_counted.load(Relaxed) != 0
    }

    fn review_together(&self, process: u64) {
        if let Some((refusal, refused)) = self.quota.take_refusal() {
            let message = match refusal {
                Refusal::OfProcess => Message::ProcessMemoryLimit,
                Refusal::OfAll => Message::JobMemoryLimit,
            };
            self.tell(message, refused);
        }
        let measured = self.measured();
        let review = self.state.lock().review(&measured);
        if review.is_notice_due {
            self.tell(Message::NotificationLimit, process);
        }
        if review.is_time_over {
            self.end_time();
        }
    }

    /// Its processes have used the time that they had together. Without a port
    /// nobody could be told of that.
    fn end_time(&self) {
        if self.reports_end_of_time() && self.has_port() {
            self.state.lock().forget_time();
            self.tell(Message::EndOfJobTime, 0);
            self.note_reasons();
        } else {
            let mut state = self.state.lock();
            let active = state.accounting().active;
            state.note_terminated(active);
            drop(state);
            self.end(ERROR_NOT_ENOUGH_QUOTA);
        }
    }
}
