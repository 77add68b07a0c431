//! The classes there are: how large, with which rights, for what.
use abi::access::*;
use abi::process::*;
use abi::section::SectionImageInformation;
use abi::thread::*;
use nt::information::Of;

/// A class with an answer, or a value, of a fixed size.
pub struct Class {
    /// Whose it is.
    pub of: Of,
    /// Its number.
    pub number: u32,
    /// The size.
    pub bytes: usize,
    /// What a handle must allow.
    pub access: u32,
}

const fn thread<T>(number: u32, access: u32) -> Class {
    class::<T>(Of::Thread, number, access)
}

const fn process<T>(number: u32, access: u32) -> Class {
    class::<T>(Of::Process, number, access)
}

const fn class<T>(of: Of, number: u32, access: u32) -> Class {
    Class {
        of,
        number,
        bytes: size_of::<T>(),
        access,
    }
}

const THREAD_LIMITED: u32 = THREAD_QUERY_LIMITED_INFORMATION;
const THREAD_FULL: u32 = THREAD_QUERY_INFORMATION;
const LIMITED: u32 = PROCESS_QUERY_LIMITED_INFORMATION;
const FULL: u32 = PROCESS_QUERY_INFORMATION;

/// Those that are asked for, and answered whatever the buffer held.
pub const QUERIES: [Class; 58] = [
    thread::<ThreadBasicInformation>(THREAD_BASIC_INFORMATION, THREAD_LIMITED),
    thread::<KernelUserTimes>(THREAD_TIMES, THREAD_LIMITED),
    thread::<u64>(THREAD_QUERY_SET_WIN32_START_ADDRESS, THREAD_FULL),
    thread::<u64>(THREAD_PERFORMANCE_COUNT, THREAD_FULL),
    thread::<u32>(THREAD_AM_I_LAST_THREAD, THREAD_LIMITED),
    thread::<u32>(THREAD_PRIORITY_BOOST, THREAD_LIMITED),
    thread::<u32>(THREAD_IS_IO_PENDING, THREAD_FULL),
    thread::<u8>(THREAD_HIDE_FROM_DEBUGGER, THREAD_FULL),
    thread::<u32>(THREAD_BREAK_ON_TERMINATION, THREAD_FULL),
    thread::<u32>(THREAD_IS_TERMINATED, THREAD_LIMITED),
    thread::<u32>(THREAD_IO_PRIORITY, THREAD_FULL),
    thread::<CycleTimeInformation>(THREAD_CYCLE_TIME, THREAD_LIMITED),
    thread::<u32>(THREAD_PAGE_PRIORITY, THREAD_FULL),
    thread::<u32>(THREAD_ACTUAL_BASE_PRIORITY, THREAD_LIMITED),
    thread::<GroupAffinity>(THREAD_GROUP_INFORMATION, THREAD_LIMITED),
    thread::<ProcessorNumber>(THREAD_IDEAL_PROCESSOR_EX, THREAD_LIMITED),
    thread::<u32>(THREAD_SUSPEND_COUNT, THREAD_LIMITED),
    thread::<SystemThreadInformation>(THREAD_SYSTEM_THREAD_INFORMATION, THREAD_LIMITED),
    thread::<GroupAffinity>(THREAD_ACTUAL_GROUP_AFFINITY, THREAD_LIMITED),
    thread::<u32>(THREAD_DYNAMIC_CODE_POLICY, THREAD_FULL),
    thread::<u32>(THREAD_SUBSYSTEM_INFORMATION, THREAD_LIMITED),
    thread::<ThreadProfiling>(THREAD_COUNTER_PROFILING, THREAD_FULL),
    process::<ProcessBasicInformation>(PROCESS_BASIC_INFORMATION, LIMITED),
    process::<QuotaLimits>(PROCESS_QUOTA_LIMITS, LIMITED),
    process::<QuotaLimitsEx>(PROCESS_QUOTA_LIMITS, LIMITED),
    process::<IoCounters>(PROCESS_IO_COUNTERS, LIMITED),
    process::<VmCounters>(PROCESS_VM_COUNTERS, LIMITED),
    process::<VmCountersEx>(PROCESS_VM_COUNTERS, LIMITED),
    process::<VmCountersEx2>(PROCESS_VM_COUNTERS, LIMITED),
    process::<KernelUserTimes>(PROCESS_TIMES, LIMITED),
    process::<u64>(PROCESS_DEBUG_PORT, FULL),
    process::<u32>(PROCESS_DEBUG_FLAGS, FULL),
    process::<u32>(PROCESS_DEFAULT_HARD_ERROR_MODE, FULL),
    process::<PooledUsageAndLimits>(PROCESS_POOLED_USAGE_AND_LIMITS, FULL),
    process::<ProcessPriorityClass>(PROCESS_PRIORITY_CLASS, LIMITED),
    process::<u32>(PROCESS_HANDLE_COUNT, LIMITED),
    process::<ProcessHandleCount>(PROCESS_HANDLE_COUNT, LIMITED),
    process::<u64>(PROCESS_AFFINITY_MASK, LIMITED),
    process::<GroupAffinity>(PROCESS_AFFINITY_MASK, LIMITED),
    process::<u32>(PROCESS_PRIORITY_BOOST, LIMITED),
    process::<u32>(PROCESS_SESSION_INFORMATION, LIMITED),
    process::<u64>(PROCESS_WOW64_INFORMATION, LIMITED),
    process::<u32>(PROCESS_LUID_DEVICE_MAPS_ENABLED, FULL),
    process::<ProcessDeviceMap>(PROCESS_DEVICE_MAP, FULL),
    process::<u32>(PROCESS_BREAK_ON_TERMINATION, FULL),
    process::<u32>(PROCESS_IO_PRIORITY, FULL),
    process::<u32>(PROCESS_EXECUTE_FLAGS, FULL),
    process::<u32>(PROCESS_COOKIE, FULL),
    process::<SectionImageInformation>(PROCESS_IMAGE_INFORMATION, LIMITED),
    process::<CycleTimeInformation>(PROCESS_CYCLE_TIME, LIMITED),
    process::<u32>(PROCESS_PAGE_PRIORITY, FULL),
    process::<u64>(PROCESS_CONSOLE_HOST_PROCESS, LIMITED),
    process::<[u32; 2]>(PROCESS_MITIGATION_POLICY, FULL),
    process::<u8>(PROCESS_PROTECTION_INFORMATION, LIMITED),
    process::<u32>(PROCESS_RAISE_ON_INVALID_HANDLE_CLOSE, FULL),
    process::<[u8; 3]>(PROCESS_CHILD_PROCESS_INFORMATION, LIMITED),
    process::<u32>(PROCESS_SUBSYSTEM_INFORMATION, LIMITED),
    process::<[u32; 3]>(PROCESS_POWER_THROTTLING_STATE, FULL),
];

