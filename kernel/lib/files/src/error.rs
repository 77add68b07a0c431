//! Why an operation on files is refused, and the NT status for it.

use core::fmt;

/// Why an operation was refused. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileError {
    /// `STATUS_OBJECT_NAME_NOT_FOUND`: the last component is not there, or
    /// names a stream other than a file's default one.
    NameNotFound,
    /// `STATUS_OBJECT_PATH_NOT_FOUND`: another component is not there, or is
    /// a file.
    PathNotFound,
    /// `STATUS_OBJECT_NAME_INVALID`: no name that a file can have.
    NameInvalid,
    /// `STATUS_NAME_TOO_LONG`: a path would have too many components or units.
    NameTooLong,
    /// `STATUS_OBJECT_NAME_COLLISION`: the name is taken.
    NameCollision,
    /// `STATUS_SHARING_VIOLATION`: others that have the file open do not share
    /// what is asked for, or are not shared with.
    SharingViolation,
    /// `STATUS_DELETE_PENDING`: it goes when all have closed it.
    DeletePending,
    /// `STATUS_CANNOT_DELETE`: it is read-only or the root.
    CannotDelete,
    /// `STATUS_ACCESS_DENIED`: it is read-only, or in use as the operation
    /// does not allow.
    AccessDenied,
    /// `STATUS_FILE_IS_A_DIRECTORY`: a directory where a file is needed.
    FileIsADirectory,
    /// `STATUS_NOT_A_DIRECTORY`: a file where a directory is needed.
    NotADirectory,
    /// `STATUS_DIRECTORY_NOT_EMPTY`: a directory to delete has entries.
    DirectoryNotEmpty,
    /// `STATUS_FILE_DELETED`: it has been deleted since it was opened.
    FileDeleted,
    /// `STATUS_INVALID_PARAMETER`: what is asked for contradicts itself.
    InvalidParameter,
    /// `STATUS_NOT_SAME_DEVICE`: a rename to another volume; the executive's
    /// to find out.
    NotSameDevice,
    /// `STATUS_DISK_FULL`: the volume has as many files as it may.
    DiskFull,
    /// `STATUS_NO_MEMORY`: the kernel's memory is exhausted.
    NoMemory,
    /// `STATUS_INVALID_LOCK_RANGE`: the range goes past the last offset.
    InvalidLockRange,
    /// `STATUS_LOCK_NOT_GRANTED`: a lock is in the way.
    LockNotGranted,
    /// `STATUS_RANGE_NOT_LOCKED`: no lock of just this range and owner.
    RangeNotLocked,
    /// `STATUS_FILE_LOCK_CONFLICT`: another's lock forbids the read or write.
    FileLockConflict,
    /// `STATUS_INSUFFICIENT_RESOURCES`: a file has as many locks as it may.
    InsufficientResources,
}

impl FileError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::NameNotFound => 0xC000_0034,
            Self::PathNotFound => 0xC000_003A,
            Self::NameInvalid => 0xC000_0033,
            Self::NameTooLong => 0xC000_0106,
            Self::NameCollision => 0xC000_0035,
            Self::SharingViolation => 0xC000_0043,
            Self::DeletePending => 0xC000_0056,
            Self::CannotDelete => 0xC000_0121,
            Self::AccessDenied => 0xC000_0022,
            Self::FileIsADirectory => 0xC000_00BA,
            Self::NotADirectory => 0xC000_0103,
            Self::DirectoryNotEmpty => 0xC000_0101,
            Self::FileDeleted => 0xC000_0123,
            Self::InvalidParameter => 0xC000_000D,
            Self::NotSameDevice => 0xC000_00D4,
            Self::DiskFull => 0xC000_007F,
            Self::NoMemory => 0xC000_0017,
            Self::InvalidLockRange => 0xC000_01A1,
            Self::LockNotGranted => 0xC000_0055,
            Self::RangeNotLocked => 0xC000_007E,
            Self::FileLockConflict => 0xC000_0054,
            Self::InsufficientResources => 0xC000_009A,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NameNotFound => "no file has the program's name",
            Self::PathNotFound => "a directory on the program's path is not there",
            Self::NameInvalid => "no file can have the program's name",
            Self::NameTooLong => "the path to the file would be too long",
            Self::NameCollision => "a file has the program's name already",
            Self::SharingViolation => "the file is open and not shared as the program asks",
            Self::DeletePending => "the file is being deleted",
            Self::CannotDelete => "the file is read-only or the root and cannot be deleted",
            Self::AccessDenied => "the file is read-only or in use",
            Self::FileIsADirectory => "the program asks for a file and names a directory",
            Self::NotADirectory => "the program asks for a directory and names a file",
            Self::DirectoryNotEmpty => "the directory has entries and cannot be deleted",
            Self::FileDeleted => "the file has been deleted",
            Self::InvalidParameter => "the program's request contradicts itself",
            Self::NotSameDevice => "the new name is on another volume",
            Self::DiskFull => "the volume has as many files as it may",
            Self::NoMemory => "kernel memory for files is exhausted",
            Self::InvalidLockRange => "the program's range goes past the last offset",
            Self::LockNotGranted => "a lock is in the way of the program's",
            Self::RangeNotLocked => "the program unlocks what it has not locked",
            Self::FileLockConflict => "another's lock forbids the read or write",
            Self::InsufficientResources => "the file has as many locks as it may",
        })
    }
}
