//! Opening and creating files of the volume.

use alloc::vec::Vec;

use archive::NodeKind;
use files::change::{Action, Change};
use files::{New, NewKind, NodeId, Walked};
use hal::Ref;

use super::node::Node;
use super::volume::{Files, VolumeId, make_room, with, with_told};
use super::{Disposition, Done, Request, Wanted, access};
use crate::clock::since_1601_100ns as now;
use crate::memory::FileData;
use crate::{Error, programs};

/// What overwriting and replacing need the sharing of.
const WRITE_DATA: u32 = files::access::WRITE_DATA;
const DELETE: u32 = files::access::DELETE;

/// What came of an attempt to open or make something.
pub(super) enum Attempt {
    /// It is open.
    Done(Node, Done),
    /// There is no room for it yet, with so many bytes beside its record, or nothing
    /// to have its data.
    Needs(u32),
}

/// Opens or creates what a path leads to, from a directory or from the root.
pub(super) fn open(
    volume: VolumeId,
    start: Option<&Node>,
    path: &[u16],
    request: &Request<'_>,
) -> Result<(Node, Done), Error> {
    // The tree takes the root's own paths for absolute ones.
    if start.is_some() && path.first() == Some(&objects::SEPARATOR) {
        return Err(files::FileError::NameInvalid.into());
    }
    if volume != VolumeId::C {
        return super::share::open(volume, start, path, request);
    }
    check_run(volume, start, path, request)?;
    // Made when the lock is free, and dropped so if another was faster.
    let mut data = None;
    loop {
        let opened = with_told(volume, |tree, teller| {
            let start = start.map_or(tree.root(), Node::node_id);
            let walked = walk(tree, start, path)?;
            if tree.is_any_secured() {
                access::check_way(tree, start, &walked, request)?;
            }
            match walked {
                Walked::Found {
                    node,
                    needs_directory,
                } => {
                    let (node, done) = open_found(volume, tree, node, needs_directory, request)?;
                    Ok(Attempt::Done(node, done))
                }
                Walked::Missing {
                    parent,
                    name,
                    needs_directory,
                } => {
                    let place = (parent, name, needs_directory);
                    let made = create(volume, tree, place, request, data.as_ref())?;
                    if let Attempt::Done(node, _) = &made {
                        let added = Change::of_name(Action::Added, node.is_directory());
                        teller.tell(tree, node.node_id(), added);
                    }
                    Ok(made)
                }
                Walked::Unread(_) => Err(Error::Archive),
            }
        })?;
        match opened {
            Attempt::Done(node, done) => return finish(node, done, request),
            Attempt::Needs(bytes) => {
                make_room(volume, bytes)?;
                if request.wanted != Wanted::Directory {
                    data = Some(FileData::new(&[])?);
                }
            }
        }
    }
}

/// Whether a section of a program keeps what a path leads to from being written or
/// from going.
pub(super) fn check_run(
    volume: VolumeId,
    start: Option<&Node>,
    path: &[u16],
    request: &Request<'_>,
) -> Result<(), Error> {
    let empties = !matches!(
        request.disposition,
        Disposition::Open | Disposition::Create | Disposition::OpenIf
    );
    let deletes = request.intent.deletes_on_close;
    if request.intent.access & WRITE_DATA == 0 && !empties && !deletes {
        return Ok(());
    }
    let data = with(volume, |tree| {
        let start = start.map_or(tree.root(), Node::node_id);
        // What does not lead anywhere is refused when it is opened.
        let Ok(Walked::Found { node, .. }) = walk(tree, start, path) else {
            return Ok(None);
        };
        Ok(tree.data(node).ok().cloned())
    })?;
    match data.is_some_and(|data| data.is_run()) {
        true if deletes => Err(files::FileError::CannotDelete.into()),
        true => Err(files::FileError::SharingViolation.into()),
        false => Ok(()),
    }
}

/// Opens the file or directory of a number.
pub(super) fn open_number(
    volume: VolumeId,
    number: u64,
    request: &Request<'_>,
) -> Result<(Node, Done), Error> {
    if volume != VolumeId::C {
        return Err(files::FileError::InvalidParameter.into());
    }
    let (node, done) = with(volume, |tree| {
        let none = files::FileError::InvalidParameter;
        let id = tree.find_id(number).ok_or(none)?;
        if tree.is_directory(id)? {
            read_if_unread(tree, id)?;
        }
        open_found(volume, tree, id, false, request)
    })?;
    finish(node, done, request)
}

/// Does what opening has to do to what is in a file.
fn finish(node: Node, done: Done, request: &Request<'_>) -> Result<(Node, Done), Error> {
    if let (Done::Superseded | Done::Overwritten, Some(data)) = (done, node.data().ok()) {
        // Not under the tree's lock: pages go.
        if let Err(error) = data.set_size(0) {
            node.close();
            return Err(error);
        }
        with_told(node.volume(), |tree, teller| {
            let (now, is_superseded) = (now(), done == Done::Superseded);
            tree.overwritten(node.node_id(), request.attributes, is_superseded, now)?;
            teller.tell(tree, node.node_id(), Change::of_overwriting());
            Ok(())
        })?;
    }
    Ok((node, done))
}

/// Follows a path, and reads the directories on it.
#[inline]
pub(super) fn walk<'path>(
    tree: &mut Files,
    start: NodeId,
    path: &'path [u16],
) -> Result<Walked<'path>, Error> {
    loop {
        match tree.walk(start, path)? {
            Walked::Unread(directory) => read_if_unread(tree, directory)?,
            walked => return Ok(walked),
        }
    }
}

