//! Classes of what is changed of files, and of what names and links tell.
//!
//! From NT `ntifs.h` and `wdm.h`.

/// `FileRenameInformation`.
pub const FILE_RENAME_INFORMATION: u32 = 10;
/// `FileLinkInformation`.
pub const FILE_LINK_INFORMATION: u32 = 11;
/// `FileAlternateNameInformation`.
pub const FILE_ALTERNATE_NAME_INFORMATION: u32 = 21;
/// `FileStreamInformation`.
pub const FILE_STREAM_INFORMATION: u32 = 22;
/// `FileCompressionInformation`.
pub const FILE_COMPRESSION_INFORMATION: u32 = 28;
/// `FileValidDataLengthInformation`.
pub const FILE_VALID_DATA_LENGTH_INFORMATION: u32 = 39;
/// `FileShortNameInformation`.
pub const FILE_SHORT_NAME_INFORMATION: u32 = 40;
/// `FileHardLinkInformation`.
pub const FILE_HARD_LINK_INFORMATION: u32 = 46;
/// `FileNormalizedNameInformation`.
pub const FILE_NORMALIZED_NAME_INFORMATION: u32 = 48;
/// `FileIsRemoteDeviceInformation`.
pub const FILE_IS_REMOTE_DEVICE_INFORMATION: u32 = 51;
/// `FileStandardLinkInformation`.
pub const FILE_STANDARD_LINK_INFORMATION: u32 = 54;
/// `FileIdInformation`.
pub const FILE_ID_INFORMATION: u32 = 59;
/// `FileRenameInformationEx`.
pub const FILE_RENAME_INFORMATION_EX: u32 = 65;
/// `FileCaseSensitiveInformation`.
pub const FILE_CASE_SENSITIVE_INFORMATION: u32 = 71;
/// `FileLinkInformationEx`.
pub const FILE_LINK_INFORMATION_EX: u32 = 72;

/// Another file of the new name gives way.
pub const FILE_RENAME_REPLACE_IF_EXISTS: u32 = 0x1;
/// It gives way even if it is open.
pub const FILE_RENAME_POSIX_SEMANTICS: u32 = 0x2;
/// What a new directory would bring along is left out.
pub const FILE_RENAME_SUPPRESS_PIN_STATE_INHERITANCE: u32 = 0x4;
/// As before, of storage reserves.
pub const FILE_RENAME_SUPPRESS_STORAGE_RESERVE_INHERITANCE: u32 = 0x8;
/// Reserves of storage do not grow.
pub const FILE_RENAME_NO_INCREASE_AVAILABLE_SPACE: u32 = 0x10;
/// Reserves of storage do not shrink.
pub const FILE_RENAME_NO_DECREASE_AVAILABLE_SPACE: u32 = 0x20;
/// A read-only file gives way.
pub const FILE_RENAME_IGNORE_READONLY_ATTRIBUTE: u32 = 0x40;
/// All of them, with those about resizing old and new storage.
pub const FILE_RENAME_VALID_FLAGS: u32 = 0x1FF;

/// `FLUSH_FLAGS_FILE_DATA_ONLY`: not what is known of the file.
pub const FLUSH_FLAGS_FILE_DATA_ONLY: u32 = 0x1;
/// `FLUSH_FLAGS_NO_SYNC`: not down to the medium.
pub const FLUSH_FLAGS_NO_SYNC: u32 = 0x2;
/// `FLUSH_FLAGS_FILE_DATA_SYNC_ONLY`.
pub const FLUSH_FLAGS_FILE_DATA_SYNC_ONLY: u32 = 0x4;
/// All of them.
pub const FLUSH_FLAGS_VALID: u32 = 0x7;

layout! {
    /// `FILE_RENAME_INFORMATION`, up to the name.
    pub struct FileRenameInformation, size 0x18 {
        /// FILE_RENAME_*; of the class that is not `Ex`, a BOOLEAN.
        0x00 flags: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// Where the new name begins; 0: at the root of all, or a mere name.
        0x08 root_directory: u64,
        /// Bytes of the name.
        0x10 file_name_length: u32,
        /// The name begins here.
        0x14 file_name_start: u32,
    }
}

layout! {
    /// `FILE_STREAM_INFORMATION`, up to the name.
    pub struct FileStreamInformation, size 0x18 {
        /// From this entry to the next; 0: it is the last.
        0x00 next_entry_offset: u32,
        /// Bytes of the name.
        0x04 stream_name_length: u32,
        /// How long it is.
        0x08 stream_size: i64,
        /// What it takes.
        0x10 stream_allocation_size: i64,
    }
}

layout! {
    /// `FILE_COMPRESSION_INFORMATION`.
    pub struct FileCompressionInformation, size 0x10 {
        /// What it takes when compressed.
        0x00 compressed_file_size: i64,
        /// COMPRESSION_FORMAT_*: 0, none.
        0x08 compression_format: u16,
        /// Of units of compression.
        0x0a compression_unit_shift: u8,
        /// Of chunks.
        0x0b chunk_shift: u8,
        /// Of clusters.
        0x0c cluster_shift: u8,
        /// Padding.
        0x0d reserved_0d: [u8; 3],
    }
}

layout! {
    /// `FILE_LINKS_INFORMATION` with one entry, up to its name.
    pub struct FileLinksInformation, size 0x20 {
        /// Bytes of all entries.
        0x00 bytes_needed: u32,
        /// How many there are.
        0x04 entries_returned: u32,
        /// From this entry to the next; 0: it is the last.
        0x08 next_entry_offset: u32,
        /// Padding.
        0x0c reserved_0c: u32,
        /// The number of the directory it is in.
        0x10 parent_file_id: u64,
        /// Letters of the name.
        0x18 file_name_length: u32,
        /// The name begins here.
        0x1c file_name_start: u32,
    }
}

layout! {
    /// `FILE_STANDARD_LINK_INFORMATION`.
    pub struct FileStandardLinkInformation, size 0xc {
        /// Names by which it can be opened.
        0x00 number_of_accessible_links: u32,
        /// Names it has.
        0x04 total_number_of_links: u32,
        /// BOOLEAN: it goes with its last handle.
        0x08 delete_pending: u8,
        /// BOOLEAN.
        0x09 directory: u8,
        /// Padding.
        0x0a reserved_0a: u16,
    }
}

layout! {
    /// `FILE_ID_INFORMATION`.
    pub struct FileIdInformation, size 0x18 {
        /// Of the volume.
        0x00 volume_serial_number: u64,
        /// The file's number, and 64 bits more.
        0x08 file_id: [u64; 2],
    }
}
