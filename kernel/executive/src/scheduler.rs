//! Who runs: the dispatcher behind its lock, and the switches it asks for.
//!
//! The kernel is not preempted: a thread gives the processor away where it
//! waits, where it ends, and on the way back to user mode. The boot execution
//! idles when nobody is ready.

use core::sync::atomic::{AtomicBool, Ordering};

use hal::Ref;
use hal::cpu::interrupts;
use hal::cpu::per_cpu::PerCpu;
use hal::lock::{Guard, Lock};
use hal::thread::{self, Execution};
use sched::{
    ApcCall, Begun, Deadline, Dispatcher, Duty, ObjectKey, OutOfMemory, Priority, Signal,
    ThreadKey, Waited,
};

use crate::events::{self, Why};
use crate::io::terminal;
use crate::object::Object;
use crate::process::{Runnable, Thread};
use crate::{Error, clock, ids, rank, totals};

pub(crate) struct Scheduler {
    pub(crate) dispatcher: Dispatcher<Runnable>,
    idle: Option<Ref<Execution>>,
}

static SCHEDULER: Lock<rank::Scheduler, Scheduler> = Lock::new(Scheduler {
    dispatcher: Dispatcher::new(),
    idle: None,
});

/// Whether all processes are being ended.
static ENDS_ALL: AtomicBool = AtomicBool::new(false);

/// Makes the caller the one who idles. Once.
pub fn init() -> Result<(), Error> {
    let idle = thread::adopt_boot()?;
    SCHEDULER.lock().idle = Some(idle);
    Ok(())
}

/// The thread that each processor runs.
static CURRENT: PerCpu<Thread> = PerCpu::new();

/// The thread that runs now, if it is not the idle one. Takes no lock.
pub fn current() -> Option<Ref<Thread>> {
    CURRENT.get()
}

/// Makes a thread known to the dispatcher; it does not run before it is started.
pub(crate) fn add(runnable: Runnable, base: Priority) -> Result<ThreadKey, Error> {
    let added = SCHEDULER.lock().dispatcher.add_thread(runnable, base);
    Ok(added?)
}

/// Uses the dispatcher; whoever has a better claim to the processor than the
/// caller then runs first.
pub(crate) fn with<T>(operate: impl FnOnce(&mut Dispatcher<Runnable>) -> T) -> T {
    let mut scheduler = SCHEDULER.lock();
    let result = operate(&mut scheduler.dispatcher);
    // The idle execution looks for itself.
    if !scheduler.dispatcher.is_idle()
        && let Some(next) = scheduler.dispatcher.preempt()
    {
        scheduler.switch_to(Some(next), Why::Preempted);
    }
    result
}

/// Uses the dispatcher where nobody may be switched to: under a lock. Whoever
/// has a better claim to the processor must wait for the next opportunity.
pub(crate) fn with_held<T>(operate: impl FnOnce(&mut Dispatcher<Runnable>) -> T) -> T {
    operate(&mut SCHEDULER.lock().dispatcher)
}

/// Begins a wait of the current thread and returns how it ended.
pub(crate) fn wait<E: From<sched::WaitError>>(
    begin: impl FnOnce(&mut Dispatcher<Runnable>) -> Result<Begun, E>,
) -> Result<Waited, E> {
    let mut scheduler = SCHEDULER.lock();
    if let Begun::Over(waited) = begin(&mut scheduler.dispatcher)? {
        return Ok(note_apc(&scheduler, waited));
    }
    let next = scheduler.dispatcher.run_next();
    scheduler.switch_to(next, Why::Waits);
    let scheduler = SCHEDULER.lock();
    Ok(note_apc(&scheduler, scheduler.dispatcher.waited()))
}

fn note_apc(scheduler: &Scheduler, waited: Waited) -> Waited {
    if waited == Waited::UserApc
        && let Some(current) = scheduler.dispatcher.current_payload()
    {
        current.thread.note_duty();
    }
    waited
}

/// Gives way to whoever is ready. False: nobody was.
pub fn yield_now() -> bool {
    let mut scheduler = SCHEDULER.lock();
    let now = clock::since_boot_100ns();
    scheduler.dispatcher.advance(now);
    match scheduler.dispatcher.yield_current() {
        Some(next) => {
            scheduler.switch_to(Some(next), Why::Yields);
            true
        }
        None => false,
    }
}

/// Waits until a time since the kernel's start, or for what ends an alertable
/// wait before.
pub fn delay(deadline: Deadline, is_alertable: bool) -> Result<Waited, Error> {
    wait(|dispatcher| {
        let any = sched::WaitFor::Any;
        Ok(dispatcher.wait(&[], any, is_alertable, deadline)?)
    })
}

/// What the current thread has to do before it goes to user mode; parks it here
/// for as long as it is suspended.
pub(crate) fn duty() -> Option<ApcOrEnd> {
    loop {
        let mut scheduler = SCHEDULER.lock();
        match scheduler.dispatcher.duty() {
            Duty::None => {
                if let Some(current) = scheduler.dispatcher.current_payload() {
                    current.thread.forget_duty();
                }
                return None;
            }
            Duty::End => return Some(ApcOrEnd::End),
            Duty::Apc(call) => return Some(ApcOrEnd::Apc(call)),
            Duty::Park => {
                let next = scheduler.dispatcher.run_next();
                scheduler.switch_to(next, Why::Suspended);
            }
        }
    }
}

/// What a thread does instead of going straight to user mode.
pub(crate) enum ApcOrEnd {
    /// End.
    End,
    /// Call this.
    Apc(ApcCall),
}

