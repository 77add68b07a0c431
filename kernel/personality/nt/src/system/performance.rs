//! What is counted of the whole system.

use abi::memory::PAGE_SIZE;
use abi::system::*;
use executive::memory::commitment_counts;
use executive::totals::totals;
use hal::time;
use zerocopy::FromZeros;

use super::basic::narrowed;
use crate::call::{Outcome, probe};
use crate::query::Query;

fn time(time_100ns: u64) -> i64 {
    i64::try_from(time_100ns).unwrap_or(i64::MAX)
}

/// NT counts in 32 bits, around and around.
fn truncated(count: u64) -> u32 {
    let [a, b, c, d, ..] = count.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

pub(super) fn performance(query: &Query) -> Outcome {
    if usize::try_from(query.length).is_ok_and(|length| length >= size_of::<Old>()) {
        // Touching the buffer may take a frame, which the answer must count.
        probe::<Old>(query.buffer)?;
    }
    query.answer_from(size_of::<Old>(), || {
        let (totals, commitment) = (totals(), commitment_counts());
        let free = hal::memory::frame_counts().free;
        let heap = u64::try_from(hal::memory::heap_counts().size_bytes).unwrap_or(u64::MAX);
        let mut information = SystemPerformanceInformation::new_zeroed();
        information.idle_time_100ns = time(totals.idle_100ns);
        information.available_pages = narrowed(free);
        information.committed_pages = narrowed(commitment.charged);
        information.commit_limit_pages = narrowed(commitment.limit);
        information.peak_commitment_pages = narrowed(commitment.peak);
        information.page_faults = truncated(totals.faults);
        information.non_paged_pool_pages = narrowed(heap.div_ceil(PAGE_SIZE));
        information.context_switches = truncated(totals.switches);
        information.system_calls = truncated(totals.calls);
        information.resident_available_pages = free;
        Ok(information)
    })
}

/// What programs of all ages know.
type Old = [u8; SYSTEM_PERFORMANCE_INFORMATION_OLD_BYTES];

pub(super) fn basic() -> SystemBasicPerformanceInformation {
    let commitment = commitment_counts();
    SystemBasicPerformanceInformation {
        available_pages: hal::memory::frame_counts().free,
        committed_pages: commitment.charged,
        commit_limit_pages: commitment.limit,
        peak_commitment_pages: commitment.peak,
    }
}

/// The one processor.
pub(super) fn of_processor() -> SystemProcessorPerformanceInformation {
    let totals = totals();
    let mut information = SystemProcessorPerformanceInformation::new_zeroed();
    information.idle_time_100ns = time(totals.idle_100ns);
    information.user_time_100ns = time(totals.user_100ns);
    // As NT has it, idling is done in the kernel.
    information.kernel_time_100ns = time(totals.up_100ns.saturating_sub(totals.user_100ns));
    information.interrupt_count = truncated(time::ticks());
    information
}

/// It has one way to idle, which saves what a halt saves.
pub(super) fn idle() -> SystemProcessorIdleInformation {
    let idle_time_100ns = totals().idle_100ns;
    let mut information = SystemProcessorIdleInformation::new_zeroed();
    information.idle_time_100ns = idle_time_100ns;
    information.state_times_100ns = [idle_time_100ns, 0, 0];
    information
}

pub(super) fn idle_cycles() -> u64 {
    totals().idle_cycles
}

/// Cycles in which the processor did something.
pub(super) fn cycles() -> u64 {
    time::cycles_since_start().saturating_sub(totals().idle_cycles)
}

pub(super) fn context_switches() -> SystemContextSwitchInformation {
    let mut information = SystemContextSwitchInformation::new_zeroed();
    information.context_switches = truncated(totals().switches);
    information
}

/// The files are in memory, and nothing is kept of them twice.
pub(super) fn file_cache() -> SystemFileCacheInformation {
    SystemFileCacheInformation::new_zeroed()
}
