//! The operations done to a dispatcher.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::operation::{Lasts, Operation};
use super::{KEYED, KINDS, Kind, THREADS};
use crate::slab::Slab;
use crate::tests::world::{call, level};
use crate::wait::{Begun, Deadline, WaitFor};
use crate::{Dispatcher, Due, Duty, ObjectKey, ThreadKey};

pub(super) struct Real {
    pub(super) dispatcher: Dispatcher<usize>,
    /// Also of threads that have ended.
    pub(super) threads: Vec<ThreadKey>,
    pub(super) objects: Vec<ObjectKey>,
    now: u64,
}

fn add(dispatcher: &mut Dispatcher<usize>, kind: Kind) -> ObjectKey {
    let added = match kind {
        Kind::Plain(signal) => dispatcher.add_object(signal),
        Kind::Timer { is_notification } => dispatcher.add_timer(is_notification),
    };
    added.unwrap()
}

impl Real {
    pub(super) fn new() -> Self {
        let mut dispatcher = Dispatcher::new();
        let threads = (0..THREADS).map(|thread| dispatcher.add_thread(thread, level(8)).unwrap());
        Self {
            threads: threads.collect(),
            objects: KINDS.map(|kind| add(&mut dispatcher, kind)).into(),
            dispatcher,
            now: 0,
        }
    }

    fn deadline(&self, lasts: Lasts) -> Deadline {
        match lasts {
            Lasts::NoTime => Deadline::Now,
            Lasts::Time(time) => Deadline::At(self.now + time),
            Lasts::UntilTimeOfDay(time) => Deadline::AtTimeOfDay(self.now + time),
            Lasts::ForEver => Deadline::Never,
        }
    }

    pub(super) fn apply(&mut self, operation: &Operation) -> String {
        match *operation {
            Operation::Wait { .. } | Operation::WaitForToken(_) | Operation::Meet { .. } => {
                match self.dispatcher.current() {
                    Some(_) => self.wait(operation),
                    None => "idle".into(),
                }
            }
            Operation::Set(object) => format!("{}", self.dispatcher.set(&self.objects[object])),
            Operation::Reset(object) => format!("{}", self.dispatcher.reset(&self.objects[object])),
            Operation::Pulse(object) => format!("{}", self.dispatcher.pulse(&self.objects[object])),
            Operation::ReleaseSemaphore(more) => {
                let released = self.dispatcher.release_semaphore(&self.objects[2], more);
                format!("{released:?}")
            }
            Operation::ReleaseMutant { object, thread } => {
                let thread = self.threads[thread];
                let released = self
                    .dispatcher
                    .release_mutant(&self.objects[object], thread);
                format!("{released:?}")
            }
            Operation::OwnMutant { object, thread } => {
                let thread = self.threads[thread];
                self.dispatcher.own_mutant(&self.objects[object], thread);
                String::new()
            }
            Operation::SetTimer {
                object,
                after,
                period,
                is_of_day,
                calls,
            } => {
                let due = Due {
                    at: self.now + after,
                    period,
                    is_of_day,
                };
                let apc = calls.map(|(thread, routine)| (self.threads[thread], call(routine)));
                let object = &self.objects[object];
                format!(
                    "{:?}",
                    self.dispatcher.set_timer(object, due, apc, self.now)
                )
            }
            Operation::SetClock(forward) => {
                self.dispatcher.set_clock(forward, self.now);
                String::new()
            }
            Operation::CancelTimer(object) => {
                format!("{}", self.dispatcher.cancel_timer(&self.objects[object]))
            }
            Operation::Replace(object) => {
                let is_free = is_free(&self.dispatcher, &self.objects[object]);
                if is_free {
                    let new = add(&mut self.dispatcher, KINDS[object]);
                    let old = core::mem::replace(&mut self.objects[object], new);
                    self.dispatcher.remove_object(old);
                }
                format!("{is_free}")
            }
            _ => self.apply_to_threads(operation),
        }
    }

