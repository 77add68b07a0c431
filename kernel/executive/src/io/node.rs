//! Files and directories that are open: what is known and changed of them.

use alloc::vec::Vec;

use arrayvec::ArrayString;
use files::change::{Action, Change};
use files::{BasicUpdate, Closed, Disposition as Deletion, Information, NodeId, Opening, Touch};
use hal::Ref;
use hal::lock::Lock;
use security::{Descriptor, DescriptorError};

use super::irp::Answers;
use super::listing::Listing;
use super::lock::Locking;
use super::share::{self, Remote};
use super::volume::{Files, VolumeId, make_room, with, with_teller, with_told};
use super::watch::{self, Teller};
use crate::clock::since_1601_100ns as now;
use crate::memory::image::FilePlace;
use crate::memory::{FileData, HeldImage, commit};
use crate::{Error, claim, programs, rank};

/// What an open file holds of the volume.
pub struct Node {
    volume: VolumeId,
    id: NodeId,
    /// The access that it was opened with.
    access: u32,
    /// `None`: it is a directory.
    data: Option<Ref<FileData>>,
    /// Where it is on the host, if it is there.
    remote: Option<Ref<Remote>>,
    /// Until its last handle is closed.
    opening: Lock<rank::OpenFile, Option<Opening>>,
    /// How far it has been listed, if it is a directory.
    listing: Lock<rank::Listing, Option<Listing>>,
    locking: Locking,
}

impl Node {
    #[inline]
    pub(super) fn new(volume: VolumeId, tree: &Files, opening: Opening) -> Result<Self, Error> {
        let id = opening.node();
        let data = match tree.is_directory(id)? {
            true => None,
            false => Some(tree.data(id)?.clone()),
        };
        Ok(Self {
            volume,
            id,
            access: opening.access(),
            remote: data.as_ref().and_then(|data| data.remote().cloned()),
            data,
            opening: Lock::new(Some(opening)),
            listing: Lock::new(None),
            locking: Locking::default(),
        })
    }

    /// The volume that it is on.
    pub fn volume(&self) -> VolumeId {
        self.volume
    }

    pub(super) fn node_id(&self) -> NodeId {
        self.id
    }

    /// Its volume, and its number in the volume's tree.
    pub(crate) fn place_on_volume(&self) -> (VolumeId, u64) {
        (self.volume, self.id.to_u64())
    }

    /// What it is on the host, if it is there.
    pub(super) fn host_file(&self) -> Option<&Ref<Remote>> {
        self.remote.as_ref()
    }

    /// Says what it is on the host.
    pub(super) fn set_remote(&mut self, remote: Ref<Remote>) {
        self.remote = Some(remote);
    }

    /// Takes what it holds of its volume.
    pub(super) fn take_opening(&self) -> Option<Opening> {
        self.opening.lock().take()
    }

    pub(super) fn listing(&self) -> &Lock<rank::Listing, Option<Listing>> {
        &self.listing
    }

    pub(super) fn locking(&self) -> &Locking {
        &self.locking
    }

