//! What a process uses of memory, and what it may use.

use abi::NtStatus;
use abi::memory::PAGE_SIZE;
use abi::process::{
    IoCounters, PooledUsageAndLimits, ProcessJobMemory, QuotaLimits, QuotaLimitsEx, VmCounters,
    VmCountersEx2,
};
use executive::process::{IoCounts, IoKind, Process};
use zerocopy::FromZeros;

/// A limit that there is not.
const UNLIMITED: u64 = u64::MAX;
const NO_TIME_LIMIT: i64 = i64::MAX;

/// IO_COUNTERS.
pub(crate) fn io_counters(counts: &IoCounts) -> IoCounters {
    let [reads, writes, others] =
        [IoKind::Read, IoKind::Write, IoKind::Other].map(|kind| counts.counted(kind));
    IoCounters {
        read_operations: reads.operations,
        write_operations: writes.operations,
        other_operations: others.operations,
        read_bytes: reads.bytes,
        write_bytes: writes.bytes,
        other_bytes: others.bytes,
    }
}

/// VM_COUNTERS_EX2, whose beginnings are the smaller structures.
pub(crate) fn vm_counters(process: &Process) -> VmCountersEx2 {
    let counted = process.memory().counters();
    let mut all = VmCountersEx2::new_zeroed();
    let plain: &mut VmCounters = &mut all.counters.counters;
    plain.virtual_bytes = bytes(counted.taken_pages);
    plain.peak_virtual_bytes = bytes(counted.peak_taken_pages);
    plain.page_faults = u32::try_from(counted.faults).unwrap_or(u32::MAX);
    plain.working_set_bytes = bytes(counted.resident_pages);
    plain.peak_working_set_bytes = bytes(counted.peak_resident_pages);
    plain.pagefile_bytes = bytes(counted.committed_pages);
    plain.peak_pagefile_bytes = bytes(counted.peak_committed_pages);
    all.counters.private_bytes = bytes(counted.committed_pages);
    all.private_working_set_bytes = bytes(counted.private_resident_pages);
    all
}

/// POOLED_USAGE_AND_LIMITS: the pools are the kernel's heap, which is not charged.
pub(super) fn pool_usage(process: &Process) -> PooledUsageAndLimits {
    let counted = process.memory().counters();
    let mut usage = PooledUsageAndLimits::new_zeroed();
    usage.paged_pool_limit_bytes = UNLIMITED;
    usage.non_paged_pool_limit_bytes = UNLIMITED;
    usage.pagefile_limit_bytes = UNLIMITED;
    usage.pagefile_bytes = bytes(counted.committed_pages);
    usage.peak_pagefile_bytes = bytes(counted.peak_committed_pages);
    usage
}

/// PROCESS_JOB_MEMORY_INFO of the job a process is in; without one there is nothing
/// to tell.
pub(super) fn job_memory(process: &Process) -> Result<ProcessJobMemory, NtStatus> {
    let job = process.job().ok_or(NtStatus::NOT_FOUND)?;
    let (_, measured) = job.notices();
    let limit = job.limits().job_memory_bytes.unwrap_or(0);
    Ok(ProcessJobMemory {
        shared_commit_bytes: 0,
        private_commit_bytes: measured.memory_bytes,
        peak_private_commit_bytes: job.peak_bytes().1,
        private_commit_limit_bytes: limit,
        total_commit_limit_bytes: limit,
    })
}

/// QUOTA_LIMITS_EX, whose beginning is the smaller structure.
pub(super) fn quota_limits(process: &Process) -> QuotaLimitsEx {
    let settings = process.settings();
    let mut limits = QuotaLimitsEx::new_zeroed();
    limits.limits = QuotaLimits {
        paged_pool_bytes: UNLIMITED,
        non_paged_pool_bytes: UNLIMITED,
        minimum_working_set_bytes: settings.least_working_set.get(),
        maximum_working_set_bytes: settings.most_working_set.get(),
        pagefile_bytes: UNLIMITED,
        time_limit_100ns: NO_TIME_LIMIT,
    };
    limits.working_set_bytes = UNLIMITED;
    limits
}

fn bytes(pages: u64) -> u64 {
    pages.saturating_mul(PAGE_SIZE)
}
