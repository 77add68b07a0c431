//! The model's waits: after anything that may end some, all are looked at.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::KEYED;
use super::look::{Owner, Sign};
use super::operation::{Lasts, Operation};
use super::state::{Call, Model};
use crate::thread::State;
use crate::wait::{Begun, WaitError, WaitFor, Waited};

#[derive(Clone)]
pub(super) struct Wait {
    pub(super) what: What,
    pub(super) is_alertable: bool,
    /// When, and the order in which it began to count.
    pub(super) due: Option<(u64, u64)>,
    pub(super) is_of_day: bool,
    order: u64,
    /// Its time has come while its thread was suspended.
    is_overdue: bool,
}

#[derive(Clone, PartialEq)]
pub(super) enum What {
    Objects(Vec<usize>, WaitFor),
    Key { key: u64, releases: bool },
    Token,
}

impl Model {
    pub(super) fn wait_of(&self, thread: usize) -> Option<&Wait> {
        self.threads[thread].as_ref()?.wait.as_ref()
    }

    /// The same, if its thread is not suspended.
    pub(super) fn live_wait_of(&self, thread: usize) -> Option<&Wait> {
        let entry = self.threads[thread].as_ref()?;
        entry.wait.as_ref().filter(|_| entry.suspensions == 0)
    }

    /// A thread that waits is not suspended any more.
    pub(super) fn look_again(&mut self, thread: usize) {
        let order = self.next_order();
        let Some(wait) = &mut self.at(thread).wait else {
            return;
        };
        if matches!(wait.what, What::Objects(..)) {
            wait.order = order;
        }
        let wait = wait.clone();
        let over = self.over_at_once(thread, &wait.what, wait.is_alertable);
        if let Some(waited) = over.or(wait.is_overdue.then_some(Waited::TimedOut)) {
            self.end_wait(thread, waited, 0);
        }
    }

    pub(super) fn time_out(&mut self, thread: usize) {
        if self.live_wait_of(thread).is_some() {
            return self.end_wait(thread, Waited::TimedOut, 0);
        }
        if let Some(wait) = &mut self.at(thread).wait {
            (wait.due, wait.is_overdue) = (None, true);
        }
    }

    pub(super) fn wait(&mut self, thread: usize, operation: &Operation) -> String {
        let (what, is_alertable, lasts) = match *operation {
            Operation::Wait {
                ref objects,
                wait_for,
                is_alertable,
                lasts,
            } => {
                let mut objects = objects.clone();
                if wait_for == WaitFor::All {
                    objects.sort_unstable();
                    objects.dedup();
                }
                (What::Objects(objects, wait_for), is_alertable, lasts)
            }
            Operation::Meet {
                key,
                releases,
                is_alertable,
                lasts,
            } => (What::Key { key, releases }, is_alertable, lasts),
            Operation::WaitForToken(lasts) => (What::Token, false, lasts),
            _ => unreachable!("{operation:?}"),
        };
        let begun = match self.over_at_once(thread, &what, is_alertable) {
            Some(waited) => Begun::Over(waited),
            None if matches!(lasts, Lasts::NoTime) => Begun::Over(Waited::TimedOut),
            None => {
                let order = self.next_order();
                let now = self.now;
                let entry = self.at(thread);
                entry.state = State::Waiting;
                entry.wait = Some(Wait {
                    what,
                    is_alertable,
                    due: match lasts {
                        Lasts::Time(time) | Lasts::UntilTimeOfDay(time) => {
                            Some((now + time, order))
                        }
                        _ => None,
                    },
                    order,
                    is_of_day: matches!(lasts, Lasts::UntilTimeOfDay(_)),
                    is_overdue: false,
                });
                self.run_next();
                Begun::Waiting
            }
        };
        format!("{:?}", Ok::<_, WaitError>(begun))
    }

