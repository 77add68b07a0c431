//! What is queried and set of memory (NT `winnt.h`, phnt `ntmmapi.h`).

/// Class of `NtQueryVirtualMemory`: [`MemoryBasicInformation`].
pub const MEMORY_BASIC_INFORMATION: u32 = 0;
/// Class: what a DLL's unix calls are known by, 8 bytes (W 4.3).
pub const MEMORY_WINE_UNIX_FUNCTIONS: u32 = 1000;
/// Class: a count of 8 bytes and as many words about resident pages.
pub const MEMORY_WORKING_SET_INFORMATION: u32 = 1;
/// Class: a `UNICODE_STRING` with the mapped file's name; the characters follow.
pub const MEMORY_MAPPED_FILENAME_INFORMATION: u32 = 2;
/// Class: [`MemoryRegionInformation`], or its first 18h or 20h bytes.
pub const MEMORY_REGION_INFORMATION: u32 = 3;
/// Class: fills in an array of [`MemoryWorkingSetExInformation`].
pub const MEMORY_WORKING_SET_EX_INFORMATION: u32 = 4;
/// Class: commitment of mapped sections, 8 bytes.
pub const MEMORY_SHARED_COMMIT_INFORMATION: u32 = 5;
/// Class: [`MemoryImageInformation`].
pub const MEMORY_IMAGE_INFORMATION: u32 = 6;
/// Class: [`MemoryRegionInformation`].
pub const MEMORY_REGION_INFORMATION_EX: u32 = 7;
/// Class: [`MemoryBasicInformation`].
pub const MEMORY_PRIVILEGED_BASIC_INFORMATION: u32 = 8;

layout! {
    /// `MEMORY_BASIC_INFORMATION` (NT `winnt.h`).
    pub struct MemoryBasicInformation, size 0x30 {
        /// First page of the run of equal pages that starts at the query.
        0x00 base_address: u64,
        /// First address of the allocation; 0 when free.
        0x08 allocation_base: u64,
        /// Protection at allocation (`PAGE_*`); 0 when free.
        0x10 allocation_protect: u32,
        /// Memory partition; 0.
        0x14 partition_id: u16,
        /// Padding.
        0x16 reserved_16: u16,
        /// Bytes from `base_address` in which all pages are equal.
        0x18 region_size_bytes: u64,
        /// `MEM_COMMIT`, `MEM_RESERVE` or `MEM_FREE`.
        0x20 state: u32,
        /// `PAGE_*` now; 0 when reserved, `PAGE_NOACCESS` when free.
        0x24 protect: u32,
        /// `MEM_PRIVATE`, `MEM_MAPPED`, `MEM_IMAGE`; 0 when free.
        0x28 kind: u32,
        /// Padding.
        0x2c reserved_2c: u32,
    }
}

/// `region_type`: private memory.
pub const REGION_PRIVATE: u32 = 0x1;
/// `region_type`: a view of a data file.
pub const REGION_MAPPED_DATA_FILE: u32 = 0x2;
/// `region_type`: a view of an image.
pub const REGION_MAPPED_IMAGE: u32 = 0x4;
/// `region_type`: a view of a section without a file.
pub const REGION_MAPPED_PAGE_FILE: u32 = 0x8;
/// `region_type`: a view of physical memory.
pub const REGION_MAPPED_PHYSICAL: u32 = 0x10;
/// `region_type`: a placeholder.
pub const REGION_PLACEHOLDER: u32 = 0x100;
/// `region_type`: addresses for physical pages.
pub const REGION_MAPPED_AWE: u32 = 0x200;
/// `region_type`: writes are noted.
pub const REGION_WRITE_WATCH: u32 = 0x400;
/// `region_type`: an image mapped as its file is.
pub const REGION_DIRECT_MAPPED: u32 = 0x20;

layout! {
    /// `MEMORY_REGION_INFORMATION`: a whole allocation.
    pub struct MemoryRegionInformation, size 0x30 {
        /// Its first address.
        0x00 allocation_base: u64,
        /// Protection at allocation (`PAGE_*`).
        0x08 allocation_protect: u32,
        /// `REGION_*`.
        0x0c region_type: u32,
        /// Its size.
        0x10 region_size_bytes: u64,
        /// What of it is committed.
        0x18 commit_size_bytes: u64,
        /// Memory partition; 0.
        0x20 partition_id: u64,
        /// Memory node; `u64::MAX` for none.
        0x28 node_preference: u64,
    }
}

/// The page is resident; without it the other bits are not about a frame.
pub const WORKING_SET_EX_VALID: u64 = 0x1;
/// Three bits: processes that share the page, at most 7.
pub const WORKING_SET_EX_SHARE_COUNT_SHIFT: u32 = 1;
/// Eleven bits: `PAGE_*`.
pub const WORKING_SET_EX_PROTECTION_SHIFT: u32 = 4;
/// The page can be shared; also of pages not resident.
pub const WORKING_SET_EX_SHARED: u64 = 0x8000;
/// Six bits: the memory node.
pub const WORKING_SET_EX_NODE_SHIFT: u32 = 16;
/// The page is locked.
pub const WORKING_SET_EX_LOCKED: u64 = 0x40_0000;
/// It is part of a large page.
pub const WORKING_SET_EX_LARGE_PAGE: u64 = 0x80_0000;

