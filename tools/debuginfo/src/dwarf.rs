//! The kernel's DWARF: which functions and lines an address belongs to.

use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use addr2line::{Context, Location};

use crate::functions::demangle;
use crate::kernel::Kernel;
use crate::paths::Paths;

/// A function at an address, as DWARF describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SourceFrame {
    /// Demangled; empty if DWARF does not say.
    pub(crate) name: String,
    /// Short; empty if DWARF does not say.
    pub(crate) file: String,
    /// 0 if DWARF does not say, or says 0.
    pub(crate) line: u32,
}

/// Finds the source of addresses.
pub(crate) struct Dwarfs<'a> {
    context: Context<EndianSlice<'a, LittleEndian>>,
    paths: Paths,
}

impl<'a> Dwarfs<'a> {
    /// Reads the debug sections of the kernel; there may be none.
    pub(crate) fn parse(kernel: &Kernel<'a>) -> Result<Self, String> {
        let load = |id: SectionId| -> Result<_, String> {
            Ok(EndianSlice::new(
                kernel.debug_section(id.name())?,
                LittleEndian,
            ))
        };
        let dwarf = Dwarf::load(load)?;
        let unreadable = |error| format!("has debug sections that cannot be read: {error}");
        let paths = Paths::of(&dwarf).map_err(unreadable)?;
        let context = Context::from_dwarf(dwarf).map_err(unreadable)?;
        Ok(Self { context, paths })
    }

    /// The functions at `address`, the innermost first, of which all but the
    /// last are inlined; none where the code has no DWARF.
    pub(crate) fn frames(&self, address: u64) -> Result<Vec<SourceFrame>, String> {
        let unreadable = |error| format!("has unreadable DWARF for {address:#x}: {error}");
        let found = self.context.find_frames(address).skip_all_loads();
        let mut found = found.map_err(unreadable)?;
        let mut frames = Vec::new();
        while let Some(frame) = found.next().map_err(unreadable)? {
            let name = match &frame.function {
                Some(function) => demangle(&function.raw_name().map_err(unreadable)?),
                None => String::new(),
            };
            let Location { file, line, .. } = frame.location.unwrap_or(Location {
                file: None,
                line: None,
                column: None,
            });
            frames.push(SourceFrame {
                name,
                file: file.map_or(String::new(), |file| self.paths.short(file)),
                line: line.unwrap_or(0),
            });
        }
        Ok(frames)
    }
}
