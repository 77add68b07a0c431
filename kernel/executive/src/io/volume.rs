//! Volumes: `C:`, the archive with a layer of memory over it, and the host's.
//!
//! The tree of names begins empty. A directory of the archive is read when it is
//! first walked to; from then on the tree has all that is known of it. Of a volume
//! of the host's it only has what is open ([`super::share`]). What is in a file is
//! its [`FileData`]'s, which nobody lets go of under the tree's lock.
//!
//! Each file takes a record of the volume's room beside its data, so that empty
//! files fill it too. Those of the archive do not: a machine has room for these.

use core::ops::{Deref, DerefMut};

use arrayvec::ArrayVec;
use files::Tree;
use hal::Ref;
use hal::lock::Lock;
use security::Descriptor;
use vm::PAGE_SIZE;

use super::irp::Answers;
use super::open::read_directory;
use super::share::{self, Share};
use super::watch::{Teller, Watchers};
use crate::clock;
use crate::memory::{FileData, commit};
use crate::{Error, programs, rank};

/// The names, and the room that is promised to their records.
pub(super) struct Files {
    tree: Tree<Ref<FileData>, Ref<Descriptor>>,
    record_pages: u64,
    /// How many the archive had, which need no promise.
    archived: u32,
    /// Whether it is a directory of the host's: what is open needs no promise.
    is_shared: bool,
}

/// Which volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeId(u8);

impl VolumeId {
    /// The archive's.
    pub const C: Self = Self(0);

    /// The one of a number; `None`: there are not so many.
    pub(super) fn of(number: usize) -> Option<Self> {
        let id = u8::try_from(number).ok()?;
        (number < MOST_VOLUMES).then_some(Self(id))
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Which of the host's directories it is, if it is one.
    pub(super) fn shared(self) -> Option<&'static Share> {
        match self {
            Self::C => None,
            Self(_) => share::get(self),
        }
    }
}

/// Files and directories that the volume may have, whatever room there is.
const MOST_NODES: u32 = 1 << 20;
/// The room that one takes, whatever it is called and however little is in it.
const RECORD_BYTES: u64 = 1024;
const _: () = assert!(
    (files::record_bytes::<Ref<FileData>, Ref<Descriptor>>()
        + size_of::<FileData>()
        + RECORD_SPARE_BYTES) as u64
        <= RECORD_BYTES,
    "what is kept of a file fits in its record"
);
/// What the heap needs for the parts of one.
const RECORD_SPARE_BYTES: usize = 64;
/// All files of the archive, and the volume, are of this time: 1970.
pub const ARCHIVE_TIME: u64 = clock::FROM_1601_TO_1970_100NS;

/// `C:` and those of the host.
pub(super) const MOST_VOLUMES: usize = 9;

static VOLUMES: [Lock<rank::Volume, Option<Volume>>; MOST_VOLUMES] =
    [const { Lock::new(None) }; MOST_VOLUMES];

/// Units of a label.
pub const MOST_LABEL_UNITS: usize = 32;
type Label = ArrayVec<u16, MOST_LABEL_UNITS>;

struct Volume {
    files: Files,
    /// What a program called it.
    label: Label,
    watchers: Watchers,
}

/// Uses a tree, which is made at its first use.
pub(super) fn with<T>(
    volume: VolumeId,
    use_it: impl FnOnce(&mut Files) -> Result<T, Error>,
) -> Result<T, Error> {
    with_volume(volume, |volume| use_it(&mut volume.files))
}

/// Makes sure that there is room for one file more with a descriptor of so many
/// bytes, unless another takes it.
pub(super) fn make_room(volume: VolumeId, bytes: u32) -> Result<(), Error> {
    let missing = with(volume, |files| Ok(files.missing_pages(bytes)))?;
    if missing == 0 {
        return Ok(());
    }
    // Not under the tree's lock, before which this one would have to be taken.
    commit::promise(missing).map_err(|_| Error::VolumeFull)?;
    with(volume, |files| {
        files.record_pages = files.record_pages.saturating_add(missing);
        Ok(())
    })
}

