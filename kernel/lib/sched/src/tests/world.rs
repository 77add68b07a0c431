//! A dispatcher, its threads by number, and a clock, for tests.

use std::vec::Vec;

use crate::thread::{Duty, Priority};
use crate::wait::{Begun, Deadline, WaitFor, Waited};
use crate::{ApcCall, Dispatcher, ObjectKey, Signal, ThreadKey};

pub(super) const NOTIFICATION: Signal = Signal::Notification { is_set: false };
pub(super) const SYNCHRONIZATION: Signal = Signal::Synchronization { is_set: false };
pub(super) const MUTANT: Signal = Signal::Mutant {
    owner: None,
    acquisitions: 0,
    is_abandoned: false,
};

pub(super) fn semaphore(count: u32, limit: u32) -> Signal {
    Signal::Semaphore { count, limit }
}

pub(super) fn level(level: u32) -> Priority {
    Priority::new(level).unwrap()
}

/// A call that tests tell by its routine.
pub(super) fn call(routine: u64) -> ApcCall {
    ApcCall {
        routine,
        arguments: [routine + 1, routine + 2, routine + 3],
    }
}

/// The threads' payloads are their numbers, in the order they were added.
pub(super) struct World {
    pub(super) dispatcher: Dispatcher<usize>,
    pub(super) threads: Vec<ThreadKey>,
    pub(super) now: u64,
}

impl World {
    /// Threads of these priorities; the first of the highest ones runs.
    pub(super) fn new(levels: &[u32]) -> Self {
        let mut world = Self {
            dispatcher: Dispatcher::new(),
            threads: Vec::new(),
            now: 0,
        };
        for &level in levels {
            let thread = world.add(level);
            world.dispatcher.start(thread);
        }
        world.preempt();
        world
    }

    /// A thread that has not started.
    pub(super) fn add(&mut self, base: u32) -> ThreadKey {
        let number = self.threads.len();
        let thread = self.dispatcher.add_thread(number, level(base)).unwrap();
        self.threads.push(thread);
        thread
    }

    pub(super) fn object(&mut self, signal: Signal) -> ObjectKey {
        self.dispatcher.add_object(signal).unwrap()
    }

    /// Who runs.
    pub(super) fn running(&mut self) -> Option<usize> {
        self.dispatcher.check();
        self.dispatcher.current_payload().copied()
    }

    /// What happens before every return to user mode.
    pub(super) fn preempt(&mut self) -> Option<usize> {
        self.dispatcher.preempt();
        self.running()
    }

    pub(super) fn yield_current(&mut self) -> Option<usize> {
        self.dispatcher.yield_current();
        self.running()
    }

    /// So many ticks of programs that compute.
    pub(super) fn ticks(&mut self, count: u32) -> Option<usize> {
        for _ in 0..count {
            self.now += 1;
            self.dispatcher.tick(self.now, true);
            self.preempt();
        }
        self.running()
    }

    /// Lets time pass without a tick.
    pub(super) fn advance(&mut self, to: u64) -> Option<usize> {
        self.now = to;
        self.dispatcher.advance(to);
        self.preempt()
    }

    pub(super) fn wait(
        &mut self,
        objects: &[&ObjectKey],
        wait_for: WaitFor,
        deadline: Deadline,
    ) -> Begun {
        let begun = self.dispatcher.wait(objects, wait_for, false, deadline);
        self.began(begun.unwrap())
    }

    /// A wait for any that has no deadline.
    pub(super) fn wait_any(&mut self, objects: &[&ObjectKey]) -> Begun {
        self.wait(objects, WaitFor::Any, Deadline::Never)
    }

    /// A wait for all that has no deadline.
    pub(super) fn wait_all(&mut self, objects: &[&ObjectKey]) -> Begun {
        self.wait(objects, WaitFor::All, Deadline::Never)
    }

    /// A wait that an alert or an APC can end.
    pub(super) fn wait_alertably(&mut self, objects: &[&ObjectKey], deadline: Deadline) -> Begun {
        let begun = self.dispatcher.wait(objects, WaitFor::Any, true, deadline);
        self.began(begun.unwrap())
    }

    /// If the running thread waits, another one runs.
    pub(super) fn began(&mut self, begun: Begun) -> Begun {
        if begun == Begun::Waiting {
            self.dispatcher.run_next();
        }
        self.running();
        begun
    }

    /// Does what the running thread has to do before it goes to user mode.
    pub(super) fn duty(&mut self) -> Duty {
        let duty = self.dispatcher.duty();
        match duty {
            Duty::None | Duty::Apc(_) => {}
            Duty::Park => {
                self.dispatcher.run_next();
            }
            Duty::End => {
                self.dispatcher.end_current();
                self.dispatcher.run_next();
            }
        }
        self.running();
        duty
    }

    /// The running thread, and what its wait ended with.
    pub(super) fn waited(&mut self) -> (usize, Waited) {
        (self.running().unwrap(), self.dispatcher.waited())
    }

    /// Has the running thread wait for ever, so that another one runs.
    pub(super) fn block(&mut self) -> Option<usize> {
        assert_eq!(self.wait_any(&[]), Begun::Waiting);
        self.running()
    }

    pub(super) fn priority(&self, number: usize) -> u8 {
        let (_, priority) = self.dispatcher.priorities(self.threads[number]).unwrap();
        priority.level()
    }
}
