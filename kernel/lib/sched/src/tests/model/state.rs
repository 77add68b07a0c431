//! The model: threads and objects in plain vectors, and who runs.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::look::Sign;
use super::operation::Operation;
use super::waits::Wait;
use super::{KINDS, Kind, THREADS};
use crate::Signal;
use crate::apc::QueueError;
use crate::run::QUANTUM_TICKS;
use crate::tests::world::call;
use crate::thread::{Duty, State, SuspendedTooOften};
use crate::wait::Waited;

#[derive(Clone)]
pub(super) struct Thread {
    pub(super) state: State,
    pub(super) base: u8,
    pub(super) priority: u8,
    pub(super) quantum: u32,
    pub(super) is_rescued: bool,
    pub(super) ready_since: u64,
    pub(super) suspensions: u32,
    pub(super) is_ending: bool,
    pub(super) wait: Option<Wait>,
    pub(super) waited: Waited,
    pub(super) is_alerted: bool,
    pub(super) has_token: bool,
    pub(super) calls: Vec<Call>,
    pub(super) call_is_due: bool,
}

/// A call, and the timer it is of.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Call {
    pub(super) routine: u64,
    pub(super) is_special: bool,
    pub(super) timer: Option<usize>,
}

pub(super) struct Object {
    pub(super) sign: Sign,
    pub(super) is_used_up: bool,
    /// Of mutants: when it was acquired.
    pub(super) acquired: u64,
    /// Of timers: when it is due, and the order in which it was set.
    pub(super) due: Option<(u64, u64)>,
    pub(super) is_of_day: bool,
    pub(super) period: u64,
    pub(super) calls: Option<(usize, u64)>,
}

pub(super) struct Model {
    pub(super) threads: Vec<Option<Thread>>,
    pub(super) objects: Vec<Object>,
    /// Those who are ready, in the order in which equals run.
    pub(super) ready: Vec<usize>,
    pub(super) runs: Option<usize>,
    pub(super) now: u64,
    pub(super) ticks: u64,
    pub(super) order: u64,
}

fn new_thread(base: u8) -> Thread {
    Thread {
        state: State::New,
        base,
        priority: base,
        quantum: QUANTUM_TICKS,
        is_rescued: false,
        ready_since: 0,
        suspensions: 0,
        is_ending: false,
        wait: None,
        waited: Waited::TimedOut,
        is_alerted: false,
        has_token: false,
        calls: Vec::new(),
        call_is_due: false,
    }
}

fn new_object(kind: Kind) -> Object {
    let (sign, is_used_up) = match kind {
        Kind::Timer { is_notification } => (Sign::Event { is_set: false }, !is_notification),
        Kind::Plain(Signal::Notification { is_set }) => (Sign::Event { is_set }, false),
        Kind::Plain(Signal::Synchronization { is_set }) => (Sign::Event { is_set }, true),
        Kind::Plain(Signal::Semaphore { count, .. }) => (Sign::Semaphore { count }, true),
        Kind::Plain(Signal::Mutant { .. }) => (Sign::Mutant(None, false), true),
    };
    Object {
        sign,
        is_used_up,
        acquired: 0,
        due: None,
        is_of_day: false,
        period: 0,
        calls: None,
    }
}

impl Model {
    pub(super) fn new() -> Self {
        Self {
            threads: std::vec![Some(new_thread(8)); THREADS],
            objects: KINDS.map(new_object).into(),
            ready: Vec::new(),
            runs: None,
            now: 0,
            ticks: 0,
            order: 0,
        }
    }

    /// A thread that is there.
    pub(super) fn at(&mut self, thread: usize) -> &mut Thread {
        self.threads[thread].as_mut().unwrap()
    }

