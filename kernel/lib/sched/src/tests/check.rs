//! What is always true of a dispatcher between two of its operations.

use std::vec::Vec;

use crate::Dispatcher;
use crate::apc::{Apc, Owner};
use crate::deadlines::Target;
use crate::list::{Linked, List};
use crate::object::Signal;
use crate::run::QUANTUM_TICKS;
use crate::slab::Slab;
use crate::thread::{Priority, State, Thread};
use crate::wait::Role;

impl<P> Dispatcher<P> {
    /// Panics if anything contradicts anything else.
    pub(crate) fn check(&mut self) {
        self.check_ready();
        self.check_threads();
        self.check_objects();
        self.check_keyed();
        self.check_apcs();
        self.check_deadlines();
    }

    fn check_ready(&mut self) {
        let queues = self.ready.queues;
        let mut ready = Vec::new();
        for (level, queue) in (0..).zip(queues) {
            let priority = Priority::new(level).unwrap();
            let queued = walk(queue, &mut self.threads);
            let bit = self.ready.summary & priority.bit() != 0;
            assert_eq!(bit, !queued.is_empty(), "the summary's bit {level}");
            for &index in &queued {
                let entry = self.threads.at(index);
                assert_eq!(entry.state, State::Ready, "in a ready queue");
                assert_eq!(entry.priority, priority, "in that queue");
            }
            ready.extend(queued);
        }
        let in_state = |state| -> Vec<u32> {
            let mut indexes = self.threads.indexes();
            indexes.retain(|&index| self.threads.at(index).state == state);
            indexes
        };
        assert_eq!(in_state(State::Ready).len(), ready.len());
        let running = in_state(State::Running);
        assert_eq!(running, Vec::from_iter(self.current), "who runs");
    }

    fn check_threads(&mut self) {
        for index in self.threads.indexes() {
            let entry = self.threads.at(index);
            match entry.base.is_dynamic() {
                true => assert!(entry.priority.is_dynamic() && entry.priority >= entry.base),
                false => assert_eq!(entry.priority, entry.base),
            }
            assert!(entry.quantum <= QUANTUM_TICKS);
            let node = self.deadlines.nodes.at(entry.deadline);
            assert_eq!(node.target, Target::Thread(index));
            match entry.state {
                State::Waiting => {
                    assert_eq!(entry.wait.is_frozen, entry.suspensions > 0, "frozen");
                    assert!(!entry.wait.is_overdue || entry.wait.is_frozen);
                    let may_go_on = entry.wait.is_frozen || !self.is_satisfied(entry, index);
                    assert!(!entry.is_ending && may_go_on);
                }
                _ => {
                    assert_eq!(node.place, None, "only waits have deadlines");
                    assert!(entry.wait.first.is_none(), "only waits have blocks");
                    assert!(entry.wait.is_for.is_none() && !entry.wait.is_alertable);
                    assert!(!entry.wait.is_frozen && !entry.wait.is_overdue);
                }
            }
            if entry.state == State::Parked {
                assert!(entry.suspensions > 0 && !entry.is_ending);
            }
            self.check_mutants_of(index);
        }
    }

    /// Whether a thread waits although what it waits for is there.
    fn is_satisfied(&self, entry: &Thread<P>, index: u32) -> bool {
        let blocks = || {
            core::iter::successors(entry.wait.first.get(), |&block| {
                self.blocks.at(block).next_of_wait.get()
            })
            .map(|block| self.blocks.at(block))
            .filter(|block| block.role == Role::Signal)
        };
        assert!(blocks().all(|block| block.thread == index));
        let is_set = |object| self.is_signalled_for(object, index);
        match entry.wait.needs_all {
            false => blocks().any(|block| is_set(block.object)),
            true => blocks().all(|block| is_set(block.object)) && blocks().count() > 0,
        }
    }

    fn check_mutants_of(&mut self, thread: u32) {
        let key = self.key(thread);
        let list = self.threads.at(thread).mutants;
        let owned = walk(list, &mut self.objects);
        for index in self.objects.indexes() {
            if let Signal::Mutant {
                owner,
                acquisitions,
                is_abandoned,
            } = self.objects.at(index).signal
            {
                assert_eq!(owner == Some(key), owned.contains(&index), "whose mutant");
                assert_eq!(owner.is_some(), acquisitions > 0);
                assert!(owner.is_none() || !is_abandoned);
                assert!(owner.is_none_or(|owner| self.threads.find(owner.0).is_some()));
            }
        }
    }

