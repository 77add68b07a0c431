//! Who runs: one queue of ready threads, and the sleepers.
//!
//! Threads run in turn; a thread gives way when it yields, sleeps, ends, or has
//! used its quantum in user mode. The boot execution idles when nobody is ready.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use hal::Ref;
use hal::cpu::interrupts;
use hal::lock::Lock;
use hal::thread::{self, Execution};
use hal::time;

use crate::process::{Runnable, Thread};
use crate::{Error, rank};

/// Ticks a thread may run in user mode while others wait.
const QUANTUM_TICKS: u32 = 10;

struct Scheduler {
    current: Option<Runnable>,
    ready: VecDeque<Runnable>,
    sleeping: Vec<Sleeper>,
    idle: Option<Ref<Execution>>,
    threads: usize,
    ticks_left: u32,
}

struct Sleeper {
    wake_ns: u64,
    who: Runnable,
}

static SCHEDULER: Lock<rank::Scheduler, Scheduler> = Lock::new(Scheduler {
    current: None,
    ready: VecDeque::new(),
    sleeping: Vec::new(),
    idle: None,
    threads: 0,
    ticks_left: QUANTUM_TICKS,
});

/// Makes the caller the one who idles. Once.
pub fn init() -> Result<(), Error> {
    let idle = thread::adopt_boot()?;
    SCHEDULER.lock().idle = Some(idle);
    Ok(())
}

/// Room for one more thread in the scheduler's lists.
pub struct Reserved(());

/// Makes room for a thread, so that starting it cannot fail.
pub fn reserve() -> Result<Reserved, Error> {
    let mut scheduler = SCHEDULER.lock();
    // Both lists can hold every thread, so that moving between them never fails.
    let wanted = scheduler.threads.saturating_add(1);
    let ready = wanted.saturating_sub(scheduler.ready.len());
    scheduler.ready.try_reserve(ready)?;
    let sleeping = wanted.saturating_sub(scheduler.sleeping.len());
    scheduler.sleeping.try_reserve(sleeping)?;
    scheduler.threads = wanted;
    Ok(Reserved(()))
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut scheduler = SCHEDULER.lock();
        scheduler.threads = scheduler.threads.saturating_sub(1);
    }
}

/// Lets a new thread run.
pub fn start(place: Reserved, runnable: Runnable) {
    // The place is the thread's now, until it ends.
    core::mem::forget(place);
    SCHEDULER.lock().ready.push_back(runnable);
}

/// The thread that runs now, if it is not the idle one.
pub fn current() -> Option<Ref<Thread>> {
    SCHEDULER
        .lock()
        .current
        .as_ref()
        .map(|runnable| runnable.thread.clone())
}

/// Gives way to whoever is ready. False: nobody was.
pub fn yield_now() -> bool {
    let mut scheduler = SCHEDULER.lock();
    scheduler.wake(time::since_start_ns());
    let Some(next) = scheduler.ready.pop_front() else {
        return false;
    };
    if let Some(current) = scheduler.current.take() {
        scheduler.ready.push_back(current);
    }
    let execution = scheduler.take(next);
    drop(scheduler);
    thread::switch_to(execution);
    true
}

/// Sleeps until a time since the kernel's start.
pub fn sleep_until(wake_ns: u64) {
    let mut scheduler = SCHEDULER.lock();
    let Some(who) = scheduler.current.take() else {
        return;
    };
    scheduler.sleeping.push(Sleeper { wake_ns, who });
    let Some(execution) = scheduler.next() else {
        return;
    };
    drop(scheduler);
    thread::switch_to(execution);
}

/// Ends the current thread. What the caller's stack holds is never dropped.
pub(crate) fn end_current() -> ! {
    loop {
        // There is always somebody: the idle execution at least.
        if let Some(next) = take_next_after_end() {
            thread::end_and_switch_to(next)
        }
    }
}

fn take_next_after_end() -> Option<Ref<Execution>> {
    let mut scheduler = SCHEDULER.lock();
    let ended = scheduler.current.take();
    let next = scheduler.next();
    drop(scheduler);
    if ended.is_some() {
        drop(Reserved(()));
    }
    next
}

/// Runs threads until `is_done`; for the idle execution only.
pub fn run_until(mut is_done: impl FnMut() -> bool) {
    interrupts::disable();
    while !is_done() {
        let mut scheduler = SCHEDULER.lock();
        scheduler.wake(time::since_start_ns());
        let next = scheduler.ready.pop_front().map(|next| scheduler.take(next));
        drop(scheduler);
        match next {
            Some(execution) => thread::switch_to(execution),
            None => interrupts::wait_for_one(),
        }
    }
}

/// A tick of the timer.
pub(crate) fn tick(in_user_mode: bool) {
    let mut scheduler = SCHEDULER.lock();
    scheduler.wake(time::since_start_ns());
    if !in_user_mode {
        return;
    }
    scheduler.ticks_left = scheduler.ticks_left.saturating_sub(1);
    let is_used_up = scheduler.ticks_left == 0;
    drop(scheduler);
    if is_used_up {
        yield_now();
    }
}

impl Scheduler {
    /// Makes `next` the current thread.
    fn take(&mut self, next: Runnable) -> Ref<Execution> {
        self.ticks_left = QUANTUM_TICKS;
        let execution = next.execution.clone();
        self.current = Some(next);
        execution
    }

    /// Whoever is to run when the current thread does not.
    fn next(&mut self) -> Option<Ref<Execution>> {
        match self.ready.pop_front() {
            Some(next) => Some(self.take(next)),
            None => self.idle.clone(),
        }
    }

    /// Moves the sleepers whose time has come to the ready queue, in the order
    /// in which they went to sleep.
    fn wake(&mut self, now_ns: u64) {
        while let Some(index) = self
            .sleeping
            .iter()
            .position(|sleeper| sleeper.wake_ns <= now_ns)
        {
            let sleeper = self.sleeping.remove(index);
            self.ready.push_back(sleeper.who);
        }
    }
}

/// The thread that runs now, unless the scheduler is locked: for reports, which
/// must not wait.
pub(crate) fn try_current() -> Option<Option<Ref<Thread>>> {
    let scheduler = SCHEDULER.try_lock()?;
    Some(
        scheduler
            .current
            .as_ref()
            .map(|current| current.thread.clone()),
    )
}
