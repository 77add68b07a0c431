//! `NtFreeVirtualMemory` and `NtUnmapViewOfSection`: giving memory back.
//!
//! NT releases any part of an allocation; what is left above the part is an
//! allocation of its own. Source: ReactOS's test of `NtAllocateVirtualMemory`
//! ("case B", seen on Windows), though Microsoft's page asks for size 0.

use super::{Allocation, Kind, Locks, Regions, State};
use crate::{Page, PageRange, Parameter, VmError};

/// Memory that was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freed {
    /// Pages to take out of the page tables; their frames lose an owner.
    pub unmap: PageRange,
    /// Whether it is still asked which of them were written.
    pub keeps_writes: bool,
    /// The size to report: 0 where a whole allocation was decommitted by
    /// size 0 (Windows since 1709, by Wine's test).
    pub reported_size_bytes: u64,
}

impl Regions {
    /// Makes committed pages reserved again; pages that are reserved already
    /// stay. Size 0 at an allocation's base means all of it.
    pub fn decommit(&mut self, address: u64, size_bytes: u64) -> Result<Freed, VmError> {
        let (position, range) = self.range_to_free(address, size_bytes)?;
        let kind = self.runs.get(position).map(|run| run.kind);
        if matches!(kind, Some(Kind::Placeholder | Kind::Window)) {
            return Err(VmError::ConflictingAddresses);
        }
        self.make_room_for_cuts(range)?;
        self.change(position, range, |run| {
            run.state = State::Reserved;
            run.is_charged = false;
            run.locks = Locks::NONE;
        });
        Ok(Freed {
            unmap: range,
            keeps_writes: kind == Some(Kind::Watched),
            reported_size_bytes: if size_bytes == 0 {
                0
            } else {
                range.size_bytes()
            },
        })
    }

    /// Makes pages free, whatever their state. Size 0 at an allocation's base
    /// means all of it.
    pub fn release(&mut self, address: u64, size_bytes: u64) -> Result<Freed, VmError> {
        let (position, range) = self.range_to_free(address, size_bytes)?;
        self.make_room_for_cuts(range)?;
        let above = self.remove(position, range);
        self.rebase_rest(above, range.end);
        Ok(Freed {
            unmap: range,
            keeps_writes: false,
            reported_size_bytes: range.size_bytes(),
        })
    }

    /// Removes the view that holds `address`; says which it was.
    pub fn unmap_view(&mut self, address: u64) -> Result<(PageRange, Kind), VmError> {
        let allocation = self
            .allocation(Page::containing(address))
            .filter(Allocation::is_view)
            .ok_or(VmError::NotMappedView)?;
        let (range, kind) = (allocation.range, allocation.run.kind);
        self.remove(self.position(range.start), range);
        Ok((range, kind))
    }

    /// Removes the allocation that starts at `base`, of any kind: for memory
    /// that the kernel placed (TEBs, stacks). `None` when there is none.
    #[inline]
    pub fn remove_allocation(&mut self, base: Page) -> Option<PageRange> {
        let allocation = self.allocation(base)?;
        let (position, range) = (allocation.position, allocation.range);
        if range.start != base {
            return None;
        }
        self.remove(position, range);
        Some(range)
    }

    /// Checks what a program wants to free; says also in which run it starts.
    #[inline]
    fn range_to_free(&self, address: u64, size_bytes: u64) -> Result<(usize, PageRange), VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Third)?;
        let allocation = self
            .allocation(range.start)
            .ok_or(VmError::MemoryNotAllocated)?;
        if !allocation.range.covers(range) {
            return Err(VmError::UnableToFree);
        }
        if allocation.is_view() || allocation.run.kind == Kind::Fixed {
            return Err(VmError::UnableToDeleteSection);
        }
        if size_bytes > 0 {
            return Ok((allocation.position, range));
        }
        if range.start != allocation.range.start {
            return Err(VmError::FreeNotAtBase);
        }
        Ok((allocation.position, allocation.range))
    }

    /// Makes what is left of an allocation from `start` on, the runs from
    /// index `first` on, one of its own.
    pub(super) fn rebase_rest(&mut self, first: usize, start: Page) {
        for run in self.runs.get_mut(first..).unwrap_or_default() {
            if run.base >= start {
                break;
            }
            run.base = start;
        }
    }
}