    fn check_objects(&mut self) {
        let mut blocks = 0;
        for index in self.objects.indexes() {
            let object = self.objects.at(index);
            if let Signal::Semaphore { count, limit } = object.signal {
                assert!(count <= limit);
            }
            if let Some(timer) = &object.timer {
                let node = self.deadlines.nodes.at(timer.deadline);
                assert_eq!(node.target, Target::Timer(index));
            }
            for block in walk(object.waiters, &mut self.blocks) {
                blocks += 1;
                let block = self.blocks.at(block);
                assert_eq!(block.object, index, "in that object's list");
                assert_eq!(self.threads.at(block.thread).state, State::Waiting);
            }
        }
        let waits = self.threads.indexes().into_iter().flat_map(|index| {
            let wait = &self.threads.at(index).wait;
            let next = |&block: &u32| self.blocks.at(block).next_of_wait.get();
            let of_wait = core::iter::successors(wait.first.get(), next);
            let role = |block| self.blocks.at(block).role;
            of_wait.map(move |block| wait.is_frozen && role(block) == Role::Signal)
        });
        let are_out: Vec<bool> = waits.collect();
        assert_eq!(self.blocks.len(), are_out.len(), "every block is of a wait");
        let out = are_out.iter().filter(|is_out| **is_out).count();
        assert_eq!(are_out.len(), blocks + out, "and in a list, or frozen");
    }

    /// Nobody waits for a key for which somebody waits on the other side.
    fn check_keyed(&mut self) {
        for index in self.objects.indexes() {
            let waiters = self.objects.at(index).waiters;
            let roles: Vec<Role> = walk(waiters, &mut self.blocks)
                .into_iter()
                .map(|block| self.blocks.at(block).role)
                .collect();
            for role in &roles {
                if let Role::Keyed { key, releases } = *role {
                    let other = Role::Keyed {
                        key,
                        releases: !releases,
                    };
                    assert!(!roles.contains(&other), "both sides of {key:?} wait");
                }
            }
        }
    }

    fn check_apcs(&mut self) {
        let mut queued = 0;
        for thread in self.threads.indexes() {
            let entry = self.threads.at(thread);
            let lists = [entry.apcs, entry.special_apcs];
            for apc in lists.map(|list| walk(list, &mut self.apcs)).concat() {
                assert_eq!(self.apcs.at(apc).queued_for, Some(thread));
                queued += usize::from(self.apcs.at(apc).owner == Owner::Queue);
            }
        }
        let timers = self.objects.indexes().into_iter().filter(|&index| {
            let timer = self.objects.at(index).timer.as_ref();
            timer.is_some_and(|timer| {
                let owner = timer.apc.map(|(_, apc)| self.apcs.at(apc).owner);
                assert!(owner.is_none() || owner == Some(Owner::Timer));
                owner.is_some()
            })
        });
        let timers = timers.count();
        let indexes = self.apcs.indexes();
        let count = |is_one: &dyn Fn(&Apc) -> bool| {
            let apcs = indexes.iter();
            apcs.filter(|&&apc| is_one(self.apcs.at(apc))).count()
        };
        let prepared = count(&|apc| apc.is_prepared);
        let reserved = count(&|apc| apc.owner == Owner::Reserve);
        let all = queued + timers + prepared + reserved;
        assert_eq!(self.apcs.len(), all, "no call is lost");
        let in_lists = self.threads.indexes().into_iter().map(|thread| {
            let list = self.threads.at(thread).timers;
            let timers = walk(list, &mut self.objects);
            for &timer in &timers {
                let apc = self.objects.at(timer).timer.as_ref().unwrap().apc;
                assert_eq!(apc.unwrap().0, thread, "whose timer");
            }
            timers.len()
        });
        assert_eq!(in_lists.sum::<usize>(), timers);
    }

    fn check_deadlines(&mut self) {
        let Self {
            threads,
            objects,
            deadlines,
            ..
        } = self;
        let timers = objects
            .indexes()
            .into_iter()
            .filter(|&index| objects.at(index).timer.is_some());
        assert_eq!(deadlines.nodes.len(), threads.len() + timers.count());
        assert!(deadlines.heap.capacity() >= deadlines.nodes.len(), "room");
        for (place, &node) in deadlines.heap.iter().enumerate() {
            assert_eq!(deadlines.nodes.at(node).place, Some(place));
            let parent = place.checked_sub(1).map(|below| deadlines.heap[below / 2]);
            assert!(parent.is_none_or(|parent| deadlines.is_before(parent, node)));
        }
        let nodes = deadlines.nodes.indexes().into_iter();
        let armed = nodes.filter(|&node| deadlines.nodes.at(node).place.is_some());
        assert_eq!(armed.count(), deadlines.heap.len());
    }
}

/// What is in a list, whose links have to fit both ways.
fn walk<T: Linked>(list: List, slab: &mut Slab<T>) -> Vec<u32> {
    let mut found = Vec::new();
    let mut next = list.first();
    while let Some(index) = next {
        let links = *slab.at_mut(index).links();
        assert_eq!(links.previous.get(), found.last().copied(), "the link back");
        found.push(index);
        assert!(found.len() <= slab.len(), "a ring");
        next = links.next.get();
    }
    assert_eq!(list.last(), found.last().copied(), "the list's end");
    found
}
