//! Objects that signal, and waits for them.

use hal::Ref;
use sched::{Deadline, Due, ObjectKey, Signal, Token, WaitFor, Waited};
use spin::Once;

use crate::object::{Header, Object, ObjectKind};
use crate::process::Thread;
use crate::scheduler::{self, Waitable};
use crate::{Error, clock};

/// The keyed event of whoever names none.
static KEYED_EVENT_OF_ALL: Once<Ref<Signalled>> = Once::new();

/// An object that is nothing but its signal: event, semaphore, mutant, timer,
/// keyed event.
pub struct Signalled {
    header: Header,
    waitable: Waitable,
}

/// Whether a signal ends every wait until it is reset, or one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalKind {
    /// Every one.
    Notification,
    /// One, and is then gone.
    Synchronization,
}

impl Signalled {
    #[inline]
    fn new(kind: ObjectKind, waitable: Waitable) -> Result<Ref<Self>, Error> {
        let header = Header::new(kind);
        Ok(Ref::try_new(Self { header, waitable })?)
    }

    fn with_signal(kind: ObjectKind, signal: Signal) -> Result<Ref<Self>, Error> {
        Self::new(kind, Waitable::new(signal)?)
    }

    /// A new event.
    pub fn event(kind: SignalKind, is_set: bool) -> Result<Ref<Self>, Error> {
        let signal = match kind {
            SignalKind::Notification => Signal::Notification { is_set },
            SignalKind::Synchronization => Signal::Synchronization { is_set },
        };
        Self::with_signal(ObjectKind::Event, signal)
    }

    /// A new semaphore.
    pub fn semaphore(count: u32, limit: u32) -> Result<Ref<Self>, Error> {
        Self::with_signal(ObjectKind::Semaphore, Signal::Semaphore { count, limit })
    }

    /// A new mutant, owned by a thread or free.
    pub fn mutant(owner: Option<&Thread>) -> Result<Ref<Self>, Error> {
        let free = Signal::Mutant {
            owner: None,
            acquisitions: 0,
            is_abandoned: false,
        };
        let mutant = Self::with_signal(ObjectKind::Mutant, free)?;
        if let Some(owner) = owner {
            let (key, owner) = (mutant.key(), owner.key());
            scheduler::with(|dispatcher| dispatcher.own_mutant(key, owner));
        }
        Ok(mutant)
    }

    /// A new timer that is not set.
    pub fn timer(kind: SignalKind) -> Result<Ref<Self>, Error> {
        let waitable = Waitable::timer(kind == SignalKind::Notification)?;
        Self::new(ObjectKind::Timer, waitable)
    }

    /// A new keyed event.
    pub fn keyed_event() -> Result<Ref<Self>, Error> {
        Self::with_signal(
            ObjectKind::KeyedEvent,
            Signal::Notification { is_set: false },
        )
    }

