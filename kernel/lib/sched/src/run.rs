//! Who runs next: quanta, preemption, and the rescue of those who starve.

use crate::thread::{Priority, State};
use crate::{Dispatcher, ThreadKey};

/// Ticks a thread runs before others of its priority have their turn.
pub const QUANTUM_TICKS: u32 = 10;
/// Ticks after which a thread that is ready but never runs is let run once.
pub const TICKS_BEFORE_RESCUE: u64 = 3000;
/// How often it is looked for such threads.
const TICKS_BETWEEN_RESCUES: u64 = 1000;
/// Most threads that are rescued at once.
const MOST_RESCUED: usize = 16;

impl<P> Dispatcher<P> {
    /// A tick of the timer: what is due happens, and the running thread's
    /// quantum gets shorter if it is the program that used it.
    pub fn tick(&mut self, now: u64, in_user_mode: bool) {
        self.ticks = self.ticks.wrapping_add(1);
        self.advance(now);
        if self.ticks.checked_rem(TICKS_BETWEEN_RESCUES) == Some(0) {
            self.rescue();
        }
        if let Some(index) = self.current.filter(|_| in_user_mode) {
            let entry = self.threads.at_mut(index);
            entry.quantum = entry.quantum.saturating_sub(1);
        }
    }

    /// Takes the processor from the running thread if somebody has a better
    /// claim to it: a higher priority, or the same when the quantum is used up.
    /// `Some`: this one runs now.
    #[inline(always)]
    pub fn preempt(&mut self) -> Option<ThreadKey> {
        let Some(index) = self.current else {
            return self.run_next();
        };
        let entry = self.threads.at(index);
        match entry.quantum > 0 && !self.ready.has_above(entry.priority) {
            true => None,
            false => self.preempt_thread(index),
        }
    }

    #[inline(never)]
    fn preempt_thread(&mut self, index: u32) -> Option<ThreadKey> {
        let highest = self.ready.highest();
        let entry = self.threads.at_mut(index);
        let is_used_up = entry.quantum == 0;
        if is_used_up {
            entry.begin_quantum();
        }
        let priority = entry.priority;
        let has_better =
            highest.is_some_and(|highest| highest > priority || is_used_up && highest == priority);
        if !has_better {
            return None;
        }
        match is_used_up {
            true => self.make_ready(index),
            false => self.put_back(index),
        }
        self.run_next()
    }

    /// Gives the processor to another thread of the same or a higher priority,
    /// and the rest of the quantum up: as at its end, a boost shrinks.
    /// `Some`: this one runs now. `None`: there is none, the caller goes on.
    pub fn yield_current(&mut self) -> Option<ThreadKey> {
        let highest = self.ready.highest()?;
        if let Some(index) = self.current {
            let entry = self.threads.at_mut(index);
            if highest < entry.priority_after_quantum() {
                return None;
            }
            entry.begin_quantum();
            self.make_ready(index);
        }
        self.run_next()
    }

    /// The one who runs now that the current thread does not (it waits, is
    /// parked or has ended); `None`: nobody, the processor idles.
    pub fn run_next(&mut self) -> Option<ThreadKey> {
        self.current = self.ready.pop(&mut self.threads);
        let index = self.current?;
        self.threads.at_mut(index).state = State::Running;
        Some(self.key(index))
    }

    /// Whether somebody could run.
    #[must_use]
    pub fn has_ready(&self) -> bool {
        self.ready.highest().is_some()
    }

    /// A preempted thread stays at the head of its queue.
    fn put_back(&mut self, index: u32) {
        let ticks = self.ticks;
        let entry = self.threads.at_mut(index);
        entry.state = State::Ready;
        entry.ready_since = ticks;
        let priority = entry.priority;
        self.ready.push_front(&mut self.threads, index, priority);
    }

    /// Lifts threads that others have kept from running for long, those first
    /// that have waited longest: so that everyone's turn comes.
    fn rescue(&mut self) {
        for _ in 0..MOST_RESCUED {
            let Some(index) = self.longest_ready() else {
                return;
            };
            let waited = self.ticks.wrapping_sub(self.threads.at(index).ready_since);
            if waited < TICKS_BEFORE_RESCUE {
                return;
            }
            self.set_priority(index, Priority::HIGHEST_DYNAMIC);
            let entry = self.threads.at_mut(index);
            entry.quantum = QUANTUM_TICKS;
            entry.is_rescued = true;
        }
    }

    /// Who has been ready longest, of those that can be lifted.
    fn longest_ready(&self) -> Option<u32> {
        let levels = 0..u32::from(Priority::HIGHEST_DYNAMIC.level());
        let heads = levels.filter_map(|level| self.ready.first(Priority::new(level)?));
        // The first of a queue may have been put back there just now; then the
        // next one has waited longest.
        let candidates = heads.flat_map(|head| [Some(head), self.threads.at(head).next()]);
        let since = |&index: &u32| self.threads.at(index).ready_since;
        candidates.flatten().min_by_key(since)
    }
}
