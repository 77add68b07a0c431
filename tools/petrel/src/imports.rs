//! DLLs that a program needs at its start, looked for where the loader will.

use std::path::Path;

use object::read::pe::PeFile64;
use object::{LittleEndian, Object};

use crate::exit::{Failure, NO_DLL};

/// Names that the loader looks up in the table of API sets.
const API_SETS: [&str; 2] = ["api-", "ext-"];

/// The DLLs that a program names, in its order.
pub(crate) fn of(file: &[u8]) -> Vec<String> {
    names(file).unwrap_or_default()
}

/// A damaged table has no names: the loader will say what is wrong.
fn names(file: &[u8]) -> object::Result<Vec<String>> {
    let mut found = Vec::new();
    let pe = PeFile64::parse(file)?;
    let Some(table) = pe.import_table()? else {
        return Ok(found);
    };
    let mut descriptors = table.descriptors()?;
    while let Some(descriptor) = descriptors.next()? {
        let name = table.name(descriptor.name.get(LittleEndian))?;
        found.push(String::from_utf8_lossy(name).into_owned());
    }
    Ok(found)
}

/// Whether it carries DWARF.
pub(crate) fn has_debug_information(file: &[u8]) -> bool {
    PeFile64::parse(file).is_ok_and(|pe| pe.section_by_name(".debug_info").is_some())
}

/// Refuses a program that needs DLLs which are neither Windows', one a line in a list,
/// nor beside it.
pub(crate) fn check(
    shown: &str,
    needed: &[String],
    system: &str,
    beside: &Path,
) -> Result<(), Failure> {
    let own = names_in(beside);
    let is_there = |name: &str| is_system(name, system) || own.contains(&name.to_ascii_lowercase());
    let missing: Vec<&str> = needed
        .iter()
        .map(String::as_str)
        .filter(|name| !is_there(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        NO_DLL,
        format!(
            "{shown} needs {}, which Petrel's Windows does not have (STATUS_DLL_NOT_FOUND); give \
             the folder that has it: --dir FOLDER:C:\\programs",
            missing.join(", ")
        ),
    ))
}

/// Whether a DLL is Windows' own.
pub(crate) fn is_system(name: &str, system: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    API_SETS.iter().any(|set| lower.starts_with(set))
        || system.lines().any(|name| name.eq_ignore_ascii_case(&lower))
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().to_ascii_lowercase())
        .collect()
}