    fn over_at_once(&mut self, thread: usize, what: &What, is_alertable: bool) -> Option<Waited> {
        if self.at(thread).is_ending {
            return Some(Waited::Ending);
        }
        let what_happened = match what {
            What::Objects(objects, wait_for) => self.try_take(thread, objects, *wait_for),
            What::Key { key, releases } => {
                let other = What::Key {
                    key: *key,
                    releases: !releases,
                };
                let met = self.waiting().into_iter();
                let met = met.filter(|&met| self.wait_of(met).unwrap().what == other);
                met.take(1).next().map(|met| {
                    self.end_wait(met, Waited::Satisfied(0), 1);
                    Waited::Satisfied(0)
                })
            }
            What::Token => {
                let token = core::mem::take(&mut self.at(thread).has_token);
                token.then_some(Waited::Alerted)
            }
        };
        let entry = self.at(thread);
        if what_happened.is_some() || !is_alertable {
            return what_happened;
        }
        if core::mem::take(&mut entry.is_alerted) {
            return Some(Waited::Alerted);
        }
        entry.call_is_due = entry.calls.iter().any(|call| !call.is_special);
        (!entry.calls.is_empty()).then_some(Waited::UserApc)
    }

    /// Those who wait, in the order they began to.
    fn waiting(&self) -> Vec<usize> {
        let mut waiting: Vec<usize> = (0..self.threads.len())
            .filter(|&thread| self.wait_of(thread).is_some())
            .collect();
        waiting.sort_by_key(|&thread| self.wait_of(thread).unwrap().order);
        waiting
    }

    pub(super) fn is_waited_for(&self, object: usize) -> bool {
        let waits = self.waiting().into_iter();
        let mut waits = waits.map(|thread| &self.wait_of(thread).unwrap().what);
        waits.any(|what| match what {
            What::Objects(objects, _) => objects.contains(&object),
            What::Key { .. } => object == KEYED,
            What::Token => false,
        })
    }

    /// Ends waits whose objects are there, until there is none.
    pub(super) fn satisfy(&mut self, boost: u8) {
        'again: loop {
            for thread in self.waiting() {
                if let Some(wait) = self.live_wait_of(thread)
                    && let What::Objects(objects, wait_for) = wait.what.clone()
                    && let Some(waited) = self.try_take(thread, &objects, wait_for)
                {
                    self.end_wait(thread, waited, boost);
                    continue 'again;
                }
            }
            return;
        }
    }

    fn try_take(&mut self, thread: usize, objects: &[usize], wait_for: WaitFor) -> Option<Waited> {
        let mut there = objects.iter().map(|&object| self.is_there(object, thread));
        let (number, taken) = match wait_for {
            WaitFor::Any => {
                let first = there.position(|is_there| is_there)?;
                (u16::try_from(first).unwrap(), &objects[first..=first])
            }
            WaitFor::All => (
                0,
                (!objects.is_empty() && there.all(|is| is)).then_some(objects)?,
            ),
        };
        let mut is_abandoned = false;
        for &object in taken {
            is_abandoned |= self.take(object, thread);
        }
        Some(match is_abandoned {
            true => Waited::Abandoned(number),
            false => Waited::Satisfied(number),
        })
    }

    pub(super) fn is_there(&self, object: usize, thread: usize) -> bool {
        match self.objects[object].sign {
            Sign::Event { is_set } => is_set,
            Sign::Semaphore { count } => count > 0,
            Sign::Mutant(owner, _) => owner.is_none_or(|owner| owner.thread == thread),
        }
    }

    /// Whether it was abandoned.
    pub(super) fn take(&mut self, object: usize, thread: usize) -> bool {
        let order = self.next_order();
        let entry = &mut self.objects[object];
        match &mut entry.sign {
            Sign::Event { is_set } => *is_set &= !entry.is_used_up,
            Sign::Semaphore { count } => *count -= 1,
            Sign::Mutant(Some(owner), _) => owner.acquisitions += 1,
            Sign::Mutant(None, was_abandoned) => {
                let was_abandoned = *was_abandoned;
                let owner = Owner {
                    thread,
                    acquisitions: 1,
                };
                entry.sign = Sign::Mutant(Some(owner), false);
                entry.acquired = order;
                return was_abandoned;
            }
        }
        false
    }

    pub(super) fn end_wait(&mut self, thread: usize, waited: Waited, boost: u8) {
        let entry = self.at(thread);
        entry.wait = None;
        entry.waited = waited;
        if entry.base < 16 {
            entry.priority = entry.priority.max((entry.base + boost).min(15));
        }
        self.make_ready(thread);
    }

    pub(super) fn queue(&mut self, thread: usize, call: Call) {
        let wait = self.live_wait_of(thread);
        let is_alertable = wait.is_some_and(|wait| wait.is_alertable);
        let entry = self.at(thread);
        entry.calls.push(call);
        if is_alertable {
            entry.call_is_due |= !call.is_special;
            self.end_wait(thread, Waited::UserApc, 0);
        }
    }
}
