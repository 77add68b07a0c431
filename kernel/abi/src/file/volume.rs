//! What is asked and told of volumes.
//!
//! From NT `ntifs.h` and `wdm.h`.

/// `FileFsVolumeInformation`.
pub const FILE_FS_VOLUME_INFORMATION: u32 = 1;
/// `FileFsLabelInformation`.
pub const FILE_FS_LABEL_INFORMATION: u32 = 2;
/// `FileFsSizeInformation`.
pub const FILE_FS_SIZE_INFORMATION: u32 = 3;
/// `FileFsDeviceInformation`.
pub const FILE_FS_DEVICE_INFORMATION: u32 = 4;
/// `FileFsAttributeInformation`.
pub const FILE_FS_ATTRIBUTE_INFORMATION: u32 = 5;
/// `FileFsControlInformation`.
pub const FILE_FS_CONTROL_INFORMATION: u32 = 6;
/// `FileFsFullSizeInformation`.
pub const FILE_FS_FULL_SIZE_INFORMATION: u32 = 7;
/// `FileFsObjectIdInformation`.
pub const FILE_FS_OBJECTID_INFORMATION: u32 = 8;
/// `FileFsSectorSizeInformation`.
pub const FILE_FS_SECTOR_SIZE_INFORMATION: u32 = 11;

/// `FILE_DEVICE_DISK`.
pub const FILE_DEVICE_DISK: u32 = 0x7;
/// `FILE_DEVICE_NULL`.
pub const FILE_DEVICE_NULL: u32 = 0x15;
/// `FILE_DEVICE_NETWORK`.
pub const FILE_DEVICE_NETWORK: u32 = 0x12;
/// `FILE_DEVICE_NAMED_PIPE`.
pub const FILE_DEVICE_NAMED_PIPE: u32 = 0x11;
/// `FILE_DEVICE_CONSOLE`.
pub const FILE_DEVICE_CONSOLE: u32 = 0x50;
/// The device is mounted, as any with files is.
pub const FILE_DEVICE_IS_MOUNTED: u32 = 0x20;

/// Names keep the case they were made with.
pub const FILE_CASE_PRESERVED_NAMES: u32 = 0x2;
/// Names are UTF-16.
pub const FILE_UNICODE_ON_DISK: u32 = 0x4;
/// Nothing can be changed there.
pub const FILE_READ_ONLY_VOLUME: u32 = 0x8_0000;
/// Files can have ranges that take nothing.
pub const FILE_SUPPORTS_SPARSE_FILES: u32 = 0x40;
/// Files can have object identifiers.
pub const FILE_SUPPORTS_OBJECT_IDS: u32 = 0x1_0000;
/// Files can be opened by their numbers.
pub const FILE_SUPPORTS_OPEN_BY_FILE_ID: u32 = 0x100_0000;
/// Files can lose their names while they are open.
pub const FILE_SUPPORTS_POSIX_UNLINK_RENAME: u32 = 0x400;

/// `SSINFO_FLAGS_ALIGNED_DEVICE`.
pub const SSINFO_FLAGS_ALIGNED_DEVICE: u32 = 0x1;
/// `SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE`.
pub const SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE: u32 = 0x2;
/// `SSINFO_FLAGS_NO_SEEK_PENALTY`.
pub const SSINFO_FLAGS_NO_SEEK_PENALTY: u32 = 0x4;

layout! {
    /// `FILE_FS_DEVICE_INFORMATION`.
    pub struct FileFsDeviceInformation, size 8 {
        /// FILE_DEVICE_*.
        0x00 device_type: u32,
        /// FILE_DEVICE_IS_MOUNTED and others.
        0x04 characteristics: u32,
    }
}

layout! {
    /// `FILE_FS_SIZE_INFORMATION`, in units of allocation.
    pub struct FileFsSizeInformation, size 0x18 {
        /// All.
        0x00 total_units: i64,
        /// Free.
        0x08 available_units: i64,
        /// Of a unit.
        0x10 sectors_per_unit: u32,
        /// Of a sector.
        0x14 bytes_per_sector: u32,
    }
}

layout! {
    /// `FILE_FS_FULL_SIZE_INFORMATION`, in units of allocation.
    pub struct FileFsFullSizeInformation, size 0x20 {
        /// All.
        0x00 total_units: i64,
        /// Free for the caller.
        0x08 caller_available_units: i64,
        /// Free.
        0x10 actual_available_units: i64,
        /// Of a unit.
        0x18 sectors_per_unit: u32,
        /// Of a sector.
        0x1c bytes_per_sector: u32,
    }
}

layout! {
    /// `FILE_FS_CONTROL_INFORMATION`: of quotas.
    pub struct FileFsControlInformation, size 0x30 {
        /// Of a filter of contents.
        0x00 free_space_start_filtering: i64,
        /// Of a filter of contents.
        0x08 free_space_threshold: i64,
        /// Of a filter of contents.
        0x10 free_space_stop_filtering: i64,
        /// Bytes before a warning; -1: none.
        0x18 default_quota_threshold: i64,
        /// Bytes a user may have; -1: any.
        0x20 default_quota_limit: i64,
        /// FILE_VC_*: 0, no quotas.
        0x28 file_system_control_flags: u32,
        /// Padding.
        0x2c reserved_2c: u32,
    }
}

layout! {
    /// `FILE_FS_SECTOR_SIZE_INFORMATION`.
    pub struct FileFsSectorSizeInformation, size 0x1c {
        /// As the device is addressed.
        0x00 logical_bytes_per_sector: u32,
        /// What is written as a whole.
        0x04 physical_bytes_per_sector_for_atomicity: u32,
        /// What is written without reading first.
        0x08 physical_bytes_per_sector_for_performance: u32,
        /// What the file system takes for atomic.
        0x0c effective_physical_bytes_per_sector_for_atomicity: u32,
        /// SSINFO_FLAGS_*.
        0x10 flags: u32,
        /// Of the device.
        0x14 byte_offset_for_sector_alignment: u32,
        /// Of the partition.
        0x18 byte_offset_for_partition_alignment: u32,
    }
}
