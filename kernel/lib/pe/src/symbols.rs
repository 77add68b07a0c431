//! The COFF symbol table that GNU tools leave in programs.
//!
//! Windows calls it deprecated and ignores it, so a malformed one is not an
//! error: it is treated as absent.

use zerocopy::little_endian::U32;

use crate::Name;
use crate::layout::Layout;
use crate::records::{CoffSymbol, SectionHeader, record, records};

const CLASS_EXTERNAL: u8 = 2;
const CLASS_STATIC: u8 = 3;
/// Bits 4 and 5 of a symbol's kind say what is derived from its base type.
const DERIVED_MASK: u16 = 0x30;
const DERIVED_FUNCTION: u16 = 0x20;

/// Symbols and their strings; empty if the image has none.
#[derive(Clone, Copy)]
pub(crate) struct Symbols<'a> {
    table: &'a [CoffSymbol],
    strings: &'a [u8],
}

impl<'a> Symbols<'a> {
    pub fn parse(layout: &Layout<'a>) -> Self {
        let headers = &layout.headers;
        let read = || {
            let offset = headers.symbol_table_offset as usize;
            let count = headers.symbol_count as usize;
            let table: &[CoffSymbol] = records(layout.file, offset, count)?;
            let strings = layout.file.get(offset.checked_add(size_of_val(table))?..)?;
            let bytes: &U32 = record(strings, 0)?;
            let strings = strings.get(..bytes.get() as usize)?;
            Some(Self { table, strings })
        };
        let none = Self {
            table: &[],
            strings: &[],
        };
        match headers.symbol_table_offset {
            0 => none,
            _ => read().unwrap_or(none),
        }
    }

    /// The name of the highest symbol of `section` (numbered from 1) at or
    /// below `rva`. Of several at one place, a function comes first.
    pub fn nearest(
        &self,
        number: usize,
        section: &SectionHeader,
        rva: u32,
    ) -> Option<(Name<'a>, u32)> {
        let offset = rva.checked_sub(section.rva.get())?;
        let mut best: Option<(u32, bool, &CoffSymbol)> = None;
        let mut rest = self.table.iter();
        while let Some(symbol) = rest.next() {
            for _ in 0..symbol.auxiliary_count {
                rest.next();
            }
            let key = (symbol.value.get(), is_function(symbol));
            let better = best.is_none_or(|(value, function, _)| key > (value, function));
            let here = usize::from(symbol.section.get()) == number && key.0 <= offset;
            if here && better && names_code(symbol) {
                best = Some((key.0, key.1, symbol));
            }
        }
        let (value, _, symbol) = best?;
        Some((self.name(symbol)?, offset.checked_sub(value)?))
    }

    /// A short name stands in the entry; four zero bytes announce an offset
    /// into the strings instead.
    fn name(&self, symbol: &'a CoffSymbol) -> Option<Name<'a>> {
        match symbol.name {
            [0, 0, 0, 0, offset @ ..] => {
                let offset = u32::from_le_bytes(offset);
                Name::terminated(self.strings.get(offset as usize..)?)
            }
            _ => Some(Name::padded(&symbol.name)),
        }
    }
}

/// Not files, labels or the sections' own symbols (".text" and the like).
fn names_code(symbol: &CoffSymbol) -> bool {
    match symbol.storage_class {
        CLASS_EXTERNAL => true,
        CLASS_STATIC => !symbol.name.starts_with(b"."),
        _ => false,
    }
}

fn is_function(symbol: &CoffSymbol) -> bool {
    symbol.kind.get() & DERIVED_MASK == DERIVED_FUNCTION
}
