//! The volume `C:`: the archive, with a layer of memory over it.
//!
//! The tree of names begins empty. A directory of the archive is read when it is
//! first walked to; from then on the tree has all that is known of it. What is in
//! a file is its [`FileData`]'s, which nobody lets go of under the tree's lock.

use alloc::vec::Vec;

use archive::NodeKind;
use arrayvec::ArrayString;
use files::{
    BasicUpdate, Closed, Disposition as Deletion, Information, New, NewKind, NodeId, Opening,
    Touch, Tree, Walked,
};
use hal::Ref;
use hal::lock::Lock;

use super::listing::Listing;
use super::{Disposition, Done, Request, Wanted};
use crate::clock::{self, since_1601_100ns as now};
use crate::memory::{FileData, Image};
use crate::{Error, programs, rank};

pub(super) type Files = Tree<Ref<FileData>>;

/// Files and directories that the volume may have: what bounds the kernel's memory.
const MOST_NODES: u32 = 1 << 20;
/// What overwriting and replacing need the sharing of.
const WRITE_DATA: u32 = files::access::WRITE_DATA;
const DELETE: u32 = files::access::DELETE;
/// All files of the archive are of this time: 1970.
const ARCHIVE_TIME: u64 = clock::FROM_1601_TO_1970_100NS;

static VOLUME: Lock<rank::Volume, Option<Files>> = Lock::new(None);

/// What an open file holds of the volume.
pub struct Node {
    id: NodeId,
    /// `None`: it is a directory.
    data: Option<Ref<FileData>>,
    /// Until its last handle is closed.
    opening: Lock<rank::OpenFile, Option<Opening>>,
    /// How far it has been listed, if it is a directory.
    listing: Lock<rank::Listing, Option<Listing>>,
}

/// Uses the tree, which is made at its first use.
pub(super) fn with<T>(use_it: impl FnOnce(&mut Files) -> Result<T, Error>) -> Result<T, Error> {
    let mut volume = VOLUME.lock();
    match &mut *volume {
        Some(tree) => use_it(tree),
        None => {
            let mut tree = Files::new(MOST_NODES, ARCHIVE_TIME)?;
            let root = tree.root();
            tree.set_source(root, programs::get().map(|archive| archive.volume().root()))?;
            use_it(volume.insert(tree))
        }
    }
}

/// Opens or creates what a path leads to, from a directory or from the root.
pub(super) fn open(
    start: Option<&Node>,
    path: &[u16],
    request: &Request,
) -> Result<(Node, Done), Error> {
    // The tree takes the root's own paths for absolute ones.
    if start.is_some() && path.first() == Some(&objects::SEPARATOR) {
        return Err(files::FileError::NameInvalid.into());
    }
    // Made before the lock is taken, and dropped after it if it is not needed.
    let new = FileData::new(&[])?;
    let (node, done) = with(|tree| {
        let start = start.map_or(tree.root(), |node| node.id);
        match walk(tree, start, path)? {
            Walked::Found {
                node,
                needs_directory,
            } => open_found(tree, node, needs_directory, request),
            Walked::Missing {
                parent,
                name,
                needs_directory,
            } => create(tree, parent, name, needs_directory, request, &new),
            Walked::Unread(_) => Err(Error::Archive),
        }
    })?;
    if let (Done::Superseded | Done::Overwritten, Some(data)) = (done, &node.data) {
        // Not under the tree's lock: pages go.
        if let Err(error) = data.set_size(0) {
            node.close();
            return Err(error);
        }
        with(|tree| {
            let (now, is_superseded) = (now(), done == Done::Superseded);
            Ok(tree.overwritten(node.id, request.attributes, is_superseded, now)?)
        })?;
    }
    Ok((node, done))
}

/// Follows a path, and reads the directories on it.
fn walk<'path>(
    tree: &mut Files,
    start: NodeId,
    path: &'path [u16],
) -> Result<Walked<'path>, Error> {
    loop {
        match tree.walk(start, path)? {
            Walked::Unread(directory) => read_directory(tree, directory)?,
            walked => return Ok(walked),
        }
    }
}

/// Has the tree know what the archive has in a directory.
fn read_directory(tree: &mut Files, directory: NodeId) -> Result<(), Error> {
    let archive = programs::get().ok_or(Error::Archive)?.volume();
    let source = tree.source(directory)?.ok_or(Error::Archive)?;
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
        let mut name = Vec::new();
        name.try_reserve_exact(entry.name.len())?;
        name.extend(entry.name.encode_utf16());
        let new = New {
            kind,
            attributes: 0,
            now: ARCHIVE_TIME,
        };
        match tree.insert(directory, &name, &new) {
            // It was there when memory ran out the last time.
            Ok(_) | Err(files::FileError::NameCollision) => {}
            Err(files::FileError::NameInvalid) => {
                log::warn!(
                    "the archive has {:?}, which no file of C: can be called",
                    entry.name
                );
            }
            Err(error) => return Err(error.into()),
        }
    }
    tree.set_source(directory, None)?;
    Ok(())
}

