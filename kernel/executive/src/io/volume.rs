//! The volume `C:`: the archive, with a layer of memory over it.
//!
//! The tree of names begins empty. A directory of the archive is read when it is
//! first walked to; from then on the tree has all that is known of it. What is in
//! a file is its [`FileData`]'s, which nobody lets go of under the tree's lock.

use alloc::vec::Vec;

use arrayvec::{ArrayString, ArrayVec};
use files::change::{Action, Change};
use files::{
    BasicUpdate, Closed, Disposition as Deletion, Information, NodeId, Opening, Touch, Tree,
};
use hal::Ref;
use hal::lock::Lock;

use super::irp::Answers;
use super::listing::Listing;
use super::lock::Locking;
use super::watch::{self, Teller, Watchers};
use crate::clock::{self, since_1601_100ns as now};
use crate::memory::{FileData, Image};
use crate::{Error, programs, rank};

pub(super) type Files = Tree<Ref<FileData>>;

/// Files and directories that the volume may have: what bounds the kernel's memory.
const MOST_NODES: u32 = 1 << 20;
/// All files of the archive, and the volume, are of this time: 1970.
pub const ARCHIVE_TIME: u64 = clock::FROM_1601_TO_1970_100NS;

static VOLUME: Lock<rank::Volume, Option<Volume>> = Lock::new(None);

/// Units of a label.
pub const MOST_LABEL_UNITS: usize = 32;
type Label = ArrayVec<u16, MOST_LABEL_UNITS>;

struct Volume {
    tree: Files,
    /// What a program called it.
    label: Label,
    watchers: Watchers,
}

/// What an open file holds of the volume.
pub struct Node {
    id: NodeId,
    /// `None`: it is a directory.
    data: Option<Ref<FileData>>,
    /// Until its last handle is closed.
    opening: Lock<rank::OpenFile, Option<Opening>>,
    /// How far it has been listed, if it is a directory.
    listing: Lock<rank::Listing, Option<Listing>>,
    locking: Locking,
}

/// Uses the tree, which is made at its first use.
pub(super) fn with<T>(use_it: impl FnOnce(&mut Files) -> Result<T, Error>) -> Result<T, Error> {
    with_volume(|volume| use_it(&mut volume.tree))
}

/// Changes the tree, of which watchers are told. Under no lock.
pub(super) fn with_told<T>(
    use_it: impl FnOnce(&mut Files, &mut Teller<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut answers = Answers::new();
    let done = with_teller(&mut answers, use_it);
    answers.give();
    done
}

fn with_teller<T>(
    answers: &mut Answers,
    use_it: impl FnOnce(&mut Files, &mut Teller<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    with_volume(|volume| {
        let watchers = &mut volume.watchers;
        use_it(&mut volume.tree, &mut Teller { watchers, answers })
    })
}

fn with_volume<T>(use_it: impl FnOnce(&mut Volume) -> Result<T, Error>) -> Result<T, Error> {
    let mut volume = VOLUME.lock();
    match &mut *volume {
        Some(volume) => use_it(volume),
        None => {
            let mut tree = Files::new(MOST_NODES, ARCHIVE_TIME)?;
            let root = tree.root();
            tree.set_source(root, programs::get().map(|archive| archive.volume().root()))?;
            use_it(volume.insert(Volume {
                tree,
                label: Label::new(),
                watchers: Watchers::new(),
            }))
        }
    }
}

/// What the volume is called.
pub fn label() -> Result<Label, Error> {
    with_volume(|volume| Ok(volume.label.clone()))
}

/// Calls it something else.
pub fn set_label(label: &[u16]) -> Result<(), Error> {
    let label = Label::try_from(label).map_err(|_| Error::TooLong)?;
    with_volume(|volume| {
        volume.label = label;
        Ok(())
    })
}

impl Node {
    pub(super) fn new(tree: &Files, opening: Opening) -> Result<Self, Error> {
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
            locking: Locking::default(),
        })
    }

    pub(super) fn node_id(&self) -> NodeId {
        self.id
    }

    pub(super) fn listing(&self) -> &Lock<rank::Listing, Option<Listing>> {
        &self.listing
    }

    pub(super) fn locking(&self) -> &Locking {
        &self.locking
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

    /// The same, of which ranges are locked.
    pub(super) fn data_to_lock(&self) -> Result<&Ref<FileData>, Error> {
        let data = self.data.as_ref();
        data.ok_or(Error::File(files::FileError::InvalidParameter))
    }

    /// The number of the directory it is in; its own if it is the root.
    pub fn parent_id(&self) -> Result<u64, Error> {
        with(|tree| Ok(tree.parent_of(self.id)?.unwrap_or(self.id).to_u64()))
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
                // Of a longer name reports show the beginning.
                if name.try_push(letter).is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        let image = archive.image_of(&name, file)?;
        image.set_number(self.id());
        Ok(image)
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
        self.with_opening_told(|tree, opening, teller| {
            tree.set_basic(opening, update, now())?;
            teller.tell(tree, self.id, Change::of_basic(update));
            Ok(())
        })
    }

    /// Has it go when it is closed, or stay after all. What a section shows stays,
    /// unless its name alone is to go; `is_strict` has a program stay even then.
    pub fn set_deletion(&self, deletion: Deletion, is_strict: bool) -> Result<(), Error> {
        if let (true, Some(data)) = (deletion.deletes, &self.data) {
            let is_kept = match deletion.is_posix {
                true => is_strict && data.is_run(),
                false => data.is_shown() || data.is_run(),
            };
            if is_kept {
                return Err(files::FileError::CannotDelete.into());
            }
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
        data.set_size(size_bytes)?;
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
        let closed = opening.map(|opening| {
            with_told(|tree, teller| {
                let charge = match self.is_directory() {
                    true => teller.closed(self),
                    false => None,
                };
                if tree.unlinks(&opening) {
                    let removed = Change::of_name(Action::Removed, self.is_directory());
                    teller.tell(tree, self.id, removed);
                }
                let closed: Closed<_> = tree.close(opening, now());
                if tree
                    .is_delete_pending(self.id)
                    .is_ok_and(|is_pending| is_pending)
                {
                    teller.deleted(self.id);
                }
                Ok((closed, charge))
            })
        });
        // Outside the lock: this may be the last reference to what was in it.
        drop(closed);
    }

    /// Changes an open file, of which watchers are told. Under no lock.
    pub(super) fn with_opening_told<T>(
        &self,
        use_it: impl FnOnce(&mut Files, &mut Opening, &mut Teller<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut answers = Answers::new();
        let mut opening = self.opening.lock();
        let done = match opening.as_mut() {
            Some(opening) => {
                with_teller(&mut answers, |tree, teller| use_it(tree, opening, teller))
            }
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
