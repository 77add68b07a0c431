//! What a job may use of the processor in a while.
//!
//! A job with a hard cap has a share of the ticks of each interval. Once they
//! have interrupted its programs as often as that, those wait for the next one.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use hal::time;
use sched::Deadline;

use super::Job;
use crate::{clock, scheduler};

/// Ticks of an interval.
const INTERVAL_TICKS: u64 = 200;
/// The whole processor, in hundredths of a percent.
const WHOLE: u64 = 10_000;
const TICK_100NS: u64 = 10_000_000 / time::TICKS_PER_SECOND;

/// What is set of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateControl {
    /// As its personality counts them.
    pub flags: u32,
    /// The number with them.
    pub rate: u32,
    /// The share that is never passed, in hundredths of a percent.
    pub cap: Option<u32>,
}

/// The same, and how much of it is used.
#[derive(Default)]
pub(super) struct Rate {
    flags: AtomicU32,
    rate: AtomicU32,
    /// 0: none.
    cap: AtomicU32,
    interval: AtomicU64,
    used_ticks: AtomicU64,
}

impl Rate {
    pub(super) fn control(&self) -> RateControl {
        let cap = Some(self.cap.load(Relaxed));
        RateControl {
            flags: self.flags.load(Relaxed),
            rate: self.rate.load(Relaxed),
            cap: cap.filter(|&cap| cap != 0),
        }
    }

    pub(super) fn set(&self, control: RateControl) {
        self.flags.store(control.flags, Relaxed);
        self.rate.store(control.rate, Relaxed);
        self.cap.store(control.cap.unwrap_or(0), Relaxed);
    }

    pub(super) fn is_kept(&self) -> bool {
        self.cap.load(Relaxed) != 0
    }

    /// Counts a tick. Whether the share of its interval is used up.
    fn count(&self, interval: u64) -> bool {
        let cap = u64::from(self.cap.load(Relaxed));
        if cap == 0 {
            return false;
        }
        if self.interval.swap(interval, Relaxed) != interval {
            self.used_ticks.store(0, Relaxed);
        }
        let used = self.used_ticks.fetch_add(1, Relaxed).saturating_add(1);
        used.saturating_mul(WHOLE) >= cap.saturating_mul(INTERVAL_TICKS) && cap < WHOLE
    }
}

impl Job {
    /// A tick interrupted a program of it: which waits if there have been enough.
    pub(super) fn slow_down(&self, now: u64) {
        let interval = now.wrapping_div(INTERVAL_TICKS);
        let is_used_up = |is_before: bool, job: &Self| job.rate.count(interval) || is_before;
        if self.chain().fold(false, is_used_up) {
            let left = INTERVAL_TICKS.saturating_sub(now.wrapping_rem(INTERVAL_TICKS));
            let wait = left.saturating_mul(TICK_100NS);
            let next = clock::since_boot_100ns().saturating_add(wait);
            // One that is ended meanwhile goes to its end from here.
            let _ = scheduler::delay(Deadline::At(next), false);
        }
    }
}
