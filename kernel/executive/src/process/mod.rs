//! Processes: an address space, a personality, handles, threads, and an end.
//!
//! A process ends when its last thread has: then its handles are closed and its
//! memory is given back, while the object lives on for whoever has a handle.

mod impersonation;
mod io_counts;
mod name;
pub mod personality;
mod priority;
mod reserve;
mod settings;
mod thread;
mod usage;

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use alloc::vec::Vec;
use arrayvec::ArrayString;
use hal::Ref;
use hal::lock::Lock;
use sched::{ObjectKey, Priority, Signal};

use crate::ids::Id;
use crate::io::IoQuota;
use crate::job::Membership;
use crate::memory::image::NAME_BYTES;
use crate::memory::{Image, UserMemory};
use crate::object::{Handles, Header, Object, ObjectKind};
use crate::scheduler::{self, Waitable};
use crate::token::{Token, TokenKind};
use crate::{Error, Personality, events, random, rank};
pub use io_counts::{IoCount, IoCounts, IoKind};
use priority::ProcessPriority;
pub use priority::{PriorityClass, RelativePriority};
pub use reserve::ApcReserve;
pub use settings::{ProcessSettings, Setting, ThreadSettings};
pub(crate) use thread::finish_entry;
pub use thread::{NewThread, Runnable, Thread, test_alert};
use usage::Life;
pub(crate) use usage::Usage;
pub use usage::{Times, Used};

/// No status: the process runs.
const RUNS: u64 = u64::MAX;

/// What the kernel calls in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryPoint {
    /// What deals with exceptions.
    Exception,
    /// What makes asynchronous procedure calls.
    Apc,
    /// Where threads begin that a loader prepares first; 0: there is no loader.
    ThreadInit,
    /// What calls a thread's first function when they are prepared.
    ThreadStart,
}

/// A process.
pub struct Process {
    header: Header,
    id: Id,
    parent_id: u64,
    name: ArrayString<NAME_BYTES>,
    image: Ref<Image>,
    /// Where its environment block is.
    block: AtomicU64,
    entry_points: [AtomicU64; 4],
    memory: UserMemory,
    handles: Handles,
    personality: &'static dyn Personality,
    /// Signalled when it is over.
    over: Waitable,
    threads: Lock<rank::Process, Vec<Ref<Thread>>>,
    membership: Membership,
    token: Ref<Token>,
    /// Its status once something has ended it, else `RUNS`.
    end: AtomicU64,
    is_over: AtomicBool,
    life: Life,
    /// What its threads that have ended used.
    used_before: Usage,
    priority: ProcessPriority,
    settings: ProcessSettings,
    io_quota: Ref<IoQuota>,
    io_counts: IoCounts,
    /// A number that programs mix into pointers.
    cookie: u32,
}