    fn wait(&mut self, operation: &Operation) -> String {
        let begun = match *operation {
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
                let deadline = self.deadline(lasts);
                let objects: Vec<&ObjectKey> = objects
                    .iter()
                    .map(|&object| &self.objects[object])
                    .collect();
                self.dispatcher
                    .wait(&objects, wait_for, is_alertable, deadline)
            }
            Operation::Meet {
                key,
                releases,
                is_alertable,
                lasts,
            } => {
                let deadline = self.deadline(lasts);
                let event = &self.objects[KEYED];
                self.dispatcher
                    .meet(event, (0, key), releases, is_alertable, deadline)
            }
            Operation::WaitForToken(lasts) => {
                let deadline = self.deadline(lasts);
                Ok(self
                    .dispatcher
                    .wait_for_token(crate::Token::Alert, false, deadline))
            }
            _ => unreachable!(),
        };
        if begun == Ok(Begun::Waiting) {
            self.dispatcher.run_next();
        }
        format!("{begun:?}")
    }

    fn apply_to_threads(&mut self, operation: &Operation) -> String {
        let dispatcher = &mut self.dispatcher;
        match *operation {
            Operation::Add { thread, base } => {
                if dispatcher.payload(self.threads[thread]).is_some() {
                    return "is there".into();
                }
                self.threads[thread] = dispatcher.add_thread(thread, level(base)).unwrap();
            }
            Operation::Start(thread) => dispatcher.start(self.threads[thread]),
            Operation::Discard(thread) => {
                return format!("{:?}", dispatcher.discard_thread(self.threads[thread]));
            }
            Operation::SetBase { thread, base } => {
                dispatcher.set_base_priority(self.threads[thread], level(base));
            }
            Operation::Suspend(thread) => {
                return format!("{:?}", dispatcher.suspend(self.threads[thread]));
            }
            Operation::Resume(thread) => {
                return format!("{:?}", dispatcher.resume(self.threads[thread]));
            }
            Operation::AskToEnd(thread) => dispatcher.ask_to_end(self.threads[thread]),
            Operation::Alert(thread) => dispatcher.alert(self.threads[thread]),
            Operation::TestAlert => return format!("{}", dispatcher.test_alert()),
            Operation::GiveToken(thread) => {
                return format!(
                    "{}",
                    dispatcher.give_token(self.threads[thread], crate::Token::Alert)
                );
            }
            Operation::Queue {
                thread,
                routine,
                is_special,
            } => {
                let thread = self.threads[thread];
                let queued = dispatcher.queue_apc(thread, call(routine), is_special);
                return format!("{queued:?}");
            }
            _ => return self.apply_to_current(operation),
        }
        String::new()
    }

    fn apply_to_current(&mut self, operation: &Operation) -> String {
        let dispatcher = &mut self.dispatcher;
        match *operation {
            Operation::EndCurrent => {
                let ended = dispatcher.end_current();
                if ended.is_some() {
                    dispatcher.run_next();
                }
                return format!("{ended:?}");
            }
            Operation::Duty => {
                let duty = dispatcher.duty();
                if duty == Duty::End {
                    dispatcher.end_current();
                }
                if matches!(duty, Duty::End | Duty::Park) {
                    dispatcher.run_next();
                }
                return format!("{duty:?}");
            }
            Operation::Preempt => return self.runs_now(|dispatcher| dispatcher.preempt()),
            Operation::Yield => return self.runs_now(|dispatcher| dispatcher.yield_current()),
            Operation::Tick { in_user_mode } => {
                self.now += 1;
                dispatcher.tick(self.now, in_user_mode);
            }
            Operation::Compute(ticks) => {
                for _ in 0..ticks {
                    self.now += 1;
                    dispatcher.tick(self.now, true);
                    dispatcher.preempt();
                }
            }
            Operation::Advance(time) => {
                self.now += time;
                dispatcher.advance(self.now);
            }
            _ => unreachable!("{operation:?}"),
        }
        String::new()
    }

    /// Who runs from now on, if that changes.
    fn runs_now(&mut self, switch: impl Fn(&mut Dispatcher<usize>) -> Option<ThreadKey>) -> String {
        let switched =
            switch(&mut self.dispatcher).map(|key| *self.dispatcher.payload(key).unwrap());
        format!("{switched:?}")
    }
}

fn is_free(dispatcher: &Dispatcher<usize>, object: &ObjectKey) -> bool {
    let is_named = |&block: &u32| dispatcher.blocks.at(block).object == object.0.index;
    // A wait that is frozen is in no list.
    !Slab::indexes(&dispatcher.blocks).iter().any(is_named)
}
