//! Files: devices, what is opened on them, and volumes.
//!
//! A name leads through the namespace to a device, which makes of the rest a
//! [`File`]: what a handle of a file stands for. The volume `C:` is the archive with a
//! layer of memory over it; others are directories of the host's.

mod access;
mod completion;
mod console;
mod device;
mod ends;
mod file;
mod host;
mod irp;
mod listing;
mod lock;
pub mod name;
mod node;
mod open;
mod pipe;
mod quota;
mod rename;
mod share;
mod socket;
pub mod terminal;
mod transfer;
mod volume;
mod watch;

pub use completion::{IoCompletion, Packet, PacketReserve, Taken};
pub use device::{Device, DeviceKind, console, init};
pub use file::{File, Mode, PipeRoot, Quiet, Start, Target};
pub use files::change::Wanted as WantedChanges;
pub use files::locks::{Mode as LockMode, Range as LockRange};
pub use files::{BasicUpdate, Disposition as Deletion, Information, Intent};
pub use host::{
    Stream, Written, connect as connect_host, set_input, set_no_input, standard, take_written,
};
pub use irp::{Answer, Asked, Begun, CANCELLED, Irp, Notice, Piece, Source};
pub(crate) use irp::{Answers, Irps};
pub use listing::Entry;
pub use lock::Accessor;
pub use node::Node;
pub use pipe::{NewPipe, PipeEnd};
pub use pipes;
pub(crate) use quota::IoQuota;
pub use rename::{NewName, Renaming, new_name_in, new_name_on};
pub(crate) use share::{Remote, Turn};
pub use share::{Room, is_read_only, room, settle, share};
pub use socket::{Listened, Shape, SocketEnd, Transferred, gather};
pub use sockets;
pub use volume::{ARCHIVE_TIME, MOST_LABEL_UNITS, VolumeId, label, set_label};

use file::Unopened;
use hal::Ref;

use crate::Error;
use crate::claim::Claim;
use crate::memory::HeldImage;
use crate::object::Object;

/// What becomes of a file that is there, and of one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It is replaced, or created.
    Supersede,
    /// It is opened; it must be there.
    Open,
    /// It is created; it must not be there.
    Create,
    /// It is opened, or created.
    OpenIf,
    /// It is opened and emptied; it must be there.
    Overwrite,
    /// It is opened and emptied, or created.
    OverwriteIf,
}

/// What a file that is opened must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Whatever it is.
    Any,
    /// A directory.
    Directory,
    /// No directory.
    File,
}

/// How a file is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Access, sharing, and whether it goes with this opening.
    pub intent: files::Intent,
    /// What becomes of it.
    pub disposition: Disposition,
    /// What it must be.
    pub wanted: Wanted,
    /// Whether a symbolic link is meant itself.
    pub opens_link: bool,
    /// Its attributes, if it is created or emptied.
    pub attributes: u32,
    /// How it is used.
    pub mode: Mode,
    /// Who asks for what; `None`: the kernel does.
    pub claim: Option<Claim<'a>>,
}

impl Request<'_> {
    /// Of a file that is there, by the kernel, which waits for what it does with it.
    pub const fn to_open(access: u32, share: u32) -> Self {
        Self {
            intent: files::Intent {
                access,
                share,
                deletes_on_close: false,
            },
            disposition: Disposition::Open,
            wanted: Wanted::File,
            opens_link: false,
            attributes: 0,
            mode: Mode {
                is_synchronous: true,
                flags: 0,
            },
            claim: None,
        }
    }
}

/// What opening did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was replaced.
    Superseded,
    /// It was opened.
    Opened,
    /// It was created.
    Created,
    /// It was emptied.
    Overwritten,
}

/// Opens what a device has by a name.
pub fn open_on(
    device: &Device,
    name: &[u16],
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    match device.kind() {
        DeviceKind::Volume(volume) if name.is_empty() => open_volume(volume, request),
        DeviceKind::Volume(volume) => open_node(volume, None, name, request),
        // These have no names of their own that could be missing.
        DeviceKind::Null => open_stream(Target::Null, request),
        DeviceKind::Console if terminal::is_there() => terminal::open(name, request),
        DeviceKind::Console => open_stream(Target::Console, request),
        DeviceKind::Pipes => open_pipe(name, request),
        DeviceKind::Sockets => socket::open(request.mode),
    }
}

/// The program at a path of the volume, for the kernel itself.
pub(crate) fn image_at(path: &[u16]) -> Result<HeldImage, Error> {
    let request = Request::to_open(
        files::access::EXECUTE,
        files::access::SHARE_READ | files::access::SHARE_DELETE,
    );
    let (node, _) = open::open(VolumeId::C, None, path, &request)?;
    node.image()
}

