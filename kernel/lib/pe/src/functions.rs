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
pub(crate) struct Functions<'a> {
    table: &'a [RuntimeFunction],
    /// Not all linkers sort theirs: some of Go's do not.
    is_sorted: bool,
}

impl<'a> Functions<'a> {
    pub fn parse(layout: &Layout<'a>) -> Result<Self, PeError> {
        let directory = layout.headers.optional.data_directories.exception_table;
        if directory.virtual_address == 0 {
            return Ok(Self {
                table: &[],
                is_sorted: true,
            });
        }
        let count = (directory.size as usize).div_euclid(size_of::<RuntimeFunction>());
        let table: &[RuntimeFunction] = layout
            .data(directory.virtual_address, directory.size)
            .and_then(|data| records(data, 0, count))
            .ok_or(PeError::BadDirectory(Directory::Exception))?;
        let is_sorted = table.is_sorted_by_key(|entry| entry.begin.get());
        Ok(Self { table, is_sorted })
    }

    /// The function whose code holds `rva`.
    pub fn find(&self, rva: u32) -> Option<FunctionEntry> {
        let has = |entry: &&RuntimeFunction| (entry.begin.get()..entry.end.get()).contains(&rva);
        let entry = match self.is_sorted {
            true => {
                let after = self.table.partition_point(|entry| entry.begin.get() <= rva);
                self.table.get(after.checked_sub(1)?).filter(has)
            }
            false => self.table.iter().find(has),
        };
        entry.map(FunctionEntry::from)
    }
}
