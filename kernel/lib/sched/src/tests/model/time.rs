//! The model's clock: turns, boosts that shrink, rescues, and what is due.

use std::format;
use std::string::String;

use super::operation::Operation;
use super::state::{Call, Model};
use crate::run::{QUANTUM_TICKS, TICKS_BEFORE_RESCUE};
use crate::thread::State;

impl Model {
    pub(super) fn apply_in_time(&mut self, operation: &Operation) -> String {
        match *operation {
            Operation::Preempt => format!("{:?}", self.preempt()),
            Operation::Yield => format!("{:?}", self.give_way()),
            Operation::Tick { in_user_mode } => {
                self.tick(in_user_mode);
                String::new()
            }
            Operation::Compute(ticks) => {
                for _ in 0..ticks {
                    self.tick(true);
                    self.preempt();
                }
                String::new()
            }
            Operation::Advance(time) => {
                self.now += time;
                self.advance();
                String::new()
            }
            Operation::SetTimer {
                object,
                after,
                period,
                is_of_day,
                calls,
            } => {
                let calls = calls.filter(|&(thread, _)| self.threads[thread].is_some());
                let was_set = self.stop(object);
                let order = self.next_order();
                self.set_sign(object, false);
                let due = self.now + after;
                let timer = &mut self.objects[object];
                (timer.due, timer.period, timer.calls) = (Some((due, order)), period, calls);
                timer.is_of_day = is_of_day;
                self.advance();
                format!("{:?}", Ok::<_, crate::OutOfMemory>(was_set))
            }
            Operation::SetClock(forward) => {
                let timers = self.objects.iter_mut();
                let timers = timers.filter(|timer| timer.is_of_day);
                let waits = self.threads.iter_mut().flatten();
                let waits = waits.filter_map(|thread| thread.wait.as_mut());
                let waits = waits.filter(|wait| wait.is_of_day);
                let dues = timers.filter_map(|timer| timer.due.as_mut());
                for (due, _) in dues.chain(waits.filter_map(|wait| wait.due.as_mut())) {
                    *due = due.saturating_add_signed(-forward);
                }
                self.advance();
                String::new()
            }
            Operation::CancelTimer(object) => format!("{}", self.stop(object)),
            _ => self.apply_to_signals(operation),
        }
    }

    /// The highest priority of those who are ready.
    fn highest(&self) -> Option<u8> {
        let ready = self.ready.iter();
        ready
            .map(|&thread| self.threads[thread].as_ref().unwrap().priority)
            .max()
    }

    /// Who may run is the first of those of the highest priority.
    pub(super) fn run_next(&mut self) -> Option<usize> {
        let highest = self.highest();
        let is_highest =
            |&thread: &usize| Some(self.threads[thread].as_ref().unwrap().priority) == highest;
        self.runs = self.ready.iter().copied().find(is_highest);
        if let Some(thread) = self.runs {
            self.ready.retain(|&other| other != thread);
            self.at(thread).state = State::Running;
        }
        self.runs
    }

    pub(super) fn make_ready(&mut self, thread: usize) {
        self.ready.push(thread);
        let ticks = self.ticks;
        let entry = self.at(thread);
        (entry.state, entry.ready_since) = (State::Ready, ticks);
    }

    pub(super) fn set_priority(&mut self, thread: usize, priority: u8) {
        let entry = self.at(thread);
        let is_moved = entry.state == State::Ready && entry.priority != priority;
        entry.priority = priority;
        if is_moved {
            self.ready.retain(|&other| other != thread);
            self.ready.push(thread);
        }
    }

    /// What a thread's priority is after this quantum.
    fn after_quantum(&mut self, thread: usize) -> u8 {
        let entry = self.at(thread);
        match entry.is_rescued {
            true => entry.base,
            false => entry.base.max(entry.priority.saturating_sub(1)),
        }
    }

    fn begin_quantum(&mut self, thread: usize) {
        let priority = self.after_quantum(thread);
        let entry = self.at(thread);
        (entry.priority, entry.quantum, entry.is_rescued) = (priority, QUANTUM_TICKS, false);
    }

