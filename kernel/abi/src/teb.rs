//! The thread environment block, which gs points at (W 3.4).

/// Bytes of the address slot a TEB gets; it starts at a multiple of this.
pub const TEB_SLOT_BYTES: u64 = 0x1_0000;
/// Bytes committed in the slot: the TEB and the scratch space of Wine's DLLs.
pub const TEB_COMMIT_BYTES: u64 = 0x4000;
/// Offset of the activation-context stack, which points at itself.
pub const ACTIVATION_CONTEXT_STACK: u64 = 0x290;
/// Offset of the list head in it; both links hold its own address.
pub const ACTIVATION_FRAME_LIST: u64 = 0x298;
/// Offset of the buffer of [`Teb::static_unicode_string`].
pub const STATIC_UNICODE_BUFFER: u64 = 0x1268;
/// Bytes of that buffer.
pub const STATIC_UNICODE_BYTES: u16 = 0x20A;
/// Thread-local cells in the TEB itself.
pub const TLS_CELLS: u32 = 64;
/// Offset of the pointer to further cells.
pub const TLS_EXPANSION_SLOTS: u64 = 0x1780;
/// How many these are (NT `TLS_EXPANSION_SLOTS`, phnt `ntpebteb.h`).
pub const TLS_EXPANSION_CELLS: u32 = 1024;

layout! {
    /// `TEB`; what the kernel does not fill is 0 at start.
    pub struct Teb, size 0x1838 {
        /// 0 on x86_64.
        0x0000 exception_list: u64,
        /// One past the highest byte of the stack.
        0x0008 stack_base: u64,
        /// Lowest usable address of the stack; sinks as the stack grows.
        0x0010 stack_limit: u64,
        /// Subsystem's block; 0.
        0x0018 subsystem_tib: u64,
        /// Fibre data or version; 0.
        0x0020 fiber_data: u64,
        /// Free for the program.
        0x0028 arbitrary_user_pointer: u64,
        /// Address of this TEB.
        0x0030 this: u64,
        /// Environment pointer; 0.
        0x0038 environment_pointer: u64,
        /// Identifier of the process.
        0x0040 process_id: u64,
        /// Identifier of the thread.
        0x0048 thread_id: u64,
        /// RPC handle; 0.
        0x0050 rpc_handle: u64,
        /// Filled by ntdll.
        0x0058 thread_local_storage: u64,
        /// Address of the PEB.
        0x0060 peb: u64,
        /// Win32's last error.
        0x0068 last_error: u32,
        /// Kept by ntdll.
        0x006c owned_critical_sections: u32,
        /// Window data.
        0x0070 reserved_0070: [u8; 0x98],
        /// Locale of the thread.
        0x0108 current_locale: u32,
        /// Window and exception data.
        0x010c reserved_010c: [u8; 0x184],
        /// First word of the activation-context stack: the active frame.
        0x0290 activation_active_frame: u64,
        /// Both hold TEB + [`ACTIVATION_FRAME_LIST`].
        0x0298 activation_frame_list: [u64; 2],
        /// Flags and sequence number of the activation-context stack.
        0x02a8 reserved_02a8: [u8; 0x20],
        /// TEB + [`ACTIVATION_CONTEXT_STACK`].
        0x02c8 activation_context_stack: u64,
        /// GDI batch.
        0x02d0 reserved_02d0: [u8; 0x508],
        /// As [`Teb::process_id`].
        0x07d8 real_process_id: u64,
        /// As [`Teb::thread_id`].
        0x07e0 real_thread_id: u64,
        /// Window and graphics data.
        0x07e8 reserved_07e8: [u8; 0xa68],
        /// Last status that ntdll turned into an error.
        0x1250 last_status: u32,
        /// Padding.
        0x1254 reserved_1254: u32,
        /// Empty, with the buffer at TEB + [`STATIC_UNICODE_BUFFER`].
        0x1258 static_unicode_string: crate::io::UnicodeString,
        /// That buffer, and padding.
        0x1268 static_unicode_buffer: [u8; 0x210],
        /// Lowest address of the stack's reservation.
        0x1478 deallocation_stack: u64,
        /// Thread-local slots.
        0x1480 tls_slots: [u64; 64],
        /// Thread-local links, graphics, instrumentation; stays 0.
        0x1680 reserved_1680: [u8; 0xc8],
        /// Bytes of stack kept for the handling of an overflow.
        0x1748 guaranteed_stack_bytes: u32,
        /// Padding and further runtime data.
        0x174c reserved_174c: [u8; 0xc0],
        /// 0: not a 32-bit process.
        0x180c wow_teb_offset: u32,
        /// Runtime data.
        0x1810 reserved_1810: [u8; 0x28],
    }
}
