//! Priorities: a process's, and its threads' relative to it.
//!
//! A process has a class, which says its base priority. A thread's base priority
//! is so many levels from that, or at the end of the range it is in. Whoever
//! changes the process's or adds a thread holds the lock of its threads.

use core::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering::Relaxed};

use sched::Priority;

use super::{Process, Thread};
use crate::scheduler;

/// What a process is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityClass {
    /// For when nobody else has anything to do.
    Idle,
    /// Between idle and normal.
    BelowNormal,
    /// Ordinary.
    Normal,
    /// Between normal and high.
    AboveNormal,
    /// Before all ordinary ones.
    High,
    /// Neither boosted nor lowered.
    RealTime,
}

impl PriorityClass {
    const ALL: [(Self, u32); 6] = [
        (Self::Idle, 4),
        (Self::BelowNormal, 6),
        (Self::Normal, 8),
        (Self::AboveNormal, 10),
        (Self::High, 13),
        (Self::RealTime, 24),
    ];

    /// The class of a base priority.
    pub fn of_level(level: u32) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, other)| *other == level);
        found.map(|(class, _)| *class)
    }

    /// The base priority of its processes.
    pub fn level(self) -> u32 {
        let found = Self::ALL.iter().find(|(class, _)| *class == self);
        found.map_or_else(|| Priority::NORMAL.level().into(), |(_, level)| *level)
    }

    /// The class that a new process gets from its parent: no higher than normal.
    pub fn inherited(self) -> Self {
        match self {
            Self::Idle | Self::BelowNormal => self,
            _ => Self::Normal,
        }
    }
}

/// A thread's priority relative to its process's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelativePriority {
    /// So many levels above it, within its range.
    By(i32),
    /// At the upper end of its range.
    Highest,
    /// At the lower end of its range.
    Lowest,
}

/// The range of dynamic levels, and that of the real-time ones.
const DYNAMIC: (i32, i32) = (1, 15);
const REAL_TIME: (i32, i32) = (16, 31);

impl RelativePriority {
    /// The base priority of a thread in a process of that one.
    fn base(self, process: Priority) -> Priority {
        let process_level = i32::from(process.level());
        let (lowest, highest) = match process_level < REAL_TIME.0 {
            true => DYNAMIC,
            false => REAL_TIME,
        };
        let level = match self {
            Self::By(levels) => process_level.saturating_add(levels).clamp(lowest, highest),
            Self::Highest => highest,
            Self::Lowest => lowest,
        };
        let level = u32::try_from(level).ok().and_then(Priority::new);
        level.unwrap_or(process)
    }

    fn encode(self) -> i32 {
        match self {
            Self::By(levels) => levels,
            Self::Highest => i32::MAX,
            Self::Lowest => i32::MIN,
        }
    }

    fn decode(value: i32) -> Self {
        match value {
            i32::MAX => Self::Highest,
            i32::MIN => Self::Lowest,
            levels => Self::By(levels),
        }
    }
}

/// What a process keeps of it.
pub(super) struct ProcessPriority {
    class: AtomicU32,
    level: AtomicU32,
    allows_boosts: AtomicBool,
}

impl ProcessPriority {
    pub(super) fn new(class: PriorityClass) -> Self {
        Self {
            class: AtomicU32::new(class.level()),
            level: AtomicU32::new(class.level()),
            allows_boosts: AtomicBool::new(true),
        }
    }
}

/// What a thread keeps of it.
pub(super) struct ThreadPriority(AtomicI32);

impl ThreadPriority {
    pub(super) fn new() -> Self {
        Self(AtomicI32::new(0))
    }

    fn get(&self) -> RelativePriority {
        RelativePriority::decode(self.0.load(Relaxed))
    }
}

impl Process {
    /// Its class.
    pub fn priority_class(&self) -> PriorityClass {
        let level = self.priority.class.load(Relaxed);
        PriorityClass::of_level(level).unwrap_or(PriorityClass::Normal)
    }

