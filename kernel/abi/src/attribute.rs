//! What new threads and processes are made of: attribute lists.
//!
//! From phnt `ntpsapi.h`; what Wine passes stands in W 5.7 and 7.

layout! {
    /// `PS_ATTRIBUTE`.
    pub struct PsAttribute, size 0x20 {
        /// `PS_ATTRIBUTE_*`.
        0x00 attribute: u64,
        /// Of the value.
        0x08 size_bytes: u64,
        /// The value, or its user address.
        0x10 value: u64,
        /// User address of a SIZE_T that gets the size written, or 0.
        0x18 return_length: u64,
    }
}

layout! {
    /// `PS_ATTRIBUTE_LIST`; a [`PsAttribute`] follows another.
    pub struct PsAttributeListHeader, size 0x8 {
        /// This header and all attributes.
        0x00 total_length_bytes: u64,
    }
}

/// The attribute without its flags.
pub const PS_ATTRIBUTE_NUMBER_MASK: u64 = 0xFFFF;
/// Flag: threads have it too.
pub const PS_ATTRIBUTE_THREAD: u64 = 0x1_0000;
/// Flag: only read.
pub const PS_ATTRIBUTE_INPUT: u64 = 0x2_0000;
/// Flag: may add to what is inherited.
pub const PS_ATTRIBUTE_ADDITIVE: u64 = 0x4_0000;

/// Handle of a process in place of the calling one.
pub const PS_ATTRIBUTE_PARENT_PROCESS: u64 = 0x6_0000;
/// Handle of a debug object.
pub const PS_ATTRIBUTE_DEBUG_OBJECT: u64 = 0x6_0001;
/// Handle of a token.
pub const PS_ATTRIBUTE_TOKEN: u64 = 0x6_0002;
/// Out: [`ClientId`](crate::thread::ClientId).
pub const PS_ATTRIBUTE_CLIENT_ID: u64 = 0x1_0003;
/// Out: user address of the TEB.
pub const PS_ATTRIBUTE_TEB_ADDRESS: u64 = 0x1_0004;
/// Address of the image's path, not terminated.
pub const PS_ATTRIBUTE_IMAGE_NAME: u64 = 0x2_0005;
/// Out: [`SectionImageInformation`](crate::section::SectionImageInformation).
pub const PS_ATTRIBUTE_IMAGE_INFORMATION: u64 = 0x6;
/// Addresses that must stay free.
pub const PS_ATTRIBUTE_MEMORY_RESERVE: u64 = 0x2_0007;
/// One byte.
pub const PS_ATTRIBUTE_PRIORITY_CLASS: u64 = 0x2_0008;
/// 4 bytes.
pub const PS_ATTRIBUTE_ERROR_MODE: u64 = 0x2_0009;
/// Which standard handles are passed on.
pub const PS_ATTRIBUTE_STANDARD_HANDLES: u64 = 0x2_000A;
/// Address of the handles that are inherited.
pub const PS_ATTRIBUTE_HANDLE_LIST: u64 = 0x2_000B;
/// [`GroupAffinity`](crate::thread::GroupAffinity).
pub const PS_ATTRIBUTE_GROUP_AFFINITY: u64 = 0x3_000C;
/// A memory node, 2 bytes.
pub const PS_ATTRIBUTE_PREFERRED_NODE: u64 = 0x2_000D;
/// [`ProcessorNumber`](crate::thread::ProcessorNumber).
pub const PS_ATTRIBUTE_IDEAL_PROCESSOR: u64 = 0x3_000E;
/// Of old.
pub const PS_ATTRIBUTE_UMS_THREAD: u64 = 0x3_000F;
/// Flags.
pub const PS_ATTRIBUTE_MITIGATION_OPTIONS: u64 = 0x6_0010;
/// One byte.
pub const PS_ATTRIBUTE_PROTECTION_LEVEL: u64 = 0x6_0011;
/// Not here.
pub const PS_ATTRIBUTE_SECURE_PROCESS: u64 = 0x2_0012;
/// Address of handles of jobs.
pub const PS_ATTRIBUTE_JOB_LIST: u64 = 0x2_0013;
/// Whether it may start processes, 4 bytes.
pub const PS_ATTRIBUTE_CHILD_PROCESS_POLICY: u64 = 0x2_0014;
/// 4 bytes.
pub const PS_ATTRIBUTE_ALL_PACKAGES_POLICY: u64 = 0x2_0015;
/// Which calls of windows are allowed.
pub const PS_ATTRIBUTE_WIN32K_FILTER: u64 = 0x2_0016;
/// A claim of its origin.
pub const PS_ATTRIBUTE_SAFE_OPEN_PROMPT_ORIGIN: u64 = 0x2_0017;
/// A directory of its own for names.
pub const PS_ATTRIBUTE_BNO_ISOLATION: u64 = 0x2_0018;
/// 4 bytes.
pub const PS_ATTRIBUTE_DESKTOP_APP_POLICY: u64 = 0x2_0019;
/// Not on this processor.
pub const PS_ATTRIBUTE_CHPE: u64 = 0x6_001A;
/// Flags.
pub const PS_ATTRIBUTE_MITIGATION_AUDIT_OPTIONS: u64 = 0x2_001B;
/// The processor, 2 bytes.
pub const PS_ATTRIBUTE_MACHINE_TYPE: u64 = 0x6_001C;
/// Flags.
pub const PS_ATTRIBUTE_COMPONENT_FILTER: u64 = 0x2_001D;
/// Features to switch on.
pub const PS_ATTRIBUTE_OPTIONAL_XSTATE_FEATURES: u64 = 0x3_001E;

/// State of [`PsCreateInfo`]: the caller's wishes.
pub const PS_CREATE_INITIAL_STATE: u32 = 0;
/// State: the image could not be opened.
pub const PS_CREATE_FAIL_ON_FILE_OPEN: u32 = 1;
/// State: the image is no image.
pub const PS_CREATE_FAIL_ON_SECTION_CREATE: u32 = 2;
/// State: not a program for Windows.
pub const PS_CREATE_FAIL_EXE_FORMAT: u32 = 3;
/// State: for another processor.
pub const PS_CREATE_FAIL_MACHINE_MISMATCH: u32 = 4;
/// State: another program must be started for it.
pub const PS_CREATE_FAIL_EXE_NAME: u32 = 5;
/// State: the fields below are filled in.
pub const PS_CREATE_SUCCESS: u32 = 6;

layout! {
    /// `PS_CREATE_INFO`; behind the state as after success (W 7: Wine leaves it
    /// uninitialised and ignores it).
    pub struct PsCreateInfo, size 0x58 {
        /// 58h.
        0x00 size_bytes: u64,
        /// `PS_CREATE_*`.
        0x08 state: u32,
        /// Padding.
        0x0c reserved_0c: u32,
        /// In: wishes; out: facts.
        0x10 flags: u32,
        /// In: more access to the image's file.
        0x14 additional_file_access: u32,
        /// Handle of the image's file.
        0x18 file: u64,
        /// Handle of the image's section.
        0x20 section: u64,
        /// User address of the parameter block.
        0x28 parameters: u64,
        /// 0.
        0x30 parameters_wow64: u32,
        /// Of the parameter block.
        0x34 parameter_flags: u32,
        /// User address of the PEB.
        0x38 peb: u64,
        /// 0.
        0x40 peb_wow64: u32,
        /// Padding.
        0x44 reserved_44: u32,
        /// User address of the manifest.
        0x48 manifest: u64,
        /// Its size.
        0x50 manifest_bytes: u32,
        /// Padding.
        0x54 reserved_54: u32,
    }
}