const THREAD_SET: u32 = THREAD_SET_INFORMATION;
const THREAD_SET_LIMITED: u32 = THREAD_SET_LIMITED_INFORMATION;
const SET: u32 = PROCESS_SET_INFORMATION;

/// Those that are set, with a value that changes nothing.
pub const CHANGES: [(Class, &[u8]); 37] = [
    (thread::<i32>(THREAD_PRIORITY, THREAD_SET), &[8, 0, 0, 0]),
    (
        thread::<i32>(THREAD_BASE_PRIORITY, THREAD_SET_LIMITED),
        &[0; 4],
    ),
    (
        thread::<i32>(THREAD_ACTUAL_BASE_PRIORITY, THREAD_SET_LIMITED),
        &[8, 0, 0, 0],
    ),
    (
        thread::<u64>(THREAD_AFFINITY_MASK, THREAD_SET_LIMITED),
        &ONE,
    ),
    (
        thread::<u64>(THREAD_IMPERSONATION_TOKEN, THREAD_SET_THREAD_TOKEN),
        &[0; 8],
    ),
    (
        thread::<u64>(THREAD_QUERY_SET_WIN32_START_ADDRESS, THREAD_SET),
        &ONE,
    ),
    (thread::<u32>(THREAD_IDEAL_PROCESSOR, THREAD_SET), &[0; 4]),
    (
        thread::<u32>(THREAD_PRIORITY_BOOST, THREAD_SET_LIMITED),
        &[0; 4],
    ),
    (
        thread::<[u8; 0]>(THREAD_HIDE_FROM_DEBUGGER, THREAD_SET),
        &[],
    ),
    (
        thread::<u32>(THREAD_BREAK_ON_TERMINATION, THREAD_SET),
        &[0; 4],
    ),
    (thread::<u32>(THREAD_IO_PRIORITY, THREAD_SET), &[2, 0, 0, 0]),
    (
        thread::<u32>(THREAD_PAGE_PRIORITY, THREAD_SET),
        &[5, 0, 0, 0],
    ),
    (
        thread::<GroupAffinity>(THREAD_GROUP_INFORMATION, THREAD_SET),
        &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ),
    (
        thread::<ThreadNameInformation>(THREAD_NAME_INFORMATION, THREAD_SET_LIMITED),
        &[0; 16],
    ),
    (
        thread::<ThreadNameInformation>(WINE_NATIVE_THREAD_NAME, THREAD_SET_LIMITED),
        &[0; 16],
    ),
    (
        thread::<u32>(THREAD_DYNAMIC_CODE_POLICY, THREAD_SET),
        &[0; 4],
    ),
    (
        thread::<[u32; 3]>(THREAD_POWER_THROTTLING_STATE, THREAD_SET),
        &THROTTLING,
    ),
    (
        process::<QuotaLimits>(PROCESS_QUOTA_LIMITS, PROCESS_SET_QUOTA),
        &[0; 0x30],
    ),
    (
        process::<QuotaLimitsEx>(PROCESS_QUOTA_LIMITS, PROCESS_SET_QUOTA),
        &[0; 0x58],
    ),
    (process::<i32>(PROCESS_BASE_PRIORITY, SET), &[8, 0, 0, 0]),
    (process::<u32>(PROCESS_RAISE_PRIORITY, SET), &[0; 4]),
    (
        process::<u32>(PROCESS_DEFAULT_HARD_ERROR_MODE, SET),
        &[0; 4],
    ),
    (
        process::<u8>(PROCESS_ENABLE_ALIGNMENT_FAULT_FIXUP, SET),
        &[1],
    ),
    (
        process::<ProcessPriorityClass>(PROCESS_PRIORITY_CLASS, SET),
        &[0, 2],
    ),
    (process::<u8>(PROCESS_FOREGROUND_INFORMATION, SET), &[0]),
    (process::<u64>(PROCESS_AFFINITY_MASK, SET), &ONE),
    (
        process::<GroupAffinity>(PROCESS_AFFINITY_MASK, SET),
        &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ),
    (process::<u32>(PROCESS_PRIORITY_BOOST, SET), &[0; 4]),
    (process::<u32>(PROCESS_BREAK_ON_TERMINATION, SET), &[0; 4]),
    (process::<u32>(PROCESS_DEBUG_FLAGS, SET), &[1, 0, 0, 0]),
    (process::<u32>(PROCESS_IO_PRIORITY, SET), &[2, 0, 0, 0]),
    (process::<u32>(PROCESS_PAGE_PRIORITY, SET), &[5, 0, 0, 0]),
    (
        process::<[u32; 2]>(PROCESS_MITIGATION_POLICY, SET),
        &[0, 0, 0, 0, 1, 0, 0, 0],
    ),
    (
        process::<[u32; 3]>(PROCESS_POWER_THROTTLING_STATE, SET),
        &THROTTLING,
    ),
    (process::<[u8; 0]>(PROCESS_DEFAULT_CPU_SETS, SET), &[]),
    (process::<[u8; 0]>(PROCESS_ALLOWED_CPU_SETS, SET), &[]),
    (
        thread::<[u8; 0]>(THREAD_SELECTED_CPU_SETS, THREAD_SET_LIMITED),
        &[],
    ),
];

