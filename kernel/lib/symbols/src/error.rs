//! Why bytes are not a symbol table, in sentences.

use core::fmt;

/// A fault in a table's header.
///
/// The kernel goes on without names; its `Display` says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableError {
    /// The section is as the linker left it: zeros.
    Empty,
    /// There are fewer bytes than a header has.
    TooShort {
        /// How many there are.
        available_bytes: usize,
    },
    /// The bytes do not begin with the table's magic.
    Magic,
    /// The table has another version.
    Version {
        /// What it says.
        found: u16,
    },
    /// The header's sizes contradict each other or the section.
    Sizes {
        /// What it says is used.
        used_bytes: u32,
        /// What it says is reserved.
        capacity_bytes: u32,
        /// The section.
        available_bytes: usize,
    },
    /// A part of the table is not where it can be.
    Part {
        /// Which part.
        part: &'static str,
    },
    /// A field is wider than a field can be.
    Widths,
    /// The table has flags that are not known.
    Flags,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str(
                "the kernel's symbol table was not filled in; build the kernel with scons",
            ),
            Self::TooShort { available_bytes } => write!(
                f,
                "the symbol section has {available_bytes} bytes, too few for a table; reserve \
                 more in the linker script"
            ),
            Self::Magic => {
                f.write_str("the symbol section does not begin with a table; build the kernel anew")
            }
            Self::Version { found } => write!(
                f,
                "the symbol table has version {found}, and this kernel reads version 3; build \
                 it anew"
            ),
            Self::Sizes {
                used_bytes,
                capacity_bytes,
                available_bytes,
            } => write!(
                f,
                "the symbol table uses {used_bytes} of {capacity_bytes} bytes in a section of \
                 {available_bytes}, which cannot be; build it anew"
            ),
            Self::Part { part } => write!(
                f,
                "the symbol table's {part} are not where they can be; build it anew"
            ),
            Self::Widths => {
                f.write_str("the symbol table has fields wider than 32 bits; build it anew")
            }
            Self::Flags => {
                f.write_str("the symbol table is of a kind that is not known; build it anew")
            }
        }
    }
}

impl core::error::Error for TableError {}
