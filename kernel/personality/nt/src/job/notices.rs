//! Limits of jobs that are only reported, in NT's structures.

use abi::NtStatus;
use abi::job::*;
use executive::job::{Job, NoticeLimits, Tolerance};
use zerocopy::FromZeros;

/// Of a rate's tolerance and its interval (NT `winnt.h`).
const LEVELS: core::ops::RangeInclusive<u32> = 1..=3;

/// The limits in the longer structure, of which only those flags count.
pub(super) fn from_structure(
    wanted: &JobNotificationLimit2,
    valid_flags: u32,
) -> Result<NoticeLimits, NtStatus> {
    let plain = &wanted.plain;
    let flags = plain.limit_flags;
    let is_set = |flag| flags & flag != 0;
    let invalid = |is_invalid| match is_invalid {
        true => Err(NtStatus::INVALID_PARAMETER),
        false => Ok(()),
    };
    invalid(flags & !valid_flags != 0)?;
    // Of nothing nothing can be told.
    let number = |flag, value: u64| {
        invalid(is_set(flag) && value == 0)?;
        Ok(is_set(flag).then_some(value))
    };
    let tolerance = |flag, level, interval| {
        let is_known = LEVELS.contains(&level) && LEVELS.contains(&interval);
        invalid(is_set(flag) && !is_known)?;
        Ok(is_set(flag).then_some(Tolerance { level, interval }))
    };
    let time = u64::try_from(plain.user_time_100ns).unwrap_or(0);
    let memory = number(JOB_OBJECT_LIMIT_JOB_MEMORY, plain.memory_bytes)?;
    let low_memory = number(JOB_OBJECT_LIMIT_JOB_MEMORY_LOW, wanted.low_memory_bytes)?;
    invalid(memory.is_some_and(|most| low_memory.is_some_and(|least| least > most)))?;
    Ok(NoticeLimits {
        read_bytes: number(JOB_OBJECT_LIMIT_JOB_READ_BYTES, plain.read_bytes)?,
        written_bytes: number(JOB_OBJECT_LIMIT_JOB_WRITE_BYTES, plain.written_bytes)?,
        user_time_100ns: number(JOB_OBJECT_LIMIT_JOB_TIME, time)?,
        most_memory_bytes: memory,
        least_memory_bytes: low_memory,
        tolerances: [
            tolerance(
                JOB_OBJECT_LIMIT_CPU_RATE_CONTROL,
                plain.cpu_tolerance,
                plain.cpu_interval,
            )?,
            tolerance(
                JOB_OBJECT_LIMIT_IO_RATE_CONTROL,
                plain.io_tolerance,
                wanted.io_interval,
            )?,
            tolerance(
                JOB_OBJECT_LIMIT_NET_RATE_CONTROL,
                wanted.net_tolerance,
                wanted.net_interval,
            )?,
        ],
    })
}

/// The limits of a job, as the longer structure.
pub(super) fn limits(job: &Job) -> JobNotificationLimit2 {
    let (notices, _) = job.notices();
    let limits = notices.limits();
    let [cpu, io, net] = limits.tolerances.map(Option::unwrap_or_default);
    let mut all = JobNotificationLimit2::new_zeroed();
    all.plain.read_bytes = limits.read_bytes.unwrap_or(0);
    all.plain.written_bytes = limits.written_bytes.unwrap_or(0);
    all.plain.user_time_100ns = signed(limits.user_time_100ns.unwrap_or(0));
    all.plain.memory_bytes = limits.most_memory_bytes.unwrap_or(0);
    all.plain.cpu_tolerance = cpu.level;
    all.plain.cpu_interval = cpu.interval;
    all.plain.limit_flags = flags(limits);
    all.plain.io_tolerance = io.level;
    all.low_memory_bytes = limits.least_memory_bytes.unwrap_or(0);
    all.io_interval = io.interval;
    all.net_tolerance = net.level;
    all.net_interval = net.interval;
    all
}

/// What a job used, and what it passed.
pub(super) fn violation(job: &Job) -> JobLimitViolation2 {
    let (notices, used) = job.notices();
    let (limits, passed) = (notices.limits(), notices.passed());
    let [cpu, io, net] = limits.tolerances.map(Option::unwrap_or_default);
    let violations = [
        (passed.reads, JOB_OBJECT_LIMIT_JOB_READ_BYTES),
        (passed.writes, JOB_OBJECT_LIMIT_JOB_WRITE_BYTES),
        (passed.time, JOB_OBJECT_LIMIT_JOB_TIME),
        (passed.most_memory, JOB_OBJECT_LIMIT_JOB_MEMORY),
        (passed.least_memory, JOB_OBJECT_LIMIT_JOB_MEMORY_LOW),
    ];
    let mut all = JobLimitViolation2::new_zeroed();
    all.plain = JobLimitViolation {
        limit_flags: flags(limits),
        violation_flags: joined(&violations),
        read_bytes: used.read_bytes,
        read_limit_bytes: limits.read_bytes.unwrap_or(0),
        written_bytes: used.written_bytes,
        written_limit_bytes: limits.written_bytes.unwrap_or(0),
        user_time_100ns: signed(used.user_time_100ns),
        user_time_limit_100ns: signed(limits.user_time_100ns.unwrap_or(0)),
        memory_bytes: used.memory_bytes,
        memory_limit_bytes: limits.most_memory_bytes.unwrap_or(0),
        cpu_tolerance: 0,
        cpu_tolerance_limit: cpu.level,
    };
    all.low_memory_limit_bytes = limits.least_memory_bytes.unwrap_or(0);
    all.io_tolerance_limit = io.level;
    all.net_tolerance_limit = net.level;
    all
}

fn flags(limits: &NoticeLimits) -> u32 {
    let [cpu, io, net] = limits.tolerances.map(|tolerance| tolerance.is_some());
    joined(&[
        (limits.read_bytes.is_some(), JOB_OBJECT_LIMIT_JOB_READ_BYTES),
        (
            limits.written_bytes.is_some(),
            JOB_OBJECT_LIMIT_JOB_WRITE_BYTES,
        ),
        (limits.user_time_100ns.is_some(), JOB_OBJECT_LIMIT_JOB_TIME),
        (
            limits.most_memory_bytes.is_some(),
            JOB_OBJECT_LIMIT_JOB_MEMORY,
        ),
        (
            limits.least_memory_bytes.is_some(),
            JOB_OBJECT_LIMIT_JOB_MEMORY_LOW,
        ),
        (cpu, JOB_OBJECT_LIMIT_CPU_RATE_CONTROL),
        (io, JOB_OBJECT_LIMIT_IO_RATE_CONTROL),
        (net, JOB_OBJECT_LIMIT_NET_RATE_CONTROL),
    ])
}

fn joined(flags: &[(bool, u32)]) -> u32 {
    let set = flags.iter().filter(|(is_set, _)| *is_set);
    set.fold(0, |sum, (_, flag)| sum | flag)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