    /// Whether it is the same file or directory.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.volume == other.volume && self.id == other.id
    }

    /// Its number, by which it can be opened.
    pub fn id(&self) -> u64 {
        match &self.remote {
            None => self.id.to_u64(),
            Some(remote) => remote.number(),
        }
    }

    /// The access that it was opened with: what its descriptor grants, if it has one.
    pub fn access(&self) -> u32 {
        self.access
    }

    /// What is in it, if it is a file.
    pub fn data(&self) -> Result<&Ref<FileData>, Error> {
        let data = self.data.as_ref();
        data.ok_or(Error::File(files::FileError::FileIsADirectory))
    }

    /// The same, of which ranges are locked.
    pub(super) fn data_to_lock(&self) -> Result<&Ref<FileData>, Error> {
        let data = self.data.as_ref();
        data.ok_or(Error::File(files::FileError::InvalidParameter))
    }

    /// The number of the directory it is in; its own if it is the root.
    pub fn parent_id(&self) -> Result<u64, Error> {
        with(self.volume, |tree| {
            Ok(tree.parent_of(self.id)?.unwrap_or(self.id).to_u64())
        })
    }

    /// The image that it is: the archive's, or that of a copy of what was written.
    pub fn image(&self) -> Result<HeldImage, Error> {
        let data = self.data()?;
        let _held = self.hold()?;
        let mut name = ArrayString::<{ crate::memory::image::NAME_BYTES }>::new();
        with(self.volume, |tree| {
            for letter in char::decode_utf16(tree.name_of(self.id)?.iter().copied()) {
                let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
                // Of a longer name reports show the beginning.
                if name.try_push(letter).is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        let archive = programs::get().ok_or(Error::Archive)?;
        let Some(file) = data.unchanged().filter(|file| !file.is_empty()) else {
            let symbols = || archive.symbols_of(&name);
            return FileData::image(data, &name, || self.place(), symbols);
        };
        let image = archive.image_of(&name, file)?;
        if image.place().is_none() {
            image.set_place(self.place()?);
        }
        Ok(image)
    }

    fn place(&self) -> Result<FilePlace, Error> {
        Ok(FilePlace {
            volume: self.volume,
            number: self.id.to_u64(),
            path: self.path()?,
        })
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.data.is_none()
    }

    /// What is known of it.
    pub fn information(&self) -> Result<Information, Error> {
        if let Some(remote) = &self.remote {
            self.ask_host(remote)?;
        }
        with(self.volume, |tree| Ok(tree.information(self.id)?))
    }

    /// Its path on the volume.
    pub fn path(&self) -> Result<Vec<u16>, Error> {
        with(self.volume, |tree| Ok(tree.path_of(self.id)?))
    }

    /// Its descriptor, if it has one.
    pub fn descriptor(&self) -> Result<Option<Ref<Descriptor>>, Error> {
        with(self.volume, |tree| Ok(tree.security(self.id)?.cloned()))
    }

    /// Gives it another descriptor, made of the one it has.
    pub fn change_descriptor(
        &self,
        change: impl Fn(Option<&Descriptor>) -> Result<Descriptor, DescriptorError>,
    ) -> Result<(), Error> {
        loop {
            let missing = self.with_opening_told(|tree, _, teller| {
                let before = tree.security(self.id)?;
                let (new, bytes) = claim::kept(change(before.map(|before| &**before))?)?;
                if tree.missing_pages(bytes) != 0 {
                    return Ok(Some(bytes));
                }
                tree.set_security(self.id, new, bytes)?;
                teller.tell(tree, self.id, Change::of_security());
                Ok(None)
            })?;
            match missing {
                None => return Ok(()),
                Some(bytes) => make_room(self.volume, bytes)?,
            }
        }
    }

    /// Sets its times and attributes.
    pub fn set_basic(&self, update: &BasicUpdate) -> Result<(), Error> {
        if let Some(remote) = &self.remote {
            self.set_basic_on_host(remote, update)?;
        }
        self.with_opening_told(|tree, opening, teller| {
            tree.set_basic(opening, update, now())?;
            teller.tell(tree, self.id, Change::of_basic(update));
            Ok(())
        })
    }

    /// Has it go when it is closed, or stay after all. What a section shows stays,
    /// unless its name alone is to go; a program stays even then.
    pub fn set_deletion(&self, deletion: Deletion) -> Result<(), Error> {
        if let (true, Some(data)) = (deletion.deletes, &self.data)
            && (data.is_run() || (data.is_shown() && !deletion.is_posix))
        {
            return Err(files::FileError::CannotDelete.into());
        }
        if let (true, Some(remote)) = (deletion.deletes, &self.remote) {
            self.check_deletion_on_host(remote)?;
        }
        self.with_opening_told(|tree, opening, teller| {
            tree.set_disposition(opening, deletion)?;
            if tree.is_delete_pending(self.id)? {
                teller.deleted(self.id);
            }
            Ok(())
        })
    }

    /// Makes the file longer or shorter.
    pub fn set_size(&self, size_bytes: u64) -> Result<(), Error> {
        let data = self.data()?;
        let before = watch::is_any().then(|| data.size_bytes());
        match &self.remote {
            None => data.set_size(size_bytes)?,
            Some(remote) => self.set_size_on_host(remote, data, size_bytes)?,
        }
        self.note_written(before.is_some_and(|before| before != size_bytes))
    }

    /// Notes that it was written, and whether watchers are told that it is longer or
    /// shorter now.
    pub(super) fn note_written(&self, is_resized: bool) -> Result<(), Error> {
        let noted = self.with_opening_told(|tree, opening, teller| {
            tree.touch(opening, Touch::Written, now());
            teller.tell(tree, self.id, Change::of_data(is_resized));
            Ok(())
        });
        match noted {
            // A long write may end after the handle was closed: it is done all the same.
            Err(Error::InvalidHandle) => Ok(()),
            noted => noted,
        }
    }

    /// The last handle is closed.
    pub(super) fn close(&self) {
        let opening = self.opening.lock().take();
        let closing = match (&opening, self.volume) {
            (None, _) | (_, VolumeId::C) => None,
            (Some(opening), _) => share::Closing::of(self, opening),
        };
        let closed = opening.map(|opening| {
            with_told(self.volume, |tree, teller| {
                let charge = match self.is_directory() {
                    true => teller.closed(self),
                    false => None,
                };
                let is_told = teller.is_any();
                if is_told && tree.unlinks(&opening) {
                    let removed = Change::of_name(Action::Removed, self.is_directory());
                    teller.tell(tree, self.id, removed);
                }
                let closed: Closed<_> = tree.close(opening, now());
                if is_told && tree.is_delete_pending(self.id).is_ok_and(|it| it) {
                    teller.deleted(self.id);
                }
                Ok((closed, charge, tree.take_surplus()))
            })
        });
        if let Some(Ok((.., surplus))) = &closed
            && *surplus != 0
        {
            commit::give_back(*surplus);
        }
        // Outside the lock: this may be the last reference to what was in it.
        drop(closed);
        if let Some(closing) = closing {
            closing.finish();
        }
    }

    /// Changes an open file, of which watchers are told. Under no lock.
    pub(super) fn with_opening_told<T>(
        &self,
        use_it: impl FnOnce(&mut Files, &mut Opening, &mut Teller<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut answers = Answers::new();
        let mut opening = self.opening.lock();
        let done = match opening.as_mut() {
            Some(opening) => with_teller(self.volume, &mut answers, |tree, teller| {
                use_it(tree, opening, teller)
            }),
            None => Err(Error::InvalidHandle),
        };
        drop(opening);
        answers.give();
        done
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A file that never got a handle.
        self.close();
    }
}
