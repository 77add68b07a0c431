//! Threads as the dispatcher knows them: made, suspended, prioritised, ended.

use crate::alert::Tokens;
use crate::apc::ApcCall;
use crate::deadlines::Target;
use crate::list::{Linked, Links, List};
use crate::run::QUANTUM_TICKS;
use crate::slab::Key;
use crate::wait::{Wait, Waited};
use crate::{Dispatcher, OutOfMemory};

pub use crate::priority::Priority;
pub use crate::suspension::{MOST_SUSPENSIONS, SuspendedTooOften};

/// A thread of a [`Dispatcher`]; of one that has ended, nothing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadKey(pub(crate) Key);

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not started yet.
    New,
    /// It could run.
    Ready,
    /// It runs.
    Running,
    /// It waits.
    Waiting,
    /// Suspended, where it would have gone to user mode.
    Parked,
}

pub(crate) struct Thread<P> {
    links: Links,
    pub(crate) payload: P,
    pub(crate) state: State,
    pub(crate) base: Priority,
    pub(crate) priority: Priority,
    /// Whether the ends of its waits boost it.
    pub(crate) is_boosted: bool,
    pub(crate) quantum: u32,
    /// Rescued from starving: after this quantum it is back at its base.
    pub(crate) is_rescued: bool,
    /// The tick at which it became ready.
    pub(crate) ready_since: u64,
    pub(crate) suspensions: u32,
    pub(crate) is_ending: bool,
    pub(crate) wait: Wait,
    pub(crate) deadline: u32,
    pub(crate) is_alerted: bool,
    pub(crate) tokens: Tokens,
    pub(crate) apcs: List,
    /// The next return to user mode delivers one of them.
    pub(crate) apc_is_due: bool,
    /// Those that any return to user mode delivers.
    pub(crate) special_apcs: List,
    pub(crate) mutants: List,
    /// Those that make it call something.
    pub(crate) timers: List,
}

impl<P> Linked for Thread<P> {
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

impl<P> Thread<P> {
    pub(crate) fn apc_queue(&mut self, is_special: bool) -> &mut List {
        match is_special {
            true => &mut self.special_apcs,
            false => &mut self.apcs,
        }
    }

    /// Whether an alert or a call ends its wait.
    pub(crate) fn waits_alertably(&self) -> bool {
        self.state == State::Waiting && self.wait.is_alertable && !self.wait.is_frozen
    }

    /// Boosts shrink with every quantum; that of a rescue lasts for one.
    pub(crate) fn priority_after_quantum(&self) -> Priority {
        match self.priority > self.base {
            true if self.is_rescued => self.base,
            true => self.priority.lowered(),
            false => self.priority,
        }
    }

    /// The quantum before is used up, or given up.
    pub(crate) fn begin_quantum(&mut self) {
        self.priority = self.priority_after_quantum();
        self.is_rescued = false;
        self.quantum = QUANTUM_TICKS;
    }

    /// Who is behind it in the same queue.
    pub(crate) fn next(&self) -> Option<u32> {
        self.links.next.get()
    }
}

/// What a thread has to do before it may go (back) to user mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Nothing: it may go.
    None,
    /// End.
    End,
    /// Stand still until it is resumed: it is parked, another one must run.
    Park,
    /// Call this, and go: what else there is to do, it does at a later return.
    Apc(ApcCall),
}

impl<P> Dispatcher<P> {
    /// Adds a thread that has not started.
    pub fn add_thread(&mut self, payload: P, base: Priority) -> Result<ThreadKey, OutOfMemory> {
        let deadline = self.deadlines.add(Target::Thread(0))?;
        let added = self.threads.insert(Thread {
            links: Links::NONE,
            payload,
            state: State::New,
            base,
            priority: base,
            is_boosted: true,
            quantum: QUANTUM_TICKS,
            is_rescued: false,
            ready_since: 0,
            suspensions: 0,
            is_ending: false,
            wait: Wait::NONE,
            deadline,
            is_alerted: false,
            tokens: Tokens::default(),
            apcs: List::EMPTY,
            apc_is_due: false,
            special_apcs: List::EMPTY,
            mutants: List::EMPTY,
            timers: List::EMPTY,
        });
        match added {
            Ok(key) => {
                self.deadlines.retarget(deadline, Target::Thread(key.index));
                Ok(ThreadKey(key))
            }
            Err(error) => {
                self.deadlines.remove(deadline);
                Err(error)
            }
        }
    }

    /// Takes back a thread that never started.
    ///
    /// Returns its payload; `None`: it has started.
    pub fn discard_thread(&mut self, thread: ThreadKey) -> Option<P> {
        let index = self.threads.find(thread.0)?;
        (self.threads.at(index).state == State::New).then(|| self.forget_thread(index))
    }

    /// Lets a new thread run, or park at once if it is suspended already.
    pub fn start(&mut self, thread: ThreadKey) {
        let Some(index) = self.threads.find(thread.0) else {
            return;
        };
        let entry = self.threads.at_mut(index);
        if entry.state != State::New {
            return;
        }
        match entry.suspensions > 0 && !entry.is_ending {
            true => entry.state = State::Parked,
            false => self.make_ready(index),
        }
    }

