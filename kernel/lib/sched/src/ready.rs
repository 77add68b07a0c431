//! The threads that could run: a queue for each priority, and which have any.

use crate::list::{Linked, List};
use crate::slab::Slab;
use crate::thread::Priority;

const LEVELS: usize = 32;

pub(crate) struct ReadyQueues {
    pub(crate) queues: [List; LEVELS],
    /// A bit for each queue that is not empty.
    pub(crate) summary: u32,
}

impl ReadyQueues {
    pub(crate) const fn new() -> Self {
        Self {
            queues: [List::EMPTY; LEVELS],
            summary: 0,
        }
    }

    /// The highest priority at which somebody is ready.
    pub(crate) fn highest(&self) -> Option<Priority> {
        Priority::new(self.summary.checked_ilog2()?)
    }

    /// Whether somebody is ready at a higher priority than this.
    #[inline]
    pub(crate) fn has_above(&self, priority: Priority) -> bool {
        self.summary.wrapping_shr(priority.level().into()) > 1
    }

    pub(crate) fn push_back<T: Linked>(
        &mut self,
        threads: &mut Slab<T>,
        index: u32,
        priority: Priority,
    ) {
        self.at(priority).push_back(threads, index);
        self.summary |= priority.bit();
    }

    pub(crate) fn push_front<T: Linked>(
        &mut self,
        threads: &mut Slab<T>,
        index: u32,
        priority: Priority,
    ) {
        self.at(priority).push_front(threads, index);
        self.summary |= priority.bit();
    }

    pub(crate) fn remove<T: Linked>(
        &mut self,
        threads: &mut Slab<T>,
        index: u32,
        priority: Priority,
    ) {
        let queue = self.at(priority);
        queue.remove(threads, index);
        if queue.is_empty() {
            self.summary &= !priority.bit();
        }
    }

    pub(crate) fn pop<T: Linked>(&mut self, threads: &mut Slab<T>) -> Option<u32> {
        let highest = self.highest()?;
        let queue = self.at(highest);
        let first = queue.pop_front(threads);
        if queue.is_empty() {
            self.summary &= !highest.bit();
        }
        first
    }

    /// The one at the head of a priority's queue.
    pub(crate) fn first(&self, priority: Priority) -> Option<u32> {
        self.queues.get(priority.index())?.first()
    }

    fn at(&mut self, priority: Priority) -> &mut List {
        match self.queues.get_mut(priority.index()) {
            Some(queue) => queue,
            None => unreachable!("priorities are below {LEVELS}"),
        }
    }
}
