//! `NtQueryVirtualMemory(MemoryBasicInformation)`: what is at an address.

use super::{Kind, Regions, Run, State};
use crate::{Page, PageRange, Parameter, VmError};

/// The answer, in the numbers of `MEMORY_BASIC_INFORMATION` (NT `winnt.h`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryInfo {
    /// First address of the page asked about.
    pub base_address: u64,
    /// First address of its allocation; 0 when free.
    pub allocation_base: u64,
    /// `PAGE_*` the allocation was made with; 0 when free.
    pub allocation_protect: u32,
    /// Bytes from `base_address` on that are equal.
    pub region_size_bytes: u64,
    /// `MEM_COMMIT`, `MEM_RESERVE` or `MEM_FREE`.
    pub state: u32,
    /// `PAGE_*` now; 0 when reserved, `PAGE_NOACCESS` when free.
    pub protect: u32,
    /// `MEM_PRIVATE`, `MEM_MAPPED` or `MEM_IMAGE`; 0 when free.
    pub kind: u32,
}

const MEM_COMMIT: u32 = 0x1000;
const MEM_RESERVE: u32 = 0x2000;
const MEM_FREE: u32 = 0x1_0000;
const MEM_PRIVATE: u32 = 0x2_0000;
const MEM_MAPPED: u32 = 0x4_0000;
const MEM_IMAGE: u32 = 0x100_0000;
const PAGE_NOACCESS: u32 = 0x01;

/// A whole allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeAllocation {
    /// All its pages.
    pub range: PageRange,
    /// What it is.
    pub kind: Kind,
    /// How many of its pages are committed.
    pub committed_pages: u64,
}

impl Regions {
    /// The allocation that holds a page.
    #[must_use]
    pub fn whole_allocation(&self, page: Page) -> Option<WholeAllocation> {
        let found = self.allocation(page)?;
        let (range, kind) = (found.range, found.run.kind);
        let runs = self.runs_from(self.position(range.start), range.end);
        let committed = runs.filter(|run| run.state != State::Reserved);
        Some(WholeAllocation {
            range,
            kind,
            committed_pages: committed
                .map(|run| run.range.size_pages())
                .fold(0, u64::saturating_add),
        })
    }

    /// Describes the pages from `address` on that are equal.
    pub fn query(&self, address: u64) -> Result<MemoryInfo, VmError> {
        let page = Page::containing(address);
        if page >= self.bounds.end {
            return Err(VmError::InvalidParameter(Parameter::Unnumbered));
        }
        let position = self.position(page);
        match self.runs.get(position) {
            Some(run) if run.range.start <= page => {
                Ok(run.describe(PageRange::new(page, self.end_of_equal(position, run))))
            }
            next => {
                let end = next.map_or(self.bounds.end, |run| run.range.start);
                Ok(free(PageRange::new(page, end)))
            }
        }
    }

    /// Where the pages end that a program sees as equal to `run`: runs that
    /// differ only in what is charged are equal to it.
    fn end_of_equal(&self, position: usize, run: &Run) -> Page {
        let following = self.runs.get(position..).unwrap_or_default();
        following
            .iter()
            .take_while(|next| next.base == run.base && next.state == run.state)
            .last()
            .map_or(run.range.end, |last| last.range.end)
    }
}

impl Run {
    const fn describe(&self, range: PageRange) -> MemoryInfo {
        let (state, protect) = match self.state {
            State::Reserved => (MEM_RESERVE, 0),
            State::Committed(protection) => (MEM_COMMIT, protection.nt()),
        };
        MemoryInfo {
            base_address: range.start.address(),
            allocation_base: self.base.address(),
            allocation_protect: self.allocation_protection.nt(),
            region_size_bytes: range.size_bytes(),
            state,
            protect,
            kind: match self.kind {
                Kind::Mapped { .. } => MEM_MAPPED,
                Kind::Image { .. } => MEM_IMAGE,
                _ => MEM_PRIVATE,
            },
        }
    }
}

const fn free(range: PageRange) -> MemoryInfo {
    MemoryInfo {
        base_address: range.start.address(),
        allocation_base: 0,
        allocation_protect: 0,
        region_size_bytes: range.size_bytes(),
        state: MEM_FREE,
        protect: PAGE_NOACCESS,
        kind: 0,
    }
}
