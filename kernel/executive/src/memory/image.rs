//! Image sections: one for each program file, its clean pages shared.
//!
//! A page that stands in the archive as it must appear is mapped from there; any
//! other is filled once, at its first touch, and shared. An image has one base
//! for the whole machine, so that relocated pages can be shared too; a process
//! in which that base is taken gets relocated copies of its own.

use alloc::vec::Vec;

use arrayvec::ArrayString;
use hal::Ref;
use hal::lock::Lock;
use hal::memory::address_space::Backing;
use hal::memory::{OwnedFrame, PermanentFrame, SharedFrame};
use pe::{PageSource, PeView};
use spin::Once;
use symbols::Table;
use vm::PAGE_SIZE;

use crate::{Error, random, rank};

/// Bytes of a program's name.
pub const NAME_BYTES: usize = 64;

/// Windows places images with a dynamic base in this range.
const LOWEST_RANDOM_BASE: u64 = 0x7ff6_0000_0000;
const RANDOM_BASES: u64 = 0x1_0000;
const BASE_GRANULARITY: u64 = 0x1_0000;

/// A program file as a section.
pub struct Image {
    name: ArrayString<NAME_BYTES>,
    file: &'static [u8],
    view: PeView<'static>,
    base: u64,
    /// Its number on the volume, once it was opened there.
    number: Once<u64>,
    /// Names and lines, if the archive has them.
    symbols: Option<Table<'static>>,
    /// The pages filled so far, sorted by their numbers.
    filled: Lock<rank::ImagePages, Vec<(u32, SharedFrame)>>,
}

/// The one frame of zeros that every image shows where its file has nothing.
static ZERO: Once<SharedFrame> = Once::new();

fn zero_frame() -> Result<SharedFrame, Error> {
    let frame = ZERO.try_call_once(|| OwnedFrame::zeroed().map(OwnedFrame::share))?;
    Ok(frame.clone())
}

static IMAGES: Lock<rank::Images, Vec<Ref<Image>>> = Lock::new(Vec::new());

impl Image {
    /// The section of a file, made at its first use; `symbols` then finds its
    /// symbol table.
    pub fn open(
        name: &str,
        file: &'static [u8],
        symbols: impl FnOnce() -> Option<&'static [u8]>,
    ) -> Result<Ref<Self>, Error> {
        let mut images = IMAGES.lock();
        if let Some(image) = images.iter().find(|image| image.is_of(file)) {
            return Ok(image.clone());
        }
        images.try_reserve(1)?;
        let image = Ref::try_new(Self::new(name, file, symbols())?)?;
        images.push(image.clone());
        Ok(image)
    }

    /// Whether a section or a view is of a file.
    pub(super) fn is_in_use(file: &'static [u8]) -> bool {
        let images = IMAGES.lock();
        let image = images.iter().find(|image| image.is_of(file));
        // The list has it too.
        image.is_some_and(|image| Ref::count(image) > 1)
    }

    fn new(name: &str, file: &'static [u8], symbols: Option<&'static [u8]>) -> Result<Self, Error> {
        let view = PeView::parse(file)?;
        let base = match view.has_dynamic_base() && view.is_relocatable() {
            true => random::below(RANDOM_BASES)
                .wrapping_mul(BASE_GRANULARITY)
                .wrapping_add(LOWEST_RANDOM_BASE),
            false => view.image_base(),
        };
        let name = ArrayString::from(name).map_err(|_| Error::TooLong)?;
        Ok(Self {
            symbols: symbols.and_then(|table| symbols_of(&name, &view, table)),
            name,
            file,
            view,
            base,
            number: Once::new(),
            filled: Lock::new(Vec::new()),
        })
    }

    fn is_of(&self, file: &'static [u8]) -> bool {
        core::ptr::eq(self.file, file)
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What no other file has.
    pub fn file_id(&self) -> *const u8 {
        self.file.as_ptr()
    }

    /// Its number on the volume; `None`: it was only found as a program of the
    /// archive so far.
    pub fn number(&self) -> Option<u64> {
        self.number.get().copied()
    }

    /// Notes its number on the volume.
    pub(crate) fn set_number(&self, number: u64) {
        self.number.call_once(|| number);
    }

    /// How long the file is.
    pub fn file_bytes(&self) -> usize {
        self.file.len()
    }

    /// The checked file.
    pub fn view(&self) -> &PeView<'static> {
        &self.view
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
        let delta = base.wrapping_sub(self.view.image_base());
        let moves = delta != 0 && self.view.page_has_relocations(number);
        if let Some(backing) = self.unchanged_page(number, moves) {
            return backing.ok();
        }
        let filled = self.filled.lock();
        let is_shared = !moves || base == self.base;
        let index = filled.binary_search_by_key(&number, |(page, _)| *page).ok();
        let (_, frame) = filled.get(index.filter(|_| is_shared)?)?;
        Some(Backing::Shared(frame.clone()))
    }

    /// What a page shows that is in the archive as it must appear, or only zeros.
    fn unchanged_page(&self, number: u32, moves: bool) -> Option<Result<Backing, Error>> {
        match self.view.page_source(number) {
            Some(source) if source.mappable_in_place && !moves && source.file_bytes != 0 => self
                .in_archive(&source)
                .map(|frame| Ok(Backing::Permanent(frame))),
            Some(source) if source.file_bytes != 0 || moves => None,
            _ => Some(zero_frame().map(Backing::Shared)),
        }
    }

    /// What page `number` shows in a view at `base`.
    pub fn page(&self, number: u32, base: u64) -> Result<Backing, Error> {
        let delta = base.wrapping_sub(self.view.image_base());
        let moves = delta != 0 && self.view.page_has_relocations(number);
        if let Some(backing) = self.unchanged_page(number, moves) {
            return backing;
        }
        if moves && base != self.base {
            return Ok(Backing::Private(self.fill(number, delta)?));
        }
        self.filled_page(number, delta).map(Backing::Shared)
    }

    /// The page that all views share, filled at its first touch.
    fn filled_page(&self, number: u32, delta: u64) -> Result<SharedFrame, Error> {
        let mut filled = self.filled.lock();
        match filled.binary_search_by_key(&number, |(page, _)| *page) {
            Ok(index) => match filled.get(index) {
                Some((_, frame)) => Ok(frame.clone()),
                None => Err(Error::Archive),
            },
            Err(index) => {
                filled.try_reserve(1)?;
                let frame = self.fill(number, delta)?.share();
                filled.insert(index, (number, frame.clone()));
                Ok(frame)
            }
        }
    }

    /// The archive's own frame of a page.
    fn in_archive(&self, source: &PageSource) -> Option<PermanentFrame> {
        let start = usize::try_from(source.file_offset).ok()?;
        let end = start.checked_add(usize::try_from(PAGE_SIZE).ok()?)?;
        PermanentFrame::holding(self.file.get(start..end)?)
    }

    fn fill(&self, number: u32, delta: u64) -> Result<OwnedFrame, Error> {
        let mut frame = OwnedFrame::zeroed()?;
        self.view.fill_page(number, frame.bytes_mut(), delta);
        Ok(frame)
    }
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
