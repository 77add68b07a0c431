//! What the tables of a program's or DLL's file name.

use object::read::pe::PeFile64;
use object::{LittleEndian, Object};

/// Names that the loader looks up in the table of API sets.
const API_SETS: [&str; 2] = ["api-", "ext-"];

/// The DLLs that a file names, in its order.
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

/// Whether a file carries DWARF.
pub(crate) fn has_debug_information(file: &[u8]) -> bool {
    PeFile64::parse(file).is_ok_and(|pe| pe.section_by_name(".debug_info").is_some())
}

/// Whether a DLL is Windows' own.
pub(crate) fn is_system(name: &str, system: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    API_SETS.iter().any(|set| lower.starts_with(set))
        || system.lines().any(|name| name.eq_ignore_ascii_case(&lower))
}
