//! Numbers and structures of objects in general, directories and handles.

use crate::io::UnicodeString;

/// The handle cannot be closed; in handle attributes only (NT `ntifs.h`).
pub const OBJ_PROTECT_CLOSE: u32 = 0x1;
/// New processes inherit the handle (NT `ntdef.h`, as all below).
pub const OBJ_INHERIT: u32 = 0x2;
/// The name stays when the last handle is closed.
pub const OBJ_PERMANENT: u32 = 0x10;
/// One handle only.
pub const OBJ_EXCLUSIVE: u32 = 0x20;
/// Names are compared without case.
pub const OBJ_CASE_INSENSITIVE: u32 = 0x40;
/// Creating opens what has the name already.
pub const OBJ_OPENIF: u32 = 0x80;
/// Opens a link itself, not where it leads.
pub const OBJ_OPENLINK: u32 = 0x100;
/// A handle of the kernel; ignored for programs.
pub const OBJ_KERNEL_HANDLE: u32 = 0x200;
/// Access is checked for the kernel too.
pub const OBJ_FORCE_ACCESS_CHECK: u32 = 0x400;
/// `\??` is that of the process, not of the thread's client.
pub const OBJ_IGNORE_IMPERSONATED_DEVICEMAP: u32 = 0x800;
/// A link on the way is an error.
pub const OBJ_DONT_REPARSE: u32 = 0x1000;
/// All that `OBJECT_ATTRIBUTES` may hold.
pub const OBJ_VALID_ATTRIBUTES: u32 = 0x1FF2;

layout! {
    /// `OBJECT_ATTRIBUTES` (NT `ntdef.h`).
    pub struct ObjectAttributes, size 0x30 {
        /// 30h.
        0x00 length_bytes: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// Handle of the directory the name starts at; 0: the root.
        0x08 root_directory: u64,
        /// User address of a [`UnicodeString`]; 0: no name.
        0x10 object_name: u64,
        /// `OBJ_*`.
        0x18 attributes: u32,
        /// Padding.
        0x1c reserved_1c: u32,
        /// User address of a security descriptor, or 0.
        0x20 security_descriptor: u64,
        /// User address of a
        /// [`SecurityQualityOfService`](crate::token::SecurityQualityOfService), or 0.
        0x28 security_quality_of_service: u64,
    }
}

/// `NtDuplicateObject` closes the source, also when it fails.
pub const DUPLICATE_CLOSE_SOURCE: u32 = 1;
/// The new handle has the access of the source.
pub const DUPLICATE_SAME_ACCESS: u32 = 2;
/// The new handle has the attributes of the source.
pub const DUPLICATE_SAME_ATTRIBUTES: u32 = 4;

/// Class of `NtQueryObject`: [`ObjectBasicInformation`].
pub const OBJECT_BASIC_INFORMATION: u32 = 0;
/// Class of `NtQueryObject`: [`ObjectNameInformation`] and the name.
pub const OBJECT_NAME_INFORMATION: u32 = 1;
/// Class of `NtQueryObject`: [`ObjectTypeInformation`] and the name.
pub const OBJECT_TYPE_INFORMATION: u32 = 2;
/// Class of `NtQueryObject`: all types; the handle is not looked at.
pub const OBJECT_TYPES_INFORMATION: u32 = 3;
/// Class of both `NtQueryObject` and `NtSetInformationObject`:
/// [`ObjectHandleFlagInformation`].
pub const OBJECT_HANDLE_FLAG_INFORMATION: u32 = 4;

layout! {
    /// `OBJECT_BASIC_INFORMATION` (NT `ntifs.h`, whole in phnt `ntobapi.h`).
    pub struct ObjectBasicInformation, size 0x38 {
        /// `OBJ_*` of handle and object.
        0x00 attributes: u32,
        /// Of the handle.
        0x04 granted_access: u32,
        /// Handles in all processes.
        0x08 handle_count: u32,
        /// References, those of handles included.
        0x0c pointer_count: u32,
        /// Memory charged.
        0x10 paged_pool_charge_bytes: u32,
        /// Memory charged.
        0x14 non_paged_pool_charge_bytes: u32,
        /// 0.
        0x18 reserved_18: [u32; 3],
        /// Size of the answer to [`OBJECT_NAME_INFORMATION`].
        0x24 name_information_bytes: u32,
        /// Size of the answer to [`OBJECT_TYPE_INFORMATION`].
        0x28 type_information_bytes: u32,
        /// Size of the security descriptor.
        0x2c security_descriptor_bytes: u32,
        /// Of symbolic links; otherwise 0.
        0x30 creation_time: i64,
    }
}