const ONE: [u8; 8] = [1, 0, 0, 0, 0, 0, 0, 0];
const THROTTLING: [u8; 12] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// Wine's own class.
pub const WINE_NATIVE_THREAD_NAME: u32 = 1000;

/// Those that can only be set.
pub const NO_QUERIES: [(Of, u32); 12] = [
    (Of::Thread, THREAD_PRIORITY),
    (Of::Thread, THREAD_BASE_PRIORITY),
    (Of::Thread, THREAD_AFFINITY_MASK),
    (Of::Thread, THREAD_IMPERSONATION_TOKEN),
    (Of::Thread, THREAD_ZERO_TLS_CELL),
    (Of::Thread, THREAD_IDEAL_PROCESSOR),
    (Of::Thread, WINE_NATIVE_THREAD_NAME),
    (Of::Process, PROCESS_BASE_PRIORITY),
    (Of::Process, PROCESS_RAISE_PRIORITY),
    (Of::Process, PROCESS_FOREGROUND_INFORMATION),
    (Of::Process, 1000),
    (Of::Process, 0x8000_0000),
];

/// Those that can only be asked for.
pub const NO_CHANGES: [(Of, u32); 16] = [
    (Of::Thread, THREAD_BASIC_INFORMATION),
    (Of::Thread, THREAD_TIMES),
    (Of::Thread, THREAD_AM_I_LAST_THREAD),
    (Of::Thread, THREAD_IS_TERMINATED),
    (Of::Thread, THREAD_LAST_SYSTEM_CALL),
    (Of::Thread, THREAD_SUSPEND_COUNT),
    (Of::Thread, THREAD_SYSTEM_THREAD_INFORMATION),
    (Of::Thread, u32::MAX),
    (Of::Process, PROCESS_BASIC_INFORMATION),
    (Of::Process, PROCESS_VM_COUNTERS),
    (Of::Process, PROCESS_TIMES),
    (Of::Process, PROCESS_WOW64_INFORMATION),
    (Of::Process, PROCESS_IMAGE_FILE_NAME),
    (Of::Process, PROCESS_COOKIE),
    (Of::Process, PROCESS_COMMAND_LINE_INFORMATION),
    (Of::Process, 1001),
];
