//! Tables of languages: one section for each file, kept once it was asked for.
//!
//! The sections are kept by their names in `\NLS`. Only what is there for good is
//! taken to be one: no program of the user can put such a thing there.

use alloc::vec::Vec;

use files::{FileError, access};
use hal::Ref;
use hal::lock::Lock;
use nls::{File, Languages};
use objects::NameError;
use vm::Protection;

use crate::io::{self, Request};
use crate::memory::{FileData, Section};
use crate::object::namespace::{self, Walk};
use crate::object::{Object, keep};
use crate::{Error, rank};

const VOLUME: &str = "\\Device\\HarddiskVolume1";
const SHARE_ALL: u32 = access::SHARE_READ | access::SHARE_WRITE | access::SHARE_DELETE;
const SECTIONS: &str = "\\NLS\\";

static LANGUAGES: Lock<rank::Languages, Languages> = Lock::new(Languages::new());

/// Uses what is known of languages.
pub fn with_languages<T>(use_them: impl FnOnce(&mut Languages) -> T) -> T {
    use_them(&mut LANGUAGES.lock())
}

/// The section of a file, which all programs share.
pub fn section(file: File) -> Result<Ref<Section>, Error> {
    let name = [SECTIONS, &file.section_name()];
    match namespace::find(None, &wide(&name)?, Walk::EXACT) {
        Ok(held) if held.object().header().is_permanent() => {
            if let Object::Section(section) = held.object() {
                return Ok(section.clone());
            }
        }
        Ok(_) | Err(Error::Name(NameError::NameNotFound)) => {}
        Err(error) => return Err(error),
    }
    let section = open(file)?;
    // Should another have the name by now, this one is not kept.
    keep(&Object::Section(section.clone()), &wide(&name)?)?;
    Ok(section)
}

/// A section of the file, wherever the volume has it.
fn open(file: File) -> Result<Ref<Section>, Error> {
    for path in file.paths() {
        match open_at(&path) {
            Err(Error::File(FileError::NameNotFound | FileError::PathNotFound)) => {}
            opened => return opened,
        }
    }
    Err(FileError::NameNotFound.into())
}

fn open_at(path: &str) -> Result<Ref<Section>, Error> {
    let file = file_of(path)?;
    let node = file.node()?;
    match node.data()?.size_bytes() {
        0 => Err(Error::EmptyFile),
        size => Section::of_file(node, size, Protection::READ_ONLY, false),
    }
}

/// What a file of the volume has in it.
pub(crate) fn file_at(path: &str) -> Result<Ref<FileData>, Error> {
    Ok(file_of(path)?.node()?.data()?.clone())
}

fn file_of(path: &str) -> Result<Ref<io::File>, Error> {
    let request = Request::to_open(access::READ_DATA, SHARE_ALL);
    let (device, rest) = namespace::find_device(None, &wide(&[VOLUME, path])?, Walk::EXACT)?;
    let Object::Device(device) = device else {
        return Err(FileError::NameNotFound.into());
    };
    Ok(io::open_on(&device, &rest, &request)?.0)
}

fn wide(parts: &[&str]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    for part in parts {
        units.try_reserve(part.len())?;
        units.extend(part.encode_utf16());
    }
    Ok(units)
}
