//! Changes in directories: what is watched, and what watchers are told.

/// A file came, went or was renamed.
pub const FILE_NOTIFY_CHANGE_FILE_NAME: u32 = 0x1;
/// A directory did.
pub const FILE_NOTIFY_CHANGE_DIR_NAME: u32 = 0x2;
/// Attributes changed.
pub const FILE_NOTIFY_CHANGE_ATTRIBUTES: u32 = 0x4;
/// A size changed.
pub const FILE_NOTIFY_CHANGE_SIZE: u32 = 0x8;
/// A time of writing changed.
pub const FILE_NOTIFY_CHANGE_LAST_WRITE: u32 = 0x10;
/// A time of access changed.
pub const FILE_NOTIFY_CHANGE_LAST_ACCESS: u32 = 0x20;
/// A time of creation changed.
pub const FILE_NOTIFY_CHANGE_CREATION: u32 = 0x40;
/// Extended attributes changed.
pub const FILE_NOTIFY_CHANGE_EA: u32 = 0x80;
/// A security descriptor changed.
pub const FILE_NOTIFY_CHANGE_SECURITY: u32 = 0x100;
/// A stream came, went or was renamed.
pub const FILE_NOTIFY_CHANGE_STREAM_NAME: u32 = 0x200;
/// The size of a stream changed.
pub const FILE_NOTIFY_CHANGE_STREAM_SIZE: u32 = 0x400;
/// A stream was written.
pub const FILE_NOTIFY_CHANGE_STREAM_WRITE: u32 = 0x800;
/// All there are.
pub const FILE_NOTIFY_VALID_MASK: u32 = 0xFFF;

/// It was made, or moved here.
pub const FILE_ACTION_ADDED: u32 = 1;
/// It was deleted, or moved away.
pub const FILE_ACTION_REMOVED: u32 = 2;
/// It changed.
pub const FILE_ACTION_MODIFIED: u32 = 3;
/// It had this name.
pub const FILE_ACTION_RENAMED_OLD_NAME: u32 = 4;
/// It has this name.
pub const FILE_ACTION_RENAMED_NEW_NAME: u32 = 5;
