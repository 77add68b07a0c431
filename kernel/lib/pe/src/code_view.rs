//! The CodeView record of the debug directory: which PDB file has the symbols.
//!
//! Windows runs images whatever their debug directory says, so a malformed one
//! is not an error: it is treated as absent. The record's layout is not in "PE
//! Format"; it is CV_INFO_PDB70 of Microsoft's published PDB sources.

use crate::Name;
use crate::layout::Layout;
use crate::records::{DebugDirectory, Pdb70, record, records};

/// IMAGE_DEBUG_TYPE_CODEVIEW.
const TYPE_CODEVIEW: u32 = 2;

/// Of more entries than this, the rest is not looked at: linkers write a few.
const MOST_ENTRIES: usize = 64;

/// The record "RSDS", which names a PDB 7.0 file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeView<'a> {
    /// The file's GUID as it stands in the image.
    pub guid: [u8; 16],
    /// How often the file was rewritten since it got that GUID.
    pub age: u32,
    /// The file's name, often a path on the machine that linked the image.
    pub pdb_name: Name<'a>,
}

impl<'a> CodeView<'a> {
    /// The first one of the image.
    pub(crate) fn find(layout: &Layout<'a>) -> Option<Self> {
        let directory = layout.headers.optional.data_directories.debug;
        let data = layout.data(directory.virtual_address, directory.size)?;
        let count = data.len().div_euclid(size_of::<DebugDirectory>());
        let entries: &[DebugDirectory] = records(data, 0, count.min(MOST_ENTRIES))?;
        let mut found = entries
            .iter()
            .filter(|entry| entry.kind.get() == TYPE_CODEVIEW)
            .filter_map(|entry| Self::from_entry(layout, entry));
        found.next()
    }

    /// The record may lie outside of all sections, so its place in the file
    /// counts.
    fn from_entry(layout: &Layout<'a>, entry: &DebugDirectory) -> Option<Self> {
        let data = layout.file.get(entry.raw_offset.get() as usize..)?;
        let data = data.get(..entry.bytes.get() as usize)?;
        let head: &Pdb70 = record(data, 0)?;
        let name = data.get(size_of::<Pdb70>()..)?;
        (head.signature == *b"RSDS").then_some(())?;
        Some(Self {
            guid: head.guid,
            age: head.age.get(),
            pdb_name: Name::terminated(name)?,
        })
    }
}
