//! Packs symbol tables: the kernel's into its section, programs' into files.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::ExitCode;

use debuginfo::DebugInfo;
use symbols::{Table, WriteError};

mod arguments;
mod cutter;
mod dense;
mod dictionary;
mod functions;
mod kernel;
mod lines;
mod map;
mod merge;
mod program;
mod sites;
mod table;
mod verify;

use arguments::{Command, HELP};
use kernel::Kernel;
use lines::SourceLines;

/// The section must be relinked to another size.
const EXIT_SIZE: u8 = 3;

/// A section may be this many times as large as it needs, in halves.
const SPARE_HALVES: u32 = 3;

const PAGE_BYTES: u32 = 4096;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = arguments::parse(&arguments).and_then(|command| match command {
        Command::Help => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Pack { elf, map } => pack(&elf, &map),
        Command::Verify { elf } => verify_file(&elf),
        Command::Program { pe, pdb, out } => program::pack(&pe, pdb.as_deref(), &out),
    });
    result.unwrap_or_else(|error| {
        eprintln!("symtab: {error}");
        ExitCode::FAILURE
    })
}

/// Packs the functions of `map_path` into the section of `elf_path`.
fn pack(elf_path: &Path, map_path: &Path) -> Result<ExitCode, String> {
    let elf = read(elf_path)?;
    let kernel = Kernel::parse(&elf).map_err(|error| in_file(elf_path, error))?;
    let map = read(map_path)?;
    let map = String::from_utf8(map)
        .map_err(|_| in_file(map_path, "is not text; give the file of the linker's -Map"))?;
    let symbols = map::parse(&map).map_err(|error| in_file(map_path, error))?;
    functions::check_map(kernel.functions(), &symbols).map_err(|error| in_file(map_path, error))?;
    let functions = functions::name(|address| kernel.is_code(address), &symbols);

    let in_elf = |error: String| in_file(elf_path, error);
    let dwarf = DebugInfo::elf(&elf).map_err(in_elf)?;
    let sites = sites::find(&kernel).map_err(in_elf)?;
    let source = lines::collect(&sites, &dwarf).map_err(in_elf)?;
    let (id, capacity) = (kernel.build_id(), Some(kernel.section_bytes()));
    let table = match table::pack(id, capacity, &functions, &source) {
        Ok(table) => table,
        Err(WriteError::TooSmall { need_bytes }) => return Ok(ask_for(need_bytes)),
        Err(error) => return Err(error.to_string()),
    };
    let capacity_bytes = kernel.section_bytes();
    let used_bytes = u32::try_from(table.len()).map_err(|_| "the table is larger than 4 GiB")?;
    if capacity_bytes.saturating_mul(2) > reserve(used_bytes).saturating_mul(SPARE_HALVES) {
        return Ok(ask_for(used_bytes));
    }

    let mut section = table;
    section.resize(capacity_bytes as usize, 0);
    let parsed = Table::parse(&section).map_err(|error| error.to_string())?;
    verify::verify(&parsed, &kernel, &dwarf)?;
    patch(elf_path, kernel.section_file_offset(), &section)
        .map_err(|error| in_file(elf_path, format!("cannot be written: {error}")))?;
    // What the table would take without lines; the lines take the rest.
    let names_bytes = table::pack(id, capacity, &functions, &SourceLines::default())
        .map_err(|error| error.to_string())?
        .len();
    let line_bytes = (used_bytes as usize).saturating_sub(names_bytes);
    println!(
        "symbols={} bytes={names_bytes} bytes_per_symbol={:.1} sites={} inlined={} files={} \
         line_bytes={line_bytes} line_percent={:.1} capacity={capacity_bytes}",
        functions.len(),
        names_bytes as f64 / functions.len().max(1) as f64,
        source.sites.len(),
        source.inlined.len(),
        source.files.len(),
        100.0 * line_bytes as f64 / kernel.code_bytes().max(1) as f64,
    );
    Ok(ExitCode::SUCCESS)
}

/// Looks every function of the ELF up in the table inside it.
fn verify_file(elf_path: &Path) -> Result<ExitCode, String> {
    let elf = read(elf_path)?;
    let kernel = Kernel::parse(&elf).map_err(|error| in_file(elf_path, error))?;
    let table = Table::parse(kernel.section()).map_err(|error| in_file(elf_path, error))?;
    let in_elf = |error: String| in_file(elf_path, error);
    let dwarf = DebugInfo::elf(&elf).map_err(in_elf)?;
    let verified = verify::verify(&table, &kernel, &dwarf).map_err(in_elf)?;
    println!("{verified}");
    Ok(ExitCode::SUCCESS)
}

/// The size of section to reserve: a sixteenth more than the table, so that a
/// small change of the kernel needs no second link, in whole pages.
fn reserve(used_bytes: u32) -> u32 {
    let with_spare = used_bytes.saturating_add(used_bytes / 16);
    with_spare.next_multiple_of(PAGE_BYTES)
}

fn ask_for(used_bytes: u32) -> ExitCode {
    println!("need={}", reserve(used_bytes));
    ExitCode::from(EXIT_SIZE)
}

fn patch(path: &Path, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| in_file(path, format!("cannot be read: {error}")))
}

fn in_file(path: &Path, error: impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
