//! Which PDB belongs to which PE: both hold one identity.

use std::fmt;

use object::Object;
use object::read::pe::PeFile64;

/// What a PE and its PDB have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdbIdentity {
    /// The GUID as its bytes lie in the PE's debug directory.
    pub guid: [u8; 16],
    /// Counts the times the PDB was written.
    pub age: u32,
}

impl PdbIdentity {
    /// The identity that a PE asks for; `None` if it names no PDB.
    ///
    /// # Errors
    /// A sentence if the bytes are not a PE32+ file or damaged.
    pub fn wanted_by(pe: &[u8]) -> Result<Option<Self>, String> {
        let pe = PeFile64::parse(pe).map_err(|error| format!("is not a PE32+ file: {error}"))?;
        let record = pe
            .pdb_info()
            .map_err(|error| format!("has a damaged debug directory: {error}"))?;
        Ok(record.map(|record| Self {
            guid: record.guid(),
            age: record.age(),
        }))
    }
}

impl fmt::Display for PdbIdentity {
    /// As symbol servers write it: the GUID, then the age, in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g, h, i, rest @ ..] = self.guid;
        let first = u32::from_le_bytes([a, b, c, d]);
        let second = u16::from_le_bytes([e, g]);
        let third = u16::from_le_bytes([h, i]);
        let rest = u64::from_be_bytes(rest);
        write!(
            f,
            "{first:08X}{second:04X}{third:04X}{rest:016X}{:X}",
            self.age
        )
    }
}
