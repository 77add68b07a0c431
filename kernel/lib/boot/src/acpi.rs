//! The ACPI root pointer: where the tables begin.

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// The physical address of the table that lists all other ACPI tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcpiRoot {
    /// The table with 32-bit addresses (ACPI 1.0).
    Rsdt(u32),
    /// The table with 64-bit addresses (ACPI 2.0 and later).
    Xsdt(u64),
}

/// Root system description pointer, ACPI 6.5, 5.2.5.3; the first 20 bytes are
/// all that revision 0 has.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Version1 {
    signature: [u8; 8],
    checksum: u8,
    oem: [u8; 6],
    revision: u8,
    rsdt: U32,
}

#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Version2 {
    first: Version1,
    length: U32,
    xsdt: U64,
    extended_checksum: u8,
    reserved: [u8; 3],
}

/// Bytes of the root pointer from ACPI 2.0 on.
pub const ROOT_POINTER_BYTES: usize = size_of::<Version2>();

impl AcpiRoot {
    /// Reads a root pointer; `None` when its signature, a checksum or an
    /// address is wrong.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (first, _) = Version1::ref_from_prefix(bytes).ok()?;
        if &first.signature != b"RSD PTR " || !sums_to_zero(bytes.get(..size_of::<Version1>())?) {
            return None;
        }
        if first.revision >= 2 {
            let (second, _) = Version2::ref_from_prefix(bytes).ok()?;
            if !sums_to_zero(bytes.get(..ROOT_POINTER_BYTES)?) {
                return None;
            }
            if second.xsdt.get() != 0 {
                return Some(Self::Xsdt(second.xsdt.get()));
            }
        }
        (first.rsdt.get() != 0).then_some(Self::Rsdt(first.rsdt.get()))
    }
}

fn sums_to_zero(bytes: &[u8]) -> bool {
    bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) == 0
}