    fn preempt(&mut self) -> Option<usize> {
        let Some(thread) = self.runs else {
            return self.run_next();
        };
        let is_used_up = self.at(thread).quantum == 0;
        if is_used_up {
            self.begin_quantum(thread);
        }
        let needed = self.at(thread).priority + u8::from(!is_used_up);
        if self.highest()? < needed {
            return None;
        }
        self.make_ready(thread);
        if !is_used_up {
            self.ready.rotate_right(1);
        }
        self.run_next()
    }

    fn give_way(&mut self) -> Option<usize> {
        let highest = self.highest()?;
        if let Some(thread) = self.runs {
            if highest < self.after_quantum(thread) {
                return None;
            }
            self.begin_quantum(thread);
            self.make_ready(thread);
        }
        self.run_next()
    }

    fn tick(&mut self, in_user_mode: bool) {
        self.now += 1;
        self.ticks += 1;
        self.advance();
        if self.ticks.is_multiple_of(1000) {
            self.rescue();
        }
        if let Some(thread) = self.runs.filter(|_| in_user_mode) {
            let quantum = &mut self.at(thread).quantum;
            *quantum = quantum.saturating_sub(1);
        }
    }

    /// As there are fewer than 16 threads, all that starve are rescued, those
    /// first that have been ready longest. The first two of each priority count.
    fn rescue(&mut self) {
        loop {
            let mut seen = [0; 15];
            let mut found = None;
            for &thread in &self.ready {
                let entry = self.threads[thread].as_ref().unwrap();
                let level = usize::from(entry.priority);
                if level < 15 {
                    seen[level] += 1;
                    if seen[level] <= 2 {
                        let candidate = (entry.ready_since, level, seen[level], thread);
                        found = found.into_iter().chain([candidate]).min();
                    }
                }
            }
            let Some((since, _, _, thread)) = found else {
                return;
            };
            if self.ticks - since < TICKS_BEFORE_RESCUE {
                return;
            }
            self.set_priority(thread, 15);
            let entry = self.at(thread);
            (entry.quantum, entry.is_rescued) = (QUANTUM_TICKS, true);
        }
    }

    /// What is due happens, in its order.
    fn advance(&mut self) {
        loop {
            let timers = self.objects.iter().enumerate();
            let timers = timers.filter_map(|(object, timer)| Some((timer.due?, true, object)));
            let waits = self
                .threads
                .iter()
                .enumerate()
                .filter_map(|(number, thread)| {
                    let due = thread.as_ref()?.wait.as_ref()?.due?;
                    Some((due, false, number))
                });
            match timers.chain(waits).min() {
                Some(((due, _), true, timer)) if due <= self.now => self.fire(timer, due),
                Some(((due, _), false, thread)) if due <= self.now => {
                    self.time_out(thread);
                }
                _ => return,
            }
        }
    }

    fn fire(&mut self, object: usize, due: u64) {
        let order = self.next_order();
        let now = self.now;
        let timer = &mut self.objects[object];
        let next = match due + timer.period {
            passed if passed <= now => now + timer.period,
            next => next,
        };
        timer.is_of_day = false;
        timer.due = (timer.period > 0).then_some((next, order));
        let calls = timer.calls;
        self.set_sign(object, true);
        self.satisfy(0);
        if let Some((thread, routine)) = calls {
            let call = Call {
                routine,
                is_special: false,
                timer: Some(object),
            };
            if !self.at(thread).calls.contains(&call) {
                self.queue(thread, call);
            }
        }
    }

    /// A timer is not set any more, and its call in no queue.
    pub(super) fn stop(&mut self, object: usize) -> bool {
        let timer = &mut self.objects[object];
        timer.calls = None;
        let was_set = timer.due.take().is_some();
        for thread in self.threads.iter_mut().flatten() {
            thread.calls.retain(|call| call.timer != Some(object));
        }
        was_set
    }
}
