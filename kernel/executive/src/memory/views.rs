//! What is in view in an address space: images and data sections.

use hal::Ref;
use vm::{
    Kind, Page, PageRange, Parameter, Place, Protection, Regions, Span, State, VmError,
    WholeAllocation,
};

use super::section::{Content, Section, SectionView};
use super::{HeldImage, Space};
use crate::Error;

/// Views begin at multiples of this, in the address space and in the section.
const GRANULARITY_BYTES: u64 = 0x1_0000;

/// An image in view.
#[derive(Clone)]
pub struct View {
    /// The image.
    pub image: HeldImage,
    /// Where it lies in this address space.
    pub base: u64,
}

/// What a new view of a section is to be.
#[derive(Clone, Copy, Debug)]
pub struct ViewRequest {
    /// Where; 0: anywhere.
    pub address: u64,
    /// Limits "anywhere".
    pub span: Span,
    /// Whether "anywhere" is searched from above.
    pub top_down: bool,
    /// Whether it is to replace the placeholder at the address.
    pub replaces_placeholder: bool,
    /// Whether it is to keep its protection.
    pub is_sealed: bool,
    /// Where in the section it begins.
    pub offset_bytes: u64,
    /// How much of the section; 0: the rest.
    pub size_bytes: u64,
    /// What it allows.
    pub protection: Protection,
}

/// A new view.
#[derive(Clone, Copy, Debug)]
pub struct Viewed {
    /// Where it is.
    pub range: PageRange,
    /// Whether an image is not where it would like to be.
    pub is_moved: bool,
}

impl Space {
    /// Puts a section into view.
    pub fn map_section(
        &mut self,
        section: &Ref<Section>,
        request: &ViewRequest,
    ) -> Result<Viewed, Error> {
        // A placeholder may begin at any page, and be as long as it has become.
        let granularity = match request.replaces_placeholder {
            true => vm::PAGE_SIZE,
            false => GRANULARITY_BYTES,
        };
        let aligned = |value: u64| value.is_multiple_of(granularity);
        if !aligned(request.address) || !aligned(request.offset_bytes) {
            return Err(Error::NotAligned);
        }
        match section.content() {
            Content::Image(image) => self.map_image(image, section.protection(), request),
            Content::PageFile(_) | Content::File(_) => self.map_data(section, request),
        }
    }

    fn map_image(
        &mut self,
        image: &HeldImage,
        most: Protection,
        request: &ViewRequest,
    ) -> Result<Viewed, Error> {
        if request.replaces_placeholder {
            return Err(VmError::InvalidParameter(Parameter::Unnumbered).into());
        }
        let base = match request.address {
            0 if request.span.is_limited() => {
                let place = Place::anywhere(request.span, request.top_down);
                self.place_image_once(image, most, place)?
            }
            0 => self.place_image_with(image, most)?,
            address => self.place_image_once(image, most, Place::At(Page::containing(address)))?,
        };
        let pages = image.view().page_count().into();
        Ok(Viewed {
            range: PageRange::sized(Page::containing(base), pages),
            is_moved: base != image.base(),
        })
    }

    fn map_data(&mut self, section: &Ref<Section>, request: &ViewRequest) -> Result<Viewed, Error> {
        let protection = request.protection;
        let allowed = protection.for_new_view(section.protection());
        let protection = allowed.ok_or(VmError::SectionProtection)?;
        let view = SectionView {
            section: section.clone(),
            first_page: request.offset_bytes.wrapping_div(vm::PAGE_SIZE),
        };
        let rest_pages = section.size_pages().saturating_sub(view.first_page);
        let wanted_pages = request.size_bytes.div_ceil(vm::PAGE_SIZE);
        let size_pages = match wanted_pages {
            0 => rest_pages,
            wanted if wanted <= rest_pages => wanted,
            _ => return Err(Error::ViewTooBig),
        };
        if size_pages == 0 {
            return Err(Error::ViewTooBig);
        }
        let place = match request.address {
            address if request.replaces_placeholder => {
                Place::Placeholder(Page::containing(address))
            }
            0 => Place::anywhere(request.span, request.top_down),
            address => Place::At(Page::containing(address)),
        };
        let state = match section.reserved().is_some() {
            true => State::Reserved,
            false => State::Committed(protection),
        };
        let id = self.sections.next()?;
        let range = self.place(place, size_pages, Kind::Mapped { id }, protection, state)?;
        if request.is_sealed || section.is_sealed() {
            self.regions.change(|regions| {
                regions.seal(range.start);
                Ok(())
            })?;
        }
        self.sections.put(id, view);
        Ok(Viewed {
            range,
            is_moved: false,
        })
    }

    /// Takes the view that holds an address out of view; where it was.
    pub fn unmap_view(&mut self, address: u64) -> Result<PageRange, Error> {
        self.unmap_by(|regions| regions.unmap_view(address))
    }

    /// The same, and leaves the placeholder that the view replaced.
    pub fn unmap_view_to_placeholder(&mut self, address: u64) -> Result<PageRange, Error> {
        self.unmap_by(|regions| regions.unmap_view_to_placeholder(address))
    }

