//! The export directory: functions by name, ordinal and address.

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::layout::Layout;
use crate::records::{ExportDirectory, record, records};
use crate::{Directory, Name, PeError};

/// Ordinals have 16 bits.
const LAST_ORDINAL: u32 = 0xFFFF;
/// Keeps every walk over the names short; each ordinal may have one.
const MOST_NAMES: u32 = 0x1_0000;

/// An exported function or variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its number among the exports of this image.
    pub ordinal: u32,
    /// Where it is.
    pub target: ExportTarget<'a>,
}

/// Where an export leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTarget<'a> {
    /// To this offset from the image base.
    Rva(u32),
    /// To an export of another DLL, written "dll.name" or "dll.#ordinal".
    Forwarder(Name<'a>),
}

/// The checked export directory; empty if the image has none.
#[derive(Clone, Copy)]
pub struct Exports<'a> {
    data: &'a [u8],
    rva: u32,
    image_bytes: u32,
    ordinal_base: u32,
    functions: &'a [U32],
    names: &'a [U32],
    ordinals: &'a [U16],
}

impl<'a> Exports<'a> {
    pub(crate) fn parse(layout: &Layout<'a>) -> Result<Self, PeError> {
        let optional = &layout.headers.optional;
        let directory = optional.data_directories.export_table;
        let mut exports = Self {
            data: &[],
            rva: directory.virtual_address,
            image_bytes: optional.size_of_image,
            ordinal_base: 0,
            functions: &[],
            names: &[],
            ordinals: &[],
        };
        if exports.rva == 0 {
            return Ok(exports);
        }
        exports
            .read_tables(layout, directory.size)
            .ok_or(PeError::BadDirectory(Directory::Export))?;
        Ok(exports)
    }

    fn read_tables(&mut self, layout: &Layout<'a>, bytes: u32) -> Option<()> {
        self.data = layout.data(self.rva, bytes)?;
        let table: &ExportDirectory = record(self.data, 0)?;
        self.ordinal_base = table.ordinal_base.get();
        let most = LAST_ORDINAL
            .checked_sub(self.ordinal_base)?
            .saturating_add(1);
        let functions = table.function_count.get();
        let names = table.name_count.get();
        if functions > most || names > MOST_NAMES {
            return None;
        }
        self.functions = self.table(table.functions, functions)?;
        self.names = self.table(table.names, names)?;
        self.ordinals = self.table(table.ordinals, names)?;
        Some(())
    }

    /// `count` entries at `rva`, which must lie in the directory.
    fn table<T>(&self, rva: U32, count: u32) -> Option<&'a [T]>
    where
        T: FromBytes + KnownLayout + Immutable + Unaligned,
    {
        if rva.get() == 0 && count == 0 {
            return Some(&[]);
        }
        let offset = rva.get().checked_sub(self.rva)?;
        records(self.data, offset as usize, count as usize)
    }

    /// All exports that have a name and lead somewhere, in the order of names.
    pub fn iter(self) -> impl Iterator<Item = Export<'a>> {
        (0..self.names.len()).filter_map(move |index| self.named(index))
    }

    /// The export called `name`.
    pub fn by_name(&self, name: &[u8]) -> Option<Export<'a>> {
        self.sorted(name)
            .or_else(|| self.iter().find(|export| export.name.as_bytes() == name))
    }

    /// Where the export numbered `ordinal` leads.
    pub fn by_ordinal(&self, ordinal: u32) -> Option<ExportTarget<'a>> {
        self.target(ordinal.checked_sub(self.ordinal_base)?)
    }

    /// The name of the highest export at or below `rva` but not below `lowest`.
    pub(crate) fn nearest(&self, lowest: u32, rva: u32) -> Option<(Name<'a>, u32)> {
        let mut best = None;
        for (index, ordinal) in self.ordinals.iter().enumerate() {
            let Some(ExportTarget::Rva(start)) = self.target(ordinal.get().into()) else {
                continue;
            };
            let better = best.is_none_or(|(_, best)| start > best);
            if (lowest..=rva).contains(&start) && better {
                best = Some((index, start));
            }
        }
        let (index, start) = best?;
        Some((self.name(index)?, rva.checked_sub(start)?))
    }

    /// Binary search, as the format promises sorted names.
    fn sorted(&self, name: &[u8]) -> Option<Export<'a>> {
        let (mut low, mut high) = (0, self.names.len());
        while low < high {
            let middle = low.midpoint(high);
            let found = self.name(middle)?;
            match found.as_bytes().cmp(name) {
                core::cmp::Ordering::Less => low = middle.saturating_add(1),
                core::cmp::Ordering::Equal => return self.named(middle),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn named(&self, index: usize) -> Option<Export<'a>> {
        let function = u32::from(self.ordinals.get(index)?.get());
        Some(Export {
            name: self.name(index)?,
            ordinal: self.ordinal_base.checked_add(function)?,
            target: self.target(function)?,
        })
    }

    fn name(&self, index: usize) -> Option<Name<'a>> {
        self.text(self.names.get(index)?.get())
    }

    #[inline]
    fn target(&self, function: u32) -> Option<ExportTarget<'a>> {
        let rva = self.functions.get(function as usize)?.get();
        if rva == 0 || rva >= self.image_bytes {
            return None;
        }
        match self.offset(rva) {
            Some(_) => self.text(rva).map(ExportTarget::Forwarder),
            None => Some(ExportTarget::Rva(rva)),
        }
    }

    fn text(&self, rva: u32) -> Option<Name<'a>> {
        Name::terminated(self.data.get(self.offset(rva)?..)?)
    }

    /// The place of `rva` in the directory, if it lies there.
    fn offset(&self, rva: u32) -> Option<usize> {
        let offset = rva.checked_sub(self.rva)? as usize;
        (offset < self.data.len()).then_some(offset)
    }
}