layout! {
    /// `MEMORY_WORKING_SET_EX_INFORMATION`.
    pub struct MemoryWorkingSetExInformation, size 0x10 {
        /// In: an address in the page.
        0x00 virtual_address: u64,
        /// Out: `WORKING_SET_EX_*`.
        0x08 attributes: u64,
    }
}

/// Of a word about a page: three bits; the five below are its protection.
pub const WORKING_SET_SHARE_COUNT_SHIFT: u32 = 5;
/// Of a word about a page: it can be shared; from bit 12 on is its address.
pub const WORKING_SET_SHARED: u64 = 0x100;

/// `image_flags`: not mapped as a whole.
pub const IMAGE_PARTIAL_MAP: u32 = 0x1;
/// `image_flags`: mapped for reading.
pub const IMAGE_NOT_EXECUTABLE: u32 = 0x2;

layout! {
    /// `MEMORY_IMAGE_INFORMATION`.
    pub struct MemoryImageInformation, size 0x18 {
        /// Its first address.
        0x00 image_base: u64,
        /// Its size.
        0x08 image_bytes: u64,
        /// `IMAGE_*`.
        0x10 image_flags: u32,
        /// Padding.
        0x14 reserved_14: u32,
    }
}

/// Class of `NtSetInformationVirtualMemory`: flags of 4 bytes; reads pages in.
pub const VM_PREFETCH_INFORMATION: u32 = 0;
/// Class of `NtSetInformationVirtualMemory`: 4 bytes.
pub const VM_PAGE_PRIORITY_INFORMATION: u32 = 1;
/// Class of `NtSetInformationVirtualMemory`: valid targets of calls.
pub const VM_CFG_CALL_TARGET_INFORMATION: u32 = 2;
/// Class of `NtSetInformationVirtualMemory`: 4 bytes.
pub const VM_PAGE_DIRTY_STATE_INFORMATION: u32 = 3;

layout! {
    /// `MEMORY_RANGE_ENTRY`.
    pub struct MemoryRangeEntry, size 0x10 {
        /// First address.
        0x00 virtual_address: u64,
        /// How many bytes.
        0x08 size_bytes: u64,
    }
}

/// Type: `value` is the address of a [`MemoryAddressRequirements`].
pub const MEM_EXTENDED_PARAMETER_ADDRESS_REQUIREMENTS: u32 = 1;
/// Type: `value` is a memory node.
pub const MEM_EXTENDED_PARAMETER_NUMA_NODE: u32 = 2;
/// Type: `value` is the handle of a partition.
pub const MEM_EXTENDED_PARAMETER_PARTITION_HANDLE: u32 = 3;
/// Type: `value` is the handle of physical pages.
pub const MEM_EXTENDED_PARAMETER_USER_PHYSICAL_HANDLE: u32 = 4;
/// Type: `value` are flags.
pub const MEM_EXTENDED_PARAMETER_ATTRIBUTE_FLAGS: u32 = 5;
/// Type: `value` is a processor's number.
pub const MEM_EXTENDED_PARAMETER_IMAGE_MACHINE: u32 = 6;
/// The bits of `kind` that are the type; others must be 0.
pub const MEM_EXTENDED_PARAMETER_TYPE_MASK: u64 = 0xFF;

/// Flag: for a graphics driver.
pub const MEM_EXTENDED_PARAMETER_GRAPHICS: u64 = 0x1;
/// Flag: pages that stay in memory.
pub const MEM_EXTENDED_PARAMETER_NONPAGED: u64 = 0x2;
/// Flag: pages may hold what they held before.
pub const MEM_EXTENDED_PARAMETER_ZERO_PAGES_OPTIONAL: u64 = 0x4;
/// Flag: the same, of 2 MiB.
pub const MEM_EXTENDED_PARAMETER_NONPAGED_LARGE: u64 = 0x8;
/// Flag: the same, of 1 GiB.
pub const MEM_EXTENDED_PARAMETER_NONPAGED_HUGE: u64 = 0x10;
/// Flag: pages are kept where touching them is cheap.
pub const MEM_EXTENDED_PARAMETER_SOFT_FAULT_PAGES: u64 = 0x20;

layout! {
    /// `MEM_EXTENDED_PARAMETER`.
    pub struct MemoryExtendedParameter, size 0x10 {
        /// `MEM_EXTENDED_PARAMETER_*`.
        0x00 kind: u64,
        /// What the type says.
        0x08 value: u64,
    }
}

layout! {
    /// `MEM_ADDRESS_REQUIREMENTS`.
    pub struct MemoryAddressRequirements, size 0x18 {
        /// 0: any.
        0x00 lowest_starting_address: u64,
        /// 0: any; inclusive.
        0x08 highest_ending_address: u64,
        /// 0: the granularity; else a power of two from it on.
        0x10 alignment_bytes: u64,
    }
}
