//! Waits: how one begins, what ends it, what its thread is told.

use crate::alert::Token;
use crate::list::{Linked, Links, Place};
use crate::thread::State;
use crate::{Dispatcher, ObjectKey};

/// Most objects of one wait.
pub const MOST_OBJECTS: usize = 64;

/// How many of its objects a wait needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitFor {
    /// One.
    Any,
    /// Every one, at the same time.
    All,
}

/// How long a wait may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// No longer than a look.
    Now,
    /// Until then.
    At(u64),
    /// Until it is that time of day, which is then if nobody sets the clock.
    AtTimeOfDay(u64),
    /// For ever.
    Never,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// The object of that number; 0 if all were needed or there were none.
    Satisfied(u16),
    /// The same, and a mutant among them was abandoned by its last owner.
    Abandoned(u16),
    /// Its time.
    TimedOut,
    /// Another thread's alert.
    Alerted,
    /// An APC, which is called at the return to user mode.
    UserApc,
    /// The thread is to end.
    Ending,
}

impl Waited {
    pub(crate) fn by(number: u16, is_abandoned: bool) -> Self {
        match is_abandoned {
            true => Self::Abandoned(number),
            false => Self::Satisfied(number),
        }
    }
}

/// Whether the calling thread goes on or waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is over already.
    Over(Waited),
    /// The thread waits: somebody else must run now, and
    /// [`Dispatcher::waited`] tells later what ended the wait.
    Waiting,
}

/// Why a wait did not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitError {
    /// No memory to note what is waited for.
    OutOfMemory,
    /// The thread has acquired a mutant too often.
    MutantLimit,
}

/// The wait of one thread.
pub(crate) struct Wait {
    /// The first of its blocks.
    pub(crate) first: Place,
    pub(crate) needs_all: bool,
    pub(crate) is_alertable: bool,
    /// That token ends it.
    pub(crate) is_for: Option<Token>,
    /// Its thread is suspended: nothing but a keyed event or the thread's end ends
    /// it before that is over.
    pub(crate) is_frozen: bool,
    /// Its time has come meanwhile.
    pub(crate) is_overdue: bool,
    result: Waited,
}

impl Wait {
    pub(crate) const NONE: Self = Self {
        first: Place::NONE,
        needs_all: false,
        is_alertable: false,
        is_for: None,
        is_frozen: false,
        is_overdue: false,
        result: Waited::TimedOut,
    };
}

/// What a block stands in an object's list for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A wait for its signal.
    Signal,
    /// One side of a keyed event: a wait for, or the release of, a key.
    Keyed { key: (u64, u64), releases: bool },
}

/// One object of one wait.
pub(crate) struct Block {
    links: Links,
    pub(crate) thread: u32,
    pub(crate) object: u32,
    pub(crate) number: u16,
    pub(crate) role: Role,
    /// The next block of the same wait.
    pub(crate) next_of_wait: Place,
}

impl Block {
    pub(crate) fn next_waiter(&self) -> Option<u32> {
        self.links.next.get()
    }
}

impl Linked for Block {
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

impl<P> Dispatcher<P> {
    /// Begins the running thread's wait for objects, at most [`MOST_OBJECTS`];
    /// for none, it only waits for its deadline. In a wait for all of them, no
    /// object may be named twice.
    #[inline(always)]
    pub fn wait(
        &mut self,
        objects: &[&ObjectKey],
        wait_for: WaitFor,
        is_alertable: bool,
        deadline: Deadline,
    ) -> Result<Begun, WaitError> {
        let Some(thread) = self.current else {
            unreachable!("the idle execution does not wait");
        };
        if self.threads.at(thread).is_ending {
            return Ok(Begun::Over(Waited::Ending));
        }
        // Most waits are for one object, and often it is signalled.
        if let [object] = objects {
            let object = self.object(object);
            if let Some(is_abandoned) = self.try_consume(object, thread)? {
                return Ok(Begun::Over(Waited::by(0, is_abandoned)));
            }
        }
        self.wait_longer(thread, objects, wait_for, is_alertable, deadline)
    }

    #[inline(never)]
    fn wait_longer(
        &mut self,
        thread: u32,
        objects: &[&ObjectKey],
        wait_for: WaitFor,
        is_alertable: bool,
        deadline: Deadline,
    ) -> Result<Begun, WaitError> {
        let over = match wait_for {
            WaitFor::Any => self.look_for_any(objects, thread)?,
            WaitFor::All => self.look_for_all(objects, thread)?,
        };
        let over = over.or_else(|| is_alertable.then(|| self.take_alert(thread)).flatten());
        if let Some(waited) = over {
            return Ok(Begun::Over(waited));
        }
        if deadline == Deadline::Now {
            return Ok(Begun::Over(Waited::TimedOut));
        }
        self.blocks
            .reserve(objects.len())
            .map_err(|_| WaitError::OutOfMemory)?;
        let mut last = None;
        for (number, object) in (0_u16..).zip(objects) {
            let object = self.object(object);
            let block = self.add_block(thread, object, number, Role::Signal)?;
            if let Some(last) = last.replace(block) {
                self.blocks.at_mut(last).next_of_wait = block.into();
            }
        }
        let wait = &mut self.threads.at_mut(thread).wait;
        wait.needs_all = wait_for == WaitFor::All;
        wait.is_alertable = is_alertable;
        self.begin_wait(thread, deadline);
        Ok(Begun::Waiting)
    }

