//! What open files are called in the namespace.

use alloc::vec::Vec;

use arrayvec::ArrayString;
use files::FileError;

use super::share::{DEVICE, Share};
use super::volume::{VolumeId, with};
use super::{File, Target};
use crate::Error;
use crate::memory::Image;
use crate::memory::section::DataFile;

/// What programs call volumes, but for their drive: the loaders among them insist
/// on it.
const VOLUMES: &str = "\\??\\";
/// Where the archive's programs are.
const PROGRAMS: &str = "\\programs\\";
/// Where pipes are.
const PIPES: &str = "\\Device\\NamedPipe";

impl File {
    /// Its whole name, from the root of all.
    pub fn full_name(&self) -> Result<Vec<u16>, Error> {
        match self.target() {
            Target::Null => joined("\\Device\\Null", &[]),
            Target::Console | Target::Terminal(_) => joined("\\Device\\ConDrv", &[]),
            Target::Volume(volume) => joined(&full(*volume), &[]),
            Target::Pipes(_) => joined(PIPES, &[]),
            Target::Socket(_) => joined("\\Device\\Afd", &[]),
            // As a pipe without a name.
            Target::Host(_) => joined(PIPES, &[]),
            Target::Pipe(end) if end.name().is_empty() => joined(PIPES, &[]),
            Target::Pipe(end) => {
                let mut name = joined(PIPES, &[objects::SEPARATOR])?;
                name.try_reserve(end.name().len())?;
                name.extend_from_slice(end.name());
                Ok(name)
            }
            Target::Node(node) => joined(&full(node.volume()), &node.path()?),
        }
    }
}

/// The name of a volume's device.
pub fn of_volume(volume: VolumeId) -> Result<Vec<u16>, Error> {
    joined(&device(volume), &[])
}

/// The name of a data file that a section shows, on its device.
pub fn of_data(file: &DataFile) -> Result<Vec<u16>, Error> {
    let (volume, number) = file.place();
    joined(&device(volume), &path_of(volume, number)?)
}

/// The name of a program's file, on its device.
pub fn of_image(image: &Image) -> Result<Vec<u16>, Error> {
    joined(&device(volume_of(image)), &path_of_image(image)?)
}

/// The name of a program's file, as programs see it.
pub fn dos_of_image(image: &Image) -> Result<Vec<u16>, Error> {
    joined(&drive(volume_of(image)), &path_of_image(image)?)
}

fn volume_of(image: &Image) -> VolumeId {
    image.place().map_or(VolumeId::C, |place| place.volume)
}

/// What programs that know of no namespace call a volume.
fn drive(volume: VolumeId) -> Text {
    let letter = volume.shared().map_or(b'C', Share::letter);
    text(format_args!("{}:", char::from(letter)))
}

/// What other programs call it.
fn full(volume: VolumeId) -> Text {
    text(format_args!("{VOLUMES}{}", drive(volume)))
}

/// What the kernel calls it.
fn device(volume: VolumeId) -> Text {
    let number = volume.number().saturating_add(1);
    text(format_args!("{DEVICE}{number}"))
}

type Text = ArrayString<32>;

fn text(arguments: core::fmt::Arguments<'_>) -> Text {
    let mut text = Text::new();
    // There is room for the longest.
    let _ = core::fmt::write(&mut text, arguments);
    text
}

fn path_of_image(image: &Image) -> Result<Vec<u16>, Error> {
    if let Some(place) = image.place() {
        return match path_of(place.volume, place.number) {
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

fn path_of(volume: VolumeId, number: u64) -> Result<Vec<u16>, Error> {
    with(volume, |tree| {
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
