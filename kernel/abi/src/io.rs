//! Handles, counted strings and the result block of file services.

/// Pseudo handle of the calling process (NT `NtCurrentProcess`).
pub const CURRENT_PROCESS: u64 = u64::MAX;
/// Pseudo handle of the calling thread (NT `NtCurrentThread`).
pub const CURRENT_THREAD: u64 = u64::MAX - 1;

/// Console input of a freestanding program; Win32's `STD_INPUT_HANDLE`, -10.
///
/// Programs take the three handles from the parameter block and do not rely on
/// these values, which later become handles of console objects.
pub const CONSOLE_INPUT: u64 = u64::MAX - 9;
/// Console output of a freestanding program; Win32's `STD_OUTPUT_HANDLE`, -11.
pub const CONSOLE_OUTPUT: u64 = u64::MAX - 10;
/// Console errors of a freestanding program; Win32's `STD_ERROR_HANDLE`, -12.
pub const CONSOLE_ERROR: u64 = u64::MAX - 11;

layout! {
    /// `IO_STATUS_BLOCK` (NT `wdm.h`).
    pub struct IoStatusBlock, size 0x10 {
        /// Final status; a union with a pointer, hence the padding.
        0x00 status: crate::NtStatus,
        /// Unused half of the union.
        0x04 reserved_04: u32,
        /// Bytes transferred.
        0x08 information: u64,
    }
}

layout! {
    /// `UNICODE_STRING` (NT `ntdef.h`): UTF-16, not necessarily terminated.
    pub struct UnicodeString, size 0x10 {
        /// Bytes used, without a terminator.
        0x00 length_bytes: u16,
        /// Bytes the buffer holds.
        0x02 maximum_length_bytes: u16,
        /// Padding.
        0x04 reserved_04: u32,
        /// User address of the first character.
        0x08 buffer: u64,
    }
}
