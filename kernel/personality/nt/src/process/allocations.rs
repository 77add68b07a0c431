//! What the machine has in use, and failures on purpose: a class of our own.

use abi::NtStatus;
use abi::process::ProcessAllocations;
use core::sync::atomic::{AtomicBool, Ordering};
use executive::ids;
use hal::memory;

use crate::query::Change;

static PROGRAMS_MAY: AtomicBool = AtomicBool::new(false);

/// Lets programs choose which allocations fail.
pub fn let_programs_fail_allocations() {
    PROGRAMS_MAY.store(true, Ordering::Relaxed);
}

/// What there is in use.
pub(super) fn allocations() -> ProcessAllocations {
    ProcessAllocations {
        count: memory::allocations(),
        free_frames: memory::frame_counts().free,
        heap_bytes: u64::try_from(memory::heap_counts().used_bytes).unwrap_or(u64::MAX),
        numbered: u64::try_from(ids::count()).unwrap_or(u64::MAX),
        has_failed: memory::injected().into(),
    }
}

/// Chooses the allocation that fails.
pub(super) fn set_failing(change: &Change) -> Result<(), NtStatus> {
    let number = change.value::<u64>()?;
    if !PROGRAMS_MAY.load(Ordering::Relaxed) {
        return Err(NtStatus::PRIVILEGE_NOT_HELD);
    }
    match number.checked_sub(1) {
        Some(before) => memory::inject_failure(before),
        None => {
            memory::stop_injecting();
        }
    }
    Ok(())
}
