//! What the model and the dispatcher look like from outside.

use std::vec::Vec;

use super::real::Real;
use super::state::Model;
use super::{KINDS, Kind};
use crate::slab::Slab;
use crate::thread::State;
use crate::wait::Waited;
use crate::{Due, Signal};

/// What both look like from outside.
#[derive(Debug, PartialEq)]
pub(super) struct Look {
    pub(super) runs: Option<usize>,
    pub(super) has_ready: bool,
    pub(super) earliest: Option<u64>,
    pub(super) threads: Vec<Option<ThreadLook>>,
    pub(super) objects: Vec<ObjectLook>,
}

#[derive(Debug, PartialEq)]
pub(super) struct ThreadLook {
    pub(super) state: State,
    pub(super) base: u8,
    pub(super) priority: u8,
    pub(super) quantum: u32,
    pub(super) suspensions: u32,
    pub(super) is_ending: bool,
    pub(super) calls: usize,
    /// Of the one who runs.
    pub(super) waited: Option<Waited>,
}

#[derive(Debug, PartialEq)]
pub(super) struct ObjectLook {
    pub(super) signal: Sign,
    pub(super) due: Option<Due>,
}

/// A signal; owners by number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sign {
    Event { is_set: bool },
    Semaphore { count: u32 },
    Mutant(Option<Owner>, bool),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Owner {
    pub(super) thread: usize,
    pub(super) acquisitions: u32,
}

impl Model {
    pub(super) fn look(&self) -> Look {
        let dues = self.objects.iter().filter_map(|object| object.due);
        let waits = self
            .threads
            .iter()
            .flatten()
            .filter_map(|thread| thread.wait.as_ref());
        let dues = dues.chain(waits.filter_map(|wait| wait.due));
        let threads = self.threads.iter().enumerate();
        let threads = threads.map(|(number, thread)| {
            thread.as_ref().map(|thread| ThreadLook {
                state: thread.state,
                base: thread.base,
                priority: thread.priority,
                quantum: thread.quantum,
                suspensions: thread.suspensions,
                is_ending: thread.is_ending,
                calls: thread.calls.len(),
                waited: (self.runs == Some(number)).then_some(thread.waited),
            })
        });
        let objects = self.objects.iter().map(|object| ObjectLook {
            signal: object.sign,
            due: object.due.map(|(at, _)| crate::Due {
                at,
                period: object.period,
                is_of_day: object.is_of_day,
            }),
        });
        Look {
            runs: self.runs,
            has_ready: !self.ready.is_empty(),
            earliest: dues.map(|(at, _)| at).min(),
            threads: threads.collect(),
            objects: objects.collect(),
        }
    }
}

impl Real {
    pub(super) fn look(&mut self) -> Look {
        let objects = 0..self.objects.len();
        let objects = objects.map(|object| self.object_look(object)).collect();
        let threads = 0..self.threads.len();
        Look {
            runs: self.dispatcher.current_payload().copied(),
            has_ready: self.dispatcher.has_ready(),
            earliest: self.dispatcher.earliest_deadline(),
            threads: threads.map(|thread| self.thread_look(thread)).collect(),
            objects,
        }
    }

    fn thread_look(&self, thread: usize) -> Option<ThreadLook> {
        let key = self.threads[thread];
        let entry = self
            .dispatcher
            .threads
            .at(self.dispatcher.threads.find(key.0)?);
        let is_current = self.dispatcher.current() == Some(key);
        let apcs = &self.dispatcher.apcs;
        let mine = |&apc: &u32| apcs.at(apc).queued_for == Some(key.0.index);
        Some(ThreadLook {
            state: entry.state,
            base: entry.base.level(),
            priority: entry.priority.level(),
            quantum: entry.quantum,
            suspensions: self.dispatcher.suspensions(key)?,
            is_ending: self.dispatcher.is_ending(key),
            calls: Slab::indexes(apcs).iter().filter(|apc| mine(apc)).count(),
            waited: is_current.then(|| self.dispatcher.waited()),
        })
    }

    fn object_look(&mut self, object: usize) -> ObjectLook {
        let key = &self.objects[object];
        let due = match KINDS[object] {
            Kind::Timer { .. } => self.dispatcher.timer_due(key),
            Kind::Plain(_) => None,
        };
        let signal = match self.dispatcher.signal(key) {
            Signal::Notification { is_set } | Signal::Synchronization { is_set } => {
                Sign::Event { is_set }
            }
            Signal::Semaphore { count, .. } => Sign::Semaphore { count },
            Signal::Mutant {
                owner,
                acquisitions,
                is_abandoned,
            } => {
                let owner = owner.map(|owner| Owner {
                    thread: *self.dispatcher.payload(owner).unwrap(),
                    acquisitions,
                });
                Sign::Mutant(owner, is_abandoned)
            }
        };
        ObjectLook { signal, due }
    }
}
