//! Numbers and structures of tokens, identifiers and security (NT `winnt.h`).

mod privilege;

pub use privilege::*;

/// Pseudo handle of the calling process's token, -4.
pub const CURRENT_PROCESS_TOKEN: u64 = 0xFFFF_FFFF_FFFF_FFFC;
/// Pseudo handle of the calling thread's token, -5.
pub const CURRENT_THREAD_TOKEN: u64 = 0xFFFF_FFFF_FFFF_FFFB;
/// Pseudo handle of the thread's token or else the process's, -6.
pub const CURRENT_EFFECTIVE_TOKEN: u64 = 0xFFFF_FFFF_FFFF_FFFA;

/// Query: [`SidAndAttributes`]; the identifier follows.
pub const TOKEN_USER: u32 = 1;
/// Query: [`TokenGroupsHeader`] and [`SidAndAttributes`] for each.
pub const TOKEN_GROUPS: u32 = 2;
/// Query: a count of 4 bytes and [`LuidAndAttributes`] for each.
pub const TOKEN_PRIVILEGES: u32 = 3;
/// Both: the address of an identifier.
pub const TOKEN_OWNER: u32 = 4;
/// Both: the address of an identifier.
pub const TOKEN_PRIMARY_GROUP: u32 = 5;
/// Both: the address of an [`AclHeader`], or 0.
pub const TOKEN_DEFAULT_DACL: u32 = 6;
/// Query: [`TokenSource`].
pub const TOKEN_SOURCE: u32 = 7;
/// Query: [`TOKEN_PRIMARY`] or [`TOKEN_IMPERSONATION`], 4 bytes.
pub const TOKEN_TYPE: u32 = 8;
/// Query: `SECURITY_LEVEL_*`, 4 bytes.
pub const TOKEN_IMPERSONATION_LEVEL: u32 = 9;
/// Query: [`TokenStatistics`].
pub const TOKEN_STATISTICS: u32 = 10;
/// Query: as [`TOKEN_GROUPS`].
pub const TOKEN_RESTRICTED_SIDS: u32 = 11;
/// Both: 4 bytes.
pub const TOKEN_SESSION_ID: u32 = 12;
/// Query: [`TokenGroupsAndPrivileges`] and its lists.
pub const TOKEN_GROUPS_AND_PRIVILEGES: u32 = 13;
/// Set: 4 bytes.
pub const TOKEN_SESSION_REFERENCE: u32 = 14;
/// Query: 4 bytes.
pub const TOKEN_SANDBOX_INERT: u32 = 15;
/// Both: what is audited.
pub const TOKEN_AUDIT_POLICY: u32 = 16;
/// Both: the [`Luid`] of the session it was made in.
pub const TOKEN_ORIGIN: u32 = 17;
/// Query: `TOKEN_ELEVATION_TYPE_*`, 4 bytes.
pub const TOKEN_ELEVATION_TYPE: u32 = 18;
/// Query: the handle of another token.
pub const TOKEN_LINKED_TOKEN: u32 = 19;
/// Query: whether it is elevated, 4 bytes.
pub const TOKEN_ELEVATION: u32 = 20;
/// Query: 4 bytes.
pub const TOKEN_HAS_RESTRICTIONS: u32 = 21;
/// Query: what access checks need.
pub const TOKEN_ACCESS_INFORMATION: u32 = 22;
/// Both: 4 bytes.
pub const TOKEN_VIRTUALIZATION_ALLOWED: u32 = 23;
/// Both: 4 bytes.
pub const TOKEN_VIRTUALIZATION_ENABLED: u32 = 24;
/// Both: [`SidAndAttributes`]; the identifier follows.
pub const TOKEN_INTEGRITY_LEVEL: u32 = 25;
/// Both: 4 bytes.
pub const TOKEN_UI_ACCESS: u32 = 26;
/// Both: 4 bytes.
pub const TOKEN_MANDATORY_POLICY: u32 = 27;
/// Query: as [`TOKEN_GROUPS`].
pub const TOKEN_LOGON_SID: u32 = 28;
/// Query: 4 bytes.
pub const TOKEN_IS_APP_CONTAINER: u32 = 29;
/// Query: as [`TOKEN_GROUPS`].
pub const TOKEN_CAPABILITIES: u32 = 30;
/// Query: the address of an identifier, or 0.
pub const TOKEN_APP_CONTAINER_SID: u32 = 31;
/// Query: 4 bytes.
pub const TOKEN_APP_CONTAINER_NUMBER: u32 = 32;
/// Query: [`ClaimsInformation`].
pub const TOKEN_USER_CLAIM_ATTRIBUTES: u32 = 33;
/// Query: [`ClaimsInformation`].
pub const TOKEN_DEVICE_CLAIM_ATTRIBUTES: u32 = 34;
/// Query: [`ClaimsInformation`].
pub const TOKEN_RESTRICTED_USER_CLAIM_ATTRIBUTES: u32 = 35;
/// Query: [`ClaimsInformation`].
pub const TOKEN_RESTRICTED_DEVICE_CLAIM_ATTRIBUTES: u32 = 36;
/// Query: as [`TOKEN_GROUPS`].
pub const TOKEN_DEVICE_GROUPS: u32 = 37;
/// Query: as [`TOKEN_GROUPS`].
pub const TOKEN_RESTRICTED_DEVICE_GROUPS: u32 = 38;
/// Both: [`ClaimsInformation`].
pub const TOKEN_SECURITY_ATTRIBUTES: u32 = 39;
/// Query: 4 bytes.
pub const TOKEN_IS_RESTRICTED: u32 = 40;
/// Query: the address of an identifier, or 0.
pub const TOKEN_PROCESS_TRUST_LEVEL: u32 = 41;
/// Both: 4 bytes.
pub const TOKEN_PRIVATE_NAME_SPACE: u32 = 42;
/// Query: [`ClaimsInformation`].
pub const TOKEN_SINGLETON_ATTRIBUTES: u32 = 43;
/// Both: the address of a prefix, or 0, and whether names get it.
pub const TOKEN_BNO_ISOLATION: u32 = 44;
/// Set: 4 bytes.
pub const TOKEN_CHILD_PROCESS_FLAGS: u32 = 45;
/// Query: 4 bytes.
pub const TOKEN_IS_LESS_PRIVILEGED_APP_CONTAINER: u32 = 46;
/// Query: 4 bytes.
pub const TOKEN_IS_SANDBOXED: u32 = 47;
/// Query: the address of an identifier, or 0.
pub const TOKEN_ORIGINATING_PROCESS_TRUST_LEVEL: u32 = 48;
/// Bytes of `TOKEN_AUDIT_POLICY`: half a byte for each of 59 kinds of events, and one.
pub const AUDIT_POLICY_BYTES: usize = 30;

