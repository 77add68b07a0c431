//! The names that there are from the start.

use alloc::vec::Vec;

use super::namespace::{self, Directory, SymbolicLink, Walk};
use super::{Object, ObjectKind, Type};
use crate::Error;
use crate::dispatch::Signalled;

const DIRECTORIES: [&str; 10] = [
    "\\Device",
    "\\GLOBAL??",
    "\\BaseNamedObjects",
    "\\Sessions",
    "\\Sessions\\1",
    "\\Sessions\\1\\BaseNamedObjects",
    "\\Sessions\\BNOLINKS",
    "\\KernelObjects",
    "\\NLS",
    "\\ObjectTypes",
];

/// The links, and where they lead.
const LINKS: [(&str, &str); 12] = [
    ("\\DosDevices", "\\??"),
    ("\\GLOBAL??\\GLOBALROOT", "\\"),
    ("\\GLOBAL??\\Global", "\\GLOBAL??"),
    ("\\Sessions\\1\\DosDevices", "\\??"),
    ("\\Sessions\\BNOLINKS\\0", "\\BaseNamedObjects"),
    ("\\Sessions\\BNOLINKS\\1", SESSION_OBJECTS),
    ("\\BaseNamedObjects\\Global", "\\BaseNamedObjects"),
    ("\\BaseNamedObjects\\Local", "\\BaseNamedObjects"),
    ("\\BaseNamedObjects\\Session", "\\Sessions\\BNOLINKS"),
    (
        "\\Sessions\\1\\BaseNamedObjects\\Global",
        "\\BaseNamedObjects",
    ),
    ("\\Sessions\\1\\BaseNamedObjects\\Local", SESSION_OBJECTS),
    (
        "\\Sessions\\1\\BaseNamedObjects\\Session",
        "\\Sessions\\BNOLINKS",
    ),
];

const SESSION_OBJECTS: &str = "\\Sessions\\1\\BaseNamedObjects";
const KEYED_EVENT_OF_ALL: &str = "\\KernelObjects\\CritSecOutOfMemoryEvent";
const TYPES: &str = "\\ObjectTypes\\";

/// Makes the root and what is in it from the start. Once.
pub fn init() -> Result<(), Error> {
    let root = Directory::new()?;
    namespace::set_root(root.clone());
    namespace::set_permanent(&Object::Directory(root), true);
    for path in DIRECTORIES {
        place(Object::Directory(Directory::new()?), path)?;
    }
    // What a process's own devices do not have, those of all have.
    let global = namespace::find(None, &wide("\\GLOBAL??", "")?, Walk::EXACT)?;
    if let Object::Directory(global) = global.object() {
        let own = Directory::before(global.clone())?;
        place(Object::Directory(own), "\\??")?;
    }
    for (path, target) in LINKS {
        place_link(path, target)?;
    }
    let event = Signalled::keyed_event_of_all()?;
    place(Object::KeyedEvent(event), KEYED_EVENT_OF_ALL)?;
    for kind in ObjectKind::ALL {
        keep(&Object::Type(Type::new()?), &wide(TYPES, kind.name())?)?;
    }
    Ok(())
}

/// Gives a new link its name, for good.
pub(crate) fn place_link(path: &str, target: &str) -> Result<(), Error> {
    let link = SymbolicLink::new(&wide(target, "")?)?;
    place(Object::SymbolicLink(link), path)
}

/// Gives an object its name, for good.
pub(crate) fn place(object: Object, path: &str) -> Result<(), Error> {
    keep(&object, &wide(path, "")?)
}

/// The same. Should the name be taken, the object has none.
pub(crate) fn keep(object: &Object, path: &[u16]) -> Result<(), Error> {
    namespace::set_permanent(object, true);
    namespace::name(object, None, path, Walk::EXACT)?;
    Ok(())
}

/// A name, which is ASCII, in two parts.
fn wide(text: &str, more: &str) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(text.len().saturating_add(more.len()))?;
    for part in [text, more] {
        units.extend(part.bytes().map(u16::from));
    }
    Ok(units)
}
