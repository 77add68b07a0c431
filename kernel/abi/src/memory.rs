//! Numbers and structures of the virtual-memory services (NT `winnt.h`).

mod information;

pub use information::*;

/// Bytes of a page.
pub const PAGE_SIZE: u64 = 0x1000;
/// Allocations start at multiples of this many bytes (W 3.2).
pub const ALLOCATION_GRANULARITY: u64 = 0x1_0000;
/// Lowest address a program may use (W 3.2).
pub const LOWEST_USER_ADDRESS: u64 = 0x1_0000;
/// Highest address a program may use (W 3.2).
pub const HIGHEST_USER_ADDRESS: u64 = 0x7FFF_FFFE_FFFF;

/// Commit pages: `NtAllocateVirtualMemory`, and a state in queries.
pub const MEM_COMMIT: u32 = 0x1000;
/// Reserve addresses: `NtAllocateVirtualMemory`, and a state in queries.
pub const MEM_RESERVE: u32 = 0x2000;
/// Take back commitment: `NtFreeVirtualMemory`.
pub const MEM_DECOMMIT: u32 = 0x4000;
/// Free a whole reservation: `NtFreeVirtualMemory`.
pub const MEM_RELEASE: u32 = 0x8000;
/// Not reserved: a state in queries.
pub const MEM_FREE: u32 = 0x1_0000;
/// Private memory: a type in queries.
pub const MEM_PRIVATE: u32 = 0x2_0000;
/// A view of a data section: a type in queries.
pub const MEM_MAPPED: u32 = 0x4_0000;
/// The contents are no longer needed: `NtAllocateVirtualMemory`.
pub const MEM_RESET: u32 = 0x8_0000;
/// Prefer high addresses: `NtAllocateVirtualMemory`.
pub const MEM_TOP_DOWN: u32 = 0x10_0000;
/// Track writes: `NtAllocateVirtualMemory`.
pub const MEM_WRITE_WATCH: u32 = 0x20_0000;
/// Map physical pages later: `NtAllocateVirtualMemory`.
pub const MEM_PHYSICAL: u32 = 0x40_0000;
/// A view of an image section: a type in queries.
pub const MEM_IMAGE: u32 = 0x100_0000;
/// Use large pages: `NtAllocateVirtualMemory`.
pub const MEM_LARGE_PAGES: u32 = 0x2000_0000;

/// Join placeholders: `NtFreeVirtualMemory` with [`MEM_RELEASE`].
pub const MEM_COALESCE_PLACEHOLDERS: u32 = 0x1;
/// Leave a placeholder: `NtFreeVirtualMemory` with [`MEM_RELEASE`],
/// `NtUnmapViewOfSectionEx`.
pub const MEM_PRESERVE_PLACEHOLDER: u32 = 0x2;
/// The view is mapped again soon: `NtUnmapViewOfSectionEx`.
pub const MEM_UNMAP_WITH_TRANSIENT_BOOST: u32 = 0x1;
/// Take the place of a placeholder: `NtAllocateVirtualMemoryEx`,
/// `NtMapViewOfSectionEx`.
pub const MEM_REPLACE_PLACEHOLDER: u32 = 0x4000;
/// Reserve a placeholder: `NtAllocateVirtualMemoryEx`.
pub const MEM_RESERVE_PLACEHOLDER: u32 = 0x4_0000;
/// Another base is no news: `NtMapViewOfSection`.
pub const MEM_DIFFERENT_IMAGE_BASE_OK: u32 = 0x80_0000;
/// The contents are needed after all: `NtAllocateVirtualMemory`.
pub const MEM_RESET_UNDO: u32 = 0x100_0000;

/// Lock in the working set: `NtLockVirtualMemory`.
pub const MAP_PROCESS: u32 = 0x1;
/// Lock in memory: `NtLockVirtualMemory`.
pub const MAP_SYSTEM: u32 = 0x2;
/// Forget the writes: `NtGetWriteWatch`.
pub const WRITE_WATCH_FLAG_RESET: u32 = 0x1;

/// No access.
pub const PAGE_NOACCESS: u32 = 0x01;
/// Read.
pub const PAGE_READONLY: u32 = 0x02;
/// Read and write.
pub const PAGE_READWRITE: u32 = 0x04;
/// Read, and write to a private copy.
pub const PAGE_WRITECOPY: u32 = 0x08;
/// Execute; on this processor also read.
pub const PAGE_EXECUTE: u32 = 0x10;
/// Read and execute.
pub const PAGE_EXECUTE_READ: u32 = 0x20;
/// Read, write and execute: now one of the latter, now the other.
pub const PAGE_EXECUTE_READWRITE: u32 = 0x40;
/// Read, execute, and write to a private copy.
pub const PAGE_EXECUTE_WRITECOPY: u32 = 0x80;
/// The first touch raises `STATUS_GUARD_PAGE_VIOLATION`; a modifier.
pub const PAGE_GUARD: u32 = 0x100;
/// Not cached; a modifier.
pub const PAGE_NOCACHE: u32 = 0x200;
/// Write combining; a modifier.
pub const PAGE_WRITECOMBINE: u32 = 0x400;
/// Of executable pages: no place in them may be called indirectly; not checked here.
pub const PAGE_TARGETS_INVALID: u32 = 0x4000_0000;
