//! Suspensions of threads: they are counted, and stop a thread on its way to
//! user mode.
//!
//! A thread that waits stops where it is: while it is suspended its wait takes no
//! signal, token, alert or call, and looks for them again when it is resumed, as if
//! it began then. Its time goes on. Only what a keyed event has paired stays so: there
//! the other side has gone on.

use crate::thread::State;
use crate::wait::{Role, Waited};
use crate::{Dispatcher, ThreadKey};

/// Most suspensions of one thread that count.
pub const MOST_SUSPENSIONS: u32 = 127;

/// A thread was suspended too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuspendedTooOften;

impl<P> Dispatcher<P> {
    /// Counts one suspension more; it takes effect at the next return to user
    /// mode. Returns how many there were.
    pub fn suspend(&mut self, thread: ThreadKey) -> Option<Result<u32, SuspendedTooOften>> {
        let index = self.threads.find(thread.0)?;
        let entry = self.threads.at_mut(index);
        let before = entry.suspensions;
        if before >= MOST_SUSPENSIONS {
            return Some(Err(SuspendedTooOften));
        }
        entry.suspensions = before.saturating_add(1);
        if before == 0 && entry.state == State::Waiting {
            self.freeze_wait(index);
        }
        Some(Ok(before))
    }

    /// Counts one suspension less. Returns how many there were.
    pub fn resume(&mut self, thread: ThreadKey) -> Option<u32> {
        let index = self.threads.find(thread.0)?;
        let entry = self.threads.at_mut(index);
        let before = entry.suspensions;
        entry.suspensions = before.saturating_sub(1);
        match entry.state {
            State::Parked if before == 1 => self.make_ready(index),
            State::Waiting if before == 1 => self.thaw_wait(index),
            _ => {}
        }
        Some(before)
    }

    /// How often a thread is suspended.
    pub fn suspensions(&self, thread: ThreadKey) -> Option<u32> {
        Some(self.threads.at(self.threads.find(thread.0)?).suspensions)
    }

    /// Takes a wait out of the lists of its objects, which do not see it any more.
    pub(crate) fn freeze_wait(&mut self, thread: u32) {
        let wait = &mut self.threads.at_mut(thread).wait;
        wait.is_frozen = true;
        let mut next = wait.first.get();
        while let Some(index) = next {
            let block = self.blocks.at(index);
            next = block.next_of_wait.get();
            if block.role == Role::Signal {
                let waiters = &mut self.objects.at_mut(block.object).waiters;
                waiters.remove(&mut self.blocks, index);
            }
        }
    }

    /// Puts a wait that is frozen back, behind the others.
    pub(crate) fn link_wait(&mut self, thread: u32) {
        let wait = &mut self.threads.at_mut(thread).wait;
        if !core::mem::take(&mut wait.is_frozen) {
            return;
        }
        let mut next = wait.first.get();
        while let Some(index) = next {
            let block = self.blocks.at(index);
            next = block.next_of_wait.get();
            if block.role == Role::Signal {
                let waiters = &mut self.objects.at_mut(block.object).waiters;
                waiters.push_back(&mut self.blocks, index);
            }
        }
    }

    /// Goes on with a wait, or ends it for what has come meanwhile.
    fn thaw_wait(&mut self, thread: u32) {
        self.link_wait(thread);
        let over = self.take_signals(thread);
        let over = over.or_else(|| self.take_token_of(thread));
        let is_alertable = self.threads.at(thread).wait.is_alertable;
        let over = over.or_else(|| is_alertable.then(|| self.take_alert(thread)).flatten());
        let is_overdue = self.threads.at(thread).wait.is_overdue;
        if let Some(waited) = over.or(is_overdue.then_some(Waited::TimedOut)) {
            self.end_wait(thread, waited, 0);
        }
    }

    /// Has the objects of a wait end it, if they can.
    fn take_signals(&mut self, thread: u32) -> Option<Waited> {
        let wait = &self.threads.at(thread).wait;
        let (needs_all, first) = (wait.needs_all, wait.first.get());
        if needs_all {
            let are_there = first.is_some() && self.all_signalled_for(thread);
            return are_there.then(|| self.consume_all(thread));
        }
        let mut next = first;
        while let Some(index) = next {
            let block = self.blocks.at(index);
            next = block.next_of_wait.get();
            let (object, number) = (block.object, block.number);
            if block.role == Role::Signal && self.is_signalled_for(object, thread) {
                return Some(Waited::by(number, self.consume(object, thread)));
            }
        }
        None
    }

    fn take_token_of(&mut self, thread: u32) -> Option<Waited> {
        let entry = self.threads.at_mut(thread);
        let token = entry.wait.is_for?;
        entry.tokens.take(token).then(|| token.waited())
    }

    /// The time of a wait has come.
    pub(crate) fn time_out(&mut self, thread: u32) {
        let wait = &mut self.threads.at_mut(thread).wait;
        match wait.is_frozen {
            true => wait.is_overdue = true,
            false => self.end_wait(thread, Waited::TimedOut, 0),
        }
    }
}
