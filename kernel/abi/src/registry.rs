//! The registry: how keys are made, what is told of them and of their values.
//!
//! From NT `winnt.h` and `wdm.h`; what these leave out is from phnt `ntregapi.h`.

/// Option of a key: it is not kept.
pub const REG_OPTION_VOLATILE: u32 = 0x1;
/// Option of a key: it leads to another.
pub const REG_OPTION_CREATE_LINK: u32 = 0x2;
/// Option of a key: opened with the privileges for backups.
pub const REG_OPTION_BACKUP_RESTORE: u32 = 0x4;
/// Option of a key: a link itself, not what it leads to.
pub const REG_OPTION_OPEN_LINK: u32 = 0x8;
/// Option of a key: no virtualization.
pub const REG_OPTION_DONT_VIRTUALIZE: u32 = 0x10;
/// All options.
pub const REG_LEGAL_OPTION: u32 = 0x1F;
/// Those that opening a key takes.
pub const REG_OPEN_LEGAL_OPTION: u32 =
    REG_OPTION_BACKUP_RESTORE | REG_OPTION_OPEN_LINK | REG_OPTION_DONT_VIRTUALIZE;

/// What creating did: the key is new.
pub const REG_CREATED_NEW_KEY: u32 = 1;
/// What creating did: the key was there.
pub const REG_OPENED_EXISTING_KEY: u32 = 2;

/// Type of a value: none.
pub const REG_NONE: u32 = 0;
/// Type of a value: text.
pub const REG_SZ: u32 = 1;
/// Type of a value: text with names of variables.
pub const REG_EXPAND_SZ: u32 = 2;
/// Type of a value: bytes.
pub const REG_BINARY: u32 = 3;
/// Type of a value: 32 bits.
pub const REG_DWORD: u32 = 4;
/// Type of a value: 32 bits, highest first.
pub const REG_DWORD_BIG_ENDIAN: u32 = 5;
/// Type of a value: where a link leads, without a terminator.
pub const REG_LINK: u32 = 6;
/// Type of a value: texts, and an empty one.
pub const REG_MULTI_SZ: u32 = 7;
/// Type of a value: 64 bits.
pub const REG_QWORD: u32 = 11;

/// What is watched: names of keys in the key.
pub const REG_NOTIFY_CHANGE_NAME: u32 = 0x1;
/// What is watched: the key's attributes.
pub const REG_NOTIFY_CHANGE_ATTRIBUTES: u32 = 0x2;
/// What is watched: values of the key.
pub const REG_NOTIFY_CHANGE_LAST_SET: u32 = 0x4;
/// What is watched: the key's security descriptor.
pub const REG_NOTIFY_CHANGE_SECURITY: u32 = 0x8;
/// Watching goes on when the thread ends that began it.
pub const REG_NOTIFY_THREAD_AGNOSTIC: u32 = 0x1000_0000;
/// Everything.
pub const REG_LEGAL_CHANGE_FILTER: u32 = 0xF;

/// Class of keys: [`KeyBasicInformation`] and the name.
pub const KEY_BASIC_INFORMATION: u32 = 0;
/// Class of keys: [`KeyNodeInformation`], the name and the class.
pub const KEY_NODE_INFORMATION: u32 = 1;
/// Class of keys: [`KeyFullInformation`] and the class.
pub const KEY_FULL_INFORMATION: u32 = 2;
/// Class of keys: [`KeyNameInformation`] and the whole name.
pub const KEY_NAME_INFORMATION: u32 = 3;
/// Class of keys: [`KeyCachedInformation`].
pub const KEY_CACHED_INFORMATION: u32 = 4;
/// Class of keys: [`KeyFlagsInformation`].
pub const KEY_FLAGS_INFORMATION: u32 = 5;
/// Class of keys: 32 flags.
pub const KEY_VIRTUALIZATION_INFORMATION: u32 = 6;
/// Class of keys: 32 bits of a handle.
pub const KEY_HANDLE_TAGS_INFORMATION: u32 = 7;
/// Class of keys: 32 flags, 1: its hive is trusted.
pub const KEY_TRUST_INFORMATION: u32 = 8;
/// Class of keys: 32 flags of what is laid over another hive.
pub const KEY_LAYER_INFORMATION: u32 = 9;

