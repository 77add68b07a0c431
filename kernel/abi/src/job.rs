//! Numbers and structures of job objects (NT `winnt.h`).

use crate::process::IoCounters;

/// Query: [`JobBasicAccounting`].
pub const JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION: u32 = 1;
/// Both: [`JobBasicLimit`].
pub const JOB_OBJECT_BASIC_LIMIT_INFORMATION: u32 = 2;
/// Query: [`JobProcessIdListHeader`] and the numbers.
pub const JOB_OBJECT_BASIC_PROCESS_ID_LIST: u32 = 3;
/// Both: flags, 4 bytes.
pub const JOB_OBJECT_BASIC_UI_RESTRICTIONS: u32 = 4;
/// Of old.
pub const JOB_OBJECT_SECURITY_LIMIT_INFORMATION: u32 = 5;
/// Both: `JOB_OBJECT_*_AT_END_OF_JOB`, 4 bytes.
pub const JOB_OBJECT_END_OF_JOB_TIME_INFORMATION: u32 = 6;
/// Set: [`JobCompletionPort`].
pub const JOB_OBJECT_ASSOCIATE_COMPLETION_PORT: u32 = 7;
/// Query: [`JobBasicAndIoAccounting`].
pub const JOB_OBJECT_BASIC_AND_IO_ACCOUNTING: u32 = 8;
/// Both: [`JobExtendedLimit`].
pub const JOB_OBJECT_EXTENDED_LIMIT_INFORMATION: u32 = 9;
/// Query: 4 bytes.
pub const JOB_OBJECT_JOB_SET_INFORMATION: u32 = 10;
/// Both: numbers of processor groups, 2 bytes each.
pub const JOB_OBJECT_GROUP_INFORMATION: u32 = 11;
/// Both: [`JobNotificationLimit`].
pub const JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION: u32 = 12;
/// Query: [`JobLimitViolation`].
pub const JOB_OBJECT_LIMIT_VIOLATION_INFORMATION: u32 = 13;
/// Both: [`GroupAffinity`](crate::thread::GroupAffinity) for each group.
pub const JOB_OBJECT_GROUP_INFORMATION_EX: u32 = 14;
/// Both: [`JobCpuRateControl`].
pub const JOB_OBJECT_CPU_RATE_CONTROL_INFORMATION: u32 = 15;
/// Query: [`JobMemoryUsage`].
pub const JOB_OBJECT_MEMORY_USAGE_INFORMATION: u32 = 28;
/// Both: [`JobNetRateControl`].
pub const JOB_OBJECT_NET_RATE_CONTROL_INFORMATION: u32 = 32;
/// Both: [`JobNotificationLimit2`].
pub const JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION_2: u32 = 33;
/// Query: [`JobLimitViolation2`].
pub const JOB_OBJECT_LIMIT_VIOLATION_INFORMATION_2: u32 = 34;

