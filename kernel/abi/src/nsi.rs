//! The tables of `\Device\Nsi`: what the network has (W 8.4).
//!
//! A row has four parts: a key, what can be set, what changes and what stays.

/// Asks for all rows of a table: an [`NsiEnumerateAll`]. The answer is how many there are,
/// and behind it the parts of all rows, each with room for as many as were asked for.
pub const IOCTL_NSI_ENUMERATE_ALL: u32 = 0x12_1000;
/// Asks for a row: an [`NsiGetAllParameters`] and its key.
pub const IOCTL_NSI_GET_ALL_PARAMETERS: u32 = 0x12_1004;
/// Asks for bytes of a row: an [`NsiGetParameter`] and its key.
pub const IOCTL_NSI_GET_PARAMETER: u32 = 0x12_1008;

/// The first field of all modules' identifiers, without their numbers.
pub const MODULE: u32 = 0xEB00_4A00;
/// What has the interfaces.
pub const MODULE_NDIS: u32 = MODULE + 0x11;
/// What has the addresses of four bytes.
pub const MODULE_IPV4: u32 = MODULE;
/// What has those of sixteen.
pub const MODULE_IPV6: u32 = MODULE + 1;

/// Of [`MODULE_NDIS`]: the interfaces, by [`LUID_LOOPBACK`] and its like.
pub const TABLE_INTERFACES: u32 = 0;
/// The same, by their indices.
pub const TABLE_INDICES: u32 = 2;
/// Of addresses: a machine's own.
pub const TABLE_UNICAST: u32 = 10;
/// Who has been spoken to.
pub const TABLE_NEIGHBOURS: u32 = 11;
/// The routes.
pub const TABLE_ROUTES: u32 = 16;

/// `NET_LUID` of the interface over which a machine speaks to itself: its type
/// (`IF_TYPE_SOFTWARE_LOOPBACK`) above its number.
pub const LUID_LOOPBACK: u64 = 24 << 48 | 1 << 24;

layout! {
    /// Which rows.
    pub struct NsiEnumerateAll, size 0x38 {
        /// Of the module's identifier.
        0x00 reserved_00: u64,
        /// Its first field, which says which it is.
        0x08 module: u32,
        /// The rest of it.
        0x0c reserved_0c: [u8; 12],
        /// Of no meaning here.
        0x18 reserved_18: u64,
        /// The table.
        0x20 table: u32,
        /// How long the parts are.
        0x24 part_bytes: [u32; 4],
        /// For how many rows there is room.
        0x34 count: u32,
    }
}

layout! {
    /// Which row. Its key follows.
    pub struct NsiGetAllParameters, size 0x30 {
        /// Of the module's identifier.
        0x00 reserved_00: u64,
        /// Its first field, which says which it is.
        0x08 module: u32,
        /// The rest of it, and what has no meaning here.
        0x0c reserved_0c: [u8; 16],
        /// The table.
        0x1c table: u32,
        /// How long the parts are.
        0x20 part_bytes: [u32; 4],
    }
}

layout! {
    /// Which bytes of a row. Its key follows.
    pub struct NsiGetParameter, size 0x2c {
        /// Of the module's identifier.
        0x00 reserved_00: [u32; 2],
        /// Its first field, which says which it is.
        0x08 module: u32,
        /// The rest of it, and what has no meaning here.
        0x0c reserved_0c: [u8; 16],
        /// The table.
        0x1c table: u32,
        /// How long the key is.
        0x20 key_bytes: u32,
        /// Which part after the key.
        0x24 part: u32,
        /// Where they begin.
        0x28 offset: u32,
    }
}

layout! {
    /// `IF_COUNTED_STRING`
    pub struct NsiText, size 0x204 {
        /// How long it is.
        0x0 length_bytes: u16,
        /// The text, with a zero.
        0x2 units: [u16; 257],
    }
}

layout! {
    /// What can be set of an interface.
    pub struct NsiInterface, size 0x444 {
        /// Its network.
        0x000 network: [u8; 16],
        /// 1: it is to be up.
        0x010 is_up: u32,
        /// What people call it.
        0x014 name: NsiText,
        /// Its address, of which there is none.
        0x218 address: [u8; 36],
        /// Another name.
        0x23c other_name: NsiText,
        /// Unknown.
        0x440 unknown_440: u32,
    }
}

layout! {
    /// What changes of an interface.
    pub struct NsiInterfaceState, size 0xd8 {
        /// 1: it is up.
        0x00 is_up: u32,
        /// Unknown.
        0x04 flags: u32,
        /// 1: it is connected.
        0x08 is_connected: u32,
        /// Unknown.
        0x0c unknown_0c: u32,
        /// How long what it sends may be.
        0x10 most_bytes: u32,
        /// Padding.
        0x14 reserved_14: u32,
        /// How fast it sends, and how fast it receives, in bits a second.
        0x18 bits_per_second: [u64; 2],
        /// What was counted.
        0x28 counts: [u64; 22],
    }
}

layout! {
    /// What stays of an interface.
    pub struct NsiInterfaceKind, size 0x258 {
        /// Its number.
        0x000 index: u32,
        /// What it is, for people.
        0x004 description: NsiText,
        /// What it is (`IF_TYPE`).
        0x208 kind: u32,
        /// How it is reached (`NET_IF_ACCESS_TYPE`).
        0x20c access: u32,
        /// Unknown.
        0x210 unknown_210: u32,
        /// How it is connected (`NET_IF_CONNECTION_TYPE`).
        0x214 connection: u32,
        /// What programs call it.
        0x218 guid: [u8; 16],
        /// 1: it has a connector; its address, and padding.
        0x228 connector: [u8; 36],
        /// 1: it is hardware.
        0x24c flags: u32,
        /// `NDIS_MEDIUM`
        0x250 medium: u32,
        /// `NDIS_PHYSICAL_MEDIUM`
        0x254 physical_medium: u32,
    }
}

layout! {
    /// The key of an address of four bytes.
    pub struct NsiAddressV4, size 0x10 {
        /// Its interface.
        0x0 luid: u64,
        /// The address.
        0x8 address: [u8; 4],
        /// Padding.
        0xc reserved_c: u32,
    }
}

layout! {
    /// The key of an address of sixteen bytes.
    pub struct NsiAddressV6, size 0x18 {
        /// Its interface.
        0x0 luid: u64,
        /// The address.
        0x8 address: [u8; 16],
    }
}

layout! {
    /// What can be set of an address.
    pub struct NsiAddressUse, size 0x1c {
        /// For how many seconds it is preferred, and valid.
        0x00 lifetimes: [u32; 2],
        /// Where its first bits come from, and the others (`NL_PREFIX_ORIGIN`).
        0x08 origins: [u32; 2],
        /// How many bits its network's addresses have in common.
        0x10 prefix_bits: u32,
        /// Unknown.
        0x14 unknown_14: [u32; 2],
    }
}