    fn unmap_by(
        &mut self,
        unmap: impl FnOnce(&mut Regions) -> Result<(PageRange, Kind), VmError>,
    ) -> Result<PageRange, Error> {
        let (range, kind) = self.regions.change(unmap)?;
        self.tables.unmap(range);
        match kind {
            Kind::Image { id } => drop(self.views.take(id)),
            Kind::Mapped { id } => drop(self.sections.take(id)),
            _ => {}
        }
        Ok(range)
    }

    /// Puts an image into view and returns its base: the image's own, or
    /// another where that is taken.
    pub fn place_image(&mut self, image: &HeldImage) -> Result<u64, Error> {
        self.place_image_with(image, Protection::EXECUTE_WRITE_COPY)
    }

    /// The same with the most that its pages can be given.
    fn place_image_with(&mut self, image: &HeldImage, most: Protection) -> Result<u64, Error> {
        let wanted = Place::At(Page::containing(image.base()));
        self.place_image_once(image, most, wanted).or_else(|error| {
            match image.view().is_relocatable() {
                true => self.place_image_once(image, most, Place::ANYWHERE),
                false => Err(error),
            }
        })
    }

    fn place_image_once(
        &mut self,
        image: &HeldImage,
        most: Protection,
        place: Place,
    ) -> Result<u64, Error> {
        let id = self.views.next()?;
        let view = image.view();
        let state = State::Committed(Protection::NO_ACCESS);
        let kind = Kind::Image { id };
        let range = self.place(place, view.page_count().into(), kind, most, state)?;
        let can_execute = most.rights().execute;
        for segment in view.map_plan() {
            let executes = segment.protection.execute && can_execute;
            let protection = match (segment.protection.write, executes) {
                (true, true) => Protection::EXECUTE_WRITE_COPY,
                (true, _) => Protection::WRITE_COPY,
                (_, true) => Protection::EXECUTE_READ,
                _ if segment.protection.read => Protection::READ_ONLY,
                _ => Protection::NO_ACCESS,
            };
            let first = range.start.plus(segment.first_page.into());
            let part = PageRange::sized(first, segment.page_count.into());
            let protected = self.protect(part.start.address(), part.size_bytes(), protection);
            if let Err(error) = protected {
                self.remove(range.start.address());
                return Err(error);
            }
        }
        let base = range.start.address();
        self.views.put(
            id,
            View {
                image: image.clone(),
                base,
            },
        );
        Ok(base)
    }

    /// The image that holds an address.
    pub fn image_at(&self, address: u64) -> Option<&View> {
        match self.regions.look_up(Page::containing(address))?.kind {
            Kind::Image { id } => self.view(id),
            _ => None,
        }
    }

    /// The image of that number.
    pub fn view(&self, id: u32) -> Option<&View> {
        self.views.get(id)
    }

    /// The first image from a number on, and its number.
    pub fn first_view_from(&self, number: u32) -> Option<(u32, &View)> {
        self.views.first_from(number)
    }

    /// The view of a data section that holds an address.
    pub fn data_view_at(&self, address: u64) -> Option<PageRange> {
        let found = self.allocation_at(address)?;
        matches!(found.kind, Kind::Mapped { .. }).then_some(found.range)
    }

    /// The allocation that holds an address.
    pub fn allocation_at(&self, address: u64) -> Option<WholeAllocation> {
        self.regions.whole_allocation(Page::containing(address))
    }

    /// Commits pages of a section for all its views, if they lie in one.
    pub(super) fn commit_section(&mut self, address: u64, size_bytes: u64) -> Result<(), Error> {
        let range = PageRange::covering(address, size_bytes);
        let Some(range) = range.filter(|range| !range.is_empty()) else {
            return Ok(());
        };
        let Some(info) = self.regions.look_up(range.start) else {
            return Ok(());
        };
        let Kind::Mapped { id } = info.kind else {
            return Ok(());
        };
        let last = self.regions.look_up(range.end.minus(1));
        let is_inside = last.is_some_and(|last| last.allocation_base == info.allocation_base);
        let view = self.sections.get(id).filter(|_| is_inside);
        let Some(view) = view else {
            // What is wrong with it the regions will say.
            return Ok(());
        };
        let Some(file) = view.section.reserved() else {
            return Ok(());
        };
        let (first, count) = view.pages_of(info.allocation_base, range);
        file.commit(first, count)
    }

    /// Takes over what another view has committed of the section around a page of
    /// this one. False: it is not committed.
    pub(super) fn adopt_commitment(&mut self, page: Page, id: u32) -> Result<bool, Error> {
        let (Some(info), Some(view)) = (self.regions.look_up(page), self.sections.get(id)) else {
            return Ok(false);
        };
        let (number, _) = view.pages_of(info.allocation_base, PageRange::sized(page, 1));
        let reserved = view.section.reserved();
        let committed = reserved.and_then(|file| file.committed_around(number));
        let Some((start, end)) = committed else {
            return Ok(false);
        };
        let page_of = |number: u64| match number.checked_sub(view.first_page) {
            Some(pages) => info.allocation_base.plus(pages),
            None => info.allocation_base,
        };
        let committed = PageRange::new(page_of(start), page_of(end)).intersection(info.run);
        self.regions.change(|regions| regions.adopt(committed))?;
        Ok(true)
    }
}