/// Both working set limits count.
pub const JOB_OBJECT_LIMIT_WORKINGSET: u32 = 0x1;
/// User time of each process is limited.
pub const JOB_OBJECT_LIMIT_PROCESS_TIME: u32 = 0x2;
/// User time of the job is limited.
pub const JOB_OBJECT_LIMIT_JOB_TIME: u32 = 0x4;
/// The number of processes is limited.
pub const JOB_OBJECT_LIMIT_ACTIVE_PROCESS: u32 = 0x8;
/// Processors are limited.
pub const JOB_OBJECT_LIMIT_AFFINITY: u32 = 0x10;
/// All processes have one priority class.
pub const JOB_OBJECT_LIMIT_PRIORITY_CLASS: u32 = 0x20;
/// The job's time limit stays as it was.
pub const JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME: u32 = 0x40;
/// All processes have one scheduling class.
pub const JOB_OBJECT_LIMIT_SCHEDULING_CLASS: u32 = 0x80;
/// Commitment of each process is limited.
pub const JOB_OBJECT_LIMIT_PROCESS_MEMORY: u32 = 0x100;
/// Commitment of the job is limited.
pub const JOB_OBJECT_LIMIT_JOB_MEMORY: u32 = 0x200;
/// A crash shows no dialogue.
pub const JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION: u32 = 0x400;
/// New processes may leave the job.
pub const JOB_OBJECT_LIMIT_BREAKAWAY_OK: u32 = 0x800;
/// New processes are not in the job.
pub const JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK: u32 = 0x1000;
/// The last handle's closing ends all processes.
pub const JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE: u32 = 0x2000;
/// Processes may choose among the processors.
pub const JOB_OBJECT_LIMIT_SUBSET_AFFINITY: u32 = 0x4000;
/// Commitment that is to stay, which is only reported.
pub const JOB_OBJECT_LIMIT_JOB_MEMORY_LOW: u32 = 0x8000;
/// Bytes read are limited, which is only reported.
pub const JOB_OBJECT_LIMIT_JOB_READ_BYTES: u32 = 0x1_0000;
/// Bytes written are limited, which is only reported.
pub const JOB_OBJECT_LIMIT_JOB_WRITE_BYTES: u32 = 0x2_0000;
/// Use of the processor above its rate is reported.
pub const JOB_OBJECT_LIMIT_CPU_RATE_CONTROL: u32 = 0x4_0000;
/// Input and output above their rate are reported.
pub const JOB_OBJECT_LIMIT_IO_RATE_CONTROL: u32 = 0x8_0000;
/// Use of the network above its rate is reported.
pub const JOB_OBJECT_LIMIT_NET_RATE_CONTROL: u32 = 0x10_0000;
/// Flags of [`JobNotificationLimit`].
pub const JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS: u32 = 0x7_0204;
/// Flags of [`JobNotificationLimit2`].
pub const JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS_2: u32 = 0x1F_8204;
/// Flags of [`JobBasicLimit`].
pub const JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS: u32 = 0xFF;
/// Flags of [`JobExtendedLimit`].
pub const JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS: u32 = 0x7FFF;

/// The rate counts.
pub const JOB_OBJECT_CPU_RATE_CONTROL_ENABLE: u32 = 0x1;
/// It is a weight, 1 to 9.
pub const JOB_OBJECT_CPU_RATE_CONTROL_WEIGHT_BASED: u32 = 0x2;
/// It is never passed.
pub const JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP: u32 = 0x4;
/// Passing it is reported.
pub const JOB_OBJECT_CPU_RATE_CONTROL_NOTIFY: u32 = 0x8;
/// It is two of 16 bits: the least and the most.
pub const JOB_OBJECT_CPU_RATE_CONTROL_MIN_MAX_RATE: u32 = 0x10;
/// Flags of [`JobCpuRateControl`].
pub const JOB_OBJECT_CPU_RATE_CONTROL_VALID_FLAGS: u32 = 0x1F;
/// The whole processor, as a rate.
pub const JOB_OBJECT_CPU_RATE_WHOLE: u32 = 10_000;
/// The greatest weight.
pub const JOB_OBJECT_CPU_RATE_MOST_WEIGHT: u32 = 9;

/// The control counts.
pub const JOB_OBJECT_NET_RATE_CONTROL_ENABLE: u32 = 0x1;
/// The bandwidth counts.
pub const JOB_OBJECT_NET_RATE_CONTROL_MAX_BANDWIDTH: u32 = 0x2;
/// The tag counts.
pub const JOB_OBJECT_NET_RATE_CONTROL_DSCP_TAG: u32 = 0x4;
/// Flags of [`JobNetRateControl`].
pub const JOB_OBJECT_NET_RATE_CONTROL_VALID_FLAGS: u32 = 0x7;
/// A tag is less.
pub const JOB_OBJECT_NET_RATE_CONTROL_MAX_DSCP_TAG: u8 = 0x40;

/// What [`JOB_OBJECT_BASIC_UI_RESTRICTIONS`] may hold.
pub const JOB_OBJECT_UI_VALID_FLAGS: u32 = 0xFF;

/// The status of processes that a limit ends (NT `winerror.h`).
pub const ERROR_NOT_ENOUGH_QUOTA: u32 = 1816;

/// The job's time limit ends its processes.
pub const JOB_OBJECT_TERMINATE_AT_END_OF_JOB: u32 = 0;
/// The job's time limit is only reported.
pub const JOB_OBJECT_POST_AT_END_OF_JOB: u32 = 1;

