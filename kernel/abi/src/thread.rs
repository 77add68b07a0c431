//! Threads.

use crate::process::ClientId;

/// Class.
pub const THREAD_BASIC_INFORMATION: u32 = 0;
/// Class.
pub const THREAD_AM_I_LAST_THREAD: u32 = 12;
/// Class.
pub const THREAD_IS_TERMINATED: u32 = 20;
/// Class.
pub const THREAD_SUSPEND_COUNT: u32 = 35;
layout! {
    /// `THREAD_BASIC_INFORMATION`.
    pub struct ThreadBasicInformation, size 0x30 {
        /// Status.
        0x00 exit_status: crate::NtStatus,
        /// Padding.
        0x04 reserved_04: u32,
        /// TEB.
        0x08 teb: u64,
        /// Numbers.
        0x10 client_id: ClientId,
        /// Processors.
        0x20 affinity_mask: u64,
        /// Priority.
        0x28 priority: i32,
        /// Base priority.
        0x2c base_priority: i32,
    }
}
