//! Whether the image needs DLLs, and which comes first.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::layout::Layout;
use crate::records::{DelayImportDescriptor, ImportDescriptor, record};
use crate::{Directory, Name, PeError};

/// The first DLL the image needs, at its start or later, if any.
///
/// GNU ld writes an import directory that holds only the terminator, so the
/// directory's presence says nothing: its first entry does.
pub(crate) fn first_dll<'a>(layout: &Layout<'a>) -> Result<Option<Name<'a>>, PeError> {
    let directories = &layout.headers.optional.data_directories;
    let at_start = first(
        layout,
        directories.import_table.virtual_address,
        |entry: &ImportDescriptor| match entry.address_table.get() {
            0 => 0,
            _ => entry.dll_name.get(),
        },
    )
    .ok_or(PeError::BadDirectory(Directory::Import))?;
    let later = first(
        layout,
        directories.delay_import_descriptor.virtual_address,
        |entry: &DelayImportDescriptor| entry.dll_name.get(),
    )
    .ok_or(PeError::BadDirectory(Directory::DelayImport))?;
    Ok(at_start.or(later))
}

/// The name in the first entry of the directory at `rva`. `name_rva` tells
/// where it is, 0 for the terminator.
fn first<'a, T>(
    layout: &Layout<'a>,
    rva: u32,
    name_rva: impl Fn(&T) -> u32,
) -> Option<Option<Name<'a>>>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned + 'a,
{
    if rva == 0 {
        return Some(None);
    }
    match name_rva(record(layout.data_from(rva)?, 0)?) {
        0 => Some(None),
        name => Name::terminated(layout.data_from(name)?).map(Some),
    }
}
