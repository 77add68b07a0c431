//! The function table (`.pdata`): which function an address belongs to.

use crate::layout::Layout;
use crate::records::{RuntimeFunction, records};
use crate::{Directory, PeError};

/// A function of the image, as offsets from the image base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionEntry {
    /// Its first byte.
    pub begin_rva: u32,
    /// One past its last byte.
    pub end_rva: u32,
    /// Its unwind information; if odd, bit 0 cleared gives another entry.
    pub unwind_rva: u32,
}

impl From<&RuntimeFunction> for FunctionEntry {
    fn from(record: &RuntimeFunction) -> Self {
        Self {
            begin_rva: record.begin.get(),
            end_rva: record.end.get(),
            unwind_rva: record.unwind.get(),
        }
    }
}

/// The checked function table; empty if the image has none.
#[derive(Clone, Copy)]
pub(crate) struct Functions<'a>(&'a [RuntimeFunction]);

impl<'a> Functions<'a> {
    pub fn parse(layout: &Layout<'a>) -> Result<Self, PeError> {
        let directory = layout.headers.optional.data_directories.exception_table;
        if directory.virtual_address == 0 {
            return Ok(Self(&[]));
        }
        let count = (directory.size as usize).div_euclid(size_of::<RuntimeFunction>());
        let table: &[RuntimeFunction] = layout
            .data(directory.virtual_address, directory.size)
            .and_then(|data| records(data, 0, count))
            .ok_or(PeError::BadDirectory(Directory::Exception))?;
        if !table.is_sorted_by_key(|entry| entry.begin.get()) {
            return Err(PeError::BadDirectory(Directory::Exception));
        }
        Ok(Self(table))
    }

    /// The function whose code holds `rva`.
    pub fn find(&self, rva: u32) -> Option<FunctionEntry> {
        let after = self.0.partition_point(|entry| entry.begin.get() <= rva);
        let entry = self.0.get(after.checked_sub(1)?)?;
        (rva < entry.end.get()).then_some(entry.into())
    }
}