/// Message: the job's time limit is reached.
pub const JOB_OBJECT_MSG_END_OF_JOB_TIME: u32 = 1;
/// Message: a process's time limit is reached.
pub const JOB_OBJECT_MSG_END_OF_PROCESS_TIME: u32 = 2;
/// Message: too many processes.
pub const JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT: u32 = 3;
/// Message: no process is left.
pub const JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO: u32 = 4;
/// Message: a process has come.
pub const JOB_OBJECT_MSG_NEW_PROCESS: u32 = 6;
/// Message: a process has ended.
pub const JOB_OBJECT_MSG_EXIT_PROCESS: u32 = 7;
/// Message: a process has crashed.
pub const JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS: u32 = 8;
/// Message: a process's memory limit is reached.
pub const JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT: u32 = 9;
/// Message: the job's memory limit is reached.
pub const JOB_OBJECT_MSG_JOB_MEMORY_LIMIT: u32 = 10;
/// Message: a limit is passed that is only reported.
pub const JOB_OBJECT_MSG_NOTIFICATION_LIMIT: u32 = 11;

layout! {
    /// `JOBOBJECT_BASIC_ACCOUNTING_INFORMATION`.
    pub struct JobBasicAccounting, size 0x30 {
        /// Of all processes there have been.
        0x00 total_user_time_100ns: i64,
        /// Of all processes there have been.
        0x08 total_kernel_time_100ns: i64,
        /// Since the time limit was set.
        0x10 this_period_total_user_time_100ns: i64,
        /// Since the time limit was set.
        0x18 this_period_total_kernel_time_100ns: i64,
        /// Of all processes there have been.
        0x20 total_page_faults: u32,
        /// Processes there have been.
        0x24 total_processes: u32,
        /// Processes there are.
        0x28 active_processes: u32,
        /// Processes that a limit ended.
        0x2c total_terminated_processes: u32,
    }
}

layout! {
    /// `JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION`.
    pub struct JobBasicAndIoAccounting, size 0x60 {
        /// As without it.
        0x00 basic: JobBasicAccounting,
        /// Of all processes there have been.
        0x30 io: IoCounters,
    }
}

layout! {
    /// `JOBOBJECT_BASIC_LIMIT_INFORMATION`.
    pub struct JobBasicLimit, size 0x40 {
        /// Limit.
        0x00 per_process_user_time_limit_100ns: i64,
        /// Limit.
        0x08 per_job_user_time_limit_100ns: i64,
        /// `JOB_OBJECT_LIMIT_*`: which fields count.
        0x10 limit_flags: u32,
        /// Padding.
        0x14 reserved_14: u32,
        /// Limit.
        0x18 minimum_working_set_bytes: u64,
        /// Limit.
        0x20 maximum_working_set_bytes: u64,
        /// Limit.
        0x28 active_process_limit: u32,
        /// Padding.
        0x2c reserved_2c: u32,
        /// Processors, a bit each.
        0x30 affinity: u64,
        /// `PRIORITY_CLASS_*` of [`crate::process`].
        0x38 priority_class: u32,
        /// 0 to 9.
        0x3c scheduling_class: u32,
    }
}

layout! {
    /// `JOBOBJECT_EXTENDED_LIMIT_INFORMATION`.
    pub struct JobExtendedLimit, size 0x90 {
        /// As without it.
        0x00 basic: JobBasicLimit,
        /// 0.
        0x40 io: IoCounters,
        /// Limit of commitment.
        0x70 process_memory_limit_bytes: u64,
        /// Limit of commitment.
        0x78 job_memory_limit_bytes: u64,
        /// Most commitment of a process.
        0x80 peak_process_memory_bytes: u64,
        /// Most commitment of the job.
        0x88 peak_job_memory_bytes: u64,
    }
}

layout! {
    /// `JOBOBJECT_BASIC_PROCESS_ID_LIST`; numbers of 8 bytes follow.
    pub struct JobProcessIdListHeader, size 0x8 {
        /// Processes there are.
        0x00 assigned_count: u32,
        /// Numbers that follow.
        0x04 listed_count: u32,
    }
}