    /// What ended the wait of the running thread.
    #[inline]
    pub fn waited(&self) -> Waited {
        match self.current {
            Some(thread) => self.threads.at(thread).wait.result,
            None => unreachable!("the idle execution does not wait"),
        }
    }

    fn look_for_any(
        &mut self,
        objects: &[&ObjectKey],
        thread: u32,
    ) -> Result<Option<Waited>, WaitError> {
        for (number, object) in (0_u16..).zip(objects) {
            let object = self.object(object);
            if let Some(is_abandoned) = self.try_consume(object, thread)? {
                return Ok(Some(Waited::by(number, is_abandoned)));
            }
        }
        Ok(None)
    }

    fn look_for_all(
        &mut self,
        objects: &[&ObjectKey],
        thread: u32,
    ) -> Result<Option<Waited>, WaitError> {
        let indexes = || objects.iter().map(|object| object.0.index);
        if objects.is_empty() || !indexes().all(|object| self.is_signalled_for(object, thread)) {
            return Ok(None);
        }
        if indexes().any(|object| self.is_over_limit(object, thread)) {
            return Err(WaitError::MutantLimit);
        }
        let mut is_abandoned = false;
        for object in indexes() {
            is_abandoned |= self.consume(object, thread);
        }
        Ok(Some(Waited::by(0, is_abandoned)))
    }

    pub(crate) fn add_block(
        &mut self,
        thread: u32,
        object: u32,
        number: u16,
        role: Role,
    ) -> Result<u32, WaitError> {
        let block = Block {
            links: Links::NONE,
            thread,
            object,
            number,
            role,
            next_of_wait: Place::NONE,
        };
        let added = self.blocks.insert(block);
        let block = added.map_err(|_| WaitError::OutOfMemory)?.index;
        let wait = &mut self.threads.at_mut(thread).wait;
        if wait.first.is_none() {
            wait.first = block.into();
        }
        let waiters = &mut self.objects.at_mut(object).waiters;
        waiters.push_back(&mut self.blocks, block);
        Ok(block)
    }

    /// The running thread waits from here on.
    pub(crate) fn begin_wait(&mut self, thread: u32, deadline: Deadline) {
        let entry = self.threads.at_mut(thread);
        entry.state = State::Waiting;
        let (node, is_suspended) = (entry.deadline, entry.suspensions > 0);
        match deadline {
            Deadline::At(due) => self.deadlines.arm(node, due, false),
            Deadline::AtTimeOfDay(due) => self.deadlines.arm(node, due, true),
            Deadline::Now | Deadline::Never => {}
        }
        if is_suspended {
            self.freeze_wait(thread);
        }
    }

    /// Ends a wait: its thread is ready, and runs a little earlier if boosted.
    pub(crate) fn end_wait(&mut self, thread: u32, result: Waited, boost: u8) {
        let entry = self.threads.at_mut(thread);
        let mut next = entry.wait.first.get();
        entry.wait = Wait {
            result,
            ..Wait::NONE
        };
        let boost = if entry.is_boosted { boost } else { 0 };
        let boosted = entry.base.boosted(boost);
        if entry.priority < boosted {
            entry.priority = boosted;
        }
        let node = entry.deadline;
        self.deadlines.disarm(node);
        while let Some(index) = next {
            let object = self.blocks.at(index).object;
            let waiters = &mut self.objects.at_mut(object).waiters;
            waiters.remove(&mut self.blocks, index);
            next = self.blocks.remove(index).next_of_wait.get();
        }
        self.make_ready(thread);
    }

    pub(crate) fn all_signalled_for(&self, thread: u32) -> bool {
        self.objects_of_wait(thread)
            .all(|object| self.is_signalled_for(object, thread))
    }

    pub(crate) fn consume_all(&mut self, thread: u32) -> Waited {
        let mut is_abandoned = false;
        let mut next = self.threads.at(thread).wait.first.get();
        while let Some(index) = next {
            let block = self.blocks.at(index);
            next = block.next_of_wait.get();
            let object = block.object;
            is_abandoned |= self.consume(object, thread);
        }
        Waited::by(0, is_abandoned)
    }

    fn objects_of_wait(&self, thread: u32) -> impl Iterator<Item = u32> {
        let first = self.threads.at(thread).wait.first.get();
        let next = |&index: &u32| self.blocks.at(index).next_of_wait.get();
        let blocks = core::iter::successors(first, next);
        blocks.map(|index| self.blocks.at(index).object)
    }
}
