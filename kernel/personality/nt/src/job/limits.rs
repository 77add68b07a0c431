//! Limits of jobs between NT's structures and the executive's.
//!
//! NT's flags say which fields count; setting the basic limits leaves those that
//! only the extended ones have.

use abi::NtStatus;
use abi::job::*;
use abi::memory::PAGE_SIZE;
use executive::job::{Breakaway, Limits};
use executive::process::PriorityClass;
use zerocopy::FromZeros;

use crate::priority;
use crate::thread::ALL_PROCESSORS;

/// Longer quanta than of this class need a privilege that no token has.
const MOST_SCHEDULING_CLASS: u32 = 5;
const LAST_SCHEDULING_CLASS: u32 = 9;

/// The limits that a job has after its basic ones are set.
pub(super) fn from_basic(basic: &JobBasicLimit, before: Limits) -> Result<Limits, NtStatus> {
    if basic.limit_flags & !JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    with_basic(basic, before)
}

/// The limits that a job has after all are set.
pub(super) fn from_extended(limit: &JobExtendedLimit, before: Limits) -> Result<Limits, NtStatus> {
    let flags = limit.basic.limit_flags;
    if flags & !JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let is_set = |flag| flags & flag != 0;
    let memory = |flag, bytes| match (is_set(flag), bytes) {
        (false, _) => Ok(None),
        (true, ..PAGE_SIZE) => Err(NtStatus::INVALID_PARAMETER),
        (true, bytes) => Ok(Some(bytes)),
    };
    let is_subset = is_set(JOB_OBJECT_LIMIT_SUBSET_AFFINITY);
    if is_subset && !is_set(JOB_OBJECT_LIMIT_AFFINITY) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    Ok(Limits {
        process_memory_bytes: memory(
            JOB_OBJECT_LIMIT_PROCESS_MEMORY,
            limit.process_memory_limit_bytes,
        )?,
        job_memory_bytes: memory(JOB_OBJECT_LIMIT_JOB_MEMORY, limit.job_memory_limit_bytes)?,
        ends_on_close: is_set(JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE),
        breakaway: Breakaway {
            on_request: is_set(JOB_OBJECT_LIMIT_BREAKAWAY_OK),
            always: is_set(JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK),
        },
        affinity_is_subset: is_subset,
        dies_on_unhandled_exception: is_set(JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION),
        ..with_basic(&limit.basic, before)?
    })
}

/// Whether the time of a job counts anew after its limits are set.
pub(super) fn renews_time(basic: &JobBasicLimit) -> bool {
    basic.limit_flags & JOB_OBJECT_LIMIT_JOB_TIME != 0
}

fn with_basic(basic: &JobBasicLimit, before: Limits) -> Result<Limits, NtStatus> {
    let is_set = |flag| basic.limit_flags & flag != 0;
    let invalid = |is_invalid| match is_invalid {
        true => Err(NtStatus::INVALID_PARAMETER),
        false => Ok(()),
    };
    let time = |flag, time: i64| match (is_set(flag), u64::try_from(time)) {
        (false, _) => Ok(None),
        (true, Ok(time @ 1..)) => Ok(Some(time)),
        (true, _) => Err(NtStatus::INVALID_PARAMETER),
    };
    let keeps_time = is_set(JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME);
    invalid(keeps_time && is_set(JOB_OBJECT_LIMIT_JOB_TIME))?;
    let job_time = time(
        JOB_OBJECT_LIMIT_JOB_TIME,
        basic.per_job_user_time_limit_100ns,
    )?;

    let working_set = (
        basic.minimum_working_set_bytes,
        basic.maximum_working_set_bytes,
    );
    let limits_working_set = is_set(JOB_OBJECT_LIMIT_WORKINGSET);
    invalid(limits_working_set && (working_set.0 == 0 || working_set.0 > working_set.1))?;
    let limits_processes = is_set(JOB_OBJECT_LIMIT_ACTIVE_PROCESS);
    invalid(limits_processes && basic.active_process_limit == 0)?;
    let limits_affinity = is_set(JOB_OBJECT_LIMIT_AFFINITY);
    invalid(limits_affinity && basic.affinity != ALL_PROCESSORS)?;
    let limits_scheduling = is_set(JOB_OBJECT_LIMIT_SCHEDULING_CLASS);
    invalid(limits_scheduling && basic.scheduling_class > LAST_SCHEDULING_CLASS)?;
    if limits_scheduling && basic.scheduling_class > MOST_SCHEDULING_CLASS {
        return Err(NtStatus::PRIVILEGE_NOT_HELD);
    }
    let base_priority = match is_set(JOB_OBJECT_LIMIT_PRIORITY_CLASS) {
        true => Some(base_priority(basic.priority_class)?),
        false => None,
    };
    Ok(Limits {
        active_processes: limits_processes.then_some(basic.active_process_limit),
        process_time_100ns: time(
            JOB_OBJECT_LIMIT_PROCESS_TIME,
            basic.per_process_user_time_limit_100ns,
        )?,
        job_time_100ns: match keeps_time {
            true => before.job_time_100ns,
            false => job_time,
        },
        working_set_bytes: limits_working_set.then_some(working_set),
        affinity: limits_affinity.then_some(basic.affinity),
        scheduling_class: limits_scheduling.then_some(basic.scheduling_class),
        base_priority,
        ..before
    })
}