/// Changes the tree, of which watchers are told. Under no lock.
pub(super) fn with_told<T>(
    volume: VolumeId,
    use_it: impl FnOnce(&mut Files, &mut Teller<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut answers = Answers::new();
    let done = with_teller(volume, &mut answers, use_it);
    answers.give();
    done
}

pub(super) fn with_teller<T>(
    volume: VolumeId,
    answers: &mut Answers,
    use_it: impl FnOnce(&mut Files, &mut Teller<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    with_volume(volume, |found| {
        let watchers = &mut found.watchers;
        let teller = &mut Teller {
            volume,
            watchers,
            answers,
        };
        use_it(&mut found.files, teller)
    })
}

fn with_volume<T>(
    id: VolumeId,
    use_it: impl FnOnce(&mut Volume) -> Result<T, Error>,
) -> Result<T, Error> {
    let volume = VOLUMES.get(usize::from(id.0));
    let mut volume = volume.ok_or(Error::InvalidDeviceRequest)?.lock();
    if volume.is_none() {
        // There is nothing to drop.
        core::mem::forget(volume.replace(Volume::new(id)?));
    }
    match &mut *volume {
        Some(volume) => use_it(volume),
        None => Err(Error::InvalidDeviceRequest),
    }
}

impl Volume {
    #[cold]
    fn new(id: VolumeId) -> Result<Self, Error> {
        Ok(Self {
            files: Files::new(id != VolumeId::C)?,
            label: Label::new(),
            watchers: Watchers::new(),
        })
    }
}

impl Files {
    fn new(is_shared: bool) -> Result<Self, Error> {
        let tree = Tree::new(MOST_NODES, ARCHIVE_TIME)?;
        let root = tree.root();
        let mut files = Self {
            tree,
            record_pages: 0,
            archived: 1,
            is_shared,
        };
        if let Some(archive) = programs::get().filter(|_| !is_shared) {
            files.set_source(root, Some(archive.root()))?;
            for source in archive.more_roots() {
                read_directory(&mut files, root, source)?;
            }
        }
        Ok(files)
    }

    /// Notes that a file came from the archive.
    pub(super) fn note_archived(&mut self) {
        self.archived = self.archived.saturating_add(1);
    }

    /// The pages that all records need, and one more with so many bytes beside it.
    #[inline]
    fn needed_pages(&self, bytes: u32) -> u64 {
        if self.is_shared {
            return 0;
        }
        let all = self.tree.footprint_bytes(1, RECORD_BYTES);
        let all = all.saturating_add(bytes.into());
        let archived = u64::from(self.archived).saturating_mul(RECORD_BYTES);
        all.saturating_sub(archived).div_ceil(PAGE_SIZE)
    }

    /// Those that must be promised before there can be one more.
    pub(super) fn missing_pages(&self, bytes: u32) -> u64 {
        self.needed_pages(bytes).saturating_sub(self.record_pages)
    }

    /// Those that are promised for nothing, to be given back under no lock. What
    /// a rename has replaced leaves them for the next closing.
    pub(super) fn take_surplus(&mut self) -> u64 {
        let surplus = self.record_pages.saturating_sub(self.needed_pages(0));
        self.record_pages = self.record_pages.saturating_sub(surplus);
        surplus
    }
}

impl Deref for Files {
    type Target = Tree<Ref<FileData>, Ref<Descriptor>>;

    fn deref(&self) -> &Self::Target {
        &self.tree
    }
}

impl DerefMut for Files {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.tree
    }
}

/// What a volume is called.
pub fn label(volume: VolumeId) -> Result<Label, Error> {
    with_volume(volume, |volume| Ok(volume.label.clone()))
}

/// Calls it something else.
pub fn set_label(volume: VolumeId, label: &[u16]) -> Result<(), Error> {
    let label = Label::try_from(label).map_err(|_| Error::TooLong)?;
    with_volume(volume, |volume| {
        volume.label = label;
        Ok(())
    })
}
