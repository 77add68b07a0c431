//! What can be waited for, and how it is signalled.

use crate::list::{Linked, Links, List};
use crate::slab::Key;
use crate::timer::Timer;
use crate::wait::{WaitError, Waited};
use crate::{Dispatcher, OutOfMemory, ThreadKey};

/// An object of a [`Dispatcher`]; its owner removes it when nobody can name it.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectKey(pub(crate) Key);

/// What boosts the thread whose wait an object ends.
const WAIT_BOOST: u8 = 1;
/// How often a mutant can be acquired without a release.
const MOST_ACQUISITIONS: u32 = 0x8000_0000;

/// An object's signal, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ends every wait until it is reset: manual events, processes, threads.
    Notification {
        /// Whether it is signalled.
        is_set: bool,
    },
    /// Ends one wait, and is reset by it: automatic events.
    Synchronization {
        /// Whether it is signalled.
        is_set: bool,
    },
    /// Ends as many waits as it counts.
    Semaphore {
        /// How many waits it can end now.
        count: u32,
        /// The most it may count.
        limit: u32,
    },
    /// Is owned by the thread whose wait it ended.
    Mutant {
        /// By whom.
        owner: Option<ThreadKey>,
        /// How often the owner has acquired it.
        acquisitions: u32,
        /// The last owner ended without releasing it.
        is_abandoned: bool,
    },
}

/// The caller does not own the mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOwner;

/// The semaphore would count beyond its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverLimit;

pub(crate) struct Object {
    /// In the list of its owner's mutants; in that of the timers of a thread.
    links: Links,
    pub(crate) signal: Signal,
    pub(crate) waiters: List,
    pub(crate) timer: Option<Timer>,
}

impl Linked for Object {
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

impl Object {
    /// Sets or resets the signal of an event. Whether it was set.
    #[inline]
    fn replace(&mut self, set: bool) -> bool {
        match &mut self.signal {
            Signal::Notification { is_set } | Signal::Synchronization { is_set } => {
                core::mem::replace(is_set, set)
            }
            Signal::Semaphore { .. } | Signal::Mutant { .. } => {
                unreachable!("semaphores and mutants are released, not set")
            }
        }
    }
}

impl<P> Dispatcher<P> {
    /// Adds an object; a mutant is added free, see [`Dispatcher::own_mutant`].
    pub fn add_object(&mut self, signal: Signal) -> Result<ObjectKey, OutOfMemory> {
        let added = self.objects.insert(Object {
            links: Links::NONE,
            signal,
            waiters: List::EMPTY,
            timer: None,
        });
        added.map(ObjectKey)
    }

    /// Removes an object for which nobody waits.
    pub fn remove_object(&mut self, key: ObjectKey) {
        let index = self.object(&key);
        self.drop_timer(index);
        if let Signal::Mutant {
            owner: Some(owner), ..
        } = self.objects.at(index).signal
            && let Some(owner) = self.threads.find(owner.0)
        {
            let mutants = &mut self.threads.at_mut(owner).mutants;
            mutants.remove(&mut self.objects, index);
        }
        let object = self.objects.remove(index);
        assert!(
            object.waiters.is_empty(),
            "an object was removed while threads wait for it"
        );
    }

    /// How many objects there are.
    #[must_use]
    pub fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// An object's signal.
    #[must_use]
    pub fn signal(&self, key: &ObjectKey) -> Signal {
        self.objects.at(self.object(key)).signal
    }

    /// Signals an event, or whatever ends waits like one. Whether it was before.
    #[inline]
    pub fn set(&mut self, key: &ObjectKey) -> bool {
        let index = self.object(key);
        self.set_at(index, WAIT_BOOST)
    }

    #[inline]
    pub(crate) fn set_at(&mut self, index: u32, boost: u8) -> bool {
        let object = self.objects.at_mut(index);
        let was_set = object.replace(true);
        if !was_set && !object.waiters.is_empty() {
            self.satisfy_waiters(index, boost);
        }
        was_set
    }

    /// Takes an event's signal away. Whether there was one.
    pub fn reset(&mut self, key: &ObjectKey) -> bool {
        let index = self.object(key);
        self.replace(index, false)
    }

    /// Ends the waits that a signal would end, without leaving one. Whether
    /// there was one before.
    pub fn pulse(&mut self, key: &ObjectKey) -> bool {
        let was_set = self.set(key);
        self.reset(key);
        was_set
    }

    pub(crate) fn replace(&mut self, index: u32, set: bool) -> bool {
        self.objects.at_mut(index).replace(set)
    }

    /// Lets a semaphore end `more` waits more. What it counted before.
    pub fn release_semaphore(&mut self, key: &ObjectKey, more: u32) -> Result<u32, OverLimit> {
        let index = self.object(key);
        let Signal::Semaphore { count, limit } = &mut self.objects.at_mut(index).signal else {
            unreachable!("the object is no semaphore");
        };
        let before = *count;
        let after = before.checked_add(more).filter(|after| after <= limit);
        *count = after.ok_or(OverLimit)?;
        self.satisfy_waiters(index, WAIT_BOOST);
        Ok(before)
    }