layout! {
    /// `OBJECT_NAME_INFORMATION` (NT `ntifs.h`); the characters follow, and a
    /// terminator.
    pub struct ObjectNameInformation, size 0x10 {
        /// The whole name; all zero without one.
        0x00 name: UnicodeString,
    }
}

layout! {
    /// `GENERIC_MAPPING` (NT `winnt.h`): what the generic rights mean for a type.
    pub struct GenericMapping, size 0x10 {
        /// `GENERIC_READ`.
        0x00 read: u32,
        /// `GENERIC_WRITE`.
        0x04 write: u32,
        /// `GENERIC_EXECUTE`.
        0x08 execute: u32,
        /// `GENERIC_ALL`, which are all rights of the type.
        0x0c all: u32,
    }
}

/// `POOL_TYPE` of objects that can be paged out (NT `wdm.h`).
pub const PAGED_POOL: u32 = 1;
/// `POOL_TYPE` of those that cannot, and hold no code.
pub const NON_PAGED_POOL_NX: u32 = 512;

layout! {
    /// `OBJECT_TYPE_INFORMATION` (phnt `ntobapi.h`); the characters follow.
    pub struct ObjectTypeInformation, size 0x68 {
        /// Of the type.
        0x00 type_name: UnicodeString,
        /// Objects there are.
        0x10 object_count: u32,
        /// Handles there are.
        0x14 handle_count: u32,
        /// 0.
        0x18 paged_pool_bytes: u32,
        /// 0.
        0x1c non_paged_pool_bytes: u32,
        /// 0.
        0x20 name_pool_bytes: u32,
        /// 0.
        0x24 handle_table_bytes: u32,
        /// Most objects there have been.
        0x28 object_count_max: u32,
        /// Most handles there have been.
        0x2c handle_count_max: u32,
        /// 0.
        0x30 paged_pool_bytes_max: u32,
        /// 0.
        0x34 non_paged_pool_bytes_max: u32,
        /// 0.
        0x38 name_pool_bytes_max: u32,
        /// 0.
        0x3c handle_table_bytes_max: u32,
        /// `OBJ_*` that the type does not take.
        0x40 invalid_attributes: u32,
        /// What generic rights mean.
        0x44 generic_mapping: GenericMapping,
        /// All rights there are.
        0x54 valid_access: u32,
        /// Whether an object without a name has a descriptor too.
        0x58 is_security_required: u8,
        /// Whether handles are counted by process.
        0x59 is_handle_count_kept: u8,
        /// The type's number.
        0x5a type_index: u8,
        /// 0.
        0x5b reserved_5b: u8,
        /// `POOL_TYPE`: [`PAGED_POOL`] or [`NON_PAGED_POOL_NX`].
        0x5c pool_type: u32,
        /// For each object.
        0x60 paged_pool_charge_bytes: u32,
        /// For each object.
        0x64 non_paged_pool_charge_bytes: u32,
    }
}

layout! {
    /// `OBJECT_TYPES_INFORMATION` (phnt `ntobapi.h`); an [`ObjectTypeInformation`] with
    /// its characters for each type follows, aligned.
    pub struct ObjectTypesInformation, size 0x4 {
        /// Types there are.
        0x00 number_of_types: u32,
    }
}

/// Where the parts of [`ObjectTypesInformation`] begin: multiples of this.
pub const OBJECT_TYPES_INFORMATION_ALIGNMENT: usize = 8;

layout! {
    /// `OBJECT_HANDLE_FLAG_INFORMATION` (phnt `ntobapi.h`).
    pub struct ObjectHandleFlagInformation, size 0x2 {
        /// As [`OBJ_INHERIT`].
        0x00 is_inherited: u8,
        /// As [`OBJ_PROTECT_CLOSE`].
        0x01 is_protected_from_close: u8,
    }
}

layout! {
    /// `OBJECT_DIRECTORY_INFORMATION` (NT `ntifs.h`): an entry of
    /// `NtQueryDirectoryObject`, ended by one all zero; the characters follow the last.
    pub struct ObjectDirectoryInformation, size 0x20 {
        /// Within the directory.
        0x00 name: UnicodeString,
        /// Of the object.
        0x10 type_name: UnicodeString,
    }
}

/// Type of `NtAllocateReserveObject`: for an APC (phnt `ntexapi.h`).
pub const USER_APC_RESERVE: u32 = 0;
/// Type of `NtAllocateReserveObject`: for a completion packet.
pub const IO_COMPLETION_RESERVE: u32 = 1;
