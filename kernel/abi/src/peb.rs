//! The process environment block (W 3.5).

/// Bytes of the address slot a PEB gets; it starts at a multiple of this.
pub const PEB_SLOT_BYTES: u64 = 0x1_0000;
/// Bytes committed in the slot: the PEB and the page at 2000h of Wine's DLLs.
pub const PEB_COMMIT_BYTES: u64 = 0x3000;

/// [`Peb::critical_section_timeout_100ns`]: 30 days, relative.
pub const CRITICAL_SECTION_TIMEOUT_100NS: i64 = -2_592_000 * 10_000_000;

layout! {
    /// `PEB`; what the kernel does not fill is 0 at start.
    pub struct Peb, size 0x7c8 {
        /// Address-space flags.
        0x000 reserved_000: [u8; 2],
        /// 1 under a debugger.
        0x002 being_debugged: u8,
        /// Image flags.
        0x003 bit_field: u8,
        /// Padding.
        0x004 reserved_004: u32,
        /// -1 or 0.
        0x008 mutant: u64,
        /// Where the EXE is mapped.
        0x010 image_base: u64,
        /// The loader's lists; filled by ntdll.
        0x018 loader_data: u64,
        /// The [`crate::parameters::ProcessParameters`].
        0x020 process_parameters: u64,
        /// Subsystem data.
        0x028 subsystem_data: u64,
        /// Filled by ntdll.
        0x030 process_heap: u64,
        /// Filled by ntdll.
        0x038 fast_peb_lock: u64,
        /// Lists and callbacks.
        0x040 reserved_040: [u8; 0x28],
        /// The API-set schema's data.
        0x068 api_set_map: u64,
        /// Filled by ntdll.
        0x070 reserved_070: u64,
        /// Filled by ntdll.
        0x078 tls_bitmap: u64,
        /// Filled by ntdll.
        0x080 reserved_080: [u8; 0x20],
        /// Code-page and case tables; filled by ntdll.
        0x0a0 code_page_data: [u64; 3],
        /// At least 1.
        0x0b8 number_of_processors: u32,
        /// Debug flags; 0.
        0x0bc global_flag: u32,
        /// [`CRITICAL_SECTION_TIMEOUT_100NS`].
        0x0c0 critical_section_timeout_100ns: i64,
        /// 10_0000h.
        0x0c8 heap_segment_reserve_bytes: u64,
        /// 1_0000h.
        0x0d0 heap_segment_commit_bytes: u64,
        /// 1_0000h.
        0x0d8 heap_decommit_total_free_bytes: u64,
        /// 1000h.
        0x0e0 heap_decommit_free_block_bytes: u64,
        /// Heap lists; filled by ntdll.
        0x0e8 reserved_0e8: [u8; 0x28],
        /// Filled by ntdll.
        0x110 loader_lock: u64,
        /// 10.
        0x118 os_major_version: u32,
        /// 0.
        0x11c os_minor_version: u32,
        /// As [`crate::user_shared::UserSharedData::build_number`].
        0x120 os_build_number: u16,
        /// Service pack; 0.
        0x122 os_service_pack: u16,
        /// 2: NT.
        0x124 os_platform_id: u32,
        /// Subsystem of the EXE's header.
        0x128 image_subsystem: u32,
        /// Subsystem version of the EXE's header.
        0x12c image_subsystem_major_version: u32,
        /// Subsystem version of the EXE's header.
        0x130 image_subsystem_minor_version: u32,
        /// GDI handles and TLS bits.
        0x134 reserved_134: [u8; 0x18c],
        /// 1.
        0x2c0 session_id: u32,
        /// Compatibility, activation contexts, fibre-local storage, tracing.
        0x2c4 reserved_2c4: [u8; 0x4e4],
        /// 0.
        0x7a8 cloud_file_flags: u32,
        /// Cloud files, affinities.
        0x7ac reserved_7ac: [u8; 0x1c],
    }
}
