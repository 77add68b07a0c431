//! Which job a process is in.

use hal::Ref;
use hal::lock::Lock;

use super::Job;
use super::port::Message;
use crate::process::{PriorityClass, Process};
use crate::{Error, rank};

/// A process's place among the jobs.
pub(crate) struct Membership(Lock<rank::Membership, Place>);

struct Place {
    /// The innermost job.
    job: Option<Ref<Job>>,
    /// Whether the process has ended.
    is_over: bool,
}

impl Membership {
    /// In no job.
    pub(crate) const fn new() -> Self {
        Self(Lock::new(Place {
            job: None,
            is_over: false,
        }))
    }
}

impl Process {
    /// The innermost job it is in.
    pub fn job(&self) -> Option<Ref<Job>> {
        self.membership().0.lock().job.clone()
    }

    /// Whether it is in a job, or in one that is nested in that.
    pub fn is_in(&self, job: &Job) -> bool {
        self.job().is_some_and(|own| own.is_within(job))
    }

    /// Puts it into a job. If it is in one, the other must be nested in that or
    /// become so now.
    pub fn assign_to(&self, job: &Ref<Job>) -> Result<(), Error> {
        let mut place = self.membership().0.lock();
        if place.is_over {
            return Err(Error::Ending);
        }
        let current = place.job.as_ref();
        if current.is_some_and(|current| current.is_within(job)) {
            return Ok(());
        }
        let nests_in = current.filter(|current| !job.is_within(current));
        if nests_in.is_some_and(|parent| !job.can_nest_in(parent)) {
            return Err(Error::JobNotNestable);
        }
        if let Err((full, error)) = job.join(self.id(), current.map(|current| &**current)) {
            drop(place);
            if matches!(error, Error::JobProcessLimit) {
                full.tell(Message::ActiveProcessLimit, 0);
            }
            return Err(error);
        }
        if let Some(parent) = nests_in {
            job.nest_in(parent);
        }
        let quota = job.quota.clone();
        let before = place.job.replace(job.clone());
        let quota_before = self.memory().with(|space| space.set_quota(quota));
        drop(place);
        for joined in job.new_to(before.as_deref()) {
            joined.tell(Message::NewProcess, self.id());
        }
        // Outside the locks: these may be the last references.
        drop((before, quota_before));
        for job in job.chain() {
            job.apply_to(self, &job.limits());
        }
        self.set_priority_class(self.priority_class());
        Ok(())
    }

    /// Puts a new process into its parent's job, unless that lets it break away,
    /// which its creator may ask for.
    pub fn join_job_of(&self, parent: &Self, breaks_away: bool) -> Result<(), Error> {
        let Some(own) = parent.job() else {
            return Ok(());
        };
        let lets_go = |job: &Job| job.limits().breakaway.lets_go(breaks_away);
        if breaks_away && !lets_go(&own) {
            return Err(Error::AccessDenied);
        }
        let mut job = Some(own);
        // Out of one after another, until one holds it.
        while let Some(inner) = job.take_if(|job| lets_go(job)) {
            job = inner.parent.get().cloned();
        }
        job.map_or(Ok(()), |job| self.assign_to(&job))
    }

    /// The class that its job wants it to have.
    pub(crate) fn class_of_job(&self) -> Option<PriorityClass> {
        self.job()?.effective_class()
    }

    /// It has ended, or was never complete.
    pub(crate) fn leave_job(&self) {
        let mut place = self.membership().0.lock();
        place.is_over = true;
        let job = place.job.take();
        drop(place);
        if let Some(job) = job {
            job.leave(self);
        }
    }
}