fn base_priority(class: u32) -> Result<u8, NtStatus> {
    let class = u8::try_from(class).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    let class = priority::class_of(class)?;
    if class == PriorityClass::RealTime {
        // No token has the privilege for that.
        return Err(NtStatus::PRIVILEGE_NOT_HELD);
    }
    u8::try_from(class.level()).map_err(|_| NtStatus::INVALID_PARAMETER)
}

/// A job's basic limits in NT's form.
pub(super) fn to_basic(limits: &Limits) -> JobBasicLimit {
    let mut basic = JobBasicLimit::new_zeroed();
    let time = |time: Option<u64>| i64::try_from(time.unwrap_or(0)).unwrap_or(i64::MAX);
    basic.per_process_user_time_limit_100ns = time(limits.process_time_100ns);
    basic.per_job_user_time_limit_100ns = time(limits.job_time_100ns);
    let (minimum, maximum) = limits.working_set_bytes.unwrap_or((0, 0));
    basic.minimum_working_set_bytes = minimum;
    basic.maximum_working_set_bytes = maximum;
    basic.active_process_limit = limits.active_processes.unwrap_or(0);
    basic.affinity = limits.affinity.unwrap_or(0);
    basic.scheduling_class = limits.scheduling_class.unwrap_or(0);
    let class = limits.base_priority.map(u32::from);
    let class = class.and_then(PriorityClass::of_level);
    basic.priority_class = class.map_or(0, |class| priority::class_number(class).into());
    basic.limit_flags = flags(limits) & JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS;
    basic
}

/// All its limits in NT's form.
pub(super) fn to_extended(limits: &Limits, peak_bytes: (u64, u64)) -> JobExtendedLimit {
    let mut extended = JobExtendedLimit::new_zeroed();
    extended.basic = to_basic(limits);
    extended.basic.limit_flags = flags(limits);
    extended.process_memory_limit_bytes = limits.process_memory_bytes.unwrap_or(0);
    extended.job_memory_limit_bytes = limits.job_memory_bytes.unwrap_or(0);
    extended.peak_process_memory_bytes = peak_bytes.0;
    extended.peak_job_memory_bytes = peak_bytes.1;
    extended
}

fn flags(limits: &Limits) -> u32 {
    let flags = [
        (
            JOB_OBJECT_LIMIT_WORKINGSET,
            limits.working_set_bytes.is_some(),
        ),
        (
            JOB_OBJECT_LIMIT_PROCESS_TIME,
            limits.process_time_100ns.is_some(),
        ),
        (JOB_OBJECT_LIMIT_JOB_TIME, limits.job_time_100ns.is_some()),
        (
            JOB_OBJECT_LIMIT_ACTIVE_PROCESS,
            limits.active_processes.is_some(),
        ),
        (JOB_OBJECT_LIMIT_AFFINITY, limits.affinity.is_some()),
        (
            JOB_OBJECT_LIMIT_PRIORITY_CLASS,
            limits.base_priority.is_some(),
        ),
        (
            JOB_OBJECT_LIMIT_SCHEDULING_CLASS,
            limits.scheduling_class.is_some(),
        ),
        (
            JOB_OBJECT_LIMIT_PROCESS_MEMORY,
            limits.process_memory_bytes.is_some(),
        ),
        (
            JOB_OBJECT_LIMIT_JOB_MEMORY,
            limits.job_memory_bytes.is_some(),
        ),
        (
            JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION,
            limits.dies_on_unhandled_exception,
        ),
        (JOB_OBJECT_LIMIT_BREAKAWAY_OK, limits.breakaway.on_request),
        (
            JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK,
            limits.breakaway.always,
        ),
        (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, limits.ends_on_close),
        (JOB_OBJECT_LIMIT_SUBSET_AFFINITY, limits.affinity_is_subset),
    ];
    let is_set = flags.iter().filter(|(_, is_set)| *is_set);
    is_set.fold(0, |sum, (flag, _)| sum | flag)
}
