//! Opening and making what the host shares.

use alloc::vec::Vec;

use files::change::{Action, Change};
use files::{FileError, NodeId, Walked, access};
use hal::Ref;
use ninep::Attributes;

use super::fids::Fid;
use super::links;
use super::path::HostPath;
use super::remote::Remote;
use super::resolve::{Found, enter, prune};
use super::turn::{NEW_FILE, Turn};
use super::{Share, attributes_of, times_of};
use crate::Error;
use crate::io::node::Node;
use crate::io::open::{Attempt, check_run, create, open_found, walk};
use crate::io::volume::{VolumeId, with, with_told};
use crate::io::{Disposition, Done, Request, Wanted};
use crate::memory::FileData;

/// What cannot be done where nothing is written.
const CHANGES: u32 =
    access::WRITE_DATA | access::APPEND_DATA | access::DELETE | 0x10 | 0x40 | 0x100 | 0x000C_0000;

/// Opens or makes what a path leads to, from a directory or from the root.
#[cold]
pub(in crate::io) fn open(
    volume: VolumeId,
    start: Option<&Node>,
    path: &[u16],
    request: &Request<'_>,
) -> Result<(Node, Done), Error> {
    let share = volume.shared().ok_or(Error::InvalidDeviceRequest)?;
    let mut turn = share.turn()?;
    turn.settle();
    let base = match start {
        None => Vec::new(),
        Some(start) => start.path()?,
    };
    // What is no path is not asked for.
    let start_id = with(volume, |tree| {
        let start = start.map_or(tree.root(), Node::node_id);
        match tree.walk(start, path) {
            Err(error @ FileError::NameInvalid) => Err(error.into()),
            _ => Ok(start),
        }
    })?;
    let is_meant = links::is_meant(request);
    let mut found = turn.resolve(&base, path, !is_meant)?;
    let mut request = *request;
    if is_meant && found.is_link() {
        request.wanted = links::kind(&mut turn, &base, path, request.wanted);
    }
    let deepest = enter(&turn, &mut found)?;
    let other_path = found.other_path.take();
    let opened = match &other_path {
        None => open_entered(&mut turn, (start_id, path), start, &request, found),
        Some(path) => {
            let root = with(volume, |tree| Ok(tree.root()))?;
            open_entered(&mut turn, (root, path), None, &request, found)
        }
    };
    if opened.is_err() {
        prune(&turn, deepest);
    }
    opened
}

#[inline(never)]
fn open_entered(
    turn: &mut Turn,
    (start_id, path): (NodeId, &[u16]),
    start: Option<&Node>,
    request: &Request<'_>,
    found: Found,
) -> Result<(Node, Done), Error> {
    let share = turn.share;
    check_run(share.volume, start, path, request)?;
    // The one that is made if nothing is there.
    let mut fresh = None;
    if found.last.is_none() && request.wanted != Wanted::Directory {
        let remote = Remote::new(share, Fid::new(share)?, 0)?;
        fresh = Some(FileData::remote_file(remote, 0)?);
    }
    let attempt = with(share.volume, |tree| match walk(tree, start_id, path)? {
        Walked::Found {
            node,
            needs_directory,
        } => {
            check_read_only(share, request, false)?;
            let opened = open_found(share.volume, tree, node, needs_directory, request)?;
            Ok(Attempt::Done(opened.0, opened.1))
        }
        Walked::Missing {
            parent,
            name,
            needs_directory,
        } => {
            check_read_only(share, request, true)?;
            let place = (parent, name, needs_directory);
            create(share.volume, tree, place, request, fresh.as_ref())
        }
        Walked::Unread(_) => Err(Error::Archive),
    })?;
    let Attempt::Done(mut node, done) = attempt else {
        return Err(Error::Archive);
    };
    match open_on_host(turn, &mut node, done, request, found) {
        Ok(()) => {
            if done == Done::Created {
                // Who is not told is none that asked.
                let _ = with_told(share.volume, |tree, teller| {
                    let added = Change::of_name(Action::Added, node.is_directory());
                    teller.tell(tree, node.node_id(), added);
                    Ok(())
                });
            }
            Ok((node, done))
        }
        Err(error) => {
            node.revoke(turn, done == Done::Created);
            Err(error)
        }
    }
}

