//! Whether a program asked for the machine's end.

use core::sync::atomic::{AtomicBool, Ordering};

static IS_ASKED: AtomicBool = AtomicBool::new(false);

/// No more programs are started; those that run are the caller's to end.
pub fn ask() {
    IS_ASKED.store(true, Ordering::Relaxed);
}

/// Whether it was asked for.
pub fn is_asked() -> bool {
    IS_ASKED.load(Ordering::Relaxed)
}
