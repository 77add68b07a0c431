//! A PE32+ file with DWARF; names from its COFF symbols where DWARF has none.

use std::collections::BTreeMap;

use object::pe::{
    IMAGE_DIRECTORY_ENTRY_EXCEPTION, IMAGE_SYM_CLASS_EXTERNAL, ImageRuntimeFunctionEntry,
};
use object::read::pe::{ImageOptionalHeader, PeFile64};
use object::{LittleEndian, Object, ObjectSymbol, SymbolKind, pod};

use crate::dwarf::Dwarfs;
use crate::names::demangle;
use crate::symbols::Symbols;
use crate::{Function, Source, SourceFrame};

pub(crate) struct Pe<'a> {
    /// In addresses that count from `base`.
    dwarf: Dwarfs<'a>,
    base: u64,
    symbols: Symbols,
}

impl<'a> Pe<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let file =
            PeFile64::parse(bytes).map_err(|error| format!("is not a PE32+ file: {error}"))?;
        let dwarf = Dwarfs::parse(&file)?;
        let base = file.nt_headers().optional_header.image_base();
        let ends = function_ends(&file, bytes)?;
        let mut names = symbol_names(&file, base);
        for &start in ends.keys() {
            if !names.contains_key(&start)
                && let Some(frame) = dwarf.frames(base.wrapping_add(start))?.pop()
                && !frame.name.is_empty()
            {
                names.insert(start, frame.name);
            }
        }
        let functions = names.into_iter().filter_map(|(start, name)| {
            let section_end = dwarf.code_end(base.wrapping_add(start))?.wrapping_sub(base);
            let end = ends.get(&start).copied().unwrap_or(section_end);
            Some(Function {
                name,
                start,
                size: end.min(section_end).saturating_sub(start),
            })
        });
        Ok(Self {
            symbols: Symbols::new(functions.collect()),
            dwarf,
            base,
        })
    }

    pub(crate) fn has_lines(&self) -> bool {
        self.dwarf.is_there
    }
}

impl Source for Pe<'_> {
    fn frames(&self, rva: u64) -> Result<Vec<SourceFrame>, String> {
        let mut frames = self.dwarf.frames(self.base.wrapping_add(rva))?;
        self.symbols.complete(&mut frames, rva);
        Ok(frames)
    }

    fn functions(&self) -> Result<Vec<Function>, String> {
        Ok(self.symbols.functions().to_vec())
    }
}

/// The ends of functions by their starts, from the table for unwinding: COFF
/// symbols have no sizes.
fn function_ends(file: &PeFile64<'_>, bytes: &[u8]) -> Result<BTreeMap<u64, u64>, String> {
    let Some(directory) = file.data_directory(IMAGE_DIRECTORY_ENTRY_EXCEPTION) else {
        return Ok(BTreeMap::new());
    };
    let data = directory
        .data(bytes, &file.section_table())
        .map_err(|error| format!("has a damaged table of functions: {error}"))?;
    let (entries, _): (&[ImageRuntimeFunctionEntry], _) =
        pod::slice_from_bytes(data, data.len() / size_of::<ImageRuntimeFunctionEntry>())
            .map_err(|()| "has a damaged table of functions")?;
    let ends = entries.iter().map(|entry| {
        let start = entry.begin_address.get(LittleEndian);
        (
            u64::from(start),
            u64::from(entry.end_address.get(LittleEndian)),
        )
    });
    Ok(ends.collect())
}

/// Functions and global labels: what is not code is left out later.
fn symbol_names(file: &PeFile64<'_>, base: u64) -> BTreeMap<u64, String> {
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    for symbol in file.symbols() {
        let is_global = symbol.coff_symbol().storage_class == IMAGE_SYM_CLASS_EXTERNAL;
        let is_function = symbol.kind() == SymbolKind::Text;
        let start = symbol.address().checked_sub(base);
        let (Some(start), true) = (start, is_function || is_global) else {
            continue;
        };
        let name = demangle(symbol.name().unwrap_or_default());
        let known = names.entry(start).or_insert_with(|| name.clone());
        if (name.len(), &name) < (known.len(), known) {
            *known = name;
        }
    }
    names
}
