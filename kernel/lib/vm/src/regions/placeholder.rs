//! Placeholders: addresses kept for memory or a view that is to replace them.
//!
//! They are split, joined, replaced exactly ([`super::Place::Placeholder`]), and
//! come back when what replaced them goes. Source: Microsoft's pages on
//! `VirtualAlloc2`, `VirtualFree` and `UnmapViewOfFile2`.

use super::{Allocation, Freed, Kind, Regions, Run};
use crate::{Page, PageRange, Parameter, VmError};

impl Regions {
    /// `MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER`: makes the range a placeholder of
    /// its own, which is a part of one, or the memory that replaced one.
    pub fn release_to_placeholder(
        &mut self,
        address: u64,
        size_bytes: u64,
    ) -> Result<Freed, VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Third)?;
        if range.is_empty() {
            return Err(VmError::InvalidParameter(Parameter::Third));
        }
        let allocation = self
            .allocation(range.start)
            .ok_or(VmError::MemoryNotAllocated)?;
        if !allocation.range.covers(range) {
            return Err(VmError::UnableToFree);
        }
        if allocation.is_view() {
            return Err(VmError::UnableToDeleteSection);
        }
        let may_be_one = match allocation.run.kind {
            Kind::Placeholder => allocation.range != range,
            _ => allocation.run.traits.was_placeholder,
        };
        if !may_be_one {
            return Err(VmError::ConflictingAddresses);
        }
        let position = allocation.position;
        self.make_room_for_cuts(range)?;
        self.put_placeholder(position, range);
        Ok(Freed {
            unmap: range,
            keeps_writes: false,
            reported_size_bytes: range.size_bytes(),
        })
    }

    /// `MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS`: makes one of the placeholders,
    /// two at least, that fill the range.
    pub fn coalesce(&mut self, address: u64, size_bytes: u64) -> Result<Freed, VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Third)?;
        if range.is_empty() {
            return Err(VmError::InvalidParameter(Parameter::Third));
        }
        let first = self.position(range.start);
        let mut end = range.start;
        let mut count = 0_usize;
        for run in self.runs_from(first, range.end) {
            if run.kind != Kind::Placeholder || run.range.start != end {
                return Err(VmError::ConflictingAddresses);
            }
            end = run.range.end;
            count = count.saturating_add(1);
        }
        if end != range.end || count < 2 {
            return Err(VmError::ConflictingAddresses);
        }
        self.put_placeholder(first, range);
        Ok(Freed {
            unmap: PageRange::new(range.start, range.start),
            keeps_writes: false,
            reported_size_bytes: range.size_bytes(),
        })
    }

    /// `MEM_PRESERVE_PLACEHOLDER`: unmaps the view that holds `address` and makes
    /// its place the placeholder again that it was.
    pub fn unmap_view_to_placeholder(
        &mut self,
        address: u64,
    ) -> Result<(PageRange, Kind), VmError> {
        let allocation = self
            .allocation(Page::containing(address))
            .filter(Allocation::is_view)
            .ok_or(VmError::NotMappedView)?;
        if !allocation.run.traits.was_placeholder {
            return Err(VmError::ConflictingAddresses);
        }
        let (range, kind) = (allocation.range, allocation.run.kind);
        self.put_placeholder(self.position(range.start), range);
        Ok((range, kind))
    }

    /// Whether the memory or the view at an address can become a placeholder.
    #[must_use]
    pub fn was_placeholder(&self, page: Page) -> bool {
        let found = self.allocation(page);
        found.is_some_and(|found| found.run.traits.was_placeholder)
    }

    /// Puts one placeholder where the runs of `range` are, of which there is one
    /// at least. Room for the cuts must have been made.
    fn put_placeholder(&mut self, position: usize, range: PageRange) {
        let index = self.remove(position, range);
        // There is room: a run has just gone.
        self.runs.insert(index, Run::placeholder(range));
        self.taken_pages = self.taken_pages.saturating_add(range.size_pages());
        self.rebase_rest(index.saturating_add(1), range.end);
    }
}
