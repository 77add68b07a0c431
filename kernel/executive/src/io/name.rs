//! What open files are called in the namespace.

use alloc::vec::Vec;

use files::FileError;

use super::volume::with;
use super::{File, Target};
use crate::Error;
use crate::memory::Image;
use crate::memory::section::DataFile;

/// What programs call the volume: the loaders among them insist on it.
const VOLUME: &str = "\\??\\C:";
/// The same to those that know of no namespace.
const DRIVE: &str = "C:";
/// What the kernel calls it.
const VOLUME_DEVICE: &str = "\\Device\\HarddiskVolume1";
/// Where the archive's programs are.
const PROGRAMS: &str = "\\programs\\";
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
            // As a pipe without a name.
            Target::Host(_) => joined(PIPES, &[]),
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

/// The name of the volume's device.
pub fn of_volume() -> Result<Vec<u16>, Error> {
    joined(VOLUME_DEVICE, &[])
}

/// The name of a data file that a section shows, on its device.
pub fn of_data(file: &DataFile) -> Result<Vec<u16>, Error> {
    joined(VOLUME_DEVICE, &path_of(file.number())?)
}

/// The name of a program's file, on its device.
pub fn of_image(image: &Image) -> Result<Vec<u16>, Error> {
    joined(VOLUME_DEVICE, &path_of_image(image)?)
}

/// The name of a program's file, as programs see it.
pub fn dos_of_image(image: &Image) -> Result<Vec<u16>, Error> {
    joined(DRIVE, &path_of_image(image)?)
}

fn path_of_image(image: &Image) -> Result<Vec<u16>, Error> {
    if let Some(place) = image.place() {
        return match path_of(place.number) {
            // It runs on under the name that it had.
            Err(Error::File(FileError::FileDeleted)) => copied(&place.path),
            path => path,
        };
    }
    // Not walked to yet, so that it has its name still.
    let mut units = Vec::new();
    for letter in PROGRAMS.chars().chain(image.name().chars()) {
        let letter = if letter == '/' { '\\' } else { letter };
        units.try_reserve(letter.len_utf16())?;
        units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }
    Ok(units)
}

fn path_of(number: u64) -> Result<Vec<u16>, Error> {
    with(|tree| {
        let id = tree.find_id(number);
        Ok(tree.path_of(id.ok_or(FileError::FileDeleted)?)?)
    })
}

fn copied(path: &[u16]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(path.len())?;
    units.extend_from_slice(path);
    Ok(units)
}

fn joined(start: &str, path: &[u16]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(start.len().saturating_add(path.len()))?;
    units.extend(start.encode_utf16());
    units.extend_from_slice(path);
    Ok(units)
}
