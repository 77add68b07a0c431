//! Sections: memory that several processes can have in view.
//!
//! A section of the page file consists of common frames, each made at its first
//! touch. What is committed of it is charged to the machine once, however many
//! views there are. One of a data file shows the pages of the file itself.

use alloc::vec::Vec;

use hal::Ref;
use hal::lock::Lock;
use hal::memory::CommonFrame;
use vm::{PAGE_SIZE, PageRange, Protection, VmError};

use super::commit::Charge;
use super::file_data::FileData;
use super::touched::TouchedPages;
use super::{HeldImage, Quota};
use crate::io::{Node, VolumeId};
use crate::object::{Header, ObjectKind};
use crate::{Error, rank};

/// The largest section: more than any process could see at once makes no sense.
const MOST_PAGES: u64 = 1 << 34;

/// A section object.
pub struct Section {
    header: Header,
    content: Content,
    protection: Protection,
    is_sealed: bool,
}

/// What a section shows.
pub enum Content {
    /// A program file.
    Image(HeldImage),
    /// The page file: zeros, until written.
    PageFile(PageFile),
    /// A data file.
    File(DataFile),
}

/// A file that a section shows.
pub struct DataFile {
    data: Ref<FileData>,
    /// Its volume, and its number there.
    place: (VolumeId, u64),
    size_bytes: u64,
    /// Whether its views can write it.
    writes: bool,
}

/// How the pages of a section of the page file are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Committed {
    /// They must be committed by a view before they are used.
    pub is_reserved: bool,
    /// Views keep their protection.
    pub is_sealed: bool,
}

/// Pages of the page file.
pub struct PageFile {
    size_bytes: u64,
    is_reserved: bool,
    pages: Lock<rank::SectionPages, Pages>,
}

struct Pages {
    touched: TouchedPages,
    /// What is committed, in order, without gaps of nothing in between.
    committed: Vec<(u64, u64)>,
    charge: Charge,
}

impl Section {
    /// A section of the page file, whose pages are charged to a quota.
    pub fn of_page_file(
        size_bytes: u64,
        protection: Protection,
        how: Committed,
        quota: Option<Ref<Quota>>,
    ) -> Result<Ref<Self>, Error> {
        let size_pages = size_bytes.div_ceil(PAGE_SIZE);
        if size_pages > MOST_PAGES {
            return Err(Error::SectionTooBig);
        }
        let mut pages = Pages {
            touched: TouchedPages::new(),
            committed: Vec::new(),
            charge: Charge::to(quota),
        };
        if !how.is_reserved {
            pages.commit(0, size_pages)?;
        }
        Self::new(
            Content::PageFile(PageFile {
                size_bytes,
                is_reserved: how.is_reserved,
                pages: Lock::new(pages),
            }),
            protection,
            how.is_sealed,
        )
    }

    /// A section of a program file, whose code can be run or only read.
    pub fn of_image(image: HeldImage, executes: bool) -> Result<Ref<Self>, Error> {
        let protection = match executes {
            true => Protection::EXECUTE_WRITE_COPY,
            false => Protection::WRITE_COPY,
        };
        Self::new(Content::Image(image), protection, false)
    }

    /// A section of an open data file, which must be as long as the section.
    pub fn of_file(
        node: &Node,
        size_bytes: u64,
        protection: Protection,
        is_sealed: bool,
    ) -> Result<Ref<Self>, Error> {
        let writes = protection.writes_in_place();
        let data = node.data()?.clone();
        let place = node.place_on_volume();
        data.note_section(writes);
        // Now that it cannot be let go of any more.
        if let Err(error) = node.load() {
            data.forget_section(writes);
            return Err(error);
        }
        let content = Content::File(DataFile {
            data,
            place,
            size_bytes,
            writes,
        });
        Self::new(content, protection, is_sealed)
    }

