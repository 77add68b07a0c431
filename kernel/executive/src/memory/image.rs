//! Image sections: one for each program file, its clean pages shared.
//!
//! A page that stands in the file as it must appear is mapped from there; any
//! other is filled once, at its first touch, and shared. An image has one base
//! for the whole machine, so that relocated pages can be shared too; a process
//! in which that base is taken gets relocated copies of its own.
//!
//! The file is the archive's, or a copy of one that was written: then the image
//! goes with whoever was last to use it, and all its frames are charged.

mod held;

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use alloc::vec::Vec;
use arrayvec::ArrayString;
use hal::Ref;
use hal::lock::Lock;
use hal::memory::address_space::Backing;
use hal::memory::{Borrowed, Borrows, OwnedFrame, PermanentFrame, SharedFrame, Snapshot};
use pe::{PageSource, PeView};
use spin::Once;
use symbols::Table;
use vm::PAGE_SIZE;

use super::FileData;
use super::commit::Charge;
use crate::io::VolumeId;
use crate::{Error, random, rank};
pub use held::HeldImage;

/// Bytes of a program's name.
pub const NAME_BYTES: usize = 64;

/// Windows places images with a dynamic base in this range, and so do we: from a
/// place in its upper half downwards, so that no two need be in each other's way.
const LOWEST_BASE: u64 = 0x7ff6_0000_0000;
const BASES: u64 = 0x1_0000;
const BASE_GRANULARITY: u64 = 0x1_0000;
/// Most granules that are left free between two.
const MOST_GAP: u64 = 16;
/// Where the lowest one so far is; 0: there is none.
static LOWEST_TAKEN: AtomicU64 = AtomicU64::new(0);

/// A program file as a section.
pub struct Image {
    name: ArrayString<NAME_BYTES>,
    view: Borrowed<PeFile>,
    file_bytes: usize,
    origin: Origin,
    base: u64,
    /// Where it is on the volume, once it was opened there.
    place: Once<FilePlace>,
    /// Names and lines, if the archive has them.
    symbols: Option<Table<'static>>,
    /// How many hold its file.
    holders: AtomicU32,
    filled: Lock<rank::ImagePages, Filled>,
}

/// Where a program's file is.
pub struct FilePlace {
    /// The volume.
    pub volume: VolumeId,
    /// Its number on the volume.
    pub number: u64,
    /// Its path there, as it was when it was first opened to be run.
    pub path: Vec<u16>,
}

/// Whose bytes an image has.
enum Origin {
    /// A file's of the archive.
    Archive(&'static [u8]),
    /// A copy of what was in a file.
    Written(Ref<FileData>),
}

/// What the pages show in views at the usual base, as far as it is known.
struct Filled {
    /// Of a file of the archive: all pages by their numbers, or none yet.
    known: Vec<Known>,
    /// Of a copy, whose size its writer chose: those filled so far, sorted.
    pages: Vec<(u32, SharedFrame)>,
    /// What they and the copy of the file are charged to; those of the archive's
    /// files are few.
    charge: Option<Charge>,
}

/// What one page shows.
#[derive(Clone)]
enum Known {
    Nothing,
    InFile(PermanentFrame),
    Shared(SharedFrame),
}

/// A checked file, which borrows from the file's bytes.
enum PeFile {}

impl Borrows for PeFile {
    type From<'bytes> = PeView<'bytes>;

    fn shortened<'short, 'bytes: 'short>(this: &'short PeView<'bytes>) -> &'short PeView<'short> {
        this
    }
}

/// The one frame of zeros that every image shows where its file has nothing.
static ZERO: Once<SharedFrame> = Once::new();

fn zero_frame() -> Result<SharedFrame, Error> {
    let frame = ZERO.try_call_once(|| OwnedFrame::zeroed().map(OwnedFrame::share))?;
    Ok(frame.clone())
}