/// Has the tree know what the archive has in a directory, if it does not yet.
fn read_if_unread(tree: &mut Files, directory: NodeId) -> Result<(), Error> {
    if let Some(source) = tree.source(directory)? {
        read_directory(tree, directory, source)?;
        tree.set_source(directory, None)?;
    }
    Ok(())
}

/// Has the tree know what is in a directory of the archive.
pub(super) fn read_directory(
    tree: &mut Files,
    directory: NodeId,
    source: u64,
) -> Result<(), Error> {
    let archive = programs::get().ok_or(Error::Archive)?;
    for entry in archive.directory(source).map_err(|_| Error::Archive)? {
        let entry = entry.map_err(|_| Error::Archive)?;
        let data;
        let kind = match entry.kind {
            NodeKind::Directory => NewKind::Directory(Some(entry.number)),
            NodeKind::File => {
                let file = archive.file(entry.number).map_err(|_| Error::Archive)?;
                data = FileData::new(file.bytes().ok_or(Error::Archive)?)?;
                NewKind::File(&data)
            }
            _ => continue,
        };
        // As all files are that were not backed up.
        let attributes = match kind {
            NewKind::File(_) => files::attributes::ARCHIVE,
            NewKind::Directory(_) => 0,
        };
        let mut name = Vec::new();
        name.try_reserve_exact(entry.name.len())?;
        name.extend(entry.name.encode_utf16());
        let new = New {
            kind,
            attributes,
            now: archive
                .time_100ns(entry.number)
                .map_err(|_| Error::Archive)?,
        };
        match tree.insert(directory, &name, &new) {
            Ok(_) => tree.note_archived(),
            // It was there when memory ran out the last time, or is another image.
            Err(files::FileError::NameCollision) => {}
            Err(files::FileError::NameInvalid) => {
                log::warn!(
                    "the archive has {:?}, which no file of C: can be called",
                    entry.name
                );
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

pub(super) fn open_found(
    volume: VolumeId,
    tree: &mut Files,
    id: NodeId,
    needs_directory: bool,
    request: &Request<'_>,
) -> Result<(Node, Done), Error> {
    let is_directory = tree.is_directory(id)?;
    // The name is taken, whatever has it.
    if request.disposition == Disposition::Create {
        return Err(match tree.is_delete_pending(id)? {
            true => files::FileError::DeletePending.into(),
            false => files::FileError::NameCollision.into(),
        });
    }
    match (request.wanted, is_directory) {
        (Wanted::File, true) if needs_directory => return Err(files::FileError::NameInvalid.into()),
        (Wanted::File, true) => return Err(files::FileError::FileIsADirectory.into()),
        (Wanted::Directory, false) => return Err(files::FileError::NotADirectory.into()),
        _ => {}
    }
    let (done, extra) = match request.disposition {
        Disposition::Open | Disposition::OpenIf | Disposition::Create => (Done::Opened, 0),
        Disposition::Overwrite | Disposition::OverwriteIf => (Done::Overwritten, WRITE_DATA),
        Disposition::Supersede => (Done::Superseded, DELETE),
    };
    let mut intent = request.intent;
    if tree.is_any_secured() {
        intent.access = access::granted(tree, id, request)?;
    }
    if extra != 0 {
        tree.check_overwrite(id, request.attributes)?;
        let mut intent = intent;
        intent.access |= extra;
        intent.deletes_on_close = false;
        // It must be able to do that, but others are not kept from it later.
        let tried = tree.open(id, &intent)?;
        let _ = tree.close(tried, now());
        // Asked before it is open: what is opened to go with its closing would go.
        if tree.data(id)?.is_shown() {
            return Err(Error::FileShown);
        }
    }
    let opening = tree.open(id, &intent)?;
    Ok((Node::new(volume, tree, opening)?, done))
}

/// Makes what is missing.
pub(super) fn create(
    volume: VolumeId,
    tree: &mut Files,
    (parent, name, needs_directory): (NodeId, &[u16], bool),
    request: &Request<'_>,
    data: Option<&Ref<FileData>>,
) -> Result<Attempt, Error> {
    if matches!(
        request.disposition,
        Disposition::Open | Disposition::Overwrite
    ) {
        return Err(files::FileError::NameNotFound.into());
    }
    let kind = match (request.wanted, needs_directory) {
        (Wanted::Directory, _) => NewKind::Directory(None),
        (_, true) => return Err(files::FileError::NameInvalid.into()),
        _ => match data {
            Some(data) => NewKind::File(data),
            None => return Ok(Attempt::Needs(0)),
        },
    };
    let is_directory = matches!(kind, NewKind::Directory(_));
    let security = access::of_new(tree, parent, is_directory, request)?;
    let bytes = security.as_ref().map_or(0, |(_, bytes)| *bytes);
    if tree.missing_pages(bytes) != 0 {
        return Ok(Attempt::Needs(bytes));
    }
    let new = New {
        kind,
        attributes: request.attributes,
        now: now(),
    };
    let opening = tree.create(parent, name, &new, &request.intent)?;
    if let Some((security, bytes)) = security {
        tree.set_security(opening.node(), security, bytes)?;
    }
    Ok(Attempt::Done(
        Node::new(volume, tree, opening)?,
        Done::Created,
    ))
}
