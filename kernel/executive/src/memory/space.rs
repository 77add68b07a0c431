//! One process's address space: regions, page tables and the images in view.

use hal::lock::Lock;
use hal::memory::address_space::{Backing, Root};
use hal::memory::{OwnedFrame, PermanentFrame, layout};
use hal::{AddressSpace, Ref};
use vm::fault::Backing as EntryBacking;
use vm::{
    Access, AllocateRequest, AllocationType, Change, Kind, MemoryInfo, Page, PageRange, Place,
    Protection, Rights, Span, State, VmError,
};

use super::commit::ChargedRegions;
use super::quota::Quota;
use super::section::SectionView;
use super::views::View;
use crate::slots::Slots;
use crate::{Error, rank};

const PAGE_BYTES: usize = 4096;

/// A process's memory, locked for each operation.
pub struct UserMemory {
    space: Lock<rank::Space, Space>,
    root: Ref<Root>,
}

impl UserMemory {
    /// An empty one.
    #[inline]
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
            views: Slots::new(),
            sections: Slots::new(),
            faults: 0,
            is_closed: false,
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
    /// The images in view, by their regions' numbers.
    pub(super) views: Slots<View>,
    /// The data sections in view, by their regions' numbers.
    pub(super) sections: Slots<SectionView>,
    pub(super) faults: u64,
    is_closed: bool,
}

impl Space {
    /// NtAllocateVirtualMemory's work: reserves, commits or both.
    pub fn allocate(&mut self, request: &AllocateRequest) -> Result<PageRange, Error> {
        self.check_open()?;
        if request.commits_only() {
            self.commit_section(request.address, request.size_bytes)?;
        }
        let allocated = self.regions.change(|regions| regions.allocate(request))?;
        self.apply(allocated.change);
        Ok(allocated.range)
    }

    /// Takes commitment back; returns the range and the size to report.
    pub fn decommit(&mut self, address: u64, size_bytes: u64) -> Result<(PageRange, u64), Error> {
        let freed = self
            .regions
            .change(|regions| regions.decommit(address, size_bytes))?;
        match freed.keeps_writes {
            true => self.tables.unmap_watched(freed.unmap),
            false => self.tables.unmap(freed.unmap),
        }
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

    /// Makes a placeholder of what replaced one, or of a part of one.
    pub fn release_to_placeholder(
        &mut self,
        address: u64,
        size_bytes: u64,
    ) -> Result<(PageRange, u64), Error> {
        self.check_open()?;
        let freed = self
            .regions
            .change(|regions| regions.release_to_placeholder(address, size_bytes))?;
        self.tables.unmap(freed.unmap);
        Ok((freed.unmap, freed.reported_size_bytes))
    }

    /// Makes one placeholder of several; returns the range and the size to report.
    pub fn coalesce(&mut self, address: u64, size_bytes: u64) -> Result<(PageRange, u64), Error> {
        let freed = self
            .regions
            .change(|regions| regions.coalesce(address, size_bytes))?;
        Ok((freed.unmap, freed.reported_size_bytes))
    }

    /// What a program can use at all.
    pub fn bounds(&self) -> PageRange {
        self.regions.bounds()
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

    /// Gives everything back: the process has ended, and nothing can be placed in
    /// its memory any more.
    pub fn close(&mut self) {
        self.is_closed = true;
        self.tables.clear();
        let nothing = PageRange::new(self.regions.bounds().start, self.regions.bounds().start);
        self.regions = self.regions.replaced(nothing);
        self.views.clear();
        self.sections.clear();
    }

    /// Charges what the process commits to a quota, and to those it is nested in;
    /// the quota so far must be one of them. That one is given back.
    pub fn set_quota(&mut self, quota: Ref<Quota>) -> Option<Ref<Quota>> {
        self.regions.set_quota(quota)
    }

    /// What the process is charged to, if it is in a job.
    pub fn quota(&self) -> Option<Ref<Quota>> {
        self.regions.quota()
    }

    fn check_open(&self) -> Result<(), Error> {
        match self.is_closed {
            true => Err(Error::Ending),
            false => Ok(()),
        }
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
            span: Span::ALL,
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

    /// Shows a page of the kernel's at a fixed address, not to be written.
    pub fn place_published(
        &mut self,
        address: u64,
        frame: PermanentFrame,
        protection: Protection,
    ) -> Result<(), Error> {
        let page = Page::containing(address);
        let state = State::Committed(protection);
        self.place(Place::At(page), 1, Kind::Fixed, protection, state)?;
        let rights = Rights {
            write: false,
            ..protection.rights()
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

    pub(super) fn place(
        &mut self,
        place: Place,
        size_pages: u64,
        kind: Kind,
        protection: Protection,
        state: State,
    ) -> Result<PageRange, Error> {
        self.check_open()?;
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
            let rights = info.rights(EntryBacking::Private, Access::Write);
            self.tables.map(page, Backing::Private(frame), rights)?;
        }
        Ok(())
    }

    /// Whether an address is in memory of the program's own that it has not
    /// touched yet, and so reads as zero.
    pub fn is_untouched(&self, address: u64) -> bool {
        let page = Page::containing(address);
        let is_readable = self.regions.look_up(page).is_some_and(|info| {
            let is_own = info.kind.is_own() || info.kind == Kind::Fixed;
            is_own && info.rights(EntryBacking::Private, Access::Read).read
        });
        is_readable && self.tables.shown(page).is_none()
    }

    /// Gives entered pages the rights that the regions now say.
    #[inline]
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
            // What was written last may be about to be written again.
            let access = match shown.rights.write {
                true => Access::Write,
                false => Access::Read,
            };
            regions
                .look_up(page)
                .map_or(Rights::NONE, |info| info.rights(backing, access))
        });
    }
}

fn pages(bytes: u64) -> u64 {
    bytes.div_ceil(vm::PAGE_SIZE)
}
