//! PROCESSINFOCLASS: what is queried and set of a process (phnt `ntpsapi.h`).

/// Query: [`ProcessBasicInformation`](super::ProcessBasicInformation), or
/// [`ProcessExtendedBasicInformation`](super::ProcessExtendedBasicInformation) by its
/// length.
pub const PROCESS_BASIC_INFORMATION: u32 = 0;
/// Both: [`QuotaLimits`](super::QuotaLimits) or
/// [`QuotaLimitsEx`](super::QuotaLimitsEx).
pub const PROCESS_QUOTA_LIMITS: u32 = 1;
/// Query: [`IoCounters`](super::IoCounters).
pub const PROCESS_IO_COUNTERS: u32 = 2;
/// Query: [`VmCounters`](super::VmCounters), [`VmCountersEx`](super::VmCountersEx) or
/// [`VmCountersEx2`](super::VmCountersEx2).
pub const PROCESS_VM_COUNTERS: u32 = 3;
/// Query: [`KernelUserTimes`](crate::thread::KernelUserTimes).
pub const PROCESS_TIMES: u32 = 4;
/// Set: 4 bytes.
pub const PROCESS_BASE_PRIORITY: u32 = 5;
/// Set: how much to boost all threads, 4 bytes.
pub const PROCESS_RAISE_PRIORITY: u32 = 6;
/// Query: 8 bytes; 0 without a debugger.
pub const PROCESS_DEBUG_PORT: u32 = 7;
/// Set: the handle of a port.
pub const PROCESS_EXCEPTION_PORT: u32 = 8;
/// Set: handles of a token and of a thread, 16 bytes.
pub const PROCESS_ACCESS_TOKEN: u32 = 9;
/// Both: of 32-bit processors.
pub const PROCESS_LDT_INFORMATION: u32 = 10;
/// Set: of 32-bit processors.
pub const PROCESS_LDT_SIZE: u32 = 11;
/// Both: `SEM_*`, 4 bytes.
pub const PROCESS_DEFAULT_HARD_ERROR_MODE: u32 = 12;
/// Query: [`PooledUsageAndLimits`](super::PooledUsageAndLimits).
pub const PROCESS_POOLED_USAGE_AND_LIMITS: u32 = 14;
/// Both: page faults that were noted.
pub const PROCESS_WORKING_SET_WATCH: u32 = 15;
/// Set: it may use ports of devices.
pub const PROCESS_USER_MODE_IOPL: u32 = 16;
/// Set: one byte.
pub const PROCESS_ENABLE_ALIGNMENT_FAULT_FIXUP: u32 = 17;
/// Both: [`ProcessPriorityClass`](super::ProcessPriorityClass).
pub const PROCESS_PRIORITY_CLASS: u32 = 18;
/// Query: 4 bytes, or [`ProcessHandleCount`](super::ProcessHandleCount).
pub const PROCESS_HANDLE_COUNT: u32 = 20;
/// Both: processors, a bit each, 8 bytes; queries also take a
/// [`GroupAffinity`](crate::thread::GroupAffinity).
pub const PROCESS_AFFINITY_MASK: u32 = 21;
/// Both: whether waits do not raise priorities, 4 bytes.
pub const PROCESS_PRIORITY_BOOST: u32 = 22;
/// Both: the directory of `\??`.
pub const PROCESS_DEVICE_MAP: u32 = 23;
/// Both: the session's number, 4 bytes.
pub const PROCESS_SESSION_INFORMATION: u32 = 24;
/// Set: one byte.
pub const PROCESS_FOREGROUND_INFORMATION: u32 = 25;
/// Query: address of the 32-bit PEB, 8 bytes; 0.
pub const PROCESS_WOW64_INFORMATION: u32 = 26;
/// Query: a `UNICODE_STRING` with the image's path as NT sees it; the characters
/// follow.
pub const PROCESS_IMAGE_FILE_NAME: u32 = 27;
/// Query: 4 bytes.
pub const PROCESS_LUID_DEVICE_MAPS_ENABLED: u32 = 28;
/// Both: whether its end is the system's, 4 bytes.
pub const PROCESS_BREAK_ON_TERMINATION: u32 = 29;
/// Query: a handle; `STATUS_PORT_NOT_SET` without a debugger.
pub const PROCESS_DEBUG_OBJECT_HANDLE: u32 = 30;
/// Both: 1 if a debugger does not inherit, 4 bytes.
pub const PROCESS_DEBUG_FLAGS: u32 = 31;
/// Both: the history of handles.
pub const PROCESS_HANDLE_TRACING: u32 = 32;
/// Both: 4 bytes.
pub const PROCESS_IO_PRIORITY: u32 = 33;
/// Both: `MEM_EXECUTE_OPTION_*`, 4 bytes.
pub const PROCESS_EXECUTE_FLAGS: u32 = 34;
/// Query: a random number that does not change, 4 bytes; the calling process only.
pub const PROCESS_COOKIE: u32 = 36;
/// Query: [`SectionImageInformation`](crate::section::SectionImageInformation).
pub const PROCESS_IMAGE_INFORMATION: u32 = 37;
/// Query: [`CycleTimeInformation`](crate::thread::CycleTimeInformation).
pub const PROCESS_CYCLE_TIME: u32 = 38;
/// Both: 4 bytes.
pub const PROCESS_PAGE_PRIORITY: u32 = 39;
/// Set: where returns from the kernel lead.
pub const PROCESS_INSTRUMENTATION_CALLBACK: u32 = 40;
/// Set: reserves a stack.
pub const PROCESS_THREAD_STACK_ALLOCATION: u32 = 41;
/// Query: the faults that were watched, with their threads.
pub const PROCESS_WORKING_SET_WATCH_EX: u32 = 42;
/// Query: as [`PROCESS_IMAGE_FILE_NAME`], the path as programs see it.
pub const PROCESS_IMAGE_FILE_NAME_WIN32: u32 = 43;
/// Query: whether a file is its image; in: a handle.
pub const PROCESS_IMAGE_FILE_MAPPING: u32 = 44;
/// Both: 4 bytes.
pub const PROCESS_AFFINITY_UPDATE_MODE: u32 = 45;
/// Both: 4 bytes.
pub const PROCESS_MEMORY_ALLOCATION_MODE: u32 = 46;
/// Query: numbers of processor groups, 2 bytes each.
pub const PROCESS_GROUP_INFORMATION: u32 = 47;
/// Set: 4 bytes.
pub const PROCESS_TOKEN_VIRTUALIZATION_ENABLED: u32 = 48;
/// Both: the number of the console's process, 8 bytes.
pub const PROCESS_CONSOLE_HOST_PROCESS: u32 = 49;
/// Query: flags and title of the window.
pub const PROCESS_WINDOW_INFORMATION: u32 = 50;
/// Query: [`ProcessHandleSnapshot`](super::ProcessHandleSnapshot) and
/// [`ProcessHandleEntry`](super::ProcessHandleEntry) for each handle.
pub const PROCESS_HANDLE_INFORMATION: u32 = 51;
/// Both: a policy's number and its flags, 4 bytes each.
pub const PROCESS_MITIGATION_POLICY: u32 = 52;
/// Both: 4 bytes.
pub const PROCESS_HANDLE_CHECKING_MODE: u32 = 54;
/// Query: two counts, 4 bytes each.
pub const PROCESS_KEEP_ALIVE_COUNT: u32 = 55;
/// Set: empties the working set.
pub const PROCESS_WORKING_SET_CONTROL: u32 = 57;
/// Query: the values of all handles, 4 bytes each.
pub const PROCESS_HANDLE_TABLE: u32 = 58;
/// Query: a `UNICODE_STRING`; the characters follow.
pub const PROCESS_COMMAND_LINE_INFORMATION: u32 = 60;
/// Query: one byte; 0.
pub const PROCESS_PROTECTION_INFORMATION: u32 = 61;
/// Set: that it crashed, 8 bytes.
pub const PROCESS_FAULT_INFORMATION: u32 = 63;
/// Query: what identifies it.
pub const PROCESS_TELEMETRY_ID_INFORMATION: u32 = 64;
/// Both: numbers of processor sets.
pub const PROCESS_DEFAULT_CPU_SETS: u32 = 66;
/// Both: numbers of processor sets.
pub const PROCESS_ALLOWED_CPU_SETS: u32 = 67;
/// Set: without data.
pub const PROCESS_SUBSYSTEM_PROCESS: u32 = 68;
/// Query: the job's memory and its limits, 28h bytes.
pub const PROCESS_JOB_MEMORY_INFORMATION: u32 = 69;
/// Query: 4 bytes.
pub const PROCESS_RAISE_ON_INVALID_HANDLE_CLOSE: u32 = 71;
/// Query: whether it may start processes, 3 bytes.
pub const PROCESS_CHILD_PROCESS_INFORMATION: u32 = 73;
/// Query: the subsystem's number, 4 bytes; 0 is Win32.
pub const PROCESS_SUBSYSTEM_INFORMATION: u32 = 75;
/// Query: counts of energy.
pub const PROCESS_ENERGY_VALUES: u32 = 76;
/// Both: version, control mask, state mask, 4 bytes each.
pub const PROCESS_POWER_THROTTLING_STATE: u32 = 77;
