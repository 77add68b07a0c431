//! Numbers and structures of `NtQuerySystemInformation` (NT `winternl.h`).

mod debug;
mod lists;
mod performance;
mod power;
mod processor;
mod time;

pub use debug::*;
pub use lists::*;
pub use performance::*;
pub use power::*;
pub use processor::*;
pub use time::*;

use crate::io::UnicodeString;
use crate::thread::GroupAffinity;

/// Class: [`SystemBasicInformation`].
pub const SYSTEM_BASIC_INFORMATION: u32 = 0;
/// Class: [`SystemProcessorInformation`].
pub const SYSTEM_PROCESSOR_INFORMATION: u32 = 1;
/// Class: [`SystemPerformanceInformation`].
pub const SYSTEM_PERFORMANCE_INFORMATION: u32 = 2;
/// Class: [`SystemTimeOfDayInformation`] or its beginning.
pub const SYSTEM_TIME_OF_DAY_INFORMATION: u32 = 3;
/// Class: [`SystemProcessInformation`]s, each with its threads and name.
pub const SYSTEM_PROCESS_INFORMATION: u32 = 5;
/// Class: [`SystemDeviceInformation`].
pub const SYSTEM_DEVICE_INFORMATION: u32 = 7;
/// Class: a [`SystemProcessorPerformanceInformation`] for each processor.
pub const SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION: u32 = 8;
/// Class: `FLG_*` of the system, 4 bytes.
pub const SYSTEM_FLAGS_INFORMATION: u32 = 9;
/// Class: [`RtlProcessModules`]: what the kernel consists of.
pub const SYSTEM_MODULE_INFORMATION: u32 = 11;
/// Class: [`SystemHandleTableEntryInfo`]s behind a count of 8 bytes.
pub const SYSTEM_HANDLE_INFORMATION: u32 = 16;
/// Class: objects of each type, which a system lists only if it is told to at its start.
pub const SYSTEM_OBJECT_INFORMATION: u32 = 17;
/// Class: page files; there are none.
pub const SYSTEM_PAGE_FILE_INFORMATION: u32 = 18;
/// Class: [`SystemFileCacheInformation`].
pub const SYSTEM_FILE_CACHE_INFORMATION: u32 = 21;
/// Class: blocks of the kernel's memory by their tags.
pub const SYSTEM_POOL_TAG_INFORMATION: u32 = 22;
/// Class: as many random bytes as the buffer holds, 24 for each processor or more.
pub const SYSTEM_INTERRUPT_INFORMATION: u32 = 23;
/// Class: [`SystemTimeAdjustmentInformation`]; set: [`SystemSetTimeAdjustInformation`].
pub const SYSTEM_TIME_ADJUSTMENT_INFORMATION: u32 = 28;
/// Class: [`SystemKernelDebuggerInformation`].
pub const SYSTEM_KERNEL_DEBUGGER_INFORMATION: u32 = 35;
/// Class: [`SystemContextSwitchInformation`].
pub const SYSTEM_CONTEXT_SWITCH_INFORMATION: u32 = 36;
/// Class: a [`SystemProcessorIdleInformation`] for each processor.
pub const SYSTEM_PROCESSOR_IDLE_INFORMATION: u32 = 42;
/// Class: [`TimeZoneInformation`].
pub const SYSTEM_CURRENT_TIME_ZONE_INFORMATION: u32 = 44;
/// Class: the first address that is not a program's, 8 bytes.
pub const SYSTEM_RANGE_START_INFORMATION: u32 = 50;
/// Class: [`SystemNumaInformation`].
pub const SYSTEM_NUMA_PROCESSOR_MAP: u32 = 55;
/// Class: as [`SYSTEM_PROCESS_INFORMATION`], with more of each thread.
pub const SYSTEM_EXTENDED_PROCESS_INFORMATION: u32 = 57;
/// Class: bytes at whose multiples data of several processors should be, 4 bytes.
pub const SYSTEM_RECOMMENDED_SHARED_DATA_ALIGNMENT: u32 = 58;
/// Class: [`SystemBasicInformation`] as 32-bit programs would see it.
pub const SYSTEM_EMULATION_BASIC_INFORMATION: u32 = 62;
/// Class: [`SystemProcessorInformation`] as 32-bit programs would see it.
pub const SYSTEM_EMULATION_PROCESSOR_INFORMATION: u32 = 63;
/// Class: [`SystemHandleTableEntryInfoEx`]s behind a count of 16 bytes.
pub const SYSTEM_EXTENDED_HANDLE_INFORMATION: u32 = 64;
/// Class: [`SystemLogicalProcessorInformation`]s.
pub const SYSTEM_LOGICAL_PROCESSOR_INFORMATION: u32 = 73;
/// Class: [`SystemFirmwareTableInformation`] and the table.
pub const SYSTEM_FIRMWARE_TABLE_INFORMATION: u32 = 76;
/// Class: [`SystemFileCacheInformation`].
pub const SYSTEM_FILE_CACHE_INFORMATION_EX: u32 = 81;
/// Class: cycles in which each processor idled, 8 bytes each.
pub const SYSTEM_PROCESSOR_IDLE_CYCLE_TIME_INFORMATION: u32 = 83;
/// Class: [`SystemProcessIdInformation`], whose number and buffer the caller sets.
pub const SYSTEM_PROCESS_ID_INFORMATION: u32 = 88;
/// Class: [`SystemBootEnvironmentInformation`].
pub const SYSTEM_BOOT_ENVIRONMENT_INFORMATION: u32 = 90;
/// Class: [`DynamicTimeZoneInformation`].
pub const SYSTEM_DYNAMIC_TIME_ZONE_INFORMATION: u32 = 102;
/// Class: [`SystemCodeIntegrityInformation`], whose length the caller sets.
pub const SYSTEM_CODE_INTEGRITY_INFORMATION: u32 = 103;
/// Class: the processor's name in ASCII, terminated by 0.
pub const SYSTEM_PROCESSOR_BRAND_STRING: u32 = 105;
/// Class, `NtQuerySystemInformationEx`: `SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX`s.
pub const SYSTEM_LOGICAL_PROCESSOR_AND_GROUP_INFORMATION: u32 = 107;
/// Class: cycles of each processor, 8 bytes each.
pub const SYSTEM_PROCESSOR_CYCLE_TIME_INFORMATION: u32 = 108;
/// Class: [`SystemBasicInformation`].
pub const SYSTEM_NATIVE_BASIC_INFORMATION: u32 = 114;
/// Class: [`SystemBasicPerformanceInformation`].
pub const SYSTEM_BASIC_PERFORMANCE_INFORMATION: u32 = 123;
/// Class: [`SystemQueryPerformanceCounterInformation`], whose version the caller sets.
pub const SYSTEM_QUERY_PERFORMANCE_COUNTER_INFORMATION: u32 = 124;
/// Class: [`SystemSecureBootInformation`].
pub const SYSTEM_SECURE_BOOT_INFORMATION: u32 = 145;
/// Class: [`SystemKernelDebuggerInformationEx`].
pub const SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX: u32 = 149;
/// Class, `NtQuerySystemInformationEx`: a [`SystemCpuSetInformation`] for each
/// processor.
pub const SYSTEM_CPU_SET_INFORMATION: u32 = 175;
/// Class, `NtQuerySystemInformationEx`: what programs run, 4 bytes for each machine
/// type and 4 of zeros.
pub const SYSTEM_SUPPORTED_PROCESSOR_ARCHITECTURES: u32 = 181;
/// Class: texts that say what runs the program, each terminated by 0 (W 4.3).
pub const SYSTEM_WINE_VERSION_INFORMATION: u32 = 1000;

