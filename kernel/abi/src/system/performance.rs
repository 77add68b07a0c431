//! What is counted of the whole system.

layout! {
    /// `SYSTEM_PERFORMANCE_INFORMATION`; counts of what there is not, page files and a
    /// cache of the file system among it, are 0.
    pub struct SystemPerformanceInformation, size 0x158 {
        /// Time in which nobody could run.
        0x000 idle_time_100ns: i64,
        /// Bytes that files and devices gave.
        0x008 io_read_bytes: i64,
        /// Bytes that they took.
        0x010 io_write_bytes: i64,
        /// Bytes that went otherwise.
        0x018 io_other_bytes: i64,
        /// How often they gave.
        0x020 io_reads: u32,
        /// How often they took.
        0x024 io_writes: u32,
        /// Other requests.
        0x028 io_others: u32,
        /// Free frames, in pages.
        0x02c available_pages: u32,
        /// What is promised to all programs, in pages.
        0x030 committed_pages: u32,
        /// The most that can be.
        0x034 commit_limit_pages: u32,
        /// The most that ever was.
        0x038 peak_commitment_pages: u32,
        /// Page faults.
        0x03c page_faults: u32,
        /// Of them: copies on writing, transitions, reads and writes of page files.
        0x040 reserved_040: [u32; 12],
        /// Pages of the paged pool; 0: nothing of the kernel's is paged.
        0x070 paged_pool_pages: u32,
        /// Pages of the other pool: the kernel's heap.
        0x074 non_paged_pool_pages: u32,
        /// Allocations from the pools.
        0x078 reserved_078: [u32; 4],
        /// Free page-table entries of the system.
        0x088 free_system_ptes: u32,
        /// Pages of the kernel's code.
        0x08c resident_system_code_pages: u32,
        /// Drivers, look-aside lists.
        0x090 reserved_090: [u32; 4],
        /// The file system's cache.
        0x0a0 reserved_0a0: [u32; 34],
        /// Times that threads were switched to.
        0x128 context_switches: u32,
        /// Translations that were looked up.
        0x12c reserved_12c: [u32; 2],
        /// System calls.
        0x134 system_calls: u32,
        /// Dirty pages of a cache, their threshold.
        0x138 reserved_138: [u64; 2],
        /// Pages that could be had without writing others.
        0x148 resident_available_pages: u64,
        /// Promised pages that several programs share; not counted.
        0x150 shared_committed_pages: u64,
    }
}

/// Bytes of [`SystemPerformanceInformation`] that old programs know.
pub const SYSTEM_PERFORMANCE_INFORMATION_OLD_BYTES: usize = 0x138;

layout! {
    /// `SYSTEM_BASIC_PERFORMANCE_INFORMATION`, in pages.
    pub struct SystemBasicPerformanceInformation, size 0x20 {
        /// Free.
        0x00 available_pages: u64,
        /// Promised.
        0x08 committed_pages: u64,
        /// The most that can be.
        0x10 commit_limit_pages: u64,
        /// The most that was.
        0x18 peak_commitment_pages: u64,
    }
}

layout! {
    /// `SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION`.
    pub struct SystemProcessorPerformanceInformation, size 0x30 {
        /// Nobody could run.
        0x00 idle_time_100ns: i64,
        /// The kernel ran, or nobody.
        0x08 kernel_time_100ns: i64,
        /// A program ran.
        0x10 user_time_100ns: i64,
        /// Deferred calls; there are none.
        0x18 dpc_time_100ns: i64,
        /// Interrupts; counted as the kernel's.
        0x20 interrupt_time_100ns: i64,
        /// Interrupts of the timer.
        0x28 interrupt_count: u32,
        /// Padding.
        0x2c reserved_2c: u32,
    }
}

layout! {
    /// `SYSTEM_PROCESSOR_IDLE_INFORMATION`.
    pub struct SystemProcessorIdleInformation, size 0x30 {
        /// Nobody could run.
        0x00 idle_time_100ns: u64,
        /// Of that, in each of three states of saving.
        0x08 state_times_100ns: [u64; 3],
        /// How often each was entered.
        0x20 state_transitions: [u32; 3],
        /// Padding.
        0x2c reserved_2c: u32,
    }
}

layout! {
    /// `SYSTEM_CONTEXT_SWITCH_INFORMATION`; what led to a switch is not counted.
    pub struct SystemContextSwitchInformation, size 0x30 {
        /// All of them.
        0x00 context_switches: u32,
        /// By kind.
        0x04 reserved_04: [u32; 11],
    }
}

layout! {
    /// `SYSTEM_FILECACHE_INFORMATION`; there is no such cache.
    pub struct SystemFileCacheInformation, size 0x40 {
        /// Bytes.
        0x00 current_bytes: u64,
        /// At most so far.
        0x08 peak_bytes: u64,
        /// Faults in it.
        0x10 page_faults: u32,
        /// Padding.
        0x14 reserved_14: u32,
        /// Pages it keeps.
        0x18 minimum_working_set_pages: u64,
        /// Pages it may have.
        0x20 maximum_working_set_pages: u64,
        /// With those in transition.
        0x28 current_pages: u64,
        /// At most so far.
        0x30 peak_pages: u64,
        /// Pages in transition that others took.
        0x38 repurposed: u32,
        /// Whether the limits are hard.
        0x3c flags: u32,
    }
}
