//! RTL_USER_PROCESS_PARAMETERS: what a program is started with (W 3.6).
//!
//! It is an allocation of its own; the strings follow the header in the same
//! allocation, and all pointers are absolute.
use crate::io::UnicodeString;

/// [`ProcessParameters::flags`]: the pointers are absolute.
pub const PARAMETERS_NORMALIZED: u32 = 1;

/// [`ProcessParameters::window_flags`]: the creator says which handles are the standard
/// ones.
pub const STARTF_USESTDHANDLES: u32 = 0x100;

layout! {
    /// `RTL_USER_PROCESS_PARAMETERS`, the header.
    pub struct ProcessParameters, size 0x410 {
        /// Bytes of the allocation.
        0x000 allocation_size_bytes: u32,
        /// Bytes used of it.
        0x004 size_bytes: u32,
        /// [`PARAMETERS_NORMALIZED`].
        0x008 flags: u32,
        /// Debug flags; 0.
        0x00c debug_flags: u32,
        /// The console object, 0 for none.
        0x010 console_handle: u64,
        /// Bit 0: ignore Ctrl-C.
        0x018 console_flags: u32,
        /// Padding.
        0x01c reserved_01c: u32,
        /// Where the program reads from.
        0x020 standard_input: u64,
        /// Where the program writes to.
        0x028 standard_output: u64,
        /// Where the program writes errors to.
        0x030 standard_error: u64,
        /// Current directory, a DOS path ending in a backslash.
        0x038 current_directory: UnicodeString,
        /// Handle of the current directory, 0 when not opened.
        0x048 current_directory_handle: u64,
        /// Search path for DLLs.
        0x050 dll_path: UnicodeString,
        /// DOS path of the EXE, terminated by 0.
        0x060 image_path: UnicodeString,
        /// Command line including the program's name, terminated by 0.
        0x070 command_line: UnicodeString,
        /// User address of the block `A=B\0...\0\0` in UTF-16.
        0x080 environment: u64,
        /// Window position, size, character counts, fill attribute.
        0x088 reserved_088: [u8; 0x1c],
        /// `STARTF_*`.
        0x0a4 window_flags: u32,
        /// How its window is shown first.
        0x0a8 show_window_flags: u32,
        /// Padding.
        0x0ac reserved_0ac: u32,
        /// Window title.
        0x0b0 window_title: UnicodeString,
        /// Desktop name.
        0x0c0 desktop: UnicodeString,
        /// Shell data.
        0x0d0 shell_info: UnicodeString,
        /// Inherited descriptors of the C library, binary.
        0x0e0 runtime_info: UnicodeString,
        /// Per-drive current directories; 0.
        0x0f0 reserved_0f0: [u8; 0x300],
        /// Bytes of the environment block, both terminators included.
        0x3f0 environment_size_bytes: u64,
        /// Version of the environment and package data; 0.
        0x3f8 reserved_3f8: [u8; 0x10],
        /// Process group.
        0x408 process_group_id: u32,
        /// Loader threads; 0.
        0x40c loader_threads: u32,
    }
}
