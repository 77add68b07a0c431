//! A PDB: Windows' file of debug information, beside the PE it belongs to.

use std::io::Cursor;

use pdb_addr2line::pdb::{self, FallibleIterator, PDB, SymbolData};
use pdb_addr2line::{Context, ContextPdbData, TypeFormatterFlags};

use crate::names::demangle;
use crate::paths::Paths;
use crate::symbols::Symbols;
use crate::{Function, PdbIdentity, Source, SourceFrame};

/// Lines from here on mean that there is none (the compiler's 0xF00F00 and
/// 0xFEEFEE).
const LINE_END: u32 = 0x00F0_0F00;

/// An open PDB, for [`DebugInfo::pdb`](crate::DebugInfo::pdb).
pub struct Pdb<'a> {
    data: ContextPdbData<'a, 'a, Cursor<&'a [u8]>>,
    identity: PdbIdentity,
    folders: Vec<String>,
}

impl<'a> Pdb<'a> {
    /// Reads the streams of a PDB.
    ///
    /// # Errors
    /// A sentence if it is not a PDB or damaged.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let mut file = PDB::open(Cursor::new(bytes))
            .map_err(|error| format!("is not a PDB that can be read: {error}"))?;
        let (identity, folders) = read(&mut file).map_err(damaged)?;
        Ok(Self {
            data: ContextPdbData::try_from_pdb(file).map_err(damaged)?,
            identity,
            folders,
        })
    }

    /// What the PE that it belongs to asks for.
    #[must_use]
    pub fn identity(&self) -> PdbIdentity {
        self.identity
    }

    pub(crate) fn source(&self) -> Result<PdbSource<'_, 'a>, String> {
        let flags = TypeFormatterFlags::NO_FUNCTION_RETURN
            | TypeFormatterFlags::NO_MEMBER_FUNCTION_STATIC
            | TypeFormatterFlags::NAME_ONLY
            | TypeFormatterFlags::NO_ARGUMENTS
            | TypeFormatterFlags::SPACE_AFTER_COMMA;
        let context = self.data.make_context_with_formatter_flags(flags);
        Ok(PdbSource {
            context: context.map_err(damaged)?,
            paths: Paths::compiled_in(self.folders.iter().cloned()),
        })
    }
}

/// Looks into an open PDB.
pub(crate) struct PdbSource<'a, 's> {
    context: Context<'a, 's>,
    paths: Paths,
}

impl Source for PdbSource<'_, '_> {
    fn frames(&self, rva: u64) -> Result<Vec<SourceFrame>, String> {
        let Ok(rva) = u32::try_from(rva) else {
            return Ok(Vec::new());
        };
        let found = self.context.find_frames(rva).map_err(damaged)?;
        // Symbols without a size reach to the next; the context checks no end.
        let found = found.filter(|found| found.end_rva.is_none_or(|end| rva < end));
        let frames = found.map_or(Vec::new(), |found| found.frames);
        let frames = frames.into_iter().map(|frame| {
            let name = frame.function.as_deref().map_or(String::new(), demangle);
            let line = frame.line.filter(|&line| line < LINE_END);
            let path = frame.file.unwrap_or_default();
            self.paths.frame(name, &path, line.unwrap_or(0))
        });
        Ok(frames.collect())
    }

    fn functions(&self) -> Result<Vec<Function>, String> {
        let functions = self.context.functions().filter_map(|function| {
            let end = function.end_rva.unwrap_or(function.start_rva);
            Some(Function {
                name: demangle(&function.name?),
                start: function.start_rva.into(),
                size: end.saturating_sub(function.start_rva).into(),
            })
        });
        Ok(Symbols::new(functions.collect()).functions().to_vec())
    }
}

/// The identity, and the folders that the linker ran in.
fn read<'a>(
    file: &mut PDB<'a, Cursor<&'a [u8]>>,
) -> Result<(PdbIdentity, Vec<String>), pdb::Error> {
    let information = file.pdb_information()?;
    let debug = file.debug_information()?;
    let identity = PdbIdentity {
        guid: information.guid.to_bytes_le(),
        age: debug.age().unwrap_or(information.age),
    };
    let mut folders = Vec::new();
    let mut modules = debug.modules()?;
    while let Some(module) = modules.next()? {
        // The linker's own module, which has no code.
        if !module.module_name().starts_with("* ") {
            continue;
        }
        let Some(information) = file.module_info(&module)? else {
            continue;
        };
        let mut symbols = information.symbols()?;
        while let Some(symbol) = symbols.next()? {
            if let Ok(SymbolData::EnvBlock(block)) = symbol.parse() {
                let words = &block.rgsz;
                let folder = words.windows(2).find(|pair| pair[0].as_bytes() == b"cwd");
                folders.extend(folder.map(|pair| pair[1].to_string().into_owned()));
            }
        }
    }
    Ok((identity, folders))
}

fn damaged(error: impl std::fmt::Display) -> String {
    format!("has damaged debug information: {error}")
}
