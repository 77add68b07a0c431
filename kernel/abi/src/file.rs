//! Files: options of opening them, and what is asked and told of them.
//!
//! From NT `wdm.h`, `ntifs.h` and `winnt.h`; times count 100 ns from 1601.

mod change;
mod classes;
mod control;
mod volume;

pub use change::*;
pub use classes::*;
pub use control::*;
pub use volume::*;

/// Read data, or list a directory.
pub const FILE_READ_DATA: u32 = 0x1;
/// Write data, or add a file to a directory.
pub const FILE_WRITE_DATA: u32 = 0x2;
/// Write behind the end only, or add a directory to a directory.
pub const FILE_APPEND_DATA: u32 = 0x4;
/// Read extended attributes.
pub const FILE_READ_EA: u32 = 0x8;
/// Write extended attributes.
pub const FILE_WRITE_EA: u32 = 0x10;
/// Run, or walk through a directory.
pub const FILE_EXECUTE: u32 = 0x20;
/// Delete what is in a directory.
pub const FILE_DELETE_CHILD: u32 = 0x40;
/// Read attributes and times.
pub const FILE_READ_ATTRIBUTES: u32 = 0x80;
/// Change them.
pub const FILE_WRITE_ATTRIBUTES: u32 = 0x100;

/// Others may open it for reading.
pub const FILE_SHARE_READ: u32 = 0x1;
/// Others may open it for writing.
pub const FILE_SHARE_WRITE: u32 = 0x2;
/// Others may open it for deletion.
pub const FILE_SHARE_DELETE: u32 = 0x4;
/// All of them.
pub const FILE_SHARE_VALID_FLAGS: u32 = 0x7;

/// Create it, or replace the one there is.
pub const FILE_SUPERSEDE: u32 = 0;
/// Open the one there is.
pub const FILE_OPEN: u32 = 1;
/// Create it; there must be none.
pub const FILE_CREATE: u32 = 2;
/// Open it, or create it.
pub const FILE_OPEN_IF: u32 = 3;
/// Open the one there is and empty it.
pub const FILE_OVERWRITE: u32 = 4;
/// Open and empty it, or create it.
pub const FILE_OVERWRITE_IF: u32 = 5;

/// The result of a creation: replaced.
pub const FILE_SUPERSEDED: u64 = 0;
/// Opened.
pub const FILE_OPENED: u64 = 1;
/// Created.
pub const FILE_CREATED: u64 = 2;
/// Emptied.
pub const FILE_OVERWRITTEN: u64 = 3;
/// It is there already.
pub const FILE_EXISTS: u64 = 4;
/// It is not there.
pub const FILE_DOES_NOT_EXIST: u64 = 5;

/// It must be, or becomes, a directory.
pub const FILE_DIRECTORY_FILE: u32 = 0x1;
/// Writes go straight to the disk.
pub const FILE_WRITE_THROUGH: u32 = 0x2;
/// It will be read in order.
pub const FILE_SEQUENTIAL_ONLY: u32 = 0x4;
/// Nothing is cached.
pub const FILE_NO_INTERMEDIATE_BUFFERING: u32 = 0x8;
/// Calls wait, alertably.
pub const FILE_SYNCHRONOUS_IO_ALERT: u32 = 0x10;
/// Calls wait.
pub const FILE_SYNCHRONOUS_IO_NONALERT: u32 = 0x20;
/// It must not be a directory.
pub const FILE_NON_DIRECTORY_FILE: u32 = 0x40;
/// Whoever does not know extended attributes cannot use it.
pub const FILE_NO_EA_KNOWLEDGE: u32 = 0x200;
/// It will be read in any order.
pub const FILE_RANDOM_ACCESS: u32 = 0x800;
/// It goes with its last handle.
pub const FILE_DELETE_ON_CLOSE: u32 = 0x1000;
/// The name is a number.
pub const FILE_OPEN_BY_FILE_ID: u32 = 0x2000;
/// For a backup.
pub const FILE_OPEN_FOR_BACKUP_INTENT: u32 = 0x4000;
/// What a reparse point is that is a symbolic link.
pub const IO_REPARSE_TAG_SYMLINK: u32 = 0xA000_000C;
/// The reparse point itself is meant.
pub const FILE_OPEN_REPARSE_POINT: u32 = 0x20_0000;
/// All there are.
pub const FILE_VALID_OPTION_FLAGS: u32 = 0xFF_FFFF;
/// Those that the mode of an open file tells.
pub const FILE_MODE_FLAGS: u32 = 0x103E;

