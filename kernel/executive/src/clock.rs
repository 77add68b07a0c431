//! The time of day, and who wants to know that time has passed.

use core::sync::atomic::{AtomicU64, Ordering};

use hal::time;
use spin::Once;

use crate::scheduler;

/// 100 ns units in a second.
const PER_SECOND: u64 = 10_000_000;
const NS_PER_100NS: u64 = 100;

/// 100 ns since 1970 UTC when the kernel began.
static BOOT_100NS: AtomicU64 = AtomicU64::new(0);

static ON_TICK: Once<fn()> = Once::new();
static PROVOKED: Once<Provoked> = Once::new();

struct Provoked {
    provoke: fn(),
    in_user_mode_only: bool,
}

/// Calls something on every tick from now on: how `panic=interrupt` gets into one.
pub fn on_ticks(provoke: fn()) {
    PROVOKED.call_once(|| Provoked {
        provoke,
        in_user_mode_only: false,
    });
}

/// The same on ticks that interrupt a program: `panic=usermode`.
pub fn on_user_ticks(provoke: fn()) {
    PROVOKED.call_once(|| Provoked {
        provoke,
        in_user_mode_only: true,
    });
}

/// Says who wants to know of every tick. Once.
pub fn on_tick(notify: fn()) {
    ON_TICK.call_once(|| notify);
}

/// Passes a tick on.
pub(crate) fn tick(in_user_mode: bool) {
    if let Some(notify) = ON_TICK.get() {
        notify();
    }
    if let Some(provoked) = PROVOKED.get()
        && (in_user_mode || !provoked.in_user_mode_only)
    {
        (provoked.provoke)();
    }
}

/// Reads the real-time clock. Once. False: there is none, and time begins in 1970.
pub fn init() -> bool {
    let seconds = time::seconds_since_1970();
    let now = seconds.unwrap_or(0).saturating_mul(PER_SECOND);
    BOOT_100NS.store(now.saturating_sub(since_boot_100ns()), Ordering::Relaxed);
    seconds.is_some()
}

/// Nanoseconds since the kernel began; never goes back.
pub fn since_boot_ns() -> u64 {
    time::since_start_ns()
}

/// 100 ns units since the kernel began; never goes back.
pub fn since_boot_100ns() -> u64 {
    time::since_start_ns().wrapping_div(NS_PER_100NS)
}

/// How long so many cycles of the processor take, in 100 ns units.
pub fn cycles_to_100ns(cycles: u64) -> u64 {
    time::cycles_to_ns(cycles).wrapping_div(NS_PER_100NS)
}

/// The processor's cycle counter.
pub fn cycles() -> u64 {
    time::cycles()
}

/// 100 ns units since 1970 UTC.
pub fn since_1970_100ns() -> u64 {
    BOOT_100NS
        .load(Ordering::Relaxed)
        .saturating_add(since_boot_100ns())
}

/// Sets the time of day, in 100 ns units since 1601 UTC; what it was. What is due at
/// a time of day goes by the new one.
pub fn set_since_1601_100ns(time_100ns: u64) -> u64 {
    let since_1970 = time_100ns.saturating_sub(FROM_1601_TO_1970_100NS);
    let boot = since_1970.saturating_sub(since_boot_100ns());
    let before = BOOT_100NS.swap(boot, Ordering::Relaxed);
    let forward = boot.checked_signed_diff(before).unwrap_or(i64::MAX);
    scheduler::with(|dispatcher| dispatcher.set_clock(forward, since_boot_100ns()));
    before
        .saturating_add(since_boot_100ns())
        .saturating_add(FROM_1601_TO_1970_100NS)
}

/// From where files count their times to where clocks do.
pub(crate) const FROM_1601_TO_1970_100NS: u64 = 116_444_736_000_000_000;

/// 100 ns units since 1601 UTC.
pub(crate) fn since_1601_100ns() -> u64 {
    since_1970_100ns().saturating_add(FROM_1601_TO_1970_100NS)
}