    /// Makes a thread the owner of a mutant that is free.
    pub fn own_mutant(&mut self, key: &ObjectKey, thread: ThreadKey) {
        let index = self.object(key);
        if let Some(thread) = self.threads.find(thread.0)
            && self.is_signalled_for(index, thread)
        {
            self.consume(index, thread);
        }
    }

    /// Releases a mutant once. How often its owner had acquired it.
    pub fn release_mutant(&mut self, key: &ObjectKey, thread: ThreadKey) -> Result<u32, NotOwner> {
        let index = self.object(key);
        let Signal::Mutant {
            owner,
            acquisitions,
            ..
        } = &mut self.objects.at_mut(index).signal
        else {
            unreachable!("the object is no mutant");
        };
        if *owner != Some(thread) {
            return Err(NotOwner);
        }
        let before = *acquisitions;
        *acquisitions = before.saturating_sub(1);
        if before == 1 {
            *owner = None;
            let mutants = &mut self.threads.at_mut(thread.0.index).mutants;
            mutants.remove(&mut self.objects, index);
            self.satisfy_waiters(index, WAIT_BOOST);
        }
        Ok(before)
    }

    /// Frees the mutants of a thread that has ended; their next owners are told.
    pub(crate) fn abandon_mutants(&mut self, thread: u32) {
        while let Some(index) = {
            let mutants = &mut self.threads.at_mut(thread).mutants;
            mutants.pop_front(&mut self.objects)
        } {
            self.objects.at_mut(index).signal = Signal::Mutant {
                owner: None,
                acquisitions: 0,
                is_abandoned: true,
            };
            self.satisfy_waiters(index, WAIT_BOOST);
        }
    }

    #[inline]
    pub(crate) fn object(&self, key: &ObjectKey) -> u32 {
        match self.objects.find(key.0) {
            Some(index) => index,
            None => unreachable!("the owner of an object removes it last"),
        }
    }

    #[inline]
    pub(crate) fn is_signalled_for(&self, object: u32, thread: u32) -> bool {
        match self.objects.at(object).signal {
            Signal::Notification { is_set } | Signal::Synchronization { is_set } => is_set,
            Signal::Semaphore { count, .. } => count > 0,
            // Every owner is there: a thread that ends abandons its mutants.
            Signal::Mutant { owner, .. } => owner.is_none_or(|owner| owner.0.index == thread),
        }
    }

    /// Whether a wait could not acquire a mutant, because its owner has too often.
    pub(crate) fn is_over_limit(&self, object: u32, thread: u32) -> bool {
        match self.objects.at(object).signal {
            Signal::Mutant {
                owner: Some(owner),
                acquisitions,
                ..
            } => owner.0.index == thread && acquisitions >= MOST_ACQUISITIONS,
            _ => false,
        }
    }

    /// Lets an object end a wait that is about to begin, if it can: whether it was
    /// an abandoned mutant.
    #[inline(always)]
    pub(crate) fn try_consume(
        &mut self,
        object: u32,
        thread: u32,
    ) -> Result<Option<bool>, WaitError> {
        match &mut self.objects.at_mut(object).signal {
            Signal::Notification { is_set } => Ok(is_set.then_some(false)),
            Signal::Synchronization { is_set } => Ok(core::mem::take(is_set).then_some(false)),
            Signal::Semaphore { .. } | Signal::Mutant { .. } => {
                if !self.is_signalled_for(object, thread) {
                    return Ok(None);
                }
                if self.is_over_limit(object, thread) {
                    return Err(WaitError::MutantLimit);
                }
                Ok(Some(self.consume(object, thread)))
            }
        }
    }

    /// What the end of a wait does to the object that ended it. Whether it was
    /// an abandoned mutant.
    pub(crate) fn consume(&mut self, object: u32, thread: u32) -> bool {
        match &mut self.objects.at_mut(object).signal {
            Signal::Notification { .. } => false,
            Signal::Synchronization { is_set } => {
                *is_set = false;
                false
            }
            Signal::Semaphore { count, .. } => {
                *count = count.saturating_sub(1);
                false
            }
            Signal::Mutant {
                owner,
                acquisitions,
                is_abandoned,
            } => {
                *acquisitions = acquisitions.saturating_add(1);
                let was_abandoned = core::mem::take(is_abandoned);
                let key = ThreadKey(self.threads.key(thread));
                if owner.replace(key).is_none() {
                    let mutants = &mut self.threads.at_mut(thread).mutants;
                    mutants.push_back(&mut self.objects, object);
                }
                was_abandoned
            }
        }
    }

    /// Ends the waits that an object's signal can end, in the order they began.
    pub(crate) fn satisfy_waiters(&mut self, object: u32, boost: u8) {
        let mut next = self.objects.at(object).waiters.first();
        while let Some(block) = next {
            let (thread, number) = {
                let block = self.blocks.at(block);
                (block.thread, block.number)
            };
            // A thread may wait for one object several times over.
            while let Some(other) = next
                && self.blocks.at(other).thread == thread
            {
                next = self.blocks.at(other).next_waiter();
            }
            if !self.is_signalled_for(object, thread) {
                return;
            }
            let result = match self.threads.at(thread).wait.needs_all {
                false => Waited::by(number, self.consume(object, thread)),
                true if self.all_signalled_for(thread) => self.consume_all(thread),
                true => continue,
            };
            self.end_wait(thread, result, boost);
        }
    }
}
