//! Threads: where a process runs, and what it is doing for it.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use hal::Ref;
use hal::lock::Lock;
use hal::thread::Execution;
use hal::trap::{TrapFrame, UserRegisters, UserStart};
use sched::{ApcCall, ObjectKey, Signal, State, ThreadKey, Token};
use spin::Once;

use super::impersonation::Impersonation;
use super::name::ThreadName;
use super::priority::ThreadPriority;
use super::usage::{Life, Times, Usage, Used};
use super::{Process, RUNS, ThreadSettings};
use crate::exception::Cause;
use crate::ids::Id;
use crate::io::{Irp, Irps};
use crate::object::{Header, Object, ObjectKind};
use crate::scheduler::{self, ApcOrEnd, Waitable};
use crate::{Error, events, rank};

/// No system call is being served.
const NO_CALL: u32 = u32::MAX;

/// A thread.
pub struct Thread {
    header: Header,
    id: Id,
    process: Ref<Process>,
    /// How the dispatcher knows it, until it has ended.
    key: Once<ThreadKey>,
    /// Signalled when it has ended.
    over: Waitable,
    /// The lowest address of its stack's reservation, which goes with it.
    stack: u64,
    environment_block: u64,
    call: AtomicU32,
    /// Whether there is something to do before it may go to user mode.
    has_duty: AtomicBool,
    /// How often its stack has overflowed.
    stack_overflows: AtomicU32,
    /// Its status once something has ended it, else `RUNS`.
    end: AtomicU64,
    is_over: AtomicBool,
    life: Life,
    usage: Usage,
    irps: Irps,
    pub(super) priority: ThreadPriority,
    settings: ThreadSettings,
    pub(super) name: ThreadName,
    pub(super) impersonation: Impersonation,
    /// What exception it was shown last.
    shown: Lock<rank::ShownException, Option<Shown>>,
}

/// A thread with what the processor needs to run it.
#[derive(Clone)]
pub struct Runnable {
    /// The thread.
    pub thread: Ref<Thread>,
    /// Its kernel stack and registers.
    pub execution: Ref<Execution>,
}

/// What a new thread is made of.
pub struct NewThread<'a> {
    /// Its number.
    pub id: Id,
    /// Its process.
    pub process: &'a Ref<Process>,
    /// Its first registers; the gs base is its environment block.
    pub start: UserStart,
    /// The lowest address of its stack's reservation, which goes with it.
    pub stack: u64,
    /// Whether it begins suspended.
    pub is_suspended: bool,
}

/// An exception that a thread was shown, and its registers where it met it.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) cause: Cause,
    pub(crate) registers: UserRegisters,
}

impl Thread {
    /// Notes what exception the thread is to deal with.
    pub(crate) fn note_shown(&self, cause: Cause, registers: UserRegisters) {
        *self.shown.lock() = Some(Shown { cause, registers });
    }

    /// The last one.
    pub(crate) fn shown(&self) -> Option<Shown> {
        *self.shown.lock()
    }

    /// Makes a thread. It runs once [`Thread::start`] is called, and must be
    /// given up by [`Thread::discard`] otherwise.
    pub fn new(new: NewThread<'_>) -> Result<Ref<Self>, Error> {
        let thread = Ref::try_new(Self {
            header: Header::new(ObjectKind::Thread),
            id: new.id,
            process: new.process.clone(),
            key: Once::new(),
            over: Waitable::new(Signal::Notification { is_set: false })?,
            stack: new.stack,
            environment_block: new.start.gs_base,
            call: AtomicU32::new(NO_CALL),
            has_duty: AtomicBool::new(true),
            stack_overflows: AtomicU32::new(0),
            end: AtomicU64::new(RUNS),
            is_over: AtomicBool::new(false),
            life: Life::begin(),
            usage: Usage::default(),
            irps: Irps::new(),
            priority: ThreadPriority::new(),
            settings: ThreadSettings::new(new.start.instruction),
            name: ThreadName::new(),
            impersonation: Impersonation::new(),
            shown: Lock::new(None),
        })?;
        let root = new.process.memory().root();
        let execution = Execution::for_user(root, new.start, begin)?;
        let runnable = Runnable {
            thread: thread.clone(),
            execution,
        };
        let base = new.process.base_priority();
        let key = scheduler::add(runnable, base)?;
        thread.key.call_once(|| key);
        if new.is_suspended {
            scheduler::with(|dispatcher| dispatcher.suspend(key));
        }
        if let Err(error) = new.process.add_thread(thread.clone(), base) {
            Self::discard(&thread);
            return Err(error);
        }
        thread.id.publish(Object::Thread(thread.clone()));
        Ok(thread)
    }

