//! Why hosts refuse, as Linux numbers it.

/// Not permitted.
pub const EPERM: u32 = 1;
/// Not there.
pub const ENOENT: u32 = 2;
/// The device failed.
pub const EIO: u32 = 5;
/// No memory.
pub const ENOMEM: u32 = 12;
/// No access.
pub const EACCES: u32 = 13;
/// In use.
pub const EBUSY: u32 = 16;
/// There already.
pub const EEXIST: u32 = 17;
/// On another file system.
pub const EXDEV: u32 = 18;
/// No directory.
pub const ENOTDIR: u32 = 20;
/// A directory.
pub const EISDIR: u32 = 21;
/// Makes no sense.
pub const EINVAL: u32 = 22;
/// Too many files are open.
pub const ENFILE: u32 = 23;
/// The same of one process.
pub const EMFILE: u32 = 24;
/// A program that runs.
pub const ETXTBSY: u32 = 26;
/// Larger than a file can be.
pub const EFBIG: u32 = 27;
/// No room.
pub const ENOSPC: u32 = 28;
/// Nothing is written there.
pub const EROFS: u32 = 30;
/// A name that is too long.
pub const ENAMETOOLONG: u32 = 36;
/// A directory that is not empty.
pub const ENOTEMPTY: u32 = 39;
/// Links that lead nowhere.
pub const ELOOP: u32 = 40;
/// No more room for this user.
pub const EDQUOT: u32 = 122;