/// Class of values: [`KeyValueBasicInformation`] and the name.
pub const KEY_VALUE_BASIC_INFORMATION: u32 = 0;
/// Class of values: [`KeyValueFullInformation`], the name and the data.
pub const KEY_VALUE_FULL_INFORMATION: u32 = 1;
/// Class of values: [`KeyValuePartialInformation`] and the data.
pub const KEY_VALUE_PARTIAL_INFORMATION: u32 = 2;
/// Class of values: as the full one, with the data at a multiple of 8.
pub const KEY_VALUE_FULL_INFORMATION_ALIGN64: u32 = 3;
/// Class of values: [`KeyValuePartialInformationAlign64`] and the data.
pub const KEY_VALUE_PARTIAL_INFORMATION_ALIGN64: u32 = 4;

/// What is set of a key: when it was written last.
pub const KEY_WRITE_TIME_INFORMATION: u32 = 0;
/// What is set of a key: the flags of [`KeyFlagsInformation::wow64_flags`].
pub const KEY_WOW64_FLAGS_INFORMATION: u32 = 1;
/// What is set of a key: those of [`KeyFlagsInformation::control_flags`].
pub const KEY_CONTROL_FLAGS_INFORMATION: u32 = 2;
/// What is set of a key: whether it is virtual, 32 flags.
pub const KEY_SET_VIRTUALIZATION_INFORMATION: u32 = 3;
/// What is set of a handle: 32 bits.
pub const KEY_SET_HANDLE_TAGS_INFORMATION: u32 = 5;
/// What is set of a key that is laid over another, 32 flags.
pub const KEY_SET_LAYER_INFORMATION: u32 = 6;

/// Target, store and source of what is virtual.
pub const KEY_VIRTUAL_FLAGS: u32 = 0x7;
/// How far above [`KEY_VIRTUAL_FLAGS`] they are in what is asked for.
pub const KEY_VIRTUAL_FLAGS_SHIFT: u32 = 2;
/// [`KEY_TRUST_INFORMATION`]: it is trusted.
pub const KEY_IS_TRUSTED: u32 = 0x1;
/// Flags of [`KEY_SET_LAYER_INFORMATION`].
pub const KEY_LAYER_FLAGS: u32 = 0xF;

/// The flags that a program may give a key.
pub const KEY_WOW64_FLAGS: u32 = 0xF;
/// `REG_KEY_DONT_VIRTUALIZE`, `REG_KEY_DONT_SILENT_FAIL`, `REG_KEY_RECURSE_FLAG`.
pub const KEY_CONTROL_FLAGS: u32 = 0xE;
/// Of a key: it is not kept.
pub const REG_FLAG_VOLATILE: u32 = 0x1;
/// Of a key: it is a link.
pub const REG_FLAG_LINK: u32 = 0x2;

/// An offset to what is not there.
pub const NO_OFFSET: u32 = u32::MAX;

/// Most values that are asked for at once.
pub const MAXIMUM_VALUES: u32 = 0x1_0000;

layout! {
    /// `KEY_BASIC_INFORMATION` without its end.
    pub struct KeyBasicInformation, size 0x10 {
        /// 100 ns since 1601.
        0x00 last_write_time: i64,
        /// 0.
        0x08 title_index: u32,
        /// Of the name, which follows.
        0x0c name_length: u32,
    }
}

layout! {
    /// `KEY_NODE_INFORMATION` without its end.
    pub struct KeyNodeInformation, size 0x18 {
        /// 100 ns since 1601.
        0x00 last_write_time: i64,
        /// 0.
        0x08 title_index: u32,
        /// From the structure's start; [`NO_OFFSET`] without a class.
        0x0c class_offset: u32,
        /// Bytes.
        0x10 class_length: u32,
        /// Of the name, which follows.
        0x14 name_length: u32,
    }
}

