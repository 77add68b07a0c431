//! The names of arguments, as NT spells them.

use core::fmt;

use crate::display::Joined;
use crate::services::{Argument, Family, Kind, Service};

/// An argument's name in NT's spelling.
#[derive(Clone, Copy, Debug)]
pub struct ArgumentName {
    name: &'static str,
    kind: Kind,
    family: Family,
}

impl Service {
    /// The name of one of its arguments, as NT spells names.
    #[must_use]
    pub const fn name_of(&self, argument: &Argument) -> ArgumentName {
        ArgumentName {
            name: argument.name,
            kind: argument.kind,
            family: self.family,
        }
    }
}

impl fmt::Display for ArgumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_handle = matches!(self.kind, Kind::Handle | Kind::HandleOut);
        match (self.name, self.kind) {
            ("handle", _) => f.write_str("Handle"),
            (name, _) if is_handle => write!(f, "{}Handle", Joined(name)),
            ("access", _) => f.write_str("DesiredAccess"),
            ("attributes", Kind::ObjectAttributes | Kind::ObjectAttributesOptional) => {
                f.write_str("ObjectAttributes")
            }
            ("base", _) => f.write_str("BaseAddress"),
            ("class", _) => f.write_str("InformationClass"),
            ("offset", _) if self.family == Family::File => f.write_str("ByteOffset"),
            ("result", Kind::Out) if self.family == Family::File => f.write_str("IoStatusBlock"),
            ("text" | "name", Kind::Text) => f.write_str(match self.name {
                "text" => "String",
                _ => "Name",
            }),
            (name, _) => write!(f, "{}", Joined(name)),
        }
    }
}
