//! DWARF: which functions and lines an address belongs to.

use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use addr2line::{Context, Location};
use object::{Object, ObjectSection, SectionKind};

use crate::SourceFrame;
use crate::names::demangle;
use crate::paths::Paths;

/// Finds the source of addresses, in those that DWARF counts in.
pub(crate) struct Dwarfs<'a> {
    context: Context<EndianSlice<'a, LittleEndian>>,
    paths: Paths,
    /// Where sections of code begin and end. Linkers leave the DWARF of functions
    /// that they dropped, at addresses that have no code.
    code: Vec<(u64, u64)>,
    /// Whether there is any.
    pub(crate) is_there: bool,
}

impl<'a> Dwarfs<'a> {
    /// Reads the debug sections of a file; there may be none.
    pub(crate) fn parse(file: &impl Object<'a>) -> Result<Self, String> {
        let load = |id: SectionId| Ok(EndianSlice::new(section(file, id.name())?, LittleEndian));
        let dwarf = Dwarf::load::<_, String>(load)?;
        let unreadable = |error| format!("has debug sections that cannot be read: {error}");
        let mut folders = Vec::new();
        let mut units = dwarf.units();
        let mut is_there = false;
        while let Some(header) = units.next().map_err(unreadable)? {
            is_there = true;
            let unit = dwarf.unit(header).map_err(unreadable)?;
            let folder = unit.comp_dir.map(|folder| folder.to_string_lossy());
            folders.extend(folder.map(String::from));
        }
        let context = Context::from_dwarf(dwarf).map_err(unreadable)?;
        let code = file
            .sections()
            .filter(|section| section.kind() == SectionKind::Text);
        let code = code.map(|section| {
            let start = section.address();
            (start, start.saturating_add(section.size()))
        });
        Ok(Self {
            code: code.collect(),
            context,
            paths: Paths::compiled_in(folders),
            is_there,
        })
    }

    /// The functions at `address`, the innermost first, of which all but the
    /// last are inlined; none where the code has no DWARF.
    pub(crate) fn frames(&self, address: u64) -> Result<Vec<SourceFrame>, String> {
        if self.code_end(address).is_none() {
            return Ok(Vec::new());
        }
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
            frames.push(
                self.paths
                    .frame(name, file.unwrap_or(""), line.unwrap_or(0)),
            );
        }
        Ok(frames)
    }

    /// The end of the section of code that holds `address`.
    pub(crate) fn code_end(&self, address: u64) -> Option<u64> {
        let mut code = self.code.iter();
        let (_, end) = code.find(|&&(start, end)| (start..end).contains(&address))?;
        Some(*end)
    }
}

/// A section's bytes; empty if there is none.
fn section<'a>(file: &impl Object<'a>, name: &str) -> Result<&'a [u8], String> {
    match file.section_by_name(name) {
        Some(section) => section
            .data()
            .map_err(|error| format!("has a damaged section {name}: {error}")),
        None => Ok(&[]),
    }
}
