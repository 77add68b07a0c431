//! Numbers and structures of the process services.
//!
//! Classes and structures from phnt `ntpsapi.h` (some also in NT `winternl.h`
//! and `winnt.h`); what a new process is made of is in [`crate::attribute`].

use crate::NtStatus;

mod class;

pub use class::*;

/// The process leaves the parent's job (W 7).
pub const PROCESS_CREATE_FLAGS_BREAKAWAY: u32 = 0x1;
/// The parent's debugger is not its own.
pub const PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT: u32 = 0x2;
/// It gets the handles that are inherited.
pub const PROCESS_CREATE_FLAGS_INHERIT_HANDLES: u32 = 0x4;
/// Of old.
pub const PROCESS_CREATE_FLAGS_OVERRIDE_ADDRESS_SPACE: u32 = 0x8;
/// Its image is mapped with large pages.
pub const PROCESS_CREATE_FLAGS_LARGE_PAGES: u32 = 0x10;
/// It starts suspended as a whole.
pub const PROCESS_CREATE_FLAGS_SUSPENDED: u32 = 0x200;

/// Class of [`ProcessPriorityClass`] (phnt `ntpsapi.h`), as those below.
pub const PRIORITY_CLASS_UNKNOWN: u32 = 0;
/// Base priority 4.
pub const PRIORITY_CLASS_IDLE: u32 = 1;
/// Base priority 8.
pub const PRIORITY_CLASS_NORMAL: u32 = 2;
/// Base priority 13.
pub const PRIORITY_CLASS_HIGH: u32 = 3;
/// Base priority 24.
pub const PRIORITY_CLASS_REALTIME: u32 = 4;
/// Base priority 6.
pub const PRIORITY_CLASS_BELOW_NORMAL: u32 = 5;
/// Base priority 10.
pub const PRIORITY_CLASS_ABOVE_NORMAL: u32 = 6;

/// The minimum is kept (NT `winnt.h`, as those below).
pub const QUOTA_LIMITS_HARDWS_MIN_ENABLE: u32 = 0x1;
/// The minimum may be passed.
pub const QUOTA_LIMITS_HARDWS_MIN_DISABLE: u32 = 0x2;
/// The maximum is kept.
pub const QUOTA_LIMITS_HARDWS_MAX_ENABLE: u32 = 0x4;
/// The maximum may be passed.
pub const QUOTA_LIMITS_HARDWS_MAX_DISABLE: u32 = 0x8;

/// Numbers of mitigation policies there are (phnt `ntpsapi.h`, NT `winnt.h`, as those
/// below).
pub const PROCESS_MITIGATION_POLICIES: u32 = 18;
/// Policy: data cannot be executed.
pub const PROCESS_DEP_POLICY: u32 = 0;
/// Flag of [`PROCESS_DEP_POLICY`]: it is on.
pub const MITIGATION_DEP_ENABLE: u32 = 0x1;
/// Flag of [`PROCESS_DEP_POLICY`]: without exceptions for thunks.
pub const MITIGATION_DEP_DISABLE_THUNKS: u32 = 0x2;

/// Data cannot be executed; the only way there is.
pub const MEM_EXECUTE_OPTION_DISABLE: u32 = 0x1;
/// Data can be executed.
pub const MEM_EXECUTE_OPTION_ENABLE: u32 = 0x2;
/// No exceptions for thunks.
pub const MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION: u32 = 0x4;
/// Cannot be changed any more.
pub const MEM_EXECUTE_OPTION_PERMANENT: u32 = 0x8;

layout! {
    /// `PROCESS_BASIC_INFORMATION` (W 7).
    pub struct ProcessBasicInformation, size 0x30 {
        /// `STATUS_PENDING` while it runs.
        0x00 exit_status: NtStatus,
        /// Padding.
        0x04 reserved_04: u32,
        /// User address of its PEB.
        0x08 peb: u64,
        /// Processors it may run on, a bit each.
        0x10 affinity: u64,
        /// Of its threads.
        0x18 base_priority: i32,
        /// Padding.
        0x1c reserved_1c: u32,
        /// Its number.
        0x20 process_id: u64,
        /// The number of the process that made it.
        0x28 parent_process_id: u64,
    }
}