/// Cannot be written.
pub const FILE_ATTRIBUTE_READONLY: u32 = 0x1;
/// Is a directory.
pub const FILE_ATTRIBUTE_DIRECTORY: u32 = 0x10;
/// Is to be archived.
pub const FILE_ATTRIBUTE_ARCHIVE: u32 = 0x20;
/// Has no other attribute.
pub const FILE_ATTRIBUTE_NORMAL: u32 = 0x80;
/// Leads elsewhere.
pub const FILE_ATTRIBUTE_REPARSE_POINT: u32 = 0x400;

/// Where a read or write means the file's own position.
pub const FILE_USE_FILE_POINTER_POSITION: u64 = 0xFFFF_FFFF_FFFF_FFFE;
/// Where a write means the file's end.
pub const FILE_WRITE_TO_END_OF_FILE: u64 = u64::MAX;

/// `FileDirectoryInformation`.
pub const FILE_DIRECTORY_INFORMATION: u32 = 1;
/// Class of `NtQueryIoCompletion`: how many packets there are, a LONG.
pub const IO_COMPLETION_BASIC_INFORMATION: u32 = 0;
/// `FileFullDirectoryInformation`.
pub const FILE_FULL_DIRECTORY_INFORMATION: u32 = 2;
/// `FileBothDirectoryInformation`.
pub const FILE_BOTH_DIRECTORY_INFORMATION: u32 = 3;
/// `FileNamesInformation`.
pub const FILE_NAMES_INFORMATION: u32 = 12;
/// `FileIdBothDirectoryInformation`.
pub const FILE_ID_BOTH_DIRECTORY_INFORMATION: u32 = 37;
/// `FileIdFullDirectoryInformation`.
pub const FILE_ID_FULL_DIRECTORY_INFORMATION: u32 = 38;
/// `FileBasicInformation`.
pub const FILE_BASIC_INFORMATION: u32 = 4;
/// `FileStandardInformation`.
pub const FILE_STANDARD_INFORMATION: u32 = 5;
/// `FileInternalInformation`.
pub const FILE_INTERNAL_INFORMATION: u32 = 6;
/// `FileEaInformation`.
pub const FILE_EA_INFORMATION: u32 = 7;
/// `FileAccessInformation`.
pub const FILE_ACCESS_INFORMATION: u32 = 8;
/// `FileNameInformation`.
pub const FILE_NAME_INFORMATION: u32 = 9;
/// `FileDispositionInformation`.
pub const FILE_DISPOSITION_INFORMATION: u32 = 13;
/// `FilePositionInformation`.
pub const FILE_POSITION_INFORMATION: u32 = 14;
/// `FileModeInformation`.
pub const FILE_MODE_INFORMATION: u32 = 16;
/// `FileAlignmentInformation`.
pub const FILE_ALIGNMENT_INFORMATION: u32 = 17;
/// `FileAllInformation`.
pub const FILE_ALL_INFORMATION: u32 = 18;
/// `FileAllocationInformation`.
pub const FILE_ALLOCATION_INFORMATION: u32 = 19;
/// `FileEndOfFileInformation`.
pub const FILE_END_OF_FILE_INFORMATION: u32 = 20;
/// `FileNetworkOpenInformation`.
pub const FILE_NETWORK_OPEN_INFORMATION: u32 = 34;
/// [`FilePipeInformation`].
pub const FILE_PIPE_INFORMATION: u32 = 23;
/// [`FilePipeLocalInformation`].
pub const FILE_PIPE_LOCAL_INFORMATION: u32 = 24;
/// [`FileCompletionInformation`].
pub const FILE_COMPLETION_INFORMATION: u32 = 30;
/// The same, in place of the port that is told; 0: none is.
pub const FILE_REPLACE_COMPLETION_INFORMATION: u32 = 61;
/// What is told of operations to nobody: a ULONG of FILE_SKIP_*.
pub const FILE_IO_COMPLETION_NOTIFICATION_INFORMATION: u32 = 41;
/// `FileAttributeTagInformation`.
pub const FILE_ATTRIBUTE_TAG_INFORMATION: u32 = 35;
/// [`FileProcessIdsUsingFileInformation`] with a number of 8 bytes for each process.
pub const FILE_PROCESS_IDS_USING_FILE_INFORMATION: u32 = 47;
/// `FileDispositionInformationEx`.
pub const FILE_DISPOSITION_INFORMATION_EX: u32 = 64;
/// `FileStatInformation`.
pub const FILE_STAT_INFORMATION: u32 = 68;