    /// Lets a new thread run.
    pub fn start(&self) {
        if let Some(watcher) = events::watcher() {
            watcher.thread_begins(self);
        }
        scheduler::with(|dispatcher| dispatcher.start(self.key()));
    }

    /// Gives up a thread that was not started.
    pub fn discard(this: &Ref<Self>) {
        let discarded = scheduler::with(|dispatcher| dispatcher.discard_thread(this.key()));
        drop(discarded);
        this.process.remove_thread(this);
        this.id.forget();
    }

    /// What every object has.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id.number()
    }

    /// Its process.
    pub fn process(&self) -> &Ref<Process> {
        &self.process
    }

    /// The user address of its environment block: the TEB.
    pub fn environment_block(&self) -> u64 {
        self.environment_block
    }

    /// The lowest address of its stack's reservation.
    pub fn stack(&self) -> u64 {
        self.stack
    }

    /// What is set of it only to be asked for again.
    pub fn settings(&self) -> &ThreadSettings {
        &self.settings
    }

    /// When it began and ended.
    pub fn times(&self) -> Times {
        self.life.times()
    }

    /// What it has used of the processor.
    pub fn used(&self) -> Used {
        self.usage.used()
    }

    /// How often it was switched to.
    pub fn switches(&self) -> u32 {
        self.usage.switches()
    }

    /// The tick at which it was last switched from: when its wait began, if it
    /// waits.
    pub fn left_at_tick(&self) -> u64 {
        self.usage.left_at_tick()
    }

    /// What it has asked that was not answered.
    pub(crate) fn irps(&self) -> &Irps {
        &self.irps
    }

    /// Whether it has asked something of a file that was not answered.
    pub fn has_pending_io(&self) -> bool {
        self.irps.is_any_of_file()
    }

    /// The request whose answer it waits for.
    pub fn awaited(&self) -> Option<Ref<Irp>> {
        self.irps.awaited()
    }

    pub(crate) fn usage(&self) -> &Usage {
        &self.usage
    }

    /// What it is doing; `None`: it has ended.
    pub fn state(&self) -> Option<State> {
        scheduler::with(|dispatcher| dispatcher.state(self.key()))
    }

    pub(crate) fn key(&self) -> ThreadKey {
        match self.key.get() {
            Some(key) => *key,
            None => unreachable!("`new` gives every thread its key"),
        }
    }

    /// What waits for its end wait for.
    pub(crate) fn signal(&self) -> &ObjectKey {
        self.over.key()
    }

    /// Notes which system call is being served.
    pub(crate) fn begin_call(&self, number: u32) {
        self.call.store(number, Ordering::Relaxed);
    }

    /// Notes that none is.
    pub(crate) fn finish_call(&self) {
        self.call.store(NO_CALL, Ordering::Relaxed);
    }

    /// The number of the system call being served.
    pub fn call(&self) -> Option<u32> {
        Some(self.call.load(Ordering::Relaxed)).filter(|&number| number != NO_CALL)
    }

    /// Counts one more overflow of its stack, whoever touched it.
    pub(crate) fn note_stack_overflow(&self) {
        self.stack_overflows.fetch_add(1, Ordering::Relaxed);
    }

    /// How often its stack has overflowed.
    pub fn stack_overflows(&self) -> u32 {
        self.stack_overflows.load(Ordering::Relaxed)
    }

    /// Has it look for what it must do before it goes to user mode.
    pub(crate) fn note_duty(&self) {
        self.has_duty.store(true, Ordering::Relaxed);
    }

    pub(crate) fn forget_duty(&self) {
        self.has_duty.store(false, Ordering::Relaxed);
    }

    pub(crate) fn has_duty(&self) -> bool {
        self.has_duty.load(Ordering::Relaxed)
    }

    /// Ends it with a status; of several, the first counts.
    pub fn end(&self, status: u32) {
        // A second end changes nothing.
        let _ =
            self.end
                .compare_exchange(RUNS, status.into(), Ordering::Relaxed, Ordering::Relaxed);
        self.ask_to_end();
    }

    /// Has it end when it would next go to user mode; it does not run before the
    /// caller next lets others.
    pub(crate) fn ask_to_end(&self) {
        self.note_duty();
        scheduler::with_held(|dispatcher| dispatcher.ask_to_end(self.key()));
    }

    /// Its status, once it has ended.
    pub fn ended(&self) -> Option<u32> {
        let is_over = self.is_over.load(Ordering::Relaxed);
        let status = u32::try_from(self.end.load(Ordering::Relaxed)).ok();
        status.filter(|_| is_over)
    }

    /// Whether something has ended it: it does not go back to user mode.
    pub fn is_ending(&self) -> bool {
        self.end.load(Ordering::Relaxed) != RUNS || self.process.ending().is_some()
    }

    /// Suspends it once more; how often it was before.
    pub fn suspend(&self) -> Result<u32, Error> {
        self.note_duty();
        let suspended = scheduler::with(|dispatcher| dispatcher.suspend(self.key()));
        let suspended = suspended.ok_or(Error::ThreadEnding)?;
        suspended.map_err(|_| Error::SuspendedTooOften)
    }

    /// The same where nobody may be switched to.
    pub(crate) fn suspend_held(&self) -> Result<(), Error> {
        self.note_duty();
        match scheduler::with_held(|dispatcher| dispatcher.suspend(self.key())) {
            Some(Err(_)) => Err(Error::SuspendedTooOften),
            // One that has ended meanwhile is as good as suspended.
            Some(Ok(_)) | None => Ok(()),
        }
    }

    pub(crate) fn resume_held(&self) {
        scheduler::with_held(|dispatcher| dispatcher.resume(self.key()));
    }

    /// Resumes it once; how often it was suspended before.
    pub fn resume(&self) -> u32 {
        let before = scheduler::with(|dispatcher| dispatcher.resume(self.key()));
        // Of one that has ended nothing is suspended.
        before.unwrap_or(0)
    }

    /// How often it is suspended.
    pub fn suspensions(&self) -> u32 {
        scheduler::with(|dispatcher| dispatcher.suspensions(self.key())).unwrap_or(0)
    }

    /// Ends its alertable wait, now or before the next begins.
    pub fn alert(&self) {
        scheduler::with(|dispatcher| dispatcher.alert(self.key()));
    }

    /// Gives it its token; false: it has ended.
    pub fn give_token(&self) -> bool {
        scheduler::with(|dispatcher| dispatcher.give_token(self.key(), Token::Alert))
    }

    /// Queues a call for it; a special one does not wait for an alertable wait.
    pub fn queue_apc(&self, call: ApcCall, is_special: bool) -> Result<(), Error> {
        if is_special {
            self.note_duty();
        }
        scheduler::with(|dispatcher| dispatcher.queue_apc(self.key(), call, is_special))?;
        Ok(())
    }

    /// Its kernel stack and registers, until it has ended.
    pub fn execution(&self) -> Option<Ref<Execution>> {
        scheduler::with(|dispatcher| {
            let runnable = dispatcher.payload(self.key())?;
            Some(runnable.execution.clone())
        })
    }

    /// Its number stands for nothing once it has ended and has no handles.
    pub(crate) fn forget_if_over(&self) {
        if self.ended().is_some() && self.header.handle_count() == 0 {
            self.id.forget();
        }
    }
}