layout! {
    /// `KEY_FULL_INFORMATION`; the class begins in what would be padding.
    pub struct KeyFullInformation, size 0x30 {
        /// 100 ns since 1601.
        0x00 last_write_time: i64,
        /// 0.
        0x08 title_index: u32,
        /// From the structure's start; [`NO_OFFSET`] without a class.
        0x0c class_offset: u32,
        /// Bytes.
        0x10 class_length: u32,
        /// Keys in it.
        0x14 sub_keys: u32,
        /// Bytes of the longest of their names.
        0x18 max_name_length: u32,
        /// Bytes of the longest of their classes.
        0x1c max_class_length: u32,
        /// Values.
        0x20 values: u32,
        /// Bytes of the longest of their names.
        0x24 max_value_name_length: u32,
        /// Bytes of the most data.
        0x28 max_value_data_length: u32,
        /// The class begins here.
        0x2c class: u32,
    }
}

/// Where the class of a [`KeyFullInformation`] begins.
pub const KEY_FULL_INFORMATION_CLASS: u32 = 0x2c;

layout! {
    /// `KEY_NAME_INFORMATION` without its end.
    pub struct KeyNameInformation, size 0x4 {
        /// Of the name, which follows.
        0x0 name_length: u32,
    }
}

layout! {
    /// `KEY_CACHED_INFORMATION`.
    pub struct KeyCachedInformation, size 0x28 {
        /// 100 ns since 1601.
        0x00 last_write_time: i64,
        /// 0.
        0x08 title_index: u32,
        /// Keys in it.
        0x0c sub_keys: u32,
        /// Bytes of the longest of their names.
        0x10 max_name_length: u32,
        /// Values.
        0x14 values: u32,
        /// Bytes of the longest of their names.
        0x18 max_value_name_length: u32,
        /// Bytes of the most data.
        0x1c max_value_data_length: u32,
        /// Of the key's own name.
        0x20 name_length: u32,
        /// Padding.
        0x24 reserved_24: u32,
    }
}

layout! {
    /// `KEY_FLAGS_INFORMATION`.
    pub struct KeyFlagsInformation, size 0xc {
        /// What programs note.
        0x0 wow64_flags: u32,
        /// `REG_FLAG_*`.
        0x4 key_flags: u32,
        /// `REG_KEY_*`.
        0x8 control_flags: u32,
    }
}

layout! {
    /// `KEY_VALUE_BASIC_INFORMATION` without its end.
    pub struct KeyValueBasicInformation, size 0xc {
        /// 0.
        0x0 title_index: u32,
        /// `REG_*`.
        0x4 value_type: u32,
        /// Of the name, which follows.
        0x8 name_length: u32,
    }
}

layout! {
    /// `KEY_VALUE_FULL_INFORMATION` without its end.
    pub struct KeyValueFullInformation, size 0x14 {
        /// 0.
        0x00 title_index: u32,
        /// `REG_*`.
        0x04 value_type: u32,
        /// From the structure's start; [`NO_OFFSET`] without data.
        0x08 data_offset: u32,
        /// Bytes.
        0x0c data_length: u32,
        /// Of the name, which follows.
        0x10 name_length: u32,
    }
}

layout! {
    /// `KEY_VALUE_PARTIAL_INFORMATION` without its end.
    pub struct KeyValuePartialInformation, size 0xc {
        /// 0.
        0x0 title_index: u32,
        /// `REG_*`.
        0x4 value_type: u32,
        /// Of the data, which follow.
        0x8 data_length: u32,
    }
}

layout! {
    /// `KEY_VALUE_PARTIAL_INFORMATION_ALIGN64` without its end.
    pub struct KeyValuePartialInformationAlign64, size 0x8 {
        /// `REG_*`.
        0x0 value_type: u32,
        /// Of the data, which follow.
        0x4 data_length: u32,
    }
}

layout! {
    /// `KEY_VALUE_ENTRY`: one of the values that are asked for at once.
    pub struct KeyValueEntry, size 0x18 {
        /// Address of the name's UNICODE_STRING.
        0x00 value_name: u64,
        /// Bytes.
        0x08 data_length: u32,
        /// Within the buffer.
        0x0c data_offset: u32,
        /// `REG_*`.
        0x10 value_type: u32,
        /// Padding.
        0x14 reserved_14: u32,
    }
}
