//! Functions, files and lines of addresses, from DWARF and from PDB files.
//!
//! [`DebugInfo`] is one view of three kinds of files: an ELF with DWARF, a PE
//! with DWARF in it, and a PDB. Addresses are those that the file counts in:
//! virtual addresses of an ELF, offsets from the image's base (RVAs) of a PE or
//! PDB. [`PdbIdentity`] tells whether a PDB belongs to a PE.

mod dwarf;
mod elf;
mod identity;
mod names;
mod paths;
mod pdb;
mod pe;
mod symbols;

pub use identity::PdbIdentity;
pub use names::demangle;
pub use pdb::Pdb;

/// A function at an address, as the debug information describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFrame {
    /// Demangled; empty if it is not known.
    pub name: String,
    /// The short path of the source file; empty if it is not known.
    pub file: String,
    /// Its path where it was compiled, to show lines of it.
    pub path: String,
    /// 0 if it is not known, or if the compiler made the code up.
    pub line: u32,
}

impl SourceFrame {
    /// The frame as a packed table has it: two files with one short path are one.
    #[must_use]
    pub fn without_path(mut self) -> Self {
        self.path.clear();
        self
    }
}

/// A function of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Demangled.
    pub name: String,
    /// Where its first byte is.
    pub start: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// What [`DebugInfo`] asks of each kind of file.
trait Source {
    fn frames(&self, address: u64) -> Result<Vec<SourceFrame>, String>;
    fn functions(&self) -> Result<Vec<Function>, String>;
}

/// The debug information of a file.
///
/// Errors are sentences that begin with a verb; the file's name goes before.
pub struct DebugInfo<'a> {
    source: Box<dyn Source + 'a>,
    build_id: Option<Vec<u8>>,
    has_lines: bool,
}

impl<'a> DebugInfo<'a> {
    /// Reads an ELF; its DWARF and its symbol table may be absent.
    ///
    /// # Errors
    /// A sentence if it is not a 64-bit ELF or damaged.
    pub fn elf(bytes: &'a [u8]) -> Result<Self, String> {
        let elf = elf::Elf::parse(bytes)?;
        Ok(Self {
            build_id: elf.build_id.clone(),
            has_lines: elf.has_lines(),
            source: Box::new(elf),
        })
    }

    /// Reads a PE32+ file; its DWARF and its COFF symbols may be absent.
    ///
    /// # Errors
    /// A sentence if it is not a PE32+ file or damaged.
    pub fn pe(bytes: &'a [u8]) -> Result<Self, String> {
        let pe = pe::Pe::parse(bytes)?;
        Ok(Self {
            build_id: None,
            has_lines: pe.has_lines(),
            source: Box::new(pe),
        })
    }

    /// Looks into an open PDB.
    ///
    /// # Errors
    /// A sentence if it is damaged.
    pub fn pdb(pdb: &'a Pdb<'_>) -> Result<Self, String> {
        Ok(Self {
            build_id: None,
            has_lines: true,
            source: Box::new(pdb.source()?),
        })
    }

    /// The functions at `address`, the innermost first, of which all but the
    /// last are inlined; none outside any known function.
    ///
    /// Give one less than a return address, and the exact address of an
    /// interrupted instruction.
    ///
    /// # Errors
    /// A sentence if the debug information there is damaged.
    pub fn frames(&self, address: u64) -> Result<Vec<SourceFrame>, String> {
        self.source.frames(address)
    }

    /// The functions by rising address, one for each address, without overlap.
    ///
    /// # Errors
    /// A sentence if the debug information is damaged.
    pub fn functions(&self) -> Result<Vec<Function>, String> {
        self.source.functions()
    }

    /// The build id of an ELF that has one.
    #[must_use]
    pub fn build_id(&self) -> Option<&[u8]> {
        self.build_id.as_deref()
    }

    /// Whether there is more than names: DWARF, or a PDB.
    #[must_use]
    pub fn has_lines(&self) -> bool {
        self.has_lines
    }
}