static IMAGES: Lock<rank::Images, Vec<Ref<Image>>> = Lock::new(Vec::new());

impl Image {
    /// The section of a file of the archive, made at its first use; `symbols` then
    /// finds its symbol table.
    pub fn open(
        name: &str,
        file: &'static [u8],
        symbols: impl FnOnce() -> Option<&'static [u8]>,
    ) -> Result<HeldImage, Error> {
        let mut images = IMAGES.lock();
        if let Some(image) = images.iter().find(|image| image.is_of(file)) {
            return Ok(HeldImage::new(image.clone()));
        }
        images.try_reserve(1)?;
        let view = PeView::parse(file)?;
        let symbols = symbols().and_then(|table| symbols_of(name, &view, table));
        let view = Borrowed::of_static(view);
        let image = Self::new(name, view, file.len(), Origin::Archive(file), symbols, None)?;
        let image = Ref::try_new(image)?;
        images.push(image.clone());
        Ok(HeldImage::new(image))
    }

    /// A section of what a file contained when it was copied, which was charged;
    /// `symbols` is its symbol table, if it is not that of another file.
    pub(super) fn of_copy(
        name: &str,
        place: FilePlace,
        (data, copy, charge): (&Ref<FileData>, Snapshot, Charge),
        symbols: Option<&'static [u8]>,
    ) -> Result<Ref<Self>, Error> {
        let file_bytes = copy.bytes().len();
        let view = Borrowed::<PeFile>::of_snapshot(copy, |bytes| PeView::parse(bytes))?;
        let identity = view.get().identity();
        let symbols = symbols.and_then(|table| Table::parse(table).ok());
        let symbols = symbols.filter(|table| *table.build_id() == identity);
        let origin = Origin::Written(data.clone());
        let image = Self::new(name, view, file_bytes, origin, symbols, Some(charge))?;
        image.set_place(place);
        Ok(Ref::try_new(image)?)
    }

    /// Whether a section or a view is of a file of the archive.
    pub(super) fn is_in_use(file: &'static [u8]) -> bool {
        let images = IMAGES.lock();
        let image = images.iter().find(|image| image.is_of(file));
        image.is_some_and(|image| image.is_held())
    }

    fn new(
        name: &str,
        view: Borrowed<PeFile>,
        file_bytes: usize,
        origin: Origin,
        symbols: Option<Table<'static>>,
        charge: Option<Charge>,
    ) -> Result<Self, Error> {
        let checked = view.get();
        let base = match checked.has_dynamic_base() && checked.is_relocatable() {
            true => next_base(checked.size_of_image().into()),
            false => checked.image_base(),
        };
        Ok(Self {
            name: ArrayString::from(name).map_err(|_| Error::TooLong)?,
            view,
            file_bytes,
            origin,
            base,
            place: Once::new(),
            symbols,
            holders: AtomicU32::new(0),
            filled: Lock::new(Filled {
                known: Vec::new(),
                pages: Vec::new(),
                charge,
            }),
        })
    }

    fn is_of(&self, file: &'static [u8]) -> bool {
        matches!(self.origin, Origin::Archive(own) if core::ptr::eq(own, file))
    }

    /// Whether what is in a file is, or was, what this image is of.
    pub(super) fn is_of_data(&self, data: &FileData) -> bool {
        match &self.origin {
            Origin::Archive(own) => data.is_from(own),
            Origin::Written(own) => core::ptr::eq::<FileData>(&**own, data),
        }
    }

    /// Whether it is of the same file as another.
    pub(super) fn is_of_file_of(&self, other: &Self) -> bool {
        match (&self.origin, &other.origin) {
            (Origin::Archive(own), Origin::Archive(others)) => core::ptr::eq(*own, *others),
            (_, Origin::Written(data)) => self.is_of_data(data),
            (Origin::Written(data), _) => other.is_of_data(data),
        }
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is on the volume; `None`: it was only found as a program of the
    /// archive so far.
    pub fn place(&self) -> Option<&FilePlace> {
        self.place.get()
    }

    /// Notes where it is on the volume.
    pub(crate) fn set_place(&self, place: FilePlace) {
        self.place.call_once(|| place);
    }

    /// How long the file is.
    pub fn file_bytes(&self) -> usize {
        self.file_bytes
    }

    /// The checked file.
    pub fn view(&self) -> &PeView<'_> {
        self.view.get()
    }