/// It goes.
pub const FILE_DISPOSITION_DELETE: u32 = 0x1;
/// Its name goes when this handle is closed.
pub const FILE_DISPOSITION_POSIX_SEMANTICS: u32 = 0x2;
/// Even if a section of an image shows it.
pub const FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK: u32 = 0x4;
/// About what closing this handle does.
pub const FILE_DISPOSITION_ON_CLOSE: u32 = 0x8;
/// Even if it is read-only.
pub const FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE: u32 = 0x10;
/// All of them.
pub const FILE_DISPOSITION_VALID_FLAGS: u32 = 0x1F;

/// The pipe is one of messages.
pub const FILE_PIPE_MESSAGE_TYPE: u32 = 1;
/// Clients are on this machine, as all are.
pub const FILE_PIPE_REJECT_REMOTE_CLIENTS: u32 = 2;

layout! {
    /// `FILE_PROCESS_IDS_USING_FILE_INFORMATION` of one process.
    pub struct FileProcessIdsUsingFileInformation, size 0x10 {
        /// How many there are.
        0x00 count: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// The first.
        0x08 first: u64,
    }
}

layout! {
    /// `FILE_BASIC_INFORMATION`.
    pub struct FileBasicInformation, size 0x28 {
        /// When it was created.
        0x00 creation_time: i64,
        /// When it was last read or written.
        0x08 last_access_time: i64,
        /// When it was last written.
        0x10 last_write_time: i64,
        /// When anything of it last changed.
        0x18 change_time: i64,
        /// FILE_ATTRIBUTE_*.
        0x20 file_attributes: u32,
        /// Padding.
        0x24 reserved_24: u32,
    }
}

layout! {
    /// `FILE_STANDARD_INFORMATION`.
    pub struct FileStandardInformation, size 0x18 {
        /// What it takes.
        0x00 allocation_size: i64,
        /// How long it is.
        0x08 end_of_file: i64,
        /// How many names it has.
        0x10 number_of_links: u32,
        /// BOOLEAN: it goes with its last handle.
        0x14 delete_pending: u8,
        /// BOOLEAN.
        0x15 directory: u8,
        /// Padding.
        0x16 reserved_16: u16,
    }
}

layout! {
    /// `FILE_ALL_INFORMATION`, up to the name.
    pub struct FileAllInformation, size 0x60 {
        /// FileBasicInformation.
        0x00 basic: FileBasicInformation,
        /// FileStandardInformation.
        0x28 standard: FileStandardInformation,
        /// FileInternalInformation: its number.
        0x40 index_number: u64,
        /// FileEaInformation: bytes of extended attributes.
        0x48 ea_size: u32,
        /// FileAccessInformation: what the handle allows.
        0x4c access_flags: u32,
        /// FilePositionInformation.
        0x50 current_byte_offset: i64,
        /// FileModeInformation.
        0x58 mode: u32,
        /// FileAlignmentInformation.
        0x5c alignment_requirement: u32,
    }
}

layout! {
    /// `FILE_NETWORK_OPEN_INFORMATION`.
    pub struct FileNetworkOpenInformation, size 0x38 {
        /// When it was created.
        0x00 creation_time: i64,
        /// When it was last read or written.
        0x08 last_access_time: i64,
        /// When it was last written.
        0x10 last_write_time: i64,
        /// When anything of it last changed.
        0x18 change_time: i64,
        /// What it takes.
        0x20 allocation_size: i64,
        /// How long it is.
        0x28 end_of_file: i64,
        /// FILE_ATTRIBUTE_*.
        0x30 file_attributes: u32,
        /// Padding.
        0x34 reserved_34: u32,
    }
}

