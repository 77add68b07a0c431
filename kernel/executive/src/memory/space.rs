//! One process's address space: regions, page tables and the images in view.

use alloc::vec::Vec;

use hal::lock::Lock;
use hal::memory::address_space::{Backing, Root};
use hal::memory::{OwnedFrame, PermanentFrame, layout};
use hal::{AddressSpace, Ref};
use vm::fault::Backing as EntryBacking;
use vm::{
    AllocateRequest, AllocationType, Change, Kind, MemoryInfo, Page, PageRange, Place, Protection,
    Rights, State, VmError,
};

use super::commit::ChargedRegions;
use super::image::Image;
use crate::{Error, rank};

const PAGE_BYTES: usize = 4096;

/// A process's memory, locked for each operation.
pub struct UserMemory {
    space: Lock<rank::Space, Space>,
    root: Ref<Root>,
}

impl UserMemory {
    /// An empty one.
    pub fn new() -> Result<Self, Error> {
        let tables = AddressSpace::new()?;
        let root = tables.root();
        let bounds = PageRange::new(
            Page::containing(layout::USER_START),
            Page::containing(layout::USER_END),
        );
        let space = Space {
            regions: ChargedRegions::new(bounds),
            tables,
            views: Vec::new(),
        };
        Ok(Self {
            space: Lock::new(space),
            root,
        })
    }

    /// What an execution needs to run in it.
    pub fn root(&self) -> Ref<Root> {
        self.root.clone()
    }

    /// Uses the space while nobody else does.
    pub fn with<T>(&self, operate: impl FnOnce(&mut Space) -> T) -> T {
        operate(&mut self.space.lock())
    }

    /// Looks at the space unless somebody uses it: for reports, which must not wait.
    pub fn try_with<T>(&self, look: impl FnOnce(&Space) -> T) -> Option<T> {
        Some(look(&*self.space.try_lock()?))
    }
}

/// The inside of a process's memory.
pub struct Space {
    pub(super) regions: ChargedRegions,
    pub(super) tables: AddressSpace,
    /// The images in view; a region's image number is an index here.
    views: Vec<View>,
}

/// An image in view.
#[derive(Clone)]
pub struct View {
    /// The image.
    pub image: Ref<Image>,
    /// Where it lies in this address space.
    pub base: u64,
}

impl Space {
    /// NtAllocateVirtualMemory's work: reserves, commits or both.
    pub fn allocate(&mut self, request: &AllocateRequest) -> Result<PageRange, Error> {
        let allocated = self.regions.change(|regions| regions.allocate(request))?;
        self.apply(allocated.change);
        Ok(allocated.range)
    }

    /// Takes commitment back; returns the range and the size to report.
    pub fn decommit(&mut self, address: u64, size_bytes: u64) -> Result<(PageRange, u64), Error> {
        let freed = self
            .regions
            .change(|regions| regions.decommit(address, size_bytes))?;
        self.tables.unmap(freed.unmap);
        Ok((freed.unmap, freed.reported_size_bytes))
    }

    /// Frees an allocation or its end; returns the range and the size to report.
    pub fn release(&mut self, address: u64, size_bytes: u64) -> Result<(PageRange, u64), Error> {
        let freed = self
            .regions
            .change(|regions| regions.release(address, size_bytes))?;
        self.tables.unmap(freed.unmap);
        Ok((freed.unmap, freed.reported_size_bytes))
    }

    /// Changes protections; returns the range and the first page's old one.
    pub fn protect(
        &mut self,
        address: u64,
        size_bytes: u64,
        protection: Protection,
    ) -> Result<(PageRange, Protection), Error> {
        let protected = self
            .regions
            .change(|regions| regions.protect(address, size_bytes, protection))?;
        self.apply(protected.change);
        Ok((protected.range, protected.old))
    }

    /// What is at an address.
    pub fn query(&self, address: u64) -> Result<MemoryInfo, Error> {
        Ok(self.regions.query(address)?)
    }

    /// Memory of the kernel's choosing that the program may use and free.
    pub fn allocate_private(&mut self, size_bytes: u64) -> Result<PageRange, Error> {
        const COMMIT_AND_RESERVE: u32 = 0x3000;
        self.allocate(&AllocateRequest {
            address: 0,
            zero_bits: 0,
            size_bytes,
            allocation_type: AllocationType::from_nt(COMMIT_AND_RESERVE)?,
            protection: Protection::READ_WRITE,
        })
    }

    /// Memory that the program may write but neither free nor change.
    pub fn place_fixed(&mut self, size_pages: u64) -> Result<PageRange, Error> {
        let state = State::Committed(Protection::READ_WRITE);
        self.place(
            Place::ANYWHERE,
            size_pages,
            Kind::Fixed,
            Protection::READ_WRITE,
            state,
        )
    }

    /// Shows a page that the kernel keeps writing, read-only, at a fixed address.
    pub fn place_published(&mut self, address: u64, frame: PermanentFrame) -> Result<(), Error> {
        let page = Page::containing(address);
        let state = State::Committed(Protection::READ_ONLY);
        self.place(
            Place::At(page),
            1,
            Kind::Fixed,
            Protection::READ_ONLY,
            state,
        )?;
        let rights = Rights {
            read: true,
            ..Rights::NONE
        };
        self.tables.map(page, Backing::Permanent(frame), rights)?;
        Ok(())
    }

