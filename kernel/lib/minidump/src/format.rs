//! The structures of the file (minidumpapiset.h), packed to 4 bytes.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{Immutable, IntoBytes, Unaligned};

/// "MDMP".
pub(crate) const SIGNATURE: u32 = 0x504D_444D;
/// MINIDUMP_VERSION.
pub(crate) const VERSION: u32 = 0xA793;

/// MINIDUMP_STREAM_TYPE numbers.
pub(crate) const THREAD_LIST: u32 = 3;
pub(crate) const MODULE_LIST: u32 = 4;
pub(crate) const MEMORY_LIST: u32 = 5;
pub(crate) const EXCEPTION: u32 = 6;
pub(crate) const SYSTEM_INFO: u32 = 7;
pub(crate) const MISC_INFO: u32 = 15;

/// PROCESSOR_ARCHITECTURE_AMD64.
pub(crate) const AMD64: u16 = 9;
/// VER_NT_WORKSTATION.
pub(crate) const WORKSTATION: u8 = 1;
/// VER_PLATFORM_WIN32_NT.
pub(crate) const PLATFORM_NT: u32 = 2;
/// MINIDUMP_MISC1_PROCESS_ID.
pub(crate) const HAS_PROCESS_ID: u32 = 1;

/// MINIDUMP_HEADER.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct Header {
    pub signature: U32,
    pub version: U32,
    pub stream_count: U32,
    pub directory_rva: U32,
    pub checksum: U32,
    pub time: U32,
    /// MINIDUMP_TYPE.
    pub flags: U64,
}

/// MINIDUMP_LOCATION_DESCRIPTOR.
#[derive(Clone, Copy, Default, IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct Location {
    pub bytes: U32,
    pub rva: U32,
}

/// MINIDUMP_DIRECTORY.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct DirectoryEntry {
    pub stream_type: U32,
    pub location: Location,
}

/// MINIDUMP_SYSTEM_INFO, with the member of its union for other processors
/// than x86.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct SystemInfo {
    pub architecture: U16,
    pub level: U16,
    pub revision: U16,
    pub processor_count: u8,
    pub product_type: u8,
    pub major_version: U32,
    pub minor_version: U32,
    pub build: U32,
    pub platform: U32,
    /// A string with the service pack.
    pub service_pack_rva: U32,
    pub suite_mask: U16,
    pub reserved: U16,
    pub processor_features: [U64; 2],
    /// The union's member for x86 is longer.
    pub unused: [u8; 8],
}

/// MINIDUMP_MISC_INFO.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct MiscInfo {
    pub bytes: U32,
    pub flags: U32,
    pub process_id: U32,
    /// Creation, user and kernel time; not stated.
    pub times: [U32; 3],
}

/// MINIDUMP_MEMORY_DESCRIPTOR.
#[derive(Clone, Copy, IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct MemoryDescriptor {
    pub start: U64,
    pub location: Location,
}

/// MINIDUMP_THREAD.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct ThreadRecord {
    pub id: U32,
    pub suspend_count: U32,
    pub priority_class: U32,
    pub priority: U32,
    pub teb: U64,
    pub stack: MemoryDescriptor,
    pub context: Location,
}

/// MINIDUMP_MODULE.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct ModuleRecord {
    pub base: U64,
    pub size_bytes: U32,
    pub checksum: U32,
    pub timestamp: U32,
    pub name_rva: U32,
    /// VS_FIXEDFILEINFO; not stated.
    pub version: [U32; 13],
    pub code_view: Location,
    /// Debug information of other kinds; none.
    pub misc: Location,
    pub reserved: [U64; 2],
}

/// What a CodeView record of a PDB 7.0 file has in front of the file's name.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct CodeViewRecord {
    pub signature: [u8; 4],
    pub guid: [u8; 16],
    pub age: U32,
}

/// MINIDUMP_EXCEPTION_STREAM with its MINIDUMP_EXCEPTION.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct ExceptionStream {
    pub thread_id: U32,
    pub stream_alignment: U32,
    pub code: U32,
    pub flags: U32,
    /// A nested EXCEPTION_RECORD; none.
    pub nested: U64,
    pub address: U64,
    pub parameter_count: U32,
    pub record_alignment: U32,
    pub parameters: [U64; crate::PARAMETERS_MAX],
    pub context: Location,
}

const _: () = assert!(size_of::<Header>() == 32);
const _: () = assert!(size_of::<DirectoryEntry>() == 12);
const _: () = assert!(size_of::<SystemInfo>() == 56);
const _: () = assert!(size_of::<MiscInfo>() == 24);
const _: () = assert!(size_of::<MemoryDescriptor>() == 16);
const _: () = assert!(size_of::<ThreadRecord>() == 48);
const _: () = assert!(size_of::<ModuleRecord>() == 108);
const _: () = assert!(size_of::<CodeViewRecord>() == 24);
const _: () = assert!(size_of::<ExceptionStream>() == 168);
