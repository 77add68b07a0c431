//! An ELF with DWARF; names from its symbol table where DWARF has none.

use object::elf::FileHeader64;
use object::read::elf::ElfFile;
use object::{LittleEndian, Object, ObjectSymbol, SymbolKind};

use crate::dwarf::Dwarfs;
use crate::names::demangle;
use crate::symbols::Symbols;
use crate::{Function, Source, SourceFrame};

pub(crate) struct Elf<'a> {
    dwarf: Dwarfs<'a>,
    symbols: Symbols,
    pub(crate) build_id: Option<Vec<u8>>,
}

impl<'a> Elf<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let elf: ElfFile<'a, FileHeader64<LittleEndian>> =
            ElfFile::parse(bytes).map_err(|error| format!("is not a 64-bit ELF: {error}"))?;
        let functions = elf.symbols().filter(|symbol| {
            symbol.kind() == SymbolKind::Text && symbol.is_definition() && symbol.size() > 0
        });
        let functions = functions.map(|symbol| Function {
            name: demangle(symbol.name().unwrap_or_default()),
            start: symbol.address(),
            size: symbol.size(),
        });
        Ok(Self {
            dwarf: Dwarfs::parse(&elf)?,
            symbols: Symbols::new(functions.collect()),
            build_id: elf.build_id().ok().flatten().map(Vec::from),
        })
    }

    pub(crate) fn has_lines(&self) -> bool {
        self.dwarf.is_there
    }
}

impl Source for Elf<'_> {
    fn frames(&self, address: u64) -> Result<Vec<SourceFrame>, String> {
        let mut frames = self.dwarf.frames(address)?;
        self.symbols.complete(&mut frames, address);
        Ok(frames)
    }

    fn functions(&self) -> Result<Vec<Function>, String> {
        Ok(self.symbols.functions().to_vec())
    }
}