layout! {
    /// `SYSTEM_BASIC_INFORMATION`.
    pub struct SystemBasicInformation, size 0x40 {
        /// 0.
        0x00 reserved_00: u32,
        /// 100 ns between ticks at the slowest.
        0x04 timer_resolution_100ns: u32,
        /// Bytes of a page.
        0x08 page_bytes: u32,
        /// Pages of memory.
        0x0c physical_pages: u32,
        /// Number of the first page.
        0x10 lowest_physical_page: u32,
        /// Number of the last page.
        0x14 highest_physical_page: u32,
        /// Bytes at whose multiples reservations begin.
        0x18 allocation_granularity: u32,
        /// Padding.
        0x1c reserved_1c: u32,
        /// The first address of a program.
        0x20 lowest_user_address: u64,
        /// The last one.
        0x28 highest_user_address: u64,
        /// A bit for each processor.
        0x30 processors_mask: u64,
        /// How many there are.
        0x38 processor_count: u8,
        /// Padding.
        0x39 reserved_39: [u8; 7],
    }
}

layout! {
    /// `SYSTEM_KERNEL_DEBUGGER_INFORMATION`.
    pub struct SystemKernelDebuggerInformation, size 0x2 {
        /// 1: debugging was asked for.
        0x0 is_enabled: u8,
        /// 1: there is no debugger.
        0x1 is_not_present: u8,
    }
}

layout! {
    /// `SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX`.
    pub struct SystemKernelDebuggerInformationEx, size 0x3 {
        /// 1: it is allowed.
        0x0 is_allowed: u8,
        /// 1: it was asked for.
        0x1 is_enabled: u8,
        /// 1: there is one.
        0x2 is_present: u8,
    }
}

layout! {
    /// `SYSTEM_BOOT_ENVIRONMENT_INFORMATION`.
    pub struct SystemBootEnvironmentInformation, size 0x20 {
        /// A GUID; of no boot entry, zeros.
        0x00 boot_identifier: [u8; 16],
        /// [`FIRMWARE_TYPE_BIOS`].
        0x10 firmware_type: u32,
        /// Padding.
        0x14 reserved_14: u32,
        /// 0.
        0x18 boot_flags: u64,
    }
}