/// `flags` of [`TokenAccessInformation`] (NT `ntifs.h`): may pass through directories.
pub const TOKEN_HAS_TRAVERSE_PRIVILEGE: u32 = 0x1;
/// Restricted for writing only.
pub const TOKEN_WRITE_RESTRICTED: u32 = 0x8;
/// Restricted.
pub const TOKEN_IS_RESTRICTED_FLAG: u32 = 0x10;
/// Exempt from software restrictions.
pub const TOKEN_SANDBOX_INERT_FLAG: u32 = 0x40;
/// May act for others.
pub const TOKEN_HAS_IMPERSONATE_PRIVILEGE: u32 = 0x80;
/// Of a level above the low one.
pub const TOKEN_NOT_LOW: u32 = 0x2000;

/// `TOKEN_TYPE`: of processes.
pub const TOKEN_PRIMARY: u32 = 1;
/// `TOKEN_TYPE`: of threads.
pub const TOKEN_IMPERSONATION: u32 = 2;
/// There is no other token.
pub const TOKEN_ELEVATION_TYPE_DEFAULT: u32 = 1;
/// The other token can do less.
pub const TOKEN_ELEVATION_TYPE_FULL: u32 = 2;
/// The other token can do more.
pub const TOKEN_ELEVATION_TYPE_LIMITED: u32 = 3;
/// Impersonation: not even who it is.
pub const SECURITY_LEVEL_ANONYMOUS: u32 = 0;
/// Impersonation: who it is.
pub const SECURITY_LEVEL_IDENTIFICATION: u32 = 1;
/// Impersonation: act for it here.
pub const SECURITY_LEVEL_IMPERSONATION: u32 = 2;
/// Impersonation: act for it elsewhere too.
pub const SECURITY_LEVEL_DELEGATION: u32 = 3;