/// Opens what an open directory has by a name.
pub fn open_in(
    directory: &File,
    name: &[u16],
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    match directory.target() {
        Target::Node(node) => open_node(node.volume(), Some(node), name, request),
        Target::Pipes(PipeRoot::Directory) => open_pipe_of(name, request),
        Target::Pipe(server) if name.is_empty() => {
            Ok((server.open_client(request.mode)?, Done::Opened))
        }
        Target::Volume(volume) if name.is_empty() => open_volume(*volume, request),
        Target::Terminal(_) => terminal::open_in(name, request),
        _ => Err(files::FileError::PathNotFound.into()),
    }
}

/// Opens the file or directory of a number, on the volume of an open file.
pub fn open_number_in(
    file: &File,
    number: u64,
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    match file.target() {
        Target::Volume(volume) => open_number(*volume, number, request),
        Target::Node(node) if node.volume() != VolumeId::C => {
            let unopened = Unopened::new()?;
            let (node, done) = share::open_again(node, number, request)?;
            Ok((unopened.open(Target::Node(node), request.mode), done))
        }
        Target::Node(_) => open_number(VolumeId::C, number, request),
        _ => Err(Error::InvalidDeviceRequest),
    }
}

/// Opens the file or directory of a number, on a device.
pub fn open_number_on(
    device: &Device,
    number: u64,
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    match device.kind() {
        DeviceKind::Volume(volume) => open_number(volume, number, request),
        _ => Err(Error::InvalidDeviceRequest),
    }
}

fn open_number(
    volume: VolumeId,
    number: u64,
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    let file = Unopened::new()?;
    let (node, done) = open::open_number(volume, number, request)?;
    Ok((file.open(Target::Node(node), request.mode), done))
}

/// Opens a volume itself, which nobody makes or deletes.
fn open_volume(volume: VolumeId, request: &Request<'_>) -> Result<(Ref<File>, Done), Error> {
    match request.disposition {
        _ if request.wanted == Wanted::Directory => Err(files::FileError::NotADirectory.into()),
        _ if request.intent.deletes_on_close => Err(files::FileError::CannotDelete.into()),
        Disposition::Open | Disposition::OpenIf => {
            let file = Unopened::new()?.open(Target::Volume(volume), request.mode);
            Ok((file, Done::Opened))
        }
        _ => Err(files::FileError::AccessDenied.into()),
    }
}

/// Opens the device of pipes, their directory, or one of them.
fn open_pipe(name: &[u16], request: &Request<'_>) -> Result<(Ref<File>, Done), Error> {
    match name {
        [] => open_stream(Target::Pipes(PipeRoot::Device), request),
        [objects::SEPARATOR] => {
            let file = Unopened::new()?.open(Target::Pipes(PipeRoot::Directory), request.mode);
            Ok((file, Done::Opened))
        }
        [_, name @ ..] => open_pipe_of(name, request),
    }
}

fn open_pipe_of(name: &[u16], request: &Request<'_>) -> Result<(Ref<File>, Done), Error> {
    match request.disposition {
        Disposition::Open | Disposition::OpenIf if request.wanted != Wanted::Directory => {
            let file = pipe::open(name, request.intent.access, request.mode)?;
            Ok((file, Done::Opened))
        }
        _ => Err(pipes::PipeStatus::InvalidParameter.into()),
    }
}

/// Waits until an instance of a pipe listens.
pub fn wait_for_pipe(asked: &Asked<'_>, name: &[u16]) -> Result<Begun, Error> {
    pipe::wait(asked, name)
}

/// How long such a wait lasts if it does not say: NT's time.
pub fn pipe_timeout(name: &[u16]) -> Result<i64, Error> {
    pipe::default_timeout(name)
}

/// Makes an instance of a pipe, and opens its server's end. One made in the
/// directory of pipes may have no name.
pub fn create_pipe(
    start: &Object,
    name: &[u16],
    new: &NewPipe,
    mode: Mode,
) -> Result<(Ref<File>, Done), Error> {
    let name = match (start, name) {
        (Object::Device(device), [objects::SEPARATOR, name @ ..])
            if device.kind() == DeviceKind::Pipes && !name.is_empty() =>
        {
            name
        }
        (Object::File(file), name)
            if matches!(file.target(), Target::Pipes(PipeRoot::Directory)) =>
        {
            name
        }
        (Object::Device(device), _) if device.kind() != DeviceKind::Pipes => {
            return Err(Error::InvalidDeviceRequest);
        }
        _ => return Err(pipes::PipeStatus::NameInvalid.into()),
    };
    pipe::create(name, new, mode)
}

fn open_node(
    volume: VolumeId,
    start: Option<&Node>,
    name: &[u16],
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    let file = Unopened::new()?;
    let (node, done) = open::open(volume, start, name, request)?;
    Ok((file.open(Target::Node(node), request.mode), done))
}

fn open_stream(target: Target, request: &Request<'_>) -> Result<(Ref<File>, Done), Error> {
    if request.wanted == Wanted::Directory {
        return Err(files::FileError::NotADirectory.into());
    }
    let file = Unopened::new()?.open(target, request.mode);
    Ok((file, Done::Opened))
}
