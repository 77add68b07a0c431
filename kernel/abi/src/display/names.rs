//! Names of numbers: each its own, or of the bits in them.

use core::fmt::{self, Write};

/// Numbers with the names of their constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names(pub &'static [(u32, &'static str)]);

impl Names {
    /// The name of a number.
    #[must_use]
    pub fn of(self, number: u32) -> Option<&'static str> {
        let found = self.0.iter().find(|(value, _)| *value == number);
        found.map(|(_, name)| *name)
    }
}

/// Takes the names of constants that are in scope.
macro_rules! names {
    ($($name:ident)*) => {
        $crate::display::Names(&[$(($name, stringify!($name))),*])
    };
}
pub(crate) use names;

/// A number of flags by their names; those listed first may stand for several.
/// Bits without a name come last, as a number.
#[derive(Clone, Copy, Debug)]
pub struct Flags(pub u32, pub Names);

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(flags, names) = *self;
        if let Some(name) = names.of(flags) {
            return f.write_str(name);
        }
        let mut left = flags;
        let mut separator = "";
        for &(mask, name) in names.0 {
            if mask != 0 && left & mask == mask {
                write!(f, "{separator}{name}")?;
                separator = "|";
                left &= !mask;
            }
        }
        match (left, separator) {
            (0, "|") => Ok(()),
            (0, _) => f.write_char('0'),
            _ => write!(f, "{separator}{left:#x}"),
        }
    }
}

/// A name of words between underscores, as NT writes types and parameters:
/// `EVENT_TYPE` and `event_type` are `EventType`.
#[derive(Clone, Copy, Debug)]
pub struct Joined<'a>(pub &'a str);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for word in self.0.split('_') {
            let mut letters = word.chars();
            if let Some(first) = letters.next() {
                f.write_char(first.to_ascii_uppercase())?;
            }
            for letter in letters {
                f.write_char(letter.to_ascii_lowercase())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{Flags, Joined, Names};
    use std::string::ToString;

    const NAMES: Names = Names(&[(7, "ALL"), (1, "READ"), (2, "WRITE"), (0x10, "GUARD")]);

    #[test]
    fn flags_have_their_names() {
        for (flags, text) in [
            (0, "0"),
            (1, "READ"),
            (7, "ALL"),
            (0x17, "ALL|GUARD"),
            (0x13, "READ|WRITE|GUARD"),
            (0x40, "0x40"),
            (0x42, "WRITE|0x40"),
        ] {
            assert_eq!(Flags(flags, NAMES).to_string(), text);
        }
        assert_eq!(
            Flags(0, Names(&[(0, "NONE"), (1, "ONE")])).to_string(),
            "NONE"
        );
    }

    #[test]
    fn names_are_joined() {
        for (name, joined) in [
            ("event_type", "EventType"),
            ("PROCESS_WOW64_INFORMATION", "ProcessWow64Information"),
            ("size", "Size"),
            ("", ""),
        ] {
            assert_eq!(Joined(name).to_string(), joined);
        }
    }
}