/// [`SystemBootEnvironmentInformation::firmware_type`].
pub const FIRMWARE_TYPE_BIOS: u32 = 1;

layout! {
    /// `SYSTEM_CODEINTEGRITY_INFORMATION`.
    pub struct SystemCodeIntegrityInformation, size 0x8 {
        /// 8, set by the caller.
        0x0 length_bytes: u32,
        /// `CODEINTEGRITY_OPTION_*`; 0: no image is checked.
        0x4 options: u32,
    }
}

layout! {
    /// `SYSTEM_SECUREBOOT_INFORMATION`.
    pub struct SystemSecureBootInformation, size 0x2 {
        /// Whether it is on.
        0x0 is_enabled: u8,
        /// Whether the firmware could.
        0x1 is_capable: u8,
    }
}

layout! {
    /// `SYSTEM_DEVICE_INFORMATION`: how many there are.
    pub struct SystemDeviceInformation, size 0x18 {
        /// Disks.
        0x00 disks: u32,
        /// Floppy disks.
        0x04 floppies: u32,
        /// Compact discs.
        0x08 compact_discs: u32,
        /// Tapes.
        0x0c tapes: u32,
        /// Serial ports.
        0x10 serial_ports: u32,
        /// Parallel ports.
        0x14 parallel_ports: u32,
    }
}

layout! {
    /// `RTL_PROCESS_MODULE_INFORMATION`.
    pub struct RtlProcessModuleInformation, size 0x128 {
        /// 0.
        0x00 section: u64,
        /// Where it was mapped; 0: not told.
        0x08 mapped_base: u64,
        /// Where it lies; 0: not told.
        0x10 image_base: u64,
        /// Its bytes; 0: not told.
        0x18 image_bytes: u32,
        /// `LDRP_*`.
        0x1c flags: u32,
        /// Its number in the order of loading.
        0x20 load_order_index: u16,
        /// Its number in the order of initialization.
        0x22 init_order_index: u16,
        /// How many use it.
        0x24 load_count: u16,
        /// Where its name begins in its path.
        0x26 file_name_offset: u16,
        /// Its path, which ends with a zero.
        0x28 full_path_name: [u8; 256],
    }
}

layout! {
    /// `RTL_PROCESS_MODULES` of one module.
    pub struct RtlProcessModules, size 0x130 {
        /// How many there are.
        0x00 count: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// The one.
        0x08 only: RtlProcessModuleInformation,
    }
}

layout! {
    /// `SYSTEM_NUMA_INFORMATION` of one node.
    pub struct SystemNumaInformation, size 0x18 {
        /// The number of the last node.
        0x00 highest_node: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// The processors of the first.
        0x08 affinity: GroupAffinity,
    }
}

layout! {
    /// `SYSTEM_PROCESS_ID_INFORMATION`.
    pub struct SystemProcessIdInformation, size 0x18 {
        /// Which process.
        0x00 process_id: u64,
        /// Where the path of its program goes.
        0x08 image_name: UnicodeString,
    }
}

layout! {
    /// `SYSTEM_CPU_SET_INFORMATION`.
    pub struct SystemCpuSetInformation, size 0x20 {
        /// Bytes of this.
        0x00 size_bytes: u32,
        /// 0: of this type.
        0x04 information_type: u32,
        /// Its number, from 256 on.
        0x08 id: u32,
        /// Its group.
        0x0c group: u16,
        /// Its number in the group.
        0x0e logical_processor_index: u8,
        /// The first of its core.
        0x0f core_index: u8,
        /// The first that shares its last cache.
        0x10 last_level_cache_index: u8,
        /// The first of its node.
        0x11 numa_node_index: u8,
        /// How slow it is.
        0x12 efficiency_class: u8,
        /// Whether it is parked, and whose it is.
        0x13 all_flags: u8,
        /// How soon it is used.
        0x14 scheduling_class: u32,
        /// Whose it is alone; 0: everybody's.
        0x18 allocation_tag: u64,
    }
}

/// What a machine type of [`SYSTEM_SUPPORTED_PROCESSOR_ARCHITECTURES`] runs: the
/// kernel.
pub const ARCHITECTURE_KERNEL_MODE: u32 = 0x1_0000;
/// Programs.
pub const ARCHITECTURE_USER_MODE: u32 = 0x2_0000;
/// It is the machine's.
pub const ARCHITECTURE_NATIVE: u32 = 0x4_0000;
/// It is the program's.
pub const ARCHITECTURE_PROCESS: u32 = 0x8_0000;

layout! {
    /// The header of `SYSTEM_FIRMWARE_TABLE_INFORMATION`.
    pub struct SystemFirmwareTableInformation, size 0x10 {
        /// Four letters: whose tables.
        0x0 provider: u32,
        /// 0: list them, 1: get one.
        0x4 action: u32,
        /// Which one.
        0x8 table_id: u32,
        /// Bytes of the table behind this.
        0xc table_bytes: u32,
    }
}
