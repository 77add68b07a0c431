//! What threads use of the processor, and when threads and processes lived.
//!
//! A thread's cycles are counted where it goes from user mode to the kernel or
//! back, and where it is switched from or to: each time, what has passed since
//! the last of these belongs to where it was. Only the thread itself counts, on
//! the processor it runs on, so that a load and a store are enough.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use crate::clock;

/// What a thread has used so far.
#[derive(Default)]
pub(crate) struct Usage {
    /// The cycle counter when the thread last went somewhere.
    since: AtomicU64,
    user_cycles: AtomicU64,
    kernel_cycles: AtomicU64,
    switches: AtomicU32,
    /// The tick at which it was last switched from.
    left_at_tick: AtomicU64,
}

/// A use of the processor, as it is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Cycles in user mode.
    pub user_cycles: u64,
    /// Cycles in the kernel.
    pub kernel_cycles: u64,
}

impl Used {
    /// Both.
    pub fn cycles(&self) -> u64 {
        self.user_cycles.wrapping_add(self.kernel_cycles)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            user_cycles: self.user_cycles.wrapping_add(other.user_cycles),
            kernel_cycles: self.kernel_cycles.wrapping_add(other.kernel_cycles),
        }
    }
}

impl Usage {
    /// The thread comes from user mode.
    #[inline]
    pub(crate) fn enter_kernel(&self) {
        self.count(&self.user_cycles);
    }

    /// It goes to user mode.
    #[inline]
    pub(crate) fn leave_kernel(&self) {
        self.count(&self.kernel_cycles);
    }

    /// It is switched from.
    pub(crate) fn pause(&self) {
        self.count(&self.kernel_cycles);
        self.left_at_tick.store(hal::time::ticks(), Relaxed);
    }

    /// It is switched to.
    pub(crate) fn go_on(&self) {
        self.since.store(clock::cycles(), Relaxed);
        let switches = self.switches.load(Relaxed).wrapping_add(1);
        self.switches.store(switches, Relaxed);
    }

    #[inline]
    fn count(&self, cycles: &AtomicU64) {
        let now = clock::cycles();
        let passed = now.wrapping_sub(self.since.load(Relaxed));
        cycles.store(cycles.load(Relaxed).wrapping_add(passed), Relaxed);
        self.since.store(now, Relaxed);
    }

    /// All so far; of the current thread, up to its last entry into the kernel.
    pub(crate) fn used(&self) -> Used {
        Used {
            user_cycles: self.user_cycles.load(Relaxed),
            kernel_cycles: self.kernel_cycles.load(Relaxed),
        }
    }

    /// How often it was switched to.
    pub(crate) fn switches(&self) -> u32 {
        self.switches.load(Relaxed)
    }

    /// The tick at which it was last switched from.
    pub(crate) fn left_at_tick(&self) -> u64 {
        self.left_at_tick.load(Relaxed)
    }

    /// Adds what an ended thread has used.
    pub(crate) fn add(&self, used: Used) {
        self.user_cycles.fetch_add(used.user_cycles, Relaxed);
        self.kernel_cycles.fetch_add(used.kernel_cycles, Relaxed);
    }
}

/// When something began, and when it ended.
pub(crate) struct Life {
    began_100ns: u64,
    ended_100ns: AtomicU64,
}

impl Life {
    /// It begins now.
    pub(crate) fn begin() -> Self {
        Self {
            began_100ns: clock::since_1970_100ns(),
            ended_100ns: AtomicU64::new(0),
        }
    }

    /// It ends now.
    pub(crate) fn end(&self) {
        self.ended_100ns.store(clock::since_1970_100ns(), Relaxed);
    }

    /// Both times since 1970 UTC.
    pub(crate) fn times(&self) -> Times {
        let ended = Some(self.ended_100ns.load(Relaxed));
        Times {
            began_100ns: self.began_100ns,
            ended_100ns: ended.filter(|&time| time != 0),
        }
    }
}

/// When a thread or process began and ended, since 1970 UTC.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The beginning.
    pub began_100ns: u64,
    /// The end, if it has ended.
    pub ended_100ns: Option<u64>,
}
