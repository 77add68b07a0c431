//! Parts of security descriptors, as programs ask for them (NT `winnt.h`,
//! `SECURITY_INFORMATION`).

/// The owner.
pub const OWNER_SECURITY_INFORMATION: u32 = 0x1;
/// The group.
pub const GROUP_SECURITY_INFORMATION: u32 = 0x2;
/// The list that grants and refuses.
pub const DACL_SECURITY_INFORMATION: u32 = 0x4;
/// The list that says what is noted.
pub const SACL_SECURITY_INFORMATION: u32 = 0x8;
/// The integrity level.
pub const LABEL_SECURITY_INFORMATION: u32 = 0x10;
/// Attributes for conditions.
pub const ATTRIBUTE_SECURITY_INFORMATION: u32 = 0x20;
/// The central policy.
pub const SCOPE_SECURITY_INFORMATION: u32 = 0x40;
/// All of it.
pub const BACKUP_SECURITY_INFORMATION: u32 = 0x1_0000;
/// From now on the second list inherits.
pub const UNPROTECTED_SACL_SECURITY_INFORMATION: u32 = 0x1000_0000;
/// From now on the first list inherits.
pub const UNPROTECTED_DACL_SECURITY_INFORMATION: u32 = 0x2000_0000;
/// From now on the second list does not.
pub const PROTECTED_SACL_SECURITY_INFORMATION: u32 = 0x4000_0000;
/// From now on the first list does not.
pub const PROTECTED_DACL_SECURITY_INFORMATION: u32 = 0x8000_0000;
