//! A program's table: from its DWARF or its PDB into a file of its own.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use debuginfo::{DebugInfo, Pdb, PdbIdentity};
use object::read::pe::PeFile64;
use object::{Object, ObjectSection, SectionKind};
use pe::PeView;
use symbols::Table;

use crate::dense::{self, Coded};
use crate::functions::NamedFunction;
use crate::{in_file, lines, read, table, verify};

/// The program gets no table.
const EXIT_NO_TABLE: u8 = 4;

/// Packs the functions of a program and writes its table.
pub(crate) fn pack(pe: &Path, pdb: Option<&Path>, out: &Path) -> Result<ExitCode, String> {
    let program = read(pe)?;
    let debug = pdb.map(read).transpose()?;
    let packed = match (pdb, &debug) {
        (Some(path), Some(bytes)) => with_pdb(&program, path, bytes),
        _ => with_dwarf(&program),
    };
    let (bytes, summary) = match packed {
        Ok(packed) => packed,
        Err(why) => {
            eprintln!("symtab: {}", in_file(pe, why));
            return Ok(ExitCode::from(EXIT_NO_TABLE));
        }
    };
    fs::write(out, bytes).map_err(|error| in_file(out, format!("cannot be written: {error}")))?;
    println!("{summary}");
    Ok(ExitCode::SUCCESS)
}

type Packed = Result<(Vec<u8>, String), String>;

fn with_dwarf(program: &[u8]) -> Packed {
    let info = DebugInfo::pe(program)?;
    if !info.has_lines() {
        return Err("has no debug information; compile it with -g, or give its PDB".into());
    }
    table_of(program, &info)
}

fn with_pdb(program: &[u8], path: &Path, bytes: &[u8]) -> Packed {
    let in_pdb = |error: String| in_file(path, error);
    let pdb = Pdb::parse(bytes).map_err(in_pdb)?;
    match PdbIdentity::wanted_by(program)? {
        Some(wanted) if wanted == pdb.identity() => {}
        Some(wanted) => {
            return Err(format!(
                "wants the PDB {wanted}, and {} is {}; give the PDB of the same link",
                path.display(),
                pdb.identity()
            ));
        }
        None => return Err("names no PDB; leave --pdb out".into()),
    }
    table_of(program, &DebugInfo::pdb(&pdb).map_err(in_pdb)?)
}

/// The table, read again and compared, and what it holds.
fn table_of(program: &[u8], info: &DebugInfo<'_>) -> Packed {
    let view = PeView::parse(program).map_err(|error| error.to_string())?;
    let sections = code(program)?;
    let functions = dense::functions(info, &sections)?;
    let mut source = lines::of_sites(&dense::changes(info, &functions)?);
    source.is_dense = true;
    let named: Vec<NamedFunction> = functions
        .iter()
        .map(|coded| coded.function.clone())
        .collect();
    let bytes = table::pack(view.identity(), None, &named, &source)
        .map_err(|error| format!("cannot have a table: {error}"))?;
    let table = Table::parse(&bytes).map_err(|error| error.to_string())?;
    let instructions = verify_all(&table, info, &functions)?;
    let code_bytes: u64 = named.iter().map(|function| u64::from(function.size)).sum();
    let summary = format!(
        "functions={} bytes={} percent={:.1} instructions={instructions} sites={} inlined={} \
         files={}",
        named.len(),
        bytes.len(),
        100.0 * bytes.len() as f64 / code_bytes.max(1) as f64,
        source.sites.len(),
        source.inlined.len(),
        source.files.len(),
    );
    Ok((bytes, summary))
}

/// Compares the table with the debug information at every instruction, and gives
/// their number.
fn verify_all(
    table: &Table<'_>,
    info: &DebugInfo<'_>,
    functions: &[Coded<'_>],
) -> Result<usize, String> {
    let mut instructions = 0;
    for coded in functions {
        for address in coded.instructions() {
            instructions += 1;
            let expected = coded.frames(info, address)?;
            let frames = table.frames(address);
            let start = frames.symbol().map(|symbol| symbol.start);
            let found: Vec<_> = frames.map(|frame| verify::source_frame(&frame)).collect();
            if found != expected || start != Some(coded.function.start) {
                return Err(format!(
                    "the table gives {address:#x} the frames {found:?}, and the debug \
                     information gives it {expected:?}; report this fault of symtab"
                ));
            }
        }
    }
    Ok(instructions)
}

/// Where sections of code are in the image, and their bytes.
fn code(program: &[u8]) -> Result<Vec<(u64, &[u8])>, String> {
    let damaged = |error: object::Error| format!("is a damaged PE32+ file: {error}");
    let file = PeFile64::parse(program).map_err(damaged)?;
    let base = file.relative_address_base();
    let code = file
        .sections()
        .filter(|section| section.kind() == SectionKind::Text);
    code.map(|section| {
        let bytes = section.data().map_err(damaged)?;
        Ok((section.address().wrapping_sub(base), bytes))
    })
    .collect()
}