/// The group cannot be disabled.
pub const SE_GROUP_MANDATORY: u32 = 0x1;
/// It is enabled at first.
pub const SE_GROUP_ENABLED_BY_DEFAULT: u32 = 0x2;
/// It counts.
pub const SE_GROUP_ENABLED: u32 = 0x4;
/// It can own objects.
pub const SE_GROUP_OWNER: u32 = 0x8;
/// It only takes rights away.
pub const SE_GROUP_USE_FOR_DENY_ONLY: u32 = 0x10;
/// It is an integrity level.
pub const SE_GROUP_INTEGRITY: u32 = 0x20;
/// It is checked.
pub const SE_GROUP_INTEGRITY_ENABLED: u32 = 0x40;
/// It is the logon session.
pub const SE_GROUP_LOGON_ID: u32 = 0xC000_0000;
/// The privilege is enabled at first.
pub const SE_PRIVILEGE_ENABLED_BY_DEFAULT: u32 = 0x1;
/// It counts.
pub const SE_PRIVILEGE_ENABLED: u32 = 0x2;
/// In: takes it away for good.
pub const SE_PRIVILEGE_REMOVED: u32 = 0x4;
/// Out: it was needed.
pub const SE_PRIVILEGE_USED_FOR_ACCESS: u32 = 0x8000_0000;
/// `control` of [`PrivilegeSetHeader`]: all privileges are needed.
pub const PRIVILEGE_SET_ALL_NECESSARY: u32 = 1;

/// `NtFilterToken` takes all privileges but [`SE_CHANGE_NOTIFY_PRIVILEGE`].
pub const DISABLE_MAX_PRIVILEGE: u32 = 0x1;
/// `NtFilterToken` exempts the token from software restrictions.
pub const SANDBOX_INERT: u32 = 0x2;
/// `NtFilterToken` makes a token of an ordinary user.
pub const LUA_TOKEN: u32 = 0x4;
/// `NtFilterToken` restricts writing only.
pub const WRITE_RESTRICTED: u32 = 0x8;

layout! {
    /// `LUID`: a number that is given once.
    pub struct Luid, size 0x8 {
        /// Lower half; of a privilege, its number.
        0x00 low: u32,
        /// Upper half.
        0x04 high: i32,
    }
}

layout! {
    /// `LUID_AND_ATTRIBUTES`.
    pub struct LuidAndAttributes, size 0xc {
        /// The privilege.
        0x00 luid: Luid,
        /// `SE_PRIVILEGE_*`.
        0x08 attributes: u32,
    }
}

layout! {
    /// `SID`; sub-authorities of 4 bytes follow.
    pub struct SidHeader, size 0x8 {
        /// 1.
        0x00 revision: u8,
        /// At most 15.
        0x01 sub_authority_count: u8,
        /// The number behind `S-1-`, its highest byte first.
        0x02 identifier_authority: [u8; 6],
    }
}