    fn new(content: Content, protection: Protection, is_sealed: bool) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::Section),
            content,
            protection,
            is_sealed,
        })?)
    }

    /// What every object has.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What it shows.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The most that a view of it may allow.
    pub fn protection(&self) -> Protection {
        self.protection
    }

    /// Whether views of it keep their protection.
    pub fn is_sealed(&self) -> bool {
        self.is_sealed
    }

    /// How long it is.
    pub fn size_bytes(&self) -> u64 {
        match &self.content {
            Content::Image(image) => image.view().size_of_image().into(),
            Content::PageFile(file) => file.size_bytes,
            Content::File(file) => file.size_bytes,
        }
    }

    /// How many pages its views can show.
    pub(super) fn size_pages(&self) -> u64 {
        self.size_bytes().div_ceil(PAGE_SIZE)
    }

    /// The page file's part, if its pages are committed by views.
    pub(super) fn reserved(&self) -> Option<&PageFile> {
        match &self.content {
            Content::PageFile(file) if file.is_reserved => Some(file),
            _ => None,
        }
    }

    /// The frame of a page of data, made at its first touch.
    pub(super) fn page(&self, number: u64) -> Result<CommonFrame, Error> {
        match &self.content {
            Content::Image(_) => Err(VmError::NotMappedView.into()),
            Content::PageFile(file) => file.page(number),
            Content::File(file) => file.data.page(number),
        }
    }
}

impl DataFile {
    /// What is in it.
    pub(super) fn data(&self) -> &FileData {
        &self.data
    }

    /// Its volume, and its number there.
    pub fn place(&self) -> (VolumeId, u64) {
        self.place
    }
}

impl Drop for DataFile {
    fn drop(&mut self) {
        self.data.forget_section(self.writes);
        if let Some(remote) = self.data.remote() {
            remote.share().leave_unsettled(self.data.clone());
        }
    }
}

impl PageFile {
    /// Whether its pages are committed by views.
    pub fn is_reserved(&self) -> bool {
        self.is_reserved
    }

    /// The frame of a page, made at its first touch.
    fn page(&self, number: u64) -> Result<CommonFrame, Error> {
        let mut pages = self.pages.lock();
        let made = pages
            .touched
            .get_or_make(number, || Ok(CommonFrame::zeroed()?));
        Ok(made?.clone())
    }

    /// Commits pages for all views.
    pub(super) fn commit(&self, first: u64, count: u64) -> Result<(), Error> {
        self.pages.lock().commit(first, count)
    }

    /// The committed pages around a page, if it is one of them.
    pub(super) fn committed_around(&self, page: u64) -> Option<(u64, u64)> {
        let pages = self.pages.lock();
        let around = |&(start, end): &(u64, u64)| start <= page && page < end;
        pages.committed.iter().copied().find(|run| around(run))
    }
}

impl Pages {
    fn commit(&mut self, first: u64, count: u64) -> Result<(), Error> {
        let end = first.saturating_add(count);
        let touches = |&(start, stop): &(u64, u64)| start <= end && first <= stop;
        let from = self.committed.partition_point(|&(_, stop)| stop < first);
        let later = self.committed.get(from..).unwrap_or_default();
        let joined = later.iter().take_while(|run| touches(run));
        let mut merged = (first, end);
        let (mut already, mut runs) = (0_u64, 0_usize);
        for &(start, stop) in joined {
            let inside = stop.min(end).saturating_sub(start.max(first));
            already = already.saturating_add(inside);
            merged = (merged.0.min(start), merged.1.max(stop));
            runs = runs.saturating_add(1);
        }
        self.committed.try_reserve(1)?;
        self.charge.add(count.saturating_sub(already))?;
        self.committed
            .splice(from..from.saturating_add(runs), [merged]);
        Ok(())
    }
}

/// A view of a section of data in one address space.
#[derive(Clone)]
pub struct SectionView {
    /// The section.
    pub section: Ref<Section>,
    /// The section's page that the view begins with.
    pub first_page: u64,
}

impl SectionView {
    /// The section's pages that a part of a view at `base` shows.
    pub(super) fn pages_of(&self, base: vm::Page, part: PageRange) -> (u64, u64) {
        let first = part.start.pages_since(base);
        (self.first_page.saturating_add(first), part.size_pages())
    }
}