fn open_found(
    tree: &mut Files,
    id: NodeId,
    needs_directory: bool,
    request: &Request,
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
    if extra != 0 {
        tree.check_overwrite(id, request.attributes)?;
        let mut intent = request.intent;
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
    let opening = tree.open(id, &request.intent)?;
    Ok((Node::new(tree, opening)?, done))
}

fn create(
    tree: &mut Files,
    parent: NodeId,
    name: &[u16],
    needs_directory: bool,
    request: &Request,
    data: &Ref<FileData>,
) -> Result<(Node, Done), Error> {
    if matches!(
        request.disposition,
        Disposition::Open | Disposition::Overwrite
    ) {
        return Err(files::FileError::NameNotFound.into());
    }
    let kind = match (request.wanted, needs_directory) {
        (Wanted::Directory, _) => NewKind::Directory(None),
        (_, true) => return Err(files::FileError::NameInvalid.into()),
        _ => NewKind::File(data),
    };
    let new = New {
        kind,
        attributes: request.attributes,
        now: now(),
    };
    let opening = tree.create(parent, name, &new, &request.intent)?;
    Ok((Node::new(tree, opening)?, Done::Created))
}

impl Node {
    fn new(tree: &Files, opening: Opening) -> Result<Self, Error> {
        let id = opening.node();
        let data = match tree.is_directory(id)? {
            true => None,
            false => Some(tree.data(id)?.clone()),
        };
        Ok(Self {
            id,
            data,
            opening: Lock::new(Some(opening)),
            listing: Lock::new(None),
        })
    }

    pub(super) fn node_id(&self) -> NodeId {
        self.id
    }

    pub(super) fn listing(&self) -> &Lock<rank::Listing, Option<Listing>> {
        &self.listing
    }

    /// Its number, by which it can be opened.
    pub fn id(&self) -> u64 {
        self.id.to_u64()
    }

    /// What is in it, if it is a file.
    pub fn data(&self) -> Result<&Ref<FileData>, Error> {
        let data = self.data.as_ref();
        data.ok_or(Error::File(files::FileError::FileIsADirectory))
    }

    /// The image that it is.
    ///
    /// One that was written since the archive was made would have to be copied
    /// into one piece; that is not done yet.
    pub fn image(&self) -> Result<Ref<Image>, Error> {
        let archive = programs::get().ok_or(Error::Archive)?;
        let file = self.data()?.unchanged().ok_or(Error::WrittenImage)?;
        let mut name = ArrayString::<{ crate::memory::image::NAME_BYTES }>::new();
        with(|tree| {
            for letter in char::decode_utf16(tree.name_of(self.id)?.iter().copied()) {
                let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
                name.try_push(letter).map_err(|_| Error::TooLong)?;
            }
            Ok(())
        })?;
        archive.image_of(&name, file)
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.data.is_none()
    }

    /// What is known of it.
    pub fn information(&self) -> Result<Information, Error> {
        with(|tree| Ok(tree.information(self.id)?))
    }

    /// Its path on the volume.
    pub fn path(&self) -> Result<Vec<u16>, Error> {
        with(|tree| Ok(tree.path_of(self.id)?))
    }

    /// Sets its times and attributes.
    pub fn set_basic(&self, update: &BasicUpdate) -> Result<(), Error> {
        self.with_opening(|tree, opening| Ok(tree.set_basic(opening, update, now())?))
    }

    /// Has it go when it is closed, or stay after all.
    pub fn set_deletion(&self, deletion: Deletion) -> Result<(), Error> {
        self.with_opening(|tree, opening| Ok(tree.set_disposition(opening, deletion)?))
    }

    /// Makes the file longer or shorter.
    pub fn set_size(&self, size_bytes: u64) -> Result<(), Error> {
        self.data()?.set_size(size_bytes)?;
        self.note_written()
    }

    /// Notes that it was written.
    pub(super) fn note_written(&self) -> Result<(), Error> {
        let opening = self.opening.lock();
        // A long write may end after the handle was closed: it is done all the same.
        opening.as_ref().map_or(Ok(()), |opening| {
            with(|tree| {
                tree.touch(opening, Touch::Written, now());
                Ok(())
            })
        })
    }

    /// The last handle is closed.
    pub(super) fn close(&self) {
        let opening = self.opening.lock().take();
        let closed: Option<Closed<_>> = opening.and_then(|opening| {
            let closed = with(|tree| Ok(tree.close(opening, now())));
            closed.ok()
        });
        // Outside the lock: this may be the last reference to what was in it.
        drop(closed);
    }

    fn with_opening<T>(
        &self,
        use_it: impl FnOnce(&mut Files, &mut Opening) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut opening = self.opening.lock();
        let opening = opening.as_mut().ok_or(Error::InvalidHandle)?;
        with(|tree| use_it(tree, opening))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A file that never got a handle.
        self.close();
    }
}
