//! Numbers and structures of `NtQuerySystemInformation` (NT `winternl.h`).

/// Class: [`SystemPerformanceInformation`].
pub const SYSTEM_PERFORMANCE_INFORMATION: u32 = 2;

layout! {
    /// `SYSTEM_PERFORMANCE_INFORMATION`; fields not named are 0 here.
    pub struct SystemPerformanceInformation, size 0x138 {
        /// Idle time and transfer counts.
        0x00 reserved_00: [u8; 0x2c],
        /// Free frames, in pages.
        0x2c available_pages: u32,
        /// Commitment and the counts of faults and input and output.
        0x30 reserved_30: [u8; 0x108],
    }
}