/// Ends the current thread and with it the waits for its end. What the caller's
/// stack holds is never dropped.
pub(crate) fn end_current() -> ! {
    let (ended, next) = take_next_after_end();
    events::note_why(Why::Ended);
    let (execution, thread) = next.become_current();
    // Outside the lock: these may be the thread's last references.
    drop((ended, thread));
    thread::end_and_switch_to(execution)
}

fn take_next_after_end() -> (Option<Runnable>, Next) {
    let mut scheduler = SCHEDULER.lock();
    let ended = scheduler.dispatcher.end_current();
    let mut is_awaited = false;
    if let Some(ended) = &ended {
        scheduler.dispatcher.set(ended.thread.signal());
        let process = ended.thread.process();
        if process.ended().is_some() {
            scheduler.dispatcher.set(process.signal());
            is_awaited = process.parent_id() == 0 || ENDS_ALL.load(Ordering::Relaxed);
        }
    }
    // Whoever runs all looks whether it is done, however many threads could go on.
    let next = match is_awaited {
        true => None,
        false => scheduler.dispatcher.run_next(),
    };
    (ended, scheduler.next(next))
}

/// Runs threads until `is_done`; for the idle execution only.
pub fn run_until(mut is_done: impl FnMut() -> bool) {
    while !is_done() {
        let mut scheduler = SCHEDULER.lock();
        scheduler.dispatcher.advance(clock::since_boot_100ns());
        match scheduler.dispatcher.run_next() {
            Some(next) => scheduler.switch_to(Some(next), Why::Idle),
            None => {
                drop(scheduler);
                let start = clock::cycles();
                interrupts::wait_for_one();
                let passed = clock::cycles().saturating_sub(start);
                totals::IDLE_CYCLES.add(passed);
                terminal::tick();
            }
        }
    }
}

/// Ends all processes, and runs threads until none is left; for the idle execution only.
pub fn end_all(status: u32) {
    ENDS_ALL.store(true, Ordering::Relaxed);
    run_until(|| {
        let (mut last, mut is_any) = (0, false);
        while let Some(Object::Process(process)) = ids::next_after(last, is_running) {
            process.end(status);
            (last, is_any) = (process.id(), true);
        }
        !is_any
    });
    ENDS_ALL.store(false, Ordering::Relaxed);
}

fn is_running(object: &Object) -> bool {
    matches!(object, Object::Process(process) if process.ended().is_none())
}

/// A tick of the timer.
pub(crate) fn tick(in_user_mode: bool) {
    let now = clock::since_boot_100ns();
    let mut scheduler = SCHEDULER.lock();
    scheduler.dispatcher.tick(now, in_user_mode);
    if in_user_mode && let Some(next) = scheduler.dispatcher.preempt() {
        scheduler.switch_to(Some(next), Why::Tick);
    }
}

trait Switch {
    /// Lets go of the lock and runs the one the dispatcher named.
    fn switch_to(self, next: Option<ThreadKey>, why: Why);
}

impl Switch for Guard<'_, rank::Scheduler, Scheduler> {
    fn switch_to(self, next: Option<ThreadKey>, why: Why) {
        events::note_why(why);
        let next = self.next(next);
        drop(self);
        let (execution, before) = next.become_current();
        drop(before);
        thread::switch_to(execution);
    }
}

/// Who runs next; without a thread, the idle execution.
struct Next {
    thread: Option<Ref<Thread>>,
    execution: Ref<Execution>,
}

impl Next {
    /// Notes that it is the current one; returns what to run, and who was current.
    #[inline]
    fn become_current(self) -> (Ref<Execution>, Option<Ref<Thread>>) {
        if let Some(thread) = &self.thread {
            thread.usage().go_on();
        }
        let before = CURRENT.replace(self.thread);
        if let Some(before) = &before {
            before.usage().pause();
        }
        if let Some(watcher) = events::watcher() {
            events::tell_switch(watcher, before.as_deref());
        }
        (self.execution, before)
    }
}

impl Scheduler {
    #[inline]
    fn next(&self, key: Option<ThreadKey>) -> Next {
        let runnable = key.and_then(|key| self.dispatcher.payload(key));
        let (thread, execution) = match (runnable, &self.idle) {
            (Some(runnable), _) => (Some(runnable.thread.clone()), &runnable.execution),
            (None, Some(idle)) => (None, idle),
            (None, None) => unreachable!("`init` comes before the first thread"),
        };
        Next {
            thread,
            execution: execution.clone(),
        }
    }
}

/// An object that can be waited for, until this is dropped.
pub(crate) struct Waitable(Option<ObjectKey>);

impl Waitable {
    #[inline]
    pub(crate) fn new(signal: Signal) -> Result<Self, Error> {
        let added = SCHEDULER.lock().dispatcher.add_object(signal);
        Ok(Self(Some(added?)))
    }

    pub(crate) fn timer(is_notification: bool) -> Result<Self, Error> {
        let added = SCHEDULER.lock().dispatcher.add_timer(is_notification);
        Ok(Self(Some(added?)))
    }

    pub(crate) fn key(&self) -> &ObjectKey {
        match &self.0 {
            Some(key) => key,
            None => unreachable!("the key goes when the object is dropped"),
        }
    }
}

impl Drop for Waitable {
    fn drop(&mut self) {
        if let Some(key) = self.0.take() {
            SCHEDULER.lock().dispatcher.remove_object(key);
        }
    }
}

impl From<OutOfMemory> for Error {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}