layout! {
    /// `SID_AND_ATTRIBUTES`.
    pub struct SidAndAttributes, size 0x10 {
        /// User address of the identifier.
        0x00 sid: u64,
        /// `SE_GROUP_*`.
        0x08 attributes: u32,
        /// Padding.
        0x0c reserved_0c: u32,
    }
}

layout! {
    /// `TOKEN_GROUPS`.
    pub struct TokenGroupsHeader, size 0x8 {
        /// How many follow.
        0x00 count: u32,
        /// Padding.
        0x04 reserved_04: u32,
    }
}

layout! {
    /// `TOKEN_GROUPS_AND_PRIVILEGES`.
    pub struct TokenGroupsAndPrivileges, size 0x38 {
        /// Groups, the user first.
        0x00 sid_count: u32,
        /// Of their entries and identifiers.
        0x04 sid_bytes: u32,
        /// User address of a [`SidAndAttributes`] for each.
        0x08 sids: u64,
        /// Groups that must be granted an access too.
        0x10 restricted_sid_count: u32,
        /// Of their entries and identifiers.
        0x14 restricted_sid_bytes: u32,
        /// User address of a [`SidAndAttributes`] for each, or 0.
        0x18 restricted_sids: u64,
        /// Privileges.
        0x20 privilege_count: u32,
        /// Of their entries.
        0x24 privilege_bytes: u32,
        /// User address of a [`LuidAndAttributes`] for each.
        0x28 privileges: u64,
        /// The logon session's.
        0x30 authentication_id: Luid,
    }
}

layout! {
    /// `CLAIM_SECURITY_ATTRIBUTES_INFORMATION`.
    pub struct ClaimsInformation, size 0x10 {
        /// 1.
        0x00 version: u16,
        /// 0.
        0x02 reserved_02: u16,
        /// How many there are.
        0x04 count: u32,
        /// User address of the first, or 0.
        0x08 attributes: u64,
    }
}

layout! {
    /// `SID_AND_ATTRIBUTES_HASH`.
    pub struct SidAndAttributesHash, size 0x110 {
        /// Groups.
        0x00 count: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// User address of a [`SidAndAttributes`] for each, or 0.
        0x08 sids: u64,
        /// By each half of the last part's lowest byte, the lower one first: a bit for
        /// each of the first 64 groups that have it.
        0x10 hash: [u64; 32],
    }
}

layout! {
    /// `TOKEN_ACCESS_INFORMATION`.
    pub struct TokenAccessInformation, size 0x58 {
        /// User address of a [`SidAndAttributesHash`]: the user and the groups.
        0x00 sid_hash: u64,
        /// User address of another: groups that must be granted an access too.
        0x08 restricted_sid_hash: u64,
        /// User address of a count and privileges.
        0x10 privileges: u64,
        /// The logon session's.
        0x18 authentication_id: Luid,
        /// [`TOKEN_PRIMARY`] or [`TOKEN_IMPERSONATION`].
        0x20 token_type: u32,
        /// `SECURITY_LEVEL_*`.
        0x24 impersonation_level: u32,
        /// As [`TOKEN_MANDATORY_POLICY`].
        0x28 mandatory_policy: u32,
        /// `TOKEN_*` bits.
        0x2c flags: u32,
        /// 0: no app container.
        0x30 app_container_number: u32,
        /// Padding.
        0x34 reserved_34: u32,
        /// User address of an app container's identifier, or 0.
        0x38 package_sid: u64,
        /// User address of a [`SidAndAttributesHash`]: of capabilities.
        0x40 capabilities_hash: u64,
        /// User address of an identifier, or 0.
        0x48 trust_level_sid: u64,
        /// Attributes, opaque; 0: none.
        0x50 security_attributes: u64,
    }
}

layout! {
    /// `TOKEN_SOURCE`.
    pub struct TokenSource, size 0x10 {
        /// Padded with spaces or zeros.
        0x00 name: [u8; 8],
        /// Of the source.
        0x08 identifier: Luid,
    }
}