    /// Sets its class, and with it the base priorities of all its threads. A job
    /// that wants another class gets that.
    pub fn set_priority_class(&self, class: PriorityClass) {
        let class = self.class_of_job().unwrap_or(class);
        self.change_threads(|process, threads| {
            process.priority.class.store(class.level(), Relaxed);
            process.set_level(threads, class.level());
        });
    }

    /// Its base priority.
    pub fn base_priority(&self) -> Priority {
        Priority::new(self.priority.level.load(Relaxed)).unwrap_or(Priority::NORMAL)
    }

    /// Sets its base priority and those of all its threads; the class stays. A job
    /// that wants a class keeps it from that.
    pub fn set_base_priority(&self, base: Priority) {
        if self.class_of_job().is_some() {
            return;
        }
        self.change_threads(|process, threads| process.set_level(threads, base.level().into()));
    }

    fn set_level(&self, threads: &[hal::Ref<Thread>], level: u32) {
        self.priority.level.store(level, Relaxed);
        for thread in threads {
            self.apply_base_to(thread);
        }
    }

    /// Whether the ends of waits boost its threads, unless they say otherwise.
    pub fn allows_boosts(&self) -> bool {
        self.priority.allows_boosts.load(Relaxed)
    }

    /// Lets the ends of waits boost all its threads, or none.
    pub fn allow_boosts(&self, allowed: bool) {
        self.change_threads(|process, threads| {
            process.priority.allows_boosts.store(allowed, Relaxed);
            for thread in threads {
                let key = thread.key();
                scheduler::with_held(|dispatcher| dispatcher.allow_boosts(key, allowed));
            }
        });
    }

    /// Boosts all its threads now.
    pub fn boost_threads(&self, by: u8) {
        self.change_threads(|_, threads| {
            for thread in threads {
                let key = thread.key();
                scheduler::with_held(|dispatcher| dispatcher.boost(key, by));
            }
        });
    }

    fn change_threads(&self, change: impl FnOnce(&Self, &[hal::Ref<Thread>])) {
        let threads = self.threads.lock();
        change(self, &threads);
        drop(threads);
        // Outside the lock: whoever is higher now runs first.
        scheduler::with(|_| ());
    }

    fn apply_base_to(&self, thread: &Thread) {
        let base = thread.priority.get().base(self.base_priority());
        let key = thread.key();
        scheduler::with_held(|dispatcher| dispatcher.set_base_priority(key, base));
    }

    /// Gives a thread that joins its threads, whose lock is held, what it does not
    /// have from the dispatcher: there a new one is boosted and of that priority.
    pub(super) fn apply_to_new(&self, thread: &Thread, given: Priority) {
        if self.base_priority() != given {
            self.apply_base_to(thread);
        }
        if !self.allows_boosts() {
            let key = thread.key();
            scheduler::with_held(|dispatcher| dispatcher.allow_boosts(key, false));
        }
    }
}

impl Thread {
    /// Its priority relative to its process's.
    pub fn relative_priority(&self) -> RelativePriority {
        self.priority.get()
    }

    /// Sets it; boosts are lost.
    pub fn set_relative_priority(&self, relative: RelativePriority) {
        self.process().change_threads(|process, _| {
            self.priority.0.store(relative.encode(), Relaxed);
            process.apply_base_to(self);
        });
    }

    /// Its base priority and the one it has now; `None` once it has ended.
    pub fn priorities(&self) -> Option<(Priority, Priority)> {
        scheduler::with(|dispatcher| dispatcher.priorities(self.key()))
    }

    /// Sets the priority it has now; its base stays.
    pub fn set_current_priority(&self, priority: Priority) {
        scheduler::with(|dispatcher| dispatcher.set_current_priority(self.key(), priority));
    }

    /// Whether the ends of its waits boost it; `None` once it has ended.
    pub fn allows_boosts(&self) -> Option<bool> {
        scheduler::with(|dispatcher| dispatcher.allows_boosts(self.key()))
    }

    /// Lets the ends of its waits boost it, or not.
    pub fn allow_boosts(&self, allowed: bool) {
        scheduler::with(|dispatcher| dispatcher.allow_boosts(self.key(), allowed));
    }
}
