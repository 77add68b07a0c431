//! An access mask: the number, and the rights that every type has.

use core::fmt;

use crate::access::*;

/// An ACCESS_MASK. Rights of single types are in the number only.
#[derive(Clone, Copy, Debug)]
pub struct Access(pub u32);

const NAMES: [(u32, &str); 11] = [
    (GENERIC_READ, "GENERIC_READ"),
    (GENERIC_WRITE, "GENERIC_WRITE"),
    (GENERIC_EXECUTE, "GENERIC_EXECUTE"),
    (GENERIC_ALL, "GENERIC_ALL"),
    (MAXIMUM_ALLOWED, "MAXIMUM_ALLOWED"),
    (ACCESS_SYSTEM_SECURITY, "ACCESS_SYSTEM_SECURITY"),
    (SYNCHRONIZE, "SYNCHRONIZE"),
    (WRITE_OWNER, "WRITE_OWNER"),
    (WRITE_DAC, "WRITE_DAC"),
    (READ_CONTROL, "READ_CONTROL"),
    (DELETE, "DELETE"),
];
/// These stand for several rights each, the larger first.
const GROUPS: [(u32, &str); 2] = [
    (STANDARD_RIGHTS_ALL, "STANDARD_RIGHTS_ALL"),
    (STANDARD_RIGHTS_REQUIRED, "STANDARD_RIGHTS_REQUIRED"),
];

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)?;
        let group = GROUPS.iter().find(|(mask, _)| self.0 & mask == *mask);
        let grouped = group.map_or(0, |(mask, _)| *mask);
        let single = NAMES
            .iter()
            .filter(|(mask, _)| self.0 & !grouped & mask != 0);
        let mut open = " (";
        for (_, name) in single.chain(group) {
            write!(f, "{open}{name}")?;
            open = "|";
        }
        match open {
            "|" => f.write_str(")"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::Access;
    use std::string::ToString;

    #[test]
    fn rights_of_all_types_are_named() {
        for (mask, text) in [
            (0, "0x0"),
            (0x3, "0x3"),
            (0x8010_0000, "0x80100000 (GENERIC_READ|SYNCHRONIZE)"),
            (0x200_0000, "0x2000000 (MAXIMUM_ALLOWED)"),
            (0x1F_0003, "0x1f0003 (STANDARD_RIGHTS_ALL)"),
            (
                0x100F_0001,
                "0x100f0001 (GENERIC_ALL|STANDARD_RIGHTS_REQUIRED)",
            ),
            (0x3_0000, "0x30000 (READ_CONTROL|DELETE)"),
        ] {
            assert_eq!(Access(mask).to_string(), text);
        }
    }
}
