//! Objects that one process only has handles of (NT `OBJ_EXCLUSIVE`).

use core::sync::atomic::{AtomicUsize, Ordering};

use super::Handles;
use crate::Error;

/// Who may have handles of an object.
pub(super) struct Exclusive(AtomicUsize);

/// Any process: the object was not made to be exclusive.
const NEVER: usize = 0;
/// The next one to open it decides: it has no handles.
const UNDECIDED: usize = 1;
/// Whoever does not ask to be the only one.
const SHARED: usize = 2;

impl Exclusive {
    pub(super) const fn new() -> Self {
        Self(AtomicUsize::new(NEVER))
    }

    /// Makes the object one that can be exclusive; before its first handle.
    pub(super) fn allow(&self) {
        self.0.store(UNDECIDED, Ordering::Relaxed);
    }

    /// Whether a process has it for itself.
    pub(super) fn is_taken(&self) -> bool {
        self.0.load(Ordering::Relaxed) > SHARED
    }

    /// Notes that a handle goes into a process's table, if it may.
    pub(super) fn enter(&self, handles: &Handles, alone: bool) -> Result<(), Error> {
        let wanted = match (self.0.load(Ordering::Relaxed), alone) {
            (NEVER, true) => return Err(Error::NotExclusive),
            (NEVER, false) => return Ok(()),
            (_, false) => SHARED,
            // A table stays where it is for as long as it has handles, and no
            // address is as small as the other values.
            (_, true) => core::ptr::from_ref(handles).addr(),
        };
        match self
            .0
            .compare_exchange(UNDECIDED, wanted, Ordering::Relaxed, Ordering::Relaxed)
        {
            Ok(_) => Ok(()),
            Err(now) if now == wanted => Ok(()),
            Err(_) => Err(Error::AccessDenied),
        }
    }

    /// Notes that the last handle is closed.
    pub(super) fn last_handle_closed(&self) {
        if self.0.load(Ordering::Relaxed) != NEVER {
            self.0.store(UNDECIDED, Ordering::Relaxed);
        }
    }
}