layout! {
    /// `TOKEN_STATISTICS`.
    pub struct TokenStatistics, size 0x38 {
        /// The token's.
        0x00 token_id: Luid,
        /// The logon session's.
        0x08 authentication_id: Luid,
        /// Since 1601.
        0x10 expiration_time_100ns: i64,
        /// [`TOKEN_PRIMARY`] or [`TOKEN_IMPERSONATION`].
        0x18 token_type: u32,
        /// `SECURITY_LEVEL_*`.
        0x1c impersonation_level: u32,
        /// Memory for its variable parts.
        0x20 dynamic_charged_bytes: u32,
        /// What is free of it.
        0x24 dynamic_available_bytes: u32,
        /// Groups.
        0x28 group_count: u32,
        /// Privileges.
        0x2c privilege_count: u32,
        /// Changes with every change.
        0x30 modified_id: Luid,
    }
}

layout! {
    /// `PRIVILEGE_SET`; [`LuidAndAttributes`] for each follows.
    pub struct PrivilegeSetHeader, size 0x8 {
        /// How many follow.
        0x00 count: u32,
        /// [`PRIVILEGE_SET_ALL_NECESSARY`], or 0.
        0x04 control: u32,
    }
}

layout! {
    /// `SECURITY_QUALITY_OF_SERVICE`.
    pub struct SecurityQualityOfService, size 0xc {
        /// 0Ch.
        0x00 length_bytes: u32,
        /// `SECURITY_LEVEL_*`.
        0x04 impersonation_level: u32,
        /// Whether later changes of the client count.
        0x08 is_tracking_dynamic: u8,
        /// Whether only enabled groups and privileges count.
        0x09 is_effective_only: u8,
        /// Padding.
        0x0a reserved_0a: u16,
    }
}

layout! {
    /// `ACL`; entries follow.
    pub struct AclHeader, size 0x8 {
        /// 2, or 4.
        0x00 revision: u8,
        /// 0.
        0x01 reserved_01: u8,
        /// Of the list with its entries.
        0x02 size_bytes: u16,
        /// How many entries.
        0x04 entry_count: u16,
        /// 0.
        0x06 reserved_06: u16,
    }
}

/// Flag of descriptors: there is a list; without one everyone may do everything.
pub const SE_DACL_PRESENT: u16 = 0x4;
/// Flag of descriptors: there is a list of what is noted.
pub const SE_SACL_PRESENT: u16 = 0x10;
/// Flag of descriptors: [`SecurityDescriptorRelative`].
pub const SE_SELF_RELATIVE: u16 = 0x8000;

layout! {
    /// `SECURITY_DESCRIPTOR`: addresses, 0 if absent.
    pub struct SecurityDescriptor, size 0x28 {
        /// 1.
        0x00 revision: u8,
        /// 0.
        0x01 reserved_01: u8,
        /// `SE_*` bits of the descriptor.
        0x02 control: u16,
        /// Padding.
        0x04 reserved_04: u32,
        /// User address of an identifier.
        0x08 owner: u64,
        /// User address of an identifier.
        0x10 group: u64,
        /// User address of an [`AclHeader`].
        0x18 sacl: u64,
        /// User address of an [`AclHeader`].
        0x20 dacl: u64,
    }
}

layout! {
    /// `SECURITY_DESCRIPTOR_RELATIVE`: offsets are from its start, 0 if absent.
    pub struct SecurityDescriptorRelative, size 0x14 {
        /// 1.
        0x00 revision: u8,
        /// 0.
        0x01 reserved_01: u8,
        /// `SE_*` bits of the descriptor; 8000h: relative.
        0x02 control: u16,
        /// Of an identifier.
        0x04 owner_offset: u32,
        /// Of an identifier.
        0x08 group_offset: u32,
        /// Of an [`AclHeader`].
        0x0c sacl_offset: u32,
        /// Of an [`AclHeader`].
        0x10 dacl_offset: u32,
    }
}