/// Flag of [`ProcessExtendedBasicInformation`].
pub const PROCESS_IS_PROTECTED: u32 = 0x1;
/// Flag: a 32-bit program.
pub const PROCESS_IS_WOW64: u32 = 0x2;
/// Flag: it has ended.
pub const PROCESS_IS_DELETING: u32 = 0x4;
/// Flag: it is suspended as a whole.
pub const PROCESS_IS_FROZEN: u32 = 0x10;

layout! {
    /// `PROCESS_EXTENDED_BASIC_INFORMATION`.
    pub struct ProcessExtendedBasicInformation, size 0x40 {
        /// In: 40h.
        0x00 length_bytes: u64,
        /// As without it.
        0x08 basic: ProcessBasicInformation,
        /// `PROCESS_IS_*`.
        0x38 flags: u32,
        /// Padding.
        0x3c reserved_3c: u32,
    }
}

layout! {
    /// `VM_COUNTERS`; all in bytes but the faults.
    pub struct VmCounters, size 0x58 {
        /// Most reserved addresses.
        0x00 peak_virtual_bytes: u64,
        /// Reserved addresses.
        0x08 virtual_bytes: u64,
        /// Page faults.
        0x10 page_faults: u32,
        /// Padding.
        0x14 reserved_14: u32,
        /// Most resident memory.
        0x18 peak_working_set_bytes: u64,
        /// Resident memory.
        0x20 working_set_bytes: u64,
        /// Most memory charged.
        0x28 peak_paged_pool_bytes: u64,
        /// Memory charged.
        0x30 paged_pool_bytes: u64,
        /// Most memory charged.
        0x38 peak_non_paged_pool_bytes: u64,
        /// Memory charged.
        0x40 non_paged_pool_bytes: u64,
        /// Commitment.
        0x48 pagefile_bytes: u64,
        /// Most commitment.
        0x50 peak_pagefile_bytes: u64,
    }
}

layout! {
    /// `VM_COUNTERS_EX`.
    pub struct VmCountersEx, size 0x60 {
        /// As without it.
        0x00 counters: VmCounters,
        /// Commitment.
        0x58 private_bytes: u64,
    }
}

layout! {
    /// `VM_COUNTERS_EX2`.
    pub struct VmCountersEx2, size 0x70 {
        /// As without it.
        0x00 counters: VmCountersEx,
        /// Resident memory that is not shared.
        0x60 private_working_set_bytes: u64,
        /// Commitment of mapped sections.
        0x68 shared_commit_bytes: u64,
    }
}

layout! {
    /// `QUOTA_LIMITS` (NT `winnt.h`).
    pub struct QuotaLimits, size 0x30 {
        /// Limit.
        0x00 paged_pool_bytes: u64,
        /// Limit.
        0x08 non_paged_pool_bytes: u64,
        /// Both working set limits `u64::MAX`: empty it.
        0x10 minimum_working_set_bytes: u64,
        /// Limit.
        0x18 maximum_working_set_bytes: u64,
        /// Limit of commitment.
        0x20 pagefile_bytes: u64,
        /// Limit.
        0x28 time_limit_100ns: i64,
    }
}

layout! {
    /// `QUOTA_LIMITS_EX` (NT `winnt.h`).
    pub struct QuotaLimitsEx, size 0x58 {
        /// As without it.
        0x00 limits: QuotaLimits,
        /// Limit.
        0x30 working_set_bytes: u64,
        /// 0.
        0x38 reserved_38: [u64; 3],
        /// `QUOTA_LIMITS_HARDWS_*`.
        0x50 flags: u32,
        /// Percent of the processor in the lowest 7 bits.
        0x54 cpu_rate_limit: u32,
    }
}

layout! {
    /// `IO_COUNTERS` (NT `winnt.h`).
    pub struct IoCounters, size 0x30 {
        /// Count.
        0x00 read_operations: u64,
        /// Count.
        0x08 write_operations: u64,
        /// Count.
        0x10 other_operations: u64,
        /// Sum.
        0x18 read_bytes: u64,
        /// Sum.
        0x20 write_bytes: u64,
        /// Sum.
        0x28 other_bytes: u64,
    }
}

