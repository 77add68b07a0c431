//! Numbers and structures of the thread services.
//!
//! Classes and structures from phnt `ntpsapi.h` (some also in NT
//! `winternl.h`), rights of their use in [`crate::access`].

use crate::NtStatus;
use crate::io::UnicodeString;

/// The thread starts suspended.
pub const THREAD_CREATE_FLAGS_CREATE_SUSPENDED: u32 = 0x1;
/// DLLs are not told of it.
pub const THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH: u32 = 0x2;
/// The debugger is not told of it.
pub const THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER: u32 = 0x4;
/// It works for the loader.
pub const THREAD_CREATE_FLAGS_LOADER_WORKER: u32 = 0x10;
/// It does not start the loader.
pub const THREAD_CREATE_FLAGS_SKIP_LOADER_INIT: u32 = 0x20;
/// A frozen process does not freeze it.
pub const THREAD_CREATE_FLAGS_BYPASS_PROCESS_FREEZE: u32 = 0x40;
/// Most suspensions at once (NT `winnt.h`).
pub const MAXIMUM_SUSPEND_COUNT: u32 = 127;
/// In place of the reserve handle of `NtQueueApcThreadEx`: an APC that does not wait
/// for an alertable wait.
pub const QUEUE_USER_APC_SPECIAL: u64 = 1;
/// Of `NtSetThreadExecutionState`: until it is said again (NT `winnt.h`, as those
/// below).
pub const ES_CONTINUOUS: u32 = 0x8000_0000;
/// The machine does not sleep.
pub const ES_SYSTEM_REQUIRED: u32 = 0x1;
/// The display stays on.
pub const ES_DISPLAY_REQUIRED: u32 = 0x2;
/// Of old: the user is there.
pub const ES_USER_PRESENT: u32 = 0x4;
/// The machine only looks as if it slept; with [`ES_CONTINUOUS`].
pub const ES_AWAYMODE_REQUIRED: u32 = 0x40;
/// Lowest priority (NT `wdm.h`, as those below).
pub const LOW_PRIORITY: i32 = 0;
/// Lowest priority of the real-time class.
pub const LOW_REALTIME_PRIORITY: i32 = 16;
/// Highest priority.
pub const HIGH_PRIORITY: i32 = 31;
/// Most above the process's priority (NT `winnt.h`).
pub const THREAD_BASE_PRIORITY_MAX: i32 = 2;
/// Most below the process's priority (NT `winnt.h`).
pub const THREAD_BASE_PRIORITY_MIN: i32 = -2;
/// Saturates upwards (NT `winnt.h`).
pub const THREAD_BASE_PRIORITY_LOWRT: i32 = 15;
/// Saturates downwards (NT `winnt.h`).
pub const THREAD_BASE_PRIORITY_IDLE: i32 = -15;

layout! {
    /// `CLIENT_ID` (NT `wdm.h`).
    pub struct ClientId, size 0x10 {
        /// The process's number.
        0x00 process: u64,
        /// The thread's number.
        0x08 thread: u64,
    }
}

