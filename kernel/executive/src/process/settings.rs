//! What is set of threads and processes only to be asked for again.
//!
//! Nothing in the kernel goes by these yet: there are no disks whose queues have
//! priorities, nothing is paged out, nothing is shown in windows.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A number that is set and asked for.
pub struct Setting(AtomicU64);

impl Setting {
    const fn new(value: u64) -> Self {
        Self(AtomicU64::new(value))
    }

    /// What it is.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }

    /// The same, of one that is never set to more than 32 bits.
    pub fn get32(&self) -> u32 {
        u32::try_from(self.get()).unwrap_or(u32::MAX)
    }

    /// Sets it.
    pub fn set(&self, value: impl Into<u64>) {
        self.0.store(value.into(), Relaxed);
    }

    /// Sets it and returns what it was.
    pub fn replace(&self, value: impl Into<u64>) -> u64 {
        self.0.swap(value.into(), Relaxed)
    }
}

/// Of five levels of input and output, 0 to 4, the ordinary one.
const NORMAL_IO: u64 = 2;
/// Of the levels of pages, 0 to 5, the ordinary one, which is the highest.
const NORMAL_PAGE: u64 = 5;
/// What a process may keep resident at least and at most, in bytes.
const WORKING_SET_BYTES: (u64, u64) = (50 << 12, 345 << 12);

/// Those of a thread.
pub struct ThreadSettings {
    /// The level of its input and output.
    pub io_priority: Setting,
    /// The level of its pages.
    pub page_priority: Setting,
    /// Where the program says it started.
    pub start_address: Setting,
    /// Whether debuggers do not see it.
    pub is_hidden: Setting,
    /// Whether it may make code where its process may not.
    pub may_make_code: Setting,
    /// What it keeps the machine from, as its personality counts that.
    pub execution_state: Setting,
}

impl ThreadSettings {
    pub(super) const fn new(start_address: u64) -> Self {
        Self {
            io_priority: Setting::new(NORMAL_IO),
            page_priority: Setting::new(NORMAL_PAGE),
            start_address: Setting::new(start_address),
            is_hidden: Setting::new(0),
            may_make_code: Setting::new(0),
            execution_state: Setting::new(0),
        }
    }
}

/// Those of a process.
pub struct ProcessSettings {
    /// The level of its input and output.
    pub io_priority: Setting,
    /// The level of its pages.
    pub page_priority: Setting,
    /// What errors it handles itself, as its personality counts that.
    pub error_mode: Setting,
    /// Whether its windows are in front.
    pub is_foreground: Setting,
    /// Whether a debugger of it is one of its children too.
    pub passes_debugger_on: Setting,
    /// Which savings of power it allows or forbids, and which of these it allows.
    pub power_control: Setting,
    /// See `power_control`.
    pub power_state: Setting,
    /// Whether it asked for fast ticks.
    pub wants_fast_ticks: Setting,
    /// Bytes it keeps resident.
    pub least_working_set: Setting,
    /// Bytes it may keep resident.
    pub most_working_set: Setting,
}

impl ProcessSettings {
    pub(super) const fn new() -> Self {
        let (least, most) = WORKING_SET_BYTES;
        Self {
            io_priority: Setting::new(NORMAL_IO),
            page_priority: Setting::new(NORMAL_PAGE),
            error_mode: Setting::new(0),
            is_foreground: Setting::new(0),
            passes_debugger_on: Setting::new(1),
            power_control: Setting::new(0),
            power_state: Setting::new(0),
            wants_fast_ticks: Setting::new(0),
            least_working_set: Setting::new(least),
            most_working_set: Setting::new(most),
        }
    }
}