/// Refuses what changes something where nothing can be changed.
#[inline(never)]
fn check_read_only(share: &Share, request: &Request<'_>, is_missing: bool) -> Result<(), Error> {
    let makes = match request.disposition {
        Disposition::Open => false,
        Disposition::OpenIf | Disposition::Create => is_missing,
        Disposition::Overwrite => !is_missing,
        Disposition::Supersede | Disposition::OverwriteIf => true,
    };
    let changes = request.intent.deletes_on_close || request.intent.access & CHANGES != 0;
    match share.is_read_only() && (makes || (changes && !is_missing)) {
        true => Err(Error::WriteProtected),
        false => Ok(()),
    }
}

/// Does on the host what the tree has allowed.
#[inline(never)]
fn open_on_host(
    turn: &mut Turn,
    node: &mut Node,
    done: Done,
    request: &Request<'_>,
    mut found: Found,
) -> Result<(), Error> {
    if done == Done::Created {
        return make(turn, node, request, &found.path);
    }
    if node.is_directory() {
        let last = found.last.take();
        let (fid, known) = last.ok_or(FileError::NameNotFound)?;
        node.set_remote(Remote::new(turn.share, fid, known.qid.number)?);
        return Ok(());
    }
    let data = node.data()?;
    let remote = data.remote().ok_or(Error::DeviceFailed)?;
    remote.set_fresh();
    let mut access = node.access();
    if done != Done::Opened {
        access |= files::access::WRITE_DATA;
    }
    remote.open(turn, access, &found.path)?;
    if done == Done::Opened {
        return Ok(());
    }
    // It is emptied.
    data.set_size(0)?;
    let change = ninep::Change {
        size_bytes: Some(0),
        ..ninep::Change::default()
    };
    turn.change(remote.fid(), &change)?;
    node.set_read_only(turn, request.attributes & files::attributes::READONLY != 0)?;
    refresh(turn, node, remote)?;
    with_told(node.volume(), |tree, teller| {
        teller.tell(tree, node.node_id(), Change::of_overwriting());
        Ok(())
    })
}

/// Makes a file or directory on the host.
#[inline(never)]
fn make(
    turn: &mut Turn,
    node: &mut Node,
    request: &Request<'_>,
    parent: &HostPath,
) -> Result<(), Error> {
    let name = with(node.volume(), |tree| {
        let name = tree.name_of(node.node_id())?;
        let mut units = Vec::new();
        units.try_reserve_exact(name.len())?;
        units.extend_from_slice(name);
        Ok(units)
    })?;
    let mut buffer = [0; ninep::names::MOST_BYTES];
    let name = ninep::names::to_host(&name, &mut buffer).ok_or(FileError::NameInvalid)?;
    let directory = turn.find(parent)?;
    if node.is_directory() {
        let made = turn.make_directory(directory.number(), name)?;
        let mut path = HostPath::default();
        for part in parent.names() {
            path.push(part)?;
        }
        path.push(name)?;
        let fid = turn.find(&path)?;
        node.set_remote(Remote::new(turn.share, fid, made.number)?);
    } else {
        let mode = match request.attributes & files::attributes::READONLY {
            0 => NEW_FILE,
            _ => NEW_FILE & !Attributes::WRITABLE,
        };
        let made = turn.create(directory.number(), name, mode)?;
        let data = node.data()?;
        let remote = data.remote().ok_or(Error::DeviceFailed)?;
        remote.note_made(directory, made.number);
        node.set_remote(remote.clone());
    }
    let remote = node.remote().ok_or(Error::DeviceFailed)?;
    turn.note_change(parent, None, Some(name))?;
    refresh(turn, node, remote)
}

/// Has the tree know what the host knows.
#[inline(never)]
pub(super) fn refresh(turn: &mut Turn, node: &Node, remote: &Ref<Remote>) -> Result<(), Error> {
    let known = turn.attributes(remote.fid())?;
    remote.set_fresh();
    with(node.volume(), |tree| {
        Ok(tree.note(node.node_id(), attributes_of(&known), times_of(&known))?)
    })?;
    if let Ok(data) = node.data() {
        data.note_size(known.size_bytes);
    }
    Ok(())
}

/// Opens what is open once more.
#[cold]
pub(in crate::io) fn open_again(
    node: &Node,
    number: u64,
    request: &Request<'_>,
) -> Result<(Node, Done), Error> {
    match node.id() == number {
        true => open(node.volume(), None, &node.path()?, request),
        false => Err(FileError::InvalidParameter.into()),
    }
}