/// Query: [`ThreadBasicInformation`].
pub const THREAD_BASIC_INFORMATION: u32 = 0;
/// Query: [`KernelUserTimes`].
pub const THREAD_TIMES: u32 = 1;
/// Set: a priority, 4 bytes.
pub const THREAD_PRIORITY: u32 = 2;
/// Set: a base priority relative to the process's, 4 bytes.
pub const THREAD_BASE_PRIORITY: u32 = 3;
/// Set: the processors it may run on, 8 bytes.
pub const THREAD_AFFINITY_MASK: u32 = 4;
/// Set: the handle of a token, or 0.
pub const THREAD_IMPERSONATION_TOKEN: u32 = 5;
/// Both: where it started, 8 bytes.
pub const THREAD_QUERY_SET_WIN32_START_ADDRESS: u32 = 9;
/// Set: the index of a slot to clear in all threads, 4 bytes.
pub const THREAD_ZERO_TLS_CELL: u32 = 10;
/// Query: 8 bytes, 0.
pub const THREAD_PERFORMANCE_COUNT: u32 = 11;
/// Query: whether the process has no other thread, 4 bytes.
pub const THREAD_AM_I_LAST_THREAD: u32 = 12;
/// Set: a processor's number, 4 bytes; the old one is the status.
pub const THREAD_IDEAL_PROCESSOR: u32 = 13;
/// Both: whether waits do not raise its priority, 4 bytes.
pub const THREAD_PRIORITY_BOOST: u32 = 14;
/// Query: whether it has started input or output, 4 bytes.
pub const THREAD_IS_IO_PENDING: u32 = 16;
/// Set without data; query: one byte.
pub const THREAD_HIDE_FROM_DEBUGGER: u32 = 17;
/// Both: whether its end is the system's, 4 bytes.
pub const THREAD_BREAK_ON_TERMINATION: u32 = 18;
/// Query: whether it has ended, 4 bytes.
pub const THREAD_IS_TERMINATED: u32 = 20;
/// Query: [`ThreadLastSystemCallInformation`].
pub const THREAD_LAST_SYSTEM_CALL: u32 = 21;
/// Both: 4 bytes.
pub const THREAD_IO_PRIORITY: u32 = 22;
/// Query: [`CycleTimeInformation`].
pub const THREAD_CYCLE_TIME: u32 = 23;
/// Both: 4 bytes.
pub const THREAD_PAGE_PRIORITY: u32 = 24;
/// Both: an absolute base priority, 4 bytes.
pub const THREAD_ACTUAL_BASE_PRIORITY: u32 = 25;
/// Query: [`ThreadTebInformation`].
pub const THREAD_TEB_INFORMATION: u32 = 26;
/// Both: [`GroupAffinity`].
pub const THREAD_GROUP_INFORMATION: u32 = 30;
/// Both: performance counters.
pub const THREAD_COUNTER_PROFILING: u32 = 32;
/// Both: [`ProcessorNumber`].
pub const THREAD_IDEAL_PROCESSOR_EX: u32 = 33;
/// Query: how often it is suspended, 4 bytes.
pub const THREAD_SUSPEND_COUNT: u32 = 35;
/// Both: [`ThreadNameInformation`].
pub const THREAD_NAME_INFORMATION: u32 = 38;
/// Both: numbers of processor sets.
pub const THREAD_SELECTED_CPU_SETS: u32 = 39;
/// Query: [`SystemThreadInformation`].
pub const THREAD_SYSTEM_THREAD_INFORMATION: u32 = 40;
/// Query: [`GroupAffinity`].
pub const THREAD_ACTUAL_GROUP_AFFINITY: u32 = 41;
/// Both: whether it may make code, 4 bytes.
pub const THREAD_DYNAMIC_CODE_POLICY: u32 = 42;
/// Query: the subsystem's number, 4 bytes.
pub const THREAD_SUBSYSTEM_INFORMATION: u32 = 45;
/// Set: version, control mask, state mask, 4 bytes each.
pub const THREAD_POWER_THROTTLING_STATE: u32 = 49;

layout! {
    /// `THREAD_BASIC_INFORMATION` (W 5.7).
    pub struct ThreadBasicInformation, size 0x30 {
        /// `STATUS_PENDING` while it runs.
        0x00 exit_status: NtStatus,
        /// Padding.
        0x04 reserved_04: u32,
        /// User address of its TEB.
        0x08 teb: u64,
        /// The numbers of process and thread.
        0x10 client_id: ClientId,
        /// Processors it may run on, a bit each.
        0x20 affinity: u64,
        /// Now.
        0x28 priority: i32,
        /// Relative to the process's.
        0x2c base_priority: i32,
    }
}

