//! What threads use of the processor, and when threads and processes lived.
//!
//! A thread's cycles are counted where it is switched from or to. Which of them are
//! the kernel's is counted exactly for faults, which are rare. For system calls, which
//! must not pay for it, it is sampled: a tick that came while the kernel served a call
//! is taken as the thread goes back, and says so. What has come together since the
//! thread's last tick is then all taken to be of the kind that this one saw.
//!
//! Only the thread itself counts, on the processor it runs on, so that a load and a
//! store are enough.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use crate::{clock, totals};

/// What a thread has used so far.
#[derive(Default)]
pub(crate) struct Usage {
    /// The cycle counter from when on nothing is counted yet; 0: it does not run.
    since: AtomicU64,
    /// Cycles since its last tick, up to when it was last switched from.
    unsorted_cycles: AtomicU64,
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
    /// Cycles since the last tick, which are of neither kind yet.
    pub unsorted_cycles: u64,
}

impl Used {
    /// All of them.
    pub fn cycles(&self) -> u64 {
        self.user_cycles
            .wrapping_add(self.kernel_cycles)
            .wrapping_add(self.unsorted_cycles)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            user_cycles: self.user_cycles.wrapping_add(other.user_cycles),
            kernel_cycles: self.kernel_cycles.wrapping_add(other.kernel_cycles),
            unsorted_cycles: self.unsorted_cycles.wrapping_add(other.unsorted_cycles),
        }
    }
}

impl Usage {
    /// It is switched to.
    pub(crate) fn go_on(&self) {
        self.since.store(clock::cycles(), Relaxed);
        let switches = self.switches.load(Relaxed).wrapping_add(1);
        self.switches.store(switches, Relaxed);
        totals::SWITCHES.add(1);
    }

    /// It is switched from.
    pub(crate) fn pause(&self) {
        add(&self.unsorted_cycles, self.running_cycles());
        self.since.store(0, Relaxed);
        self.left_at_tick.store(hal::time::ticks(), Relaxed);
    }

    /// A tick came while it ran, in user mode or in the kernel.
    pub(crate) fn sort(&self, in_kernel: bool) {
        let cycles = match in_kernel {
            true => &self.kernel_cycles,
            false => &self.user_cycles,
        };
        let running = self.running_cycles();
        let sorted = self.unsorted_cycles.swap(0, Relaxed).wrapping_add(running);
        add(cycles, sorted);
        if !in_kernel {
            totals::USER_CYCLES.add(sorted);
        }
        add(&self.since, running);
    }

    /// Some of its cycles, just now, were the kernel's.
    pub(crate) fn note_kernel(&self, cycles: u64) {
        add(&self.kernel_cycles, cycles);
        add(&self.since, cycles);
    }

    /// It ends: what no tick has sorted was spent in user mode.
    pub(crate) fn end(&self) {
        self.sort(false);
        self.pause();
    }

    /// Cycles since it was switched to that are not counted yet.
    fn running_cycles(&self) -> u64 {
        match self.since.load(Relaxed) {
            0 => 0,
            since => clock::cycles().saturating_sub(since),
        }
    }

    /// All so far.
    pub(crate) fn used(&self) -> Used {
        let unsorted = self.unsorted_cycles.load(Relaxed);
        Used {
            user_cycles: self.user_cycles.load(Relaxed),
            kernel_cycles: self.kernel_cycles.load(Relaxed),
            unsorted_cycles: unsorted.wrapping_add(self.running_cycles()),
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
        self.unsorted_cycles
            .fetch_add(used.unsorted_cycles, Relaxed);
    }
}

/// Adds to what nobody else changes.
fn add(counter: &AtomicU64, cycles: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(cycles), Relaxed);
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