    /// Names and lines of its functions, if the archive has them.
    pub fn symbols(&self) -> Option<&Table<'static>> {
        self.symbols.as_ref()
    }

    /// Where the image lies in every process that has room there.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// What page `number` shows in a view at `base`, if that needs not be filled.
    pub fn ready_page(&self, number: u32, base: u64) -> Option<Backing> {
        let mut filled = self.filled.lock();
        let is_usual = base == self.base;
        if is_usual && let Some(backing) = filled.find(number) {
            return Some(backing);
        }
        let moves = self.moves(number, base);
        let backing = self.unchanged_page(number, moves)?.ok()?;
        if is_usual {
            self.note(&mut filled, number, &backing);
        }
        Some(backing)
    }

    /// Whether page `number` is not as in the file in a view at `base`.
    fn moves(&self, number: u32, base: u64) -> bool {
        let view = self.view();
        base != view.image_base() && view.page_has_relocations(number)
    }

    /// Notes what a page of the archive's file shows; without memory it is found anew
    /// each time.
    fn note(&self, filled: &mut Filled, number: u32, backing: &Backing) {
        let known = match backing {
            Backing::Permanent(frame) => Known::InFile(*frame),
            Backing::Shared(frame) => Known::Shared(frame.clone()),
            Backing::Private(_) | Backing::Common(_) => return,
        };
        if self.make_room(filled).is_ok()
            && let Ok(index) = usize::try_from(number)
            && let Some(place) = filled.known.get_mut(index)
        {
            *place = known;
        }
    }

    /// Makes a place for each page, if the file is the archive's.
    #[inline]
    fn make_room(&self, filled: &mut Filled) -> Result<(), Error> {
        if filled.known.is_empty() && matches!(self.origin, Origin::Archive(_)) {
            let pages = u64::from(self.view().size_of_image()).div_ceil(PAGE_SIZE);
            let count = usize::try_from(pages).map_err(|_| Error::TooLong)?;
            filled.known.try_reserve_exact(count)?;
            filled.known.resize(count, Known::Nothing);
        }
        Ok(())
    }

    /// What a page shows that is in the file as it must appear, or only zeros.
    fn unchanged_page(&self, number: u32, moves: bool) -> Option<Result<Backing, Error>> {
        match self.view().page_source(number) {
            Some(source) if source.mappable_in_place && !moves && source.file_bytes != 0 => {
                self.in_file(&source).map(Ok)
            }
            Some(source) if source.file_bytes != 0 || moves => None,
            _ => Some(zero_frame().map(Backing::Shared)),
        }
    }

    /// What page `number` shows in a view at `base`.
    pub fn page(&self, number: u32, base: u64) -> Result<Backing, Error> {
        if let Some(backing) = self.ready_page(number, base) {
            return Ok(backing);
        }
        if let Some(backing) = self.unchanged_page(number, self.moves(number, base)) {
            return backing;
        }
        let delta = base.wrapping_sub(self.view().image_base());
        if base != self.base && self.view().page_has_relocations(number) {
            return Ok(Backing::Private(self.fill(number, delta)?));
        }
        self.filled_page(number, delta).map(Backing::Shared)
    }

    /// The page that all views share, filled at its first touch.
    fn filled_page(&self, number: u32, delta: u64) -> Result<SharedFrame, Error> {
        let mut filled = self.filled.lock();
        if let Some(Backing::Shared(frame)) = filled.find(number) {
            return Ok(frame);
        }
        let index = match filled.place(number) {
            Ok(index) | Err(index) => index,
        };
        filled.pages.try_reserve(1)?;
        self.make_room(&mut filled)?;
        let frame = self.fill(number, delta)?.share();
        if let Some(charge) = &mut filled.charge {
            charge.add(1)?;
        }
        match self.origin {
            Origin::Archive(_) => self.note(&mut filled, number, &Backing::Shared(frame.clone())),
            Origin::Written(_) => filled.pages.insert(index, (number, frame.clone())),
        }
        Ok(frame)
    }

    /// The file's own frame of a page.
    fn in_file(&self, source: &PageSource) -> Option<Backing> {
        if let Some(copy) = self.view.snapshot() {
            let number = u64::from(source.file_offset).wrapping_div(PAGE_SIZE);
            return copy.frame(number).map(Backing::Shared);
        }
        let Origin::Archive(file) = self.origin else {
            return None;
        };
        let start = usize::try_from(source.file_offset).ok()?;
        let end = start.checked_add(usize::try_from(PAGE_SIZE).ok()?)?;
        PermanentFrame::holding(file.get(start..end)?).map(Backing::Permanent)
    }

    fn fill(&self, number: u32, delta: u64) -> Result<OwnedFrame, Error> {
        let mut frame = OwnedFrame::zeroed()?;
        self.view().fill_page(number, frame.bytes_mut(), delta);
        Ok(frame)
    }
}

