//! What open files are called in the namespace.

use alloc::vec::Vec;

use super::{File, Target};
use crate::Error;

/// What programs call the volume: the loaders among them insist on it.
const VOLUME: &str = "\\??\\C:";
/// Where pipes are.
const PIPES: &str = "\\Device\\NamedPipe";

impl File {
    /// Its whole name, from the root of all.
    pub fn full_name(&self) -> Result<Vec<u16>, Error> {
        match self.target() {
            Target::Null => joined("\\Device\\Null", &[]),
            Target::Console => joined("\\Device\\ConDrv", &[]),
            Target::Volume => joined(VOLUME, &[]),
            Target::Pipes(_) => joined(PIPES, &[]),
            Target::Pipe(end) if end.name().is_empty() => joined(PIPES, &[]),
            Target::Pipe(end) => {
                let mut name = joined(PIPES, &[objects::SEPARATOR])?;
                name.try_reserve(end.name().len())?;
                name.extend_from_slice(end.name());
                Ok(name)
            }
            Target::Node(node) => joined(VOLUME, &node.path()?),
        }
    }
}

fn joined(start: &str, path: &[u16]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(start.len().saturating_add(path.len()))?;
    units.extend(start.encode_utf16());
    units.extend_from_slice(path);
    Ok(units)
}