/// Whether the current thread was alerted, which it then no longer is. APCs that
/// are queued for it are called before it goes back to user mode.
pub fn test_alert(thread: &Thread) -> bool {
    thread.note_duty();
    scheduler::with(|dispatcher| dispatcher.test_alert())
}

/// The first code of every thread.
fn begin() -> ! {
    hal::thread::enter_user(finish_entry)
}

/// Does what the current thread has to do before it goes to user mode; ends it
/// if that is it. The caller's stack holds nothing that must be dropped.
pub(crate) fn finish_entry(frame: &mut TrapFrame) {
    loop {
        let Some(thread) = scheduler::current() else {
            return;
        };
        match scheduler::duty() {
            None => return,
            Some(ApcOrEnd::Apc(call)) => {
                thread.process.personality().call_apc(&thread, frame, call);
                // Another one that is due waits for the next return; where the
                // call cannot be made, the process is at its end.
                if thread.process.ending().is_none() {
                    return;
                }
            }
            Some(ApcOrEnd::End) => end(thread),
        }
    }
}

/// Ends the current thread.
fn end(thread: Ref<Thread>) -> ! {
    let process = thread.process.clone();
    thread.irps.cancel_all();
    process.personality().thread_ends(&thread);
    let status = process.ending().unwrap_or(0);
    // What ended the thread before counts.
    let _ = thread
        .end
        .compare_exchange(RUNS, status.into(), Ordering::Relaxed, Ordering::Relaxed);
    thread.life.end();
    thread.usage.end();
    thread.is_over.store(true, Ordering::Relaxed);
    let status = thread.ended().unwrap_or(status);
    if let Some(watcher) = events::watcher() {
        watcher.thread_ended(&thread, status);
    }
    if process.remove_thread(&thread) {
        process.finish(status);
    }
    thread.forget_if_over();
    // This stack is not unwound, so the references must go first.
    drop((process, thread));
    scheduler::end_current()
}