layout! {
    /// `POOLED_USAGE_AND_LIMITS`, in bytes.
    pub struct PooledUsageAndLimits, size 0x48 {
        /// Most.
        0x00 peak_paged_pool_bytes: u64,
        /// Now.
        0x08 paged_pool_bytes: u64,
        /// Limit.
        0x10 paged_pool_limit_bytes: u64,
        /// Most.
        0x18 peak_non_paged_pool_bytes: u64,
        /// Now.
        0x20 non_paged_pool_bytes: u64,
        /// Limit.
        0x28 non_paged_pool_limit_bytes: u64,
        /// Most.
        0x30 peak_pagefile_bytes: u64,
        /// Now.
        0x38 pagefile_bytes: u64,
        /// Limit.
        0x40 pagefile_limit_bytes: u64,
    }
}

layout! {
    /// `PROCESS_PRIORITY_CLASS`.
    pub struct ProcessPriorityClass, size 0x2 {
        /// Whether its windows are in front.
        0x00 is_foreground: u8,
        /// `PRIORITY_CLASS_*`.
        0x01 class: u8,
    }
}

layout! {
    /// `PROCESS_HANDLE_INFORMATION`.
    pub struct ProcessHandleCount, size 0x8 {
        /// Handles there are.
        0x00 count: u32,
        /// Most handles there have been.
        0x04 count_max: u32,
    }
}

layout! {
    /// `PROCESS_HANDLE_SNAPSHOT_INFORMATION`; the entries follow.
    pub struct ProcessHandleSnapshot, size 0x10 {
        /// How many follow.
        0x00 count: u64,
        /// 0.
        0x08 reserved_08: u64,
    }
}

layout! {
    /// `PROCESS_HANDLE_TABLE_ENTRY_INFO`.
    pub struct ProcessHandleEntry, size 0x28 {
        /// Its value.
        0x00 handle: u64,
        /// Handles of the object.
        0x08 handle_count: u64,
        /// References of the object.
        0x10 pointer_count: u64,
        /// Of the handle.
        0x18 granted_access: u32,
        /// The type's number.
        0x1c object_type_index: u32,
        /// `OBJ_*` of the handle.
        0x20 handle_attributes: u32,
        /// 0.
        0x24 reserved_24: u32,
    }
}

/// A class of our own, for freestanding programs: [`ProcessDispatchers`]. Set only.
pub const PROCESS_DISPATCHERS: u32 = 0x5045_0001;

layout! {
    /// Where a freestanding program has what ntdll exports: its functions for
    /// exceptions and APCs; 0 for none.
    pub struct ProcessDispatchers, size 0x10 {
        /// `KiUserExceptionDispatcher`.
        0x00 exception: u64,
        /// `KiUserApcDispatcher`.
        0x08 apc: u64,
    }
}

/// A class of our own, for tests. Set, a `u64`: which allocation of the kernel's fails
/// from now on, once, counted from 1; 0 for none. Only under `fail=calls`. Queried:
/// [`ProcessAllocations`].
pub const PROCESS_ALLOCATIONS: u32 = 0x5045_0002;

layout! {
    /// What the whole machine has in use, to be compared with itself.
    pub struct ProcessAllocations, size 0x28 {
        /// Allocations since the kernel began, frames and blocks of its heap.
        0x00 count: u64,
        /// Frames that nobody has.
        0x08 free_frames: u64,
        /// Bytes of the kernel's heap that somebody has.
        0x10 heap_bytes: u64,
        /// Processes and threads, also those that ended but are still referred to.
        0x18 numbered: u64,
        /// Whether the allocation that was to fail has: 1, else 0.
        0x20 has_failed: u64,
    }
}

layout! {
    /// `PROCESS_DEVICEMAP_INFORMATION`: the drives that have letters.
    pub struct ProcessDeviceMap, size 0x24 {
        /// A bit for each letter.
        0x00 drives: u32,
        /// `DRIVE_*` of each letter.
        0x04 types: [u8; 0x20],
    }
}

/// [`ProcessDeviceMap::types`]: a disk that stays.
pub const DRIVE_FIXED: u8 = 3;

layout! {
    /// `PROCESS_JOB_MEMORY_INFO`.
    pub struct ProcessJobMemory, size 0x28 {
        /// Commitment that is no process's own.
        0x00 shared_commit_bytes: u64,
        /// Commitment of its processes.
        0x08 private_commit_bytes: u64,
        /// At most so far.
        0x10 peak_private_commit_bytes: u64,
        /// Limit.
        0x18 private_commit_limit_bytes: u64,
        /// Limit.
        0x20 total_commit_limit_bytes: u64,
    }
}