    pub(super) fn next_order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    pub(super) fn apply(&mut self, operation: &Operation) -> String {
        match *operation {
            Operation::Add { thread, base } => match self.threads[thread] {
                Some(_) => "is there".into(),
                None => {
                    self.threads[thread] = Some(new_thread(base.try_into().unwrap()));
                    String::new()
                }
            },
            Operation::Discard(thread) => {
                let is_new = |thread: &Thread| thread.state == State::New;
                let is_new = self.threads[thread].as_ref().is_some_and(is_new);
                if is_new {
                    self.forget(thread);
                }
                format!("{:?}", is_new.then_some(thread))
            }
            Operation::Suspend(thread) => {
                format!("{:?}", self.threads[thread].as_mut().map(suspend))
            }
            Operation::Replace(object) => {
                let is_free = !self.is_waited_for(object);
                if is_free {
                    self.stop(object);
                    self.objects[object] = new_object(KINDS[object]);
                }
                format!("{is_free}")
            }
            Operation::Resume(thread) => {
                let Some(entry) = &mut self.threads[thread] else {
                    return "None".into();
                };
                let before = entry.suspensions;
                entry.suspensions = before.saturating_sub(1);
                match entry.state {
                    State::Parked if before == 1 => self.make_ready(thread),
                    State::Waiting if before == 1 => self.look_again(thread),
                    _ => {}
                }
                format!("{:?}", Some(before))
            }
            Operation::Duty => format!("{:?}", self.duty()),
            Operation::EndCurrent => {
                let ended = self.runs;
                if let Some(thread) = ended {
                    self.forget(thread);
                    self.run_next();
                }
                format!("{ended:?}")
            }
            Operation::Start(thread)
            | Operation::AskToEnd(thread)
            | Operation::SetBase { thread, .. }
                if self.threads[thread].is_none() =>
            {
                String::new()
            }
            Operation::Start(thread) => {
                let entry = self.at(thread);
                match entry.state {
                    State::New if entry.suspensions > 0 && !entry.is_ending => {
                        entry.state = State::Parked;
                    }
                    State::New => self.make_ready(thread),
                    _ => {}
                }
                String::new()
            }
            Operation::AskToEnd(thread) => {
                let entry = self.at(thread);
                entry.is_ending = true;
                match entry.state {
                    State::Waiting => self.end_wait(thread, Waited::Ending, 0),
                    State::Parked => self.make_ready(thread),
                    _ => {}
                }
                String::new()
            }
            Operation::SetBase { thread, base } => {
                let entry = self.at(thread);
                entry.base = base.try_into().unwrap();
                let base = entry.base;
                self.set_priority(thread, base);
                String::new()
            }
            Operation::Queue {
                thread,
                routine,
                is_special,
            } => {
                let is_there = |thread: &Thread| !thread.is_ending;
                if !self.threads[thread].as_ref().is_some_and(is_there) {
                    return format!("{:?}", Err::<(), _>(QueueError::Ending));
                }
                let call = Call {
                    routine,
                    is_special,
                    timer: None,
                };
                self.queue(thread, call);
                "Ok(())".into()
            }
            _ => self.apply_in_time(operation),
        }
    }

    fn duty(&mut self) -> Duty {
        let Some(thread) = self.runs else {
            return Duty::None;
        };
        let entry = self.at(thread);
        if entry.is_ending {
            self.forget(thread);
            self.run_next();
            return Duty::End;
        }
        if entry.suspensions > 0 {
            entry.state = State::Parked;
            self.run_next();
            return Duty::Park;
        }
        let special = entry.calls.iter().position(|call| call.is_special);
        let place = match special {
            Some(place) => place,
            None if entry.call_is_due && !entry.calls.is_empty() => 0,
            None => {
                entry.call_is_due = false;
                return Duty::None;
            }
        };
        if special.is_none() {
            entry.call_is_due = false;
        }
        Duty::Apc(call(entry.calls.remove(place).routine))
    }

    /// A thread has ended, and what was its is somebody else's.
    fn forget(&mut self, thread: usize) {
        let mut owned: Vec<usize> = (0..self.objects.len())
            .filter(|&object| self.owner(object) == Some(thread))
            .collect();
        owned.sort_by_key(|&object| self.objects[object].acquired);
        for object in owned {
            self.objects[object].sign = Sign::Mutant(None, true);
            self.satisfy(1);
        }
        for object in 0..self.objects.len() {
            if self.objects[object]
                .calls
                .is_some_and(|(caller, _)| caller == thread)
            {
                self.stop(object);
            }
        }
        self.threads[thread] = None;
    }
}

fn suspend(thread: &mut Thread) -> Result<u32, SuspendedTooOften> {
    let before = thread.suspensions;
    if before == 127 {
        return Err(SuspendedTooOften);
    }
    thread.suspensions = before + 1;
    Ok(before)
}
