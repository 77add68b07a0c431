//! Numbers that are given once: for logon sessions, tokens and their changes.

use core::sync::atomic::{AtomicU64, Ordering};

/// The first; those below are the system's (NT `winnt.h`: 3E4h to 3E7h).
const FIRST: u64 = 1001;

static NEXT: AtomicU64 = AtomicU64::new(FIRST);

/// A number that nobody else gets.
pub fn next() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}
