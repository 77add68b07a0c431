//! Locks: exclusive, and in the order of their ranks.

use hal::lock::Lock;

use super::expect::{Outcome, equal, fail, holds};

hal::lock_ranks! {
    /// Taken first.
    Low = 1;
    /// Taken second.
    High = 2;
}

static FIRST: Lock<Low, u32> = Lock::new(1);
static SECOND: Lock<High, u32> = Lock::new(2);

pub(super) fn run() -> Outcome {
    let mut first = FIRST.lock();
    *first += 1;
    holds("a held lock cannot be taken", FIRST.try_lock().is_none())?;
    let second = SECOND.lock();
    let sum = *first + *second;
    drop((second, first));
    let again = FIRST.try_lock().map(|value| *value);
    equal("the value behind a lock", again, Some(sum - 2))?;
    *FIRST.lock() = 1;
    Ok(())
}

/// Panics in a debug build: the second lock is taken first.
pub(super) fn wrong_order() -> Outcome {
    let _second = SECOND.lock();
    let _first = FIRST.lock();
    fail("the wrong order went unnoticed")
}

/// Panics in a debug build: interrupts would come in while the second is held.
pub(super) fn wrong_release() -> Outcome {
    let first = FIRST.lock();
    let _second = SECOND.lock();
    drop(first);
    fail("the wrong order of release went unnoticed")
}

/// Panics in a debug build, and hangs in another.
pub(super) fn twice() -> Outcome {
    let _once = FIRST.lock();
    let _twice = FIRST.lock();
    fail("a lock was taken twice")
}

/// Panics in a debug build: the copy could wait for a page.
pub(super) fn copy_under_lock() -> Outcome {
    let _held = FIRST.lock();
    let copied = hal::user::copy_in(&mut [0], 0);
    fail(format_args!(
        "a copy under a lock went unnoticed: {copied:?}"
    ))
}