layout! {
    /// `FILE_ATTRIBUTE_TAG_INFORMATION`.
    pub struct FileAttributeTagInformation, size 8 {
        /// FILE_ATTRIBUTE_*.
        0x00 file_attributes: u32,
        /// Of a reparse point.
        0x04 reparse_tag: u32,
    }
}

layout! {
    /// `FILE_STAT_INFORMATION`.
    pub struct FileStatInformation, size 0x48 {
        /// Its number.
        0x00 file_id: u64,
        /// When it was created.
        0x08 creation_time: i64,
        /// When it was last read or written.
        0x10 last_access_time: i64,
        /// When it was last written.
        0x18 last_write_time: i64,
        /// When anything of it last changed.
        0x20 change_time: i64,
        /// What it takes.
        0x28 allocation_size: i64,
        /// How long it is.
        0x30 end_of_file: i64,
        /// FILE_ATTRIBUTE_*.
        0x38 file_attributes: u32,
        /// Of a reparse point.
        0x3c reparse_tag: u32,
        /// How many names it has.
        0x40 number_of_links: u32,
        /// What the handle allows.
        0x44 effective_access: u32,
    }
}

layout! {
    /// `FILE_DIRECTORY_INFORMATION`, up to the name; others begin with it.
    pub struct FileDirectoryInformation, size 0x40 {
        /// From this entry to the next; 0: it is the last.
        0x00 next_entry_offset: u32,
        /// Of no meaning.
        0x04 file_index: u32,
        /// When it was created.
        0x08 creation_time: i64,
        /// When it was last read or written.
        0x10 last_access_time: i64,
        /// When it was last written.
        0x18 last_write_time: i64,
        /// When anything of it last changed.
        0x20 change_time: i64,
        /// How long it is.
        0x28 end_of_file: i64,
        /// What it takes.
        0x30 allocation_size: i64,
        /// FILE_ATTRIBUTE_*.
        0x38 file_attributes: u32,
        /// Bytes of the name.
        0x3c file_name_length: u32,
    }
}

layout! {
    /// `FILE_NAMES_INFORMATION`, up to the name.
    pub struct FileNamesInformation, size 0xc {
        /// From this entry to the next; 0: it is the last.
        0x00 next_entry_offset: u32,
        /// Of no meaning.
        0x04 file_index: u32,
        /// Bytes of the name.
        0x08 file_name_length: u32,
    }
}

layout! {
    /// `FILE_PIPE_INFORMATION`: how an end reads, and whether it waits.
    pub struct FilePipeInformation, size 8 {
        /// 0: bytes; 1: messages.
        0x00 read_mode: u32,
        /// 0: it waits; 1: it does not.
        0x04 completion_mode: u32,
    }
}

layout! {
    /// `FILE_PIPE_LOCAL_INFORMATION`.
    pub struct FilePipeLocalInformation, size 0x28 {
        /// 0: of bytes; 1: of messages.
        0x00 named_pipe_type: u32,
        /// 0: to the server; 1: to the client; 2: both ways.
        0x04 named_pipe_configuration: u32,
        /// How many instances there may be.
        0x08 maximum_instances: u32,
        /// How many there are.
        0x0C current_instances: u32,
        /// How many unread bytes from the client need not wait.
        0x10 inbound_quota: u32,
        /// How many bytes can be read.
        0x14 read_data_available: u32,
        /// How many unread bytes from the server need not wait.
        0x18 outbound_quota: u32,
        /// How many bytes can be written without waiting.
        0x1C write_quota_available: u32,
        /// 1: disconnected; 2: listening; 3: connected; 4: closing.
        0x20 named_pipe_state: u32,
        /// 0: the client's; 1: the server's.
        0x24 named_pipe_end: u32,
    }
}

layout! {
    /// `FILE_COMPLETION_INFORMATION`: which completion port is told, and how.
    pub struct FileCompletionInformation, size 0x10 {
        /// Handle of the port.
        0x00 port: u64,
        /// What the port is told that the file is.
        0x08 key: u64,
    }
}

layout! {
    /// `FILE_IO_COMPLETION_INFORMATION`: a packet of a completion port.
    pub struct FileIoCompletionInformation, size 0x20 {
        /// The file's key.
        0x00 key_context: u64,
        /// What the operation's APC would have been told.
        0x08 apc_context: u64,
        /// What has become of the operation.
        0x10 result: crate::io::IoStatusBlock,
    }
}