impl Filled {
    /// What a page shows, if that is known.
    #[inline]
    fn find(&self, number: u32) -> Option<Backing> {
        let index = usize::try_from(number).ok()?;
        match self.known.get(index) {
            Some(Known::InFile(frame)) => Some(Backing::Permanent(*frame)),
            Some(Known::Shared(frame)) => Some(Backing::Shared(frame.clone())),
            Some(Known::Nothing) => None,
            None => self.find_in_copy(number),
        }
    }

    #[inline(never)]
    fn find_in_copy(&self, number: u32) -> Option<Backing> {
        let (_, frame) = self.pages.get(self.place(number).ok()?)?;
        Some(Backing::Shared(frame.clone()))
    }

    /// Where a filled page of a copy is, or would be.
    fn place(&self, number: u32) -> Result<usize, usize> {
        self.pages.binary_search_by_key(&number, |(page, _)| *page)
    }
}

/// A place for an image of that size in every process. Where they have come down to
/// the lowest, they begin again from above, and may meet others there.
fn next_base(size_bytes: u64) -> u64 {
    let below = |top: u64, granules: u64| {
        let size_bytes = size_bytes.next_multiple_of(BASE_GRANULARITY);
        let gap_bytes = granules.wrapping_mul(BASE_GRANULARITY);
        top.checked_sub(size_bytes.saturating_add(gap_bytes))
    };
    let taken = LOWEST_TAKEN.load(Ordering::Relaxed);
    let next = below(taken, random::below(MOST_GAP)).filter(|base| *base >= LOWEST_BASE);
    let base = next.unwrap_or_else(|| {
        let top = LOWEST_BASE.wrapping_add(BASES.wrapping_mul(BASE_GRANULARITY));
        let base = below(top, random::below(BASES >> 1));
        base.unwrap_or(LOWEST_BASE).max(LOWEST_BASE)
    });
    LOWEST_TAKEN.store(base, Ordering::Relaxed);
    base
}

/// The table of an image. One that is damaged or another file's is left out:
/// reports have no lines then, and the log says why.
fn symbols_of(name: &str, view: &PeView<'_>, table: &'static [u8]) -> Option<Table<'static>> {
    match Table::parse(table) {
        Ok(table) if *table.build_id() == view.identity() => return Some(table),
        Ok(_) => log::warn!("the symbol table of {name} is for another file of that name"),
        Err(error) => log::warn!("the symbol table of {name}: {error}"),
    }
    None
}