layout! {
    /// `JOBOBJECT_ASSOCIATE_COMPLETION_PORT`.
    pub struct JobCompletionPort, size 0x10 {
        /// The key of its messages.
        0x00 completion_key: u64,
        /// Handle of the port.
        0x08 completion_port: u64,
    }
}

layout! {
    /// `JOBOBJECT_CPU_RATE_CONTROL_INFORMATION`.
    pub struct JobCpuRateControl, size 0x8 {
        /// 0: no control.
        0x00 flags: u32,
        /// Hundredths of a percent, or a weight.
        0x04 rate: u32,
    }
}

layout! {
    /// `JOBOBJECT_NOTIFICATION_LIMIT_INFORMATION`.
    pub struct JobNotificationLimit, size 0x30 {
        /// Limit.
        0x00 read_bytes: u64,
        /// Limit.
        0x08 written_bytes: u64,
        /// Limit.
        0x10 user_time_100ns: i64,
        /// Limit of commitment.
        0x18 memory_bytes: u64,
        /// 1 to 3.
        0x20 cpu_tolerance: u32,
        /// 1 to 3.
        0x24 cpu_interval: u32,
        /// `JOB_OBJECT_LIMIT_*`: which fields count.
        0x28 limit_flags: u32,
        /// Padding; in the longer structure the tolerance of input and output.
        0x2c io_tolerance: u32,
    }
}

layout! {
    /// `JOBOBJECT_NOTIFICATION_LIMIT_INFORMATION_2`.
    pub struct JobNotificationLimit2, size 0x48 {
        /// As without it.
        0x00 plain: JobNotificationLimit,
        /// Limit of commitment from above.
        0x30 low_memory_bytes: u64,
        /// 1 to 3.
        0x38 io_interval: u32,
        /// 1 to 3.
        0x3c net_tolerance: u32,
        /// 1 to 3.
        0x40 net_interval: u32,
        /// Padding.
        0x44 reserved_44: u32,
    }
}

layout! {
    /// `JOBOBJECT_LIMIT_VIOLATION_INFORMATION`.
    pub struct JobLimitViolation, size 0x50 {
        /// Which limits there are.
        0x00 limit_flags: u32,
        /// Which were passed.
        0x04 violation_flags: u32,
        /// So far.
        0x08 read_bytes: u64,
        /// Limit.
        0x10 read_limit_bytes: u64,
        /// So far.
        0x18 written_bytes: u64,
        /// Limit.
        0x20 written_limit_bytes: u64,
        /// So far.
        0x28 user_time_100ns: i64,
        /// Limit.
        0x30 user_time_limit_100ns: i64,
        /// Commitment now.
        0x38 memory_bytes: u64,
        /// Limit.
        0x40 memory_limit_bytes: u64,
        /// 0: the rate is kept.
        0x48 cpu_tolerance: u32,
        /// 1 to 3.
        0x4c cpu_tolerance_limit: u32,
    }
}

layout! {
    /// `JOBOBJECT_LIMIT_VIOLATION_INFORMATION_2`.
    pub struct JobLimitViolation2, size 0x68 {
        /// As without it.
        0x00 plain: JobLimitViolation,
        /// Limit of commitment from above.
        0x50 low_memory_limit_bytes: u64,
        /// 0: the rate is kept.
        0x58 io_tolerance: u32,
        /// 1 to 3.
        0x5c io_tolerance_limit: u32,
        /// 0: the rate is kept.
        0x60 net_tolerance: u32,
        /// 1 to 3.
        0x64 net_tolerance_limit: u32,
    }
}

layout! {
    /// `JOBOBJECT_MEMORY_USAGE_INFORMATION`.
    pub struct JobMemoryUsage, size 0x10 {
        /// Commitment now.
        0x00 memory_bytes: u64,
        /// Most commitment.
        0x08 peak_memory_bytes: u64,
    }
}

layout! {
    /// `JOBOBJECT_NET_RATE_CONTROL_INFORMATION`.
    pub struct JobNetRateControl, size 0x10 {
        /// Bytes in a second.
        0x00 max_bandwidth: u64,
        /// `JOB_OBJECT_NET_RATE_CONTROL_*`.
        0x08 flags: u32,
        /// What packets are marked with.
        0x0c dscp_tag: u8,
        /// Padding.
        0x0d reserved_0d: [u8; 3],
    }
}