    /// A stack whose guard page moves down; its pages, the highest ones usable.
    pub fn place_stack(
        &mut self,
        size_bytes: u64,
        committed_bytes: u64,
    ) -> Result<PageRange, Error> {
        let (size, committed) = (pages(size_bytes), pages(committed_bytes));
        let stack = self
            .regions
            .change(|regions| regions.place_stack(Place::ANYWHERE, size, committed))?;
        Ok(stack)
    }

    /// Takes out what the kernel placed at an address; nothing there is fine.
    pub fn remove(&mut self, address: u64) {
        let base = Page::containing(address);
        let removed = self
            .regions
            .change(|regions| Ok(regions.remove_allocation(base)));
        if let Ok(Some(range)) = removed {
            self.tables.unmap(range);
        }
    }

    fn place(
        &mut self,
        place: Place,
        size_pages: u64,
        kind: Kind,
        protection: Protection,
        state: State,
    ) -> Result<PageRange, Error> {
        let placed = self
            .regions
            .change(|regions| regions.place(place, size_pages, kind, protection, state))?;
        Ok(placed)
    }

    /// Fills committed, untouched private pages from `start` on.
    pub fn fill(&mut self, start: u64, bytes: &[u8]) -> Result<(), Error> {
        let first = Page::containing(start);
        for (number, part) in bytes.chunks(PAGE_BYTES).enumerate() {
            let page = first.plus(u64::try_from(number).map_err(|_| Error::TooLong)?);
            let info = self
                .regions
                .look_up(page)
                .ok_or(VmError::MemoryNotAllocated)?;
            let mut frame = OwnedFrame::zeroed()?;
            let target = frame
                .bytes_mut()
                .get_mut(..part.len())
                .ok_or(Error::TooLong)?;
            target.copy_from_slice(part);
            let rights = info.rights(EntryBacking::Private);
            self.tables.map(page, Backing::Private(frame), rights)?;
        }
        Ok(())
    }

    /// Puts an image into view and returns its base: the image's own, or
    /// another where that is taken.
    pub fn place_image(&mut self, image: &Ref<Image>) -> Result<u64, Error> {
        let id = u32::try_from(self.views.len()).map_err(|_| Error::OutOfMemory)?;
        self.views.try_reserve(1)?;
        let view = image.view();
        let range = self
            .place_image_at(
                Place::At(Page::containing(image.base())),
                view.page_count(),
                id,
            )
            .or_else(|error| match view.is_relocatable() {
                true => self.place_image_at(Place::ANYWHERE, view.page_count(), id),
                false => Err(error),
            })?;
        for segment in view.map_plan() {
            let protection = match (segment.protection.write, segment.protection.execute) {
                (true, _) => Protection::WRITE_COPY,
                (_, true) => Protection::EXECUTE_READ,
                _ if segment.protection.read => Protection::READ_ONLY,
                _ => Protection::NO_ACCESS,
            };
            let first = range.start.plus(segment.first_page.into());
            let part = PageRange::sized(first, segment.page_count.into());
            let protected = self.protect(part.start.address(), part.size_bytes(), protection);
            if let Err(error) = protected {
                self.regions
                    .change(|regions| Ok(regions.remove_allocation(range.start)))?;
                return Err(error);
            }
        }
        let base = range.start.address();
        self.views.push(View {
            image: image.clone(),
            base,
        });
        Ok(base)
    }

    fn place_image_at(
        &mut self,
        place: Place,
        page_count: u32,
        id: u32,
    ) -> Result<PageRange, Error> {
        let state = State::Committed(Protection::NO_ACCESS);
        let protection = Protection::EXECUTE_WRITE_COPY;
        self.place(
            place,
            page_count.into(),
            Kind::Image { id },
            protection,
            state,
        )
    }

    /// The image that holds an address.
    pub fn image_at(&self, address: u64) -> Option<&View> {
        match self.regions.look_up(Page::containing(address))?.kind {
            Kind::Image { id } => self.view(id),
            _ => None,
        }
    }

    /// The image of that number: they are numbered from 0 as they come into view.
    pub fn view(&self, id: u32) -> Option<&View> {
        self.views.get(usize::try_from(id).ok()?)
    }

    /// Whether an address is in memory of the program's own that it has not
    /// touched yet, and so reads as zero.
    pub fn is_untouched(&self, address: u64) -> bool {
        let page = Page::containing(address);
        let is_readable = self.regions.look_up(page).is_some_and(|info| {
            let is_own = matches!(info.kind, Kind::Private | Kind::Stack | Kind::Fixed);
            is_own && info.rights(EntryBacking::Private).read
        });
        is_readable && self.tables.shown(page).is_none()
    }

    /// Gives entered pages the rights that the regions now say.
    fn apply(&mut self, change: Change) {
        let Change::Update(range) = change else {
            return;
        };
        let regions = &self.regions;
        self.tables.protect(range, |page, shown| {
            let backing = match shown.is_private {
                true => EntryBacking::Private,
                false => EntryBacking::Shared,
            };
            regions
                .look_up(page)
                .map_or(Rights::NONE, |info| info.rights(backing))
        });
    }
}

fn pages(bytes: u64) -> u64 {
    bytes.div_ceil(vm::PAGE_SIZE)
}
