//! What the machine has done since it began, for all processes together.
//!
//! One processor counts at a time, so that a load and a store are enough.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::clock;

/// A count that only grows.
pub(crate) struct Count(AtomicU64);

impl Count {
    const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Counts so many more.
    #[inline]
    pub(crate) fn add(&self, more: u64) {
        self.0.store(self.get().wrapping_add(more), Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

pub(crate) static SWITCHES: Count = Count::new();
pub(crate) static CALLS: Count = Count::new();
pub(crate) static FAULTS: Count = Count::new();
pub(crate) static USER_CYCLES: Count = Count::new();
pub(crate) static IDLE_CYCLES: Count = Count::new();

/// What was counted.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    /// Threads that were switched to.
    pub switches: u64,
    /// System calls.
    pub calls: u64,
    /// Page faults that were resolved, or could not be.
    pub faults: u64,
    /// Time since the kernel began.
    pub up_100ns: u64,
    /// Time of it in user mode, as far as ticks have sorted it.
    pub user_100ns: u64,
    /// Time of it in which nobody could run.
    pub idle_100ns: u64,
    /// Cycles in which nobody could run.
    pub idle_cycles: u64,
}

/// All of it so far.
pub fn totals() -> Totals {
    Totals {
        switches: SWITCHES.get(),
        calls: CALLS.get(),
        faults: FAULTS.get(),
        up_100ns: clock::since_boot_100ns(),
        user_100ns: clock::cycles_to_100ns(USER_CYCLES.get()),
        idle_100ns: clock::cycles_to_100ns(IDLE_CYCLES.get()),
        idle_cycles: IDLE_CYCLES.get(),
    }
}
