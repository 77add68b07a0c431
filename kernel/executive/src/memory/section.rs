//! Sections: memory that several processes can have in view.
//!
//! A section of the page file consists of common frames, each made at its first
//! touch. What is committed of it is charged to the machine once, however many
//! views there are. Sections of data files come with files.

use alloc::vec::Vec;

use hal::Ref;
use hal::lock::Lock;
use hal::memory::CommonFrame;
use vm::{PAGE_SIZE, PageRange, Protection, VmError};

use super::Image;
use super::commit::Charge;
use crate::object::Header;
use crate::{Error, rank};

/// The largest section: more than any process could see at once makes no sense.
const MOST_PAGES: u64 = 1 << 34;

/// A section object.
pub struct Section {
    header: Header,
    content: Content,
    protection: Protection,
}

/// What a section shows.
pub enum Content {
    /// A program file.
    Image(Ref<Image>),
    /// The page file: zeros, until written.
    PageFile(PageFile),
}

/// Pages of the page file.
pub struct PageFile {
    size_bytes: u64,
    is_reserved: bool,
    pages: Lock<rank::SectionPages, Pages>,
}

struct Pages {
    /// Those that have been touched, sorted by their numbers.
    touched: Vec<(u64, CommonFrame)>,
    /// What is committed, in order, without gaps of nothing in between.
    committed: Vec<(u64, u64)>,
    charge: Charge,
}

impl Section {
    /// A section of the page file. If it `is_reserved`, its pages must be committed
    /// by a view before they are used.
    pub fn of_page_file(
        size_bytes: u64,
        protection: Protection,
        is_reserved: bool,
    ) -> Result<Ref<Self>, Error> {
        let size_pages = size_bytes.div_ceil(PAGE_SIZE);
        if size_pages > MOST_PAGES {
            return Err(Error::SectionTooBig);
        }
        let mut pages = Pages {
            touched: Vec::new(),
            committed: Vec::new(),
            charge: Charge::NONE,
        };
        if !is_reserved {
            pages.commit(0, size_pages)?;
        }
        Self::new(
            Content::PageFile(PageFile {
                size_bytes,
                is_reserved,
                pages: Lock::new(pages),
            }),
            protection,
        )
    }

    /// A section of a program file.
    pub fn of_image(image: Ref<Image>) -> Result<Ref<Self>, Error> {
        Self::new(Content::Image(image), Protection::EXECUTE_WRITE_COPY)
    }

    fn new(content: Content, protection: Protection) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            header: Header::new(),
            content,
            protection,
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

    /// How long it is.
    pub fn size_bytes(&self) -> u64 {
        match &self.content {
            Content::Image(image) => image.view().size_of_image().into(),
            Content::PageFile(file) => file.size_bytes,
        }
    }
}

impl PageFile {
    /// How many pages there are.
    pub(super) fn size_pages(&self) -> u64 {
        self.size_bytes.div_ceil(PAGE_SIZE)
    }

    /// Whether its pages are committed by views.
    pub fn is_reserved(&self) -> bool {
        self.is_reserved
    }

    /// The frame of a page, made at its first touch.
    pub(super) fn page(&self, number: u64) -> Result<CommonFrame, Error> {
        let mut pages = self.pages.lock();
        match pages
            .touched
            .binary_search_by_key(&number, |(page, _)| *page)
        {
            Ok(index) => match pages.touched.get(index) {
                Some((_, frame)) => Ok(frame.clone()),
                None => Err(Error::OutOfMemory),
            },
            Err(index) => {
                pages.touched.try_reserve(1)?;
                let frame = CommonFrame::zeroed()?;
                pages.touched.insert(index, (number, frame.clone()));
                Ok(frame)
            }
        }
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

/// A view of a section of the page file in one address space.
#[derive(Clone)]
pub struct SectionView {
    /// The section.
    pub section: Ref<Section>,
    /// The section's page that the view begins with.
    pub first_page: u64,
}

impl SectionView {
    pub(super) fn file(&self) -> Result<&PageFile, Error> {
        match self.section.content() {
            Content::PageFile(file) => Ok(file),
            Content::Image(_) => Err(VmError::NotMappedView.into()),
        }
    }

    /// The section's pages that a part of a view at `base` shows.
    pub(super) fn pages_of(&self, base: vm::Page, part: PageRange) -> (u64, u64) {
        let first = part.start.pages_since(base);
        (self.first_page.saturating_add(first), part.size_pages())
    }
}
