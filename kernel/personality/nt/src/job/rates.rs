//! What jobs may use of the processor and of the network, in NT's structures.

use abi::NtStatus;
use abi::job::*;
use executive::job::{Job, RateControl};

/// What a structure says of the processor. Weights are for processors that are shared
/// by them; this one is shared by priority.
pub(super) fn cpu(wanted: &JobCpuRateControl) -> Result<RateControl, NtStatus> {
    let is_set = |flag| wanted.flags & flag != 0;
    let weighs = is_set(JOB_OBJECT_CPU_RATE_CONTROL_WEIGHT_BASED);
    let caps = is_set(JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP);
    let has_two = is_set(JOB_OBJECT_CPU_RATE_CONTROL_MIN_MAX_RATE);
    let [a, b, c, d] = wanted.rate.to_le_bytes();
    let [least, most] = [[a, b], [c, d]].map(|rate| u32::from(u16::from_le_bytes(rate)));
    let is_rate = |rate| (1..=JOB_OBJECT_CPU_RATE_WHOLE).contains(&rate);
    let is_valid = match wanted.flags {
        0 => true,
        _ if wanted.flags & !JOB_OBJECT_CPU_RATE_CONTROL_VALID_FLAGS != 0 => false,
        _ if !is_set(JOB_OBJECT_CPU_RATE_CONTROL_ENABLE) => false,
        _ if has_two => !weighs && !caps && least <= most && is_rate(most),
        _ if weighs => !caps && (1..=JOB_OBJECT_CPU_RATE_MOST_WEIGHT).contains(&wanted.rate),
        _ => is_rate(wanted.rate),
    };
    match (is_valid, wanted.flags) {
        (false, _) => Err(NtStatus::INVALID_PARAMETER),
        (true, 0) => Ok(RateControl::default()),
        (true, _) if weighs => Err(NtStatus::NOT_SUPPORTED),
        (true, flags) => Ok(RateControl {
            flags,
            rate: wanted.rate,
            cap: match (caps, has_two) {
                (true, _) => Some(wanted.rate),
                (_, true) => Some(most),
                _ => None,
            },
        }),
    }
}

/// The same of a job.
pub(super) fn cpu_of(job: &Job) -> JobCpuRateControl {
    let control = job.rate_control();
    JobCpuRateControl {
        flags: control.flags,
        rate: control.rate,
    }
}

/// Checks what a structure says of the network, of which there is none: as on NT
/// without what shapes its packets, only nothing can be set.
pub(super) fn net(wanted: &JobNetRateControl) -> Result<(), NtStatus> {
    let is_set = |flag| wanted.flags & flag != 0;
    let is_tag = wanted.dscp_tag < JOB_OBJECT_NET_RATE_CONTROL_MAX_DSCP_TAG;
    if wanted.flags & !JOB_OBJECT_NET_RATE_CONTROL_VALID_FLAGS != 0
        || wanted.flags != 0 && !is_set(JOB_OBJECT_NET_RATE_CONTROL_ENABLE)
        || is_set(JOB_OBJECT_NET_RATE_CONTROL_MAX_BANDWIDTH) && wanted.max_bandwidth == 0
        || is_set(JOB_OBJECT_NET_RATE_CONTROL_DSCP_TAG) && !is_tag
    {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    match wanted.flags {
        0 => Ok(()),
        _ => Err(NtStatus::NOT_SUPPORTED),
    }
}