impl Process {
    /// A process without threads, named after its image; without a parent it is
    /// the kernel's. It gets a copy of a token, or else of its parent's.
    pub fn new(
        image: &Ref<Image>,
        parent: Option<&Self>,
        token: Option<&Token>,
        personality: &'static dyn Personality,
    ) -> Result<Ref<Self>, Error> {
        let id = Id::claim()?;
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::Process),
            parent_id: parent.map_or(0, Self::id),
            token: match token.or(parent.map(|parent| &*parent.token)) {
                Some(token) => token.duplicate(TokenKind::Primary, |_| ())?,
                None => Token::of_user()?,
            },
            name: ArrayString::from(image.name()).map_err(|_| Error::TooLong)?,
            image: image.clone(),
            block: AtomicU64::new(0),
            entry_points: [const { AtomicU64::new(0) }; 4],
            memory: UserMemory::new()?,
            handles: Handles::new(id.number()),
            id,
            personality,
            over: Waitable::new(Signal::Notification { is_set: false })?,
            threads: Lock::new(Vec::new()),
            membership: Membership::new(),
            end: AtomicU64::new(RUNS),
            is_over: AtomicBool::new(false),
            io_quota: IoQuota::new()?,
            io_counts: IoCounts::default(),
            life: Life::begin(),
            used_before: Usage::default(),
            priority: ProcessPriority::new(PriorityClass::Normal),
            settings: ProcessSettings::new(),
            cookie: random::next32(),
        })?)
    }

    /// What every object has.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id.number()
    }

    /// The number of the process that created it; 0: the kernel did.
    pub fn parent_id(&self) -> u64 {
        self.parent_id
    }

    /// The name of its program.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its program.
    pub fn image(&self) -> &Ref<Image> {
        &self.image
    }

    /// Where the kernel calls into it; 0: nowhere.
    pub fn entry_point(&self, point: EntryPoint) -> u64 {
        self.entry(point).load(Ordering::Relaxed)
    }

    /// Says where the kernel is to call into it.
    pub fn set_entry_point(&self, point: EntryPoint, address: u64) {
        self.entry(point).store(address, Ordering::Relaxed);
    }

    fn entry(&self, point: EntryPoint) -> &AtomicU64 {
        let [exception, apc, init, start] = &self.entry_points;
        match point {
            EntryPoint::Exception => exception,
            EntryPoint::Apc => apc,
            EntryPoint::ThreadInit => init,
            EntryPoint::ThreadStart => start,
        }
    }

    /// The user address of its environment block: the PEB.
    pub fn block(&self) -> u64 {
        self.block.load(Ordering::Relaxed)
    }

    /// Says where its environment block is.
    pub fn set_block(&self, address: u64) {
        self.block.store(address, Ordering::Relaxed);
    }

    /// Its memory.
    pub fn memory(&self) -> &UserMemory {
        &self.memory
    }

    /// Its handles.
    pub fn handles(&self) -> &Handles {
        &self.handles
    }

    /// Who understands its system calls.
    pub fn personality(&self) -> &'static dyn Personality {
        self.personality
    }

    /// What is set of it only to be asked for again.
    pub fn settings(&self) -> &ProcessSettings {
        &self.settings
    }

    /// What it holds by what it asked of files.
    pub(crate) fn io_quota(&self) -> &Ref<IoQuota> {
        &self.io_quota
    }

    /// A number that programs mix into pointers; random, and always the same.
    pub fn cookie(&self) -> u32 {
        self.cookie
    }

    /// When it began and ended.
    pub fn times(&self) -> Times {
        self.life.times()
    }

    /// What it asked of files.
    #[inline]
    pub fn io_counts(&self) -> &IoCounts {
        &self.io_counts
    }

    /// What its threads have used of the processor, those that ended included.
    pub fn used(&self) -> Used {
        let threads = self.threads.lock();
        threads.iter().fold(self.used_before.used(), |sum, thread| {
            sum.plus(thread.used())
        })
    }

    /// Who it acts for.
    pub fn token(&self) -> &Ref<Token> {
        &self.token
    }

    pub(crate) fn membership(&self) -> &Membership {
        &self.membership
    }

    /// What waits for its end wait for.
    pub(crate) fn signal(&self) -> &ObjectKey {
        self.over.key()
    }

    /// Ends it with a status; of several, the first counts. Its threads stop
    /// when they would next go back to user mode.
    pub fn end(&self, status: u32) {
        // A second end changes nothing.
        let _ =
            self.end
                .compare_exchange(RUNS, status.into(), Ordering::Relaxed, Ordering::Relaxed);
        self.end_threads(None);
    }

    /// Ends its threads but one; each keeps the status it has, or gets that of
    /// the process.
    pub fn end_threads(&self, but: Option<&Thread>) {
        let is_spared = |thread: &Thread| but.is_some_and(|but| core::ptr::eq(but, thread));
        let threads = self.threads.lock();
        for thread in threads.iter().filter(|thread| !is_spared(thread)) {
            thread.ask_to_end();
        }
    }

    /// Suspends all its threads once more. One that is suspended too often keeps
    /// the others from it.
    pub fn suspend(&self) -> Result<(), Error> {
        let threads = self.threads.lock();
        for (number, thread) in threads.iter().enumerate() {
            if let Err(error) = thread.suspend_held() {
                let suspended = threads.get(..number).unwrap_or_default();
                suspended.iter().for_each(|thread| {
                    thread.resume_held();
                });
                return Err(error);
            }
        }
        Ok(())
    }

    /// Resumes all its threads once.
    pub fn resume(&self) {
        for thread in self.threads.lock().iter() {
            thread.resume_held();
        }
        // Outside the lock: whoever was woken may go first.
        scheduler::with(|_| ());
    }

    /// Gives up a process that was published, with its one thread that was not
    /// started.
    pub fn discard(this: &Ref<Self>, thread: &Ref<Thread>) {
        Thread::discard(thread);
        this.finish(0);
        scheduler::with(|dispatcher| dispatcher.set(this.signal()));
    }

    /// Its status, once it is over.
    pub fn ended(&self) -> Option<u32> {
        let is_over = self.is_over.load(Ordering::Relaxed);
        self.ending().filter(|_| is_over)
    }

    /// The status it ends with, once something has ended it.
    pub fn ending(&self) -> Option<u32> {
        u32::try_from(self.end.load(Ordering::Relaxed)).ok()
    }

    /// Its threads that have not ended.
    pub fn threads(&self) -> Result<Vec<Ref<Thread>>, Error> {
        let mut all = Vec::new();
        let threads = self.threads.lock();
        all.try_reserve_exact(threads.len())?;
        all.extend(threads.iter().cloned());
        Ok(all)
    }

    /// How many threads it has that have not ended.
    pub fn thread_count(&self) -> usize {
        self.threads.lock().len()
    }

    /// Adds a thread, which the dispatcher knows with that base priority; an
    /// ending process takes none.
    fn add_thread(&self, thread: Ref<Thread>, base: Priority) -> Result<(), Error> {
        let mut threads = self.threads.lock();
        if self.ending().is_some() {
            return Err(Error::Ending);
        }
        threads.try_reserve(1)?;
        self.apply_to_new(&thread, base);
        threads.push(thread);
        Ok(())
    }

    /// Takes a thread out that has ended, or never started. The last one ends
    /// the process.
    fn remove_thread(&self, thread: &Thread) -> bool {
        let mut threads = self.threads.lock();
        let place = threads
            .iter()
            .position(|other| core::ptr::eq::<Thread>(&**other, thread));
        let removed = place.map(|place| threads.swap_remove(place));
        if let Some(removed) = &removed {
            self.used_before.add(removed.used());
        }
        let is_last = threads.is_empty();
        drop(threads);
        drop(removed);
        is_last
    }

    /// The last thread has ended, with this status. Who waits for the process is
    /// woken together with those who wait for the thread: when nothing of it is left.
    fn finish(&self, status: u32) {
        // What ended the process before counts.
        let _ =
            self.end
                .compare_exchange(RUNS, status.into(), Ordering::Relaxed, Ordering::Relaxed);
        self.handles.close_all();
        self.memory.with(|space| space.close());
        self.life.end();
        self.leave_job();
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(watcher) = events::watcher() {
            watcher.process_ended(self, self.ending().unwrap_or(status));
        }
        self.forget_if_over();
    }

    /// Its number stands for nothing once it is over and has no handles.
    pub(crate) fn forget_if_over(&self) {
        if self.ended().is_some() && self.header.handle_count() == 0 {
            self.id.forget();
        }
    }

    /// Lets its number stand for it.
    pub fn publish(this: &Ref<Self>) {
        this.id.publish(Object::Process(this.clone()));
        if let Some(watcher) = events::watcher() {
            watcher.process_begins(this);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One whose creation failed may be in a job.
        self.leave_job();
    }
}