layout! {
    /// `KERNEL_USER_TIMES`, of threads and of processes.
    pub struct KernelUserTimes, size 0x20 {
        /// Since 1601.
        0x00 create_time_100ns: i64,
        /// Since 1601; 0 while it runs.
        0x08 exit_time_100ns: i64,
        /// Spent in the kernel.
        0x10 kernel_time_100ns: i64,
        /// Spent in user mode.
        0x18 user_time_100ns: i64,
    }
}

layout! {
    /// `THREAD_LAST_SYSCALL_INFORMATION`.
    pub struct ThreadLastSystemCallInformation, size 0x10 {
        /// Of the call.
        0x00 first_argument: u64,
        /// Of the call.
        0x08 number: u16,
        /// Padding.
        0x0a reserved_0a: [u16; 3],
    }
}

layout! {
    /// `THREAD_CYCLE_TIME_INFORMATION`, also `PROCESS_CYCLE_TIME_INFORMATION`.
    pub struct CycleTimeInformation, size 0x10 {
        /// Up to the last switch.
        0x00 accumulated_cycles: u64,
        /// The counter now.
        0x08 current_cycles: u64,
    }
}

layout! {
    /// `THREAD_TEB_INFORMATION`: a request to read the TEB.
    pub struct ThreadTebInformation, size 0x10 {
        /// User address the bytes go to.
        0x00 buffer: u64,
        /// The first byte.
        0x08 teb_offset: u32,
        /// How many.
        0x0c length_bytes: u32,
    }
}

layout! {
    /// `GROUP_AFFINITY` (NT `winnt.h`).
    pub struct GroupAffinity, size 0x10 {
        /// Processors of the group, a bit each.
        0x00 mask: u64,
        /// The group's number.
        0x08 group: u16,
        /// 0.
        0x0a reserved_0a: [u16; 3],
    }
}

layout! {
    /// `PROCESSOR_NUMBER` (NT `winnt.h`).
    pub struct ProcessorNumber, size 0x4 {
        /// The group's number.
        0x00 group: u16,
        /// Within the group.
        0x02 number: u8,
        /// 0.
        0x03 reserved_03: u8,
    }
}

layout! {
    /// `THREAD_PROFILING_INFORMATION`.
    pub struct ThreadProfiling, size 0x18 {
        /// A bit for each counter of the processor.
        0x00 hardware_counters: u64,
        /// What else is counted.
        0x08 flags: u32,
        /// Whether it is.
        0x0c is_enabled: u32,
        /// Where the counts go.
        0x10 data: u64,
    }
}

layout! {
    /// `THREAD_NAME_INFORMATION`; the characters follow.
    pub struct ThreadNameInformation, size 0x10 {
        /// The name.
        0x00 name: UnicodeString,
    }
}

layout! {
    /// `SYSTEM_THREAD_INFORMATION` (phnt `ntexapi.h`).
    pub struct SystemThreadInformation, size 0x50 {
        /// Spent in the kernel.
        0x00 kernel_time_100ns: i64,
        /// Spent in user mode.
        0x08 user_time_100ns: i64,
        /// Since 1601.
        0x10 create_time_100ns: i64,
        /// When its wait began.
        0x18 wait_time_ticks: u32,
        /// Padding.
        0x1c reserved_1c: u32,
        /// Where it started.
        0x20 start_address: u64,
        /// The numbers of process and thread.
        0x28 client_id: ClientId,
        /// Now.
        0x38 priority: i32,
        /// Without boosts.
        0x3c base_priority: i32,
        /// How often it was switched to.
        0x40 context_switches: u32,
        /// `KTHREAD_STATE`: 1 ready, 2 running, 4 ended, 5 waiting.
        0x44 thread_state: u32,
        /// `KWAIT_REASON`: 5 suspended, 6 a request of the program.
        0x48 wait_reason: u32,
        /// Padding.
        0x4c reserved_4c: u32,
    }
}