    /// Whether nobody runs.
    #[inline]
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.current.is_none()
    }

    /// Who runs.
    pub fn current(&self) -> Option<ThreadKey> {
        self.current.map(|index| self.key(index))
    }

    /// What the owner keeps for whoever runs.
    #[inline]
    pub fn current_payload(&self) -> Option<&P> {
        Some(&self.threads.at(self.current?).payload)
    }

    /// What the owner keeps for a thread.
    pub fn payload(&self, thread: ThreadKey) -> Option<&P> {
        Some(&self.threads.at(self.threads.find(thread.0)?).payload)
    }

    /// How many threads there are.
    #[must_use]
    pub fn thread_count(&self) -> usize {
        self.threads.len()
    }

    /// Whether a thread is about to end.
    pub fn is_ending(&self, thread: ThreadKey) -> bool {
        let index = self.threads.find(thread.0);
        index.is_none_or(|index| self.threads.at(index).is_ending)
    }

    /// A thread's base priority and the one it has now.
    pub fn priorities(&self, thread: ThreadKey) -> Option<(Priority, Priority)> {
        let entry = self.threads.at(self.threads.find(thread.0)?);
        Some((entry.base, entry.priority))
    }

    /// Sets a thread's base priority; boosts are lost.
    pub fn set_base_priority(&mut self, thread: ThreadKey, base: Priority) {
        let Some(index) = self.threads.find(thread.0) else {
            return;
        };
        self.threads.at_mut(index).base = base;
        self.set_priority(index, base);
    }

    /// Sets the priority a thread has now; a boost over its base shrinks from there.
    pub fn set_current_priority(&mut self, thread: ThreadKey, priority: Priority) {
        if let Some(index) = self.threads.find(thread.0) {
            self.set_priority(index, priority);
        }
    }

    /// Raises a thread to so many levels over its base, if it is not higher.
    pub fn boost(&mut self, thread: ThreadKey, by: u8) {
        let Some(index) = self.threads.find(thread.0) else {
            return;
        };
        let entry = self.threads.at(index);
        let boosted = entry.base.boosted(by);
        if entry.is_boosted && entry.priority < boosted {
            self.set_priority(index, boosted);
        }
    }

    /// Lets the ends of its waits boost a thread, or not.
    pub fn allow_boosts(&mut self, thread: ThreadKey, is_boosted: bool) {
        if let Some(index) = self.threads.find(thread.0) {
            self.threads.at_mut(index).is_boosted = is_boosted;
        }
    }

    /// Whether the ends of its waits boost a thread.
    pub fn allows_boosts(&self, thread: ThreadKey) -> Option<bool> {
        Some(self.threads.at(self.threads.find(thread.0)?).is_boosted)
    }

    /// What a thread is doing; `None`: it has ended.
    pub fn state(&self, thread: ThreadKey) -> Option<State> {
        Some(self.threads.at(self.threads.find(thread.0)?).state)
    }

    /// Has a thread end at its next return to user mode; waits of it end now.
    pub fn ask_to_end(&mut self, thread: ThreadKey) {
        let Some(index) = self.threads.find(thread.0) else {
            return;
        };
        let entry = self.threads.at_mut(index);
        entry.is_ending = true;
        match entry.state {
            State::Waiting => {
                self.link_wait(index);
                self.end_wait(index, Waited::Ending, 0);
            }
            State::Parked => self.make_ready(index),
            State::New | State::Ready | State::Running => {}
        }
    }

    /// What the running thread has to do before it may go to user mode.
    pub fn duty(&mut self) -> Duty {
        let Some(index) = self.current else {
            return Duty::None;
        };
        let entry = self.threads.at_mut(index);
        if entry.is_ending {
            return Duty::End;
        }
        if entry.suspensions > 0 {
            entry.state = State::Parked;
            return Duty::Park;
        }
        self.due_apc(index).map_or(Duty::None, Duty::Apc)
    }

    /// The running thread has ended: what it owned is abandoned. Returns its
    /// payload; somebody else must run now.
    pub fn end_current(&mut self) -> Option<P> {
        let index = self.current.take()?;
        Some(self.forget_thread(index))
    }

    fn forget_thread(&mut self, index: u32) -> P {
        self.abandon_mutants(index);
        self.stop_timers(index);
        self.drop_apcs(index);
        let thread = self.threads.remove(index);
        self.deadlines.remove(thread.deadline);
        thread.payload
    }

    pub(crate) fn key(&self, index: u32) -> ThreadKey {
        ThreadKey(self.threads.key(index))
    }

    /// Puts a thread at the end of its ready queue.
    #[inline]
    pub(crate) fn make_ready(&mut self, index: u32) {
        let ticks = self.ticks;
        let entry = self.threads.at_mut(index);
        entry.state = State::Ready;
        entry.ready_since = ticks;
        let priority = entry.priority;
        self.ready.push_back(&mut self.threads, index, priority);
    }

    /// Changes a thread's priority, and its queue if it is in one.
    pub(crate) fn set_priority(&mut self, index: u32, priority: Priority) {
        let entry = self.threads.at_mut(index);
        let before = core::mem::replace(&mut entry.priority, priority);
        if entry.state == State::Ready && before != priority {
            self.ready.remove(&mut self.threads, index, before);
            self.ready.push_back(&mut self.threads, index, priority);
        }
    }
}