    /// The keyed event that there is from the start, for all. Keys have the process in
    /// them, so that it is each process's own.
    pub fn keyed_event_of_all() -> Result<Ref<Self>, Error> {
        KEYED_EVENT_OF_ALL.try_call_once(Self::keyed_event).cloned()
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn key(&self) -> &ObjectKey {
        self.waitable.key()
    }

    /// Its signal.
    pub fn signal(&self) -> Signal {
        scheduler::with(|dispatcher| dispatcher.signal(self.key()))
    }

    /// Signals an event. Whether it was signalled before.
    pub fn set(&self) -> bool {
        scheduler::with(|dispatcher| dispatcher.set(self.key()))
    }

    /// Resets an event. Whether it was signalled before.
    pub fn reset(&self) -> bool {
        scheduler::with(|dispatcher| dispatcher.reset(self.key()))
    }

    /// Ends the waits for an event without leaving it signalled. Whether it was
    /// before.
    pub fn pulse(&self) -> bool {
        scheduler::with(|dispatcher| dispatcher.pulse(self.key()))
    }

    /// Lets a semaphore end `more` waits more; what it counted before.
    pub fn release(&self, more: u32) -> Result<u32, Error> {
        scheduler::with(|dispatcher| {
            let released = dispatcher.release_semaphore(self.key(), more);
            released.map_err(|_| Error::SemaphoreLimit)
        })
    }

    /// Releases a mutant of the thread's once; how often it had acquired it.
    pub fn release_mutant(&self, owner: &Thread) -> Result<u32, Error> {
        scheduler::with(|dispatcher| {
            let released = dispatcher.release_mutant(self.key(), owner.key());
            released.map_err(|_| Error::MutantNotOwned)
        })
    }

    /// Whether a thread owns the mutant.
    pub fn is_owned_by(&self, thread: &Thread) -> bool {
        let key = thread.key();
        matches!(self.signal(), Signal::Mutant { owner: Some(owner), .. } if owner == key)
    }

    /// Sets a timer, and with it a call that a thread is to make each time.
    /// Whether its signal was set before.
    pub fn set_timer(
        &self,
        due: Due,
        apc: Option<(&Thread, sched::ApcCall)>,
    ) -> Result<bool, Error> {
        let now = clock::since_boot_100ns();
        let apc = apc.map(|(thread, call)| (thread.key(), call));
        scheduler::with(|dispatcher| {
            let was_signalled = is_set(dispatcher.signal(self.key()));
            dispatcher.set_timer(self.key(), due, apc, now)?;
            Ok(was_signalled)
        })
    }

    /// Stops a timer. Whether its signal is set.
    pub fn cancel_timer(&self) -> bool {
        scheduler::with(|dispatcher| {
            dispatcher.cancel_timer(self.key());
            is_set(dispatcher.signal(self.key()))
        })
    }

    /// When a timer is due, if it is set, and whether it is signalled.
    pub fn timer_state(&self) -> (Option<Due>, bool) {
        scheduler::with(|dispatcher| {
            let due = dispatcher.timer_due(self.key());
            (due, is_set(dispatcher.signal(self.key())))
        })
    }

    /// The current thread's side of a keyed event: returns when another thread
    /// has come with the same key from the other side, or as other waits do.
    pub fn meet(
        &self,
        key: (u64, u64),
        releases: bool,
        is_alertable: bool,
        deadline: Deadline,
    ) -> Result<Waited, Error> {
        scheduler::wait(|dispatcher| {
            let event = self.key();
            Ok(dispatcher.meet(event, key, releases, is_alertable, deadline)?)
        })
    }
}

/// Whether an event or timer is signalled.
pub fn is_set(signal: Signal) -> bool {
    match signal {
        Signal::Notification { is_set } | Signal::Synchronization { is_set } => is_set,
        Signal::Semaphore { count, .. } => count > 0,
        Signal::Mutant { owner, .. } => owner.is_none(),
    }
}

/// Waits for one object.
pub fn wait_for(object: &Object, is_alertable: bool, deadline: Deadline) -> Result<Waited, Error> {
    let key = object.signal().ok_or(Error::NotWaitable)?;
    scheduler::wait(|dispatcher| {
        Ok(dispatcher.wait(&[key], WaitFor::Any, is_alertable, deadline)?)
    })
}

/// Waits for one or all of several objects, at most [`sched::MOST_OBJECTS`].
pub fn wait_for_several(
    objects: &[Object],
    wait_for: WaitFor,
    is_alertable: bool,
    deadline: Deadline,
) -> Result<Waited, Error> {
    let mut keys = arrayvec::ArrayVec::<&ObjectKey, { sched::MOST_OBJECTS }>::new();
    for object in objects {
        let key = object.signal().ok_or(Error::NotWaitable)?;
        // An object named twice can never be there twice at the same time.
        if wait_for == WaitFor::All && keys.contains(&key) {
            return Err(Error::NamedTwice);
        }
        keys.try_push(key).map_err(|_| Error::TooLong)?;
    }
    scheduler::wait(|dispatcher| Ok(dispatcher.wait(&keys, wait_for, is_alertable, deadline)?))
}

/// Signals one object and waits for another, without a moment in between.
pub fn signal_and_wait(
    to_signal: &Object,
    object: &Object,
    is_alertable: bool,
    deadline: Deadline,
) -> Result<Waited, Error> {
    let key = object.signal().ok_or(Error::NotWaitable)?;
    let waited = scheduler::wait(|dispatcher| {
        match to_signal {
            Object::Event(event) => {
                dispatcher.set(event.key());
            }
            Object::Semaphore(semaphore) => {
                let released = dispatcher.release_semaphore(semaphore.key(), 1);
                released.map_err(|_| Error::SemaphoreLimit)?;
            }
            Object::Mutant(mutant) => {
                let Some(current) = dispatcher.current() else {
                    return Err(Error::MutantNotOwned);
                };
                let released = dispatcher.release_mutant(mutant.key(), current);
                released.map_err(|_| Error::MutantNotOwned)?;
            }
            _ => return Err(Error::WrongType),
        }
        Ok(dispatcher.wait(&[key], WaitFor::Any, is_alertable, deadline)?)
    });
    // Where the wait was over at once, whoever the signal woke may go first.
    scheduler::with(|_| ());
    waited
}

/// Waits for the token that others give the current thread by its id.
pub fn wait_for_token(deadline: Deadline) -> Result<Waited, Error> {
    scheduler::wait(|dispatcher| Ok(dispatcher.wait_for_token(Token::Alert, false, deadline)))
}

impl From<sched::WaitError> for Error {
    fn from(error: sched::WaitError) -> Self {
        match error {
            sched::WaitError::OutOfMemory => Self::OutOfMemory,
            sched::WaitError::MutantLimit => Self::MutantLimit,
        }
    }
}
