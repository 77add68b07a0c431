//! Devices: what names of files begin with.

use hal::Ref;
use spin::Once;

use super::{File, VolumeId};
use crate::Error;
use crate::object::{Header, Object, ObjectKind, place, place_link};

/// A device object.
pub struct Device {
    header: Header,
    kind: DeviceKind,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// Takes everything and gives nothing.
    Null,
    /// Shows bytes and gives those that are typed.
    Console,
    /// Has files.
    Volume(VolumeId),
    /// Has pipes.
    Pipes,
    /// Has sockets, and tells what they can reach.
    Sockets,
}

/// The devices, and their names.
const DEVICES: [(&str, DeviceKind); 6] = [
    ("\\Device\\Null", DeviceKind::Null),
    ("\\Device\\ConDrv", DeviceKind::Console),
    ("\\Device\\HarddiskVolume1", DeviceKind::Volume(VolumeId::C)),
    ("\\Device\\NamedPipe", DeviceKind::Pipes),
    ("\\Device\\Afd", DeviceKind::Sockets),
    ("\\Device\\Nsi", DeviceKind::Sockets),
];
/// What programs call them.
const LINKS: [(&str, &str); 7] = [
    ("\\GLOBAL??\\C:", "\\Device\\HarddiskVolume1"),
    ("\\GLOBAL??\\PIPE", "\\Device\\NamedPipe"),
    ("\\GLOBAL??\\NUL", "\\Device\\Null"),
    ("\\GLOBAL??\\Nsi", "\\Device\\Nsi"),
    ("\\GLOBAL??\\CON", "\\Device\\ConDrv\\Console"),
    ("\\GLOBAL??\\CONIN$", "\\Device\\ConDrv\\CurrentIn"),
    ("\\GLOBAL??\\CONOUT$", "\\Device\\ConDrv\\CurrentOut"),
];

static CONSOLE: Once<Ref<File>> = Once::new();

/// The console, as every program has it open from its start.
pub fn console() -> Result<Ref<File>, Error> {
    let console = CONSOLE.try_call_once(File::console)?;
    Ok(console.clone())
}

/// Gives the devices their names. Once.
pub fn init() -> Result<(), Error> {
    for (path, kind) in DEVICES {
        add(path, kind)?;
    }
    for (path, target) in LINKS {
        place_link(path, target)?;
    }
    Ok(())
}

/// Adds a device.
pub(super) fn add(path: &str, kind: DeviceKind) -> Result<(), Error> {
    let device = Ref::try_new(Device {
        header: Header::new(ObjectKind::Device),
        kind,
    })?;
    place(Object::Device(device), path)
}

impl Device {
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// What it is.
    pub fn kind(&self) -> DeviceKind {
        self.kind
    }
}
