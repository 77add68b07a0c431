//! Numbers and structures of atoms (phnt `ntexapi.h`).

/// Class: [`AtomBasicInformation`] and the name behind it.
pub const ATOM_BASIC_INFORMATION: u32 = 0;
/// Class: [`AtomTableInformation`] and the atoms behind it, 2 bytes each.
pub const ATOM_TABLE_INFORMATION: u32 = 1;

/// The atom stays for good.
pub const RTL_ATOM_PINNED: u16 = 1;
/// Most units of a name.
pub const RTL_ATOM_MAXIMUM_NAME_LENGTH: usize = 255;

layout! {
    /// `ATOM_BASIC_INFORMATION`, up to the name. What holds a whole one has 2 bytes
    /// more, for the first unit.
    pub struct AtomBasicInformation, size 0x6 {
        /// How often it was added and not deleted.
        0x00 usage_count: u16,
        /// [`RTL_ATOM_PINNED`] or 0.
        0x02 flags: u16,
        /// Bytes of the name, as far as it is there.
        0x04 name_length_bytes: u16,
    }
}

layout! {
    /// `ATOM_TABLE_INFORMATION`, up to the atoms. What holds a whole one has 4 bytes
    /// more, for the first atom and padding.
    pub struct AtomTableInformation, size 0x4 {
        /// How many atoms of names there are.
        0x00 atom_count: u32,
    }
}
