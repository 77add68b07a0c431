//! Failures on purpose: one allocation is refused though there is memory.
//!
//! Every block of the heap and every frame counts, in the order in which they are
//! asked for, whether there is one or not. So whoever does the same again can have
//! each of its allocations fail in turn, and see that nothing is lost.

use core::sync::atomic::{AtomicU64, Ordering};

/// No allocation has this number.
const NONE: u64 = u64::MAX;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
/// The number of the one that fails.
static FAILING: AtomicU64 = AtomicU64::new(NONE);

/// How many allocations there were since the kernel began.
pub fn allocations() -> u64 {
    ALLOCATIONS.load(Ordering::Relaxed)
}

/// Has one allocation fail after `after` more; one that was to fail before does
/// not any more.
pub fn inject_failure(after: u64) {
    FAILING.store(allocations().saturating_add(after), Ordering::Relaxed);
}

/// Whether the allocation that was to fail has.
pub fn injected() -> bool {
    allocations() > FAILING.load(Ordering::Relaxed)
}

/// Has no allocation fail any more. Whether one has.
pub fn stop_injecting() -> bool {
    let failing = FAILING.swap(NONE, Ordering::Relaxed);
    allocations() > failing
}

/// Counts an allocation. True: it must fail.
#[inline]
pub(super) fn must_fail() -> bool {
    let number = ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    number == FAILING.load(Ordering::Relaxed)
}
