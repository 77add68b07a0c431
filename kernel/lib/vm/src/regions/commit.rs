//! Committing pages of an allocation that exists.

use super::allocate::check_private;
use super::{Allocated, Change, Kind, Regions, Run, State};
use crate::{PageRange, Parameter, Protection, VmError};

impl Regions {
    /// Commits the pages of the range that are not, and gives all of them
    /// the protection. The range must lie in one allocation. Its pages may be
    /// committed already (NT then changes their protection), but those of a
    /// view must not: there, only a reserved section's pages are committed, which
    /// the section charges; the view charges those that it may copy.
    pub fn commit(
        &mut self,
        address: u64,
        size_bytes: u64,
        protection: Protection,
    ) -> Result<Allocated, VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Fourth)?;
        if range.is_empty() {
            return Err(VmError::InvalidParameter(Parameter::Fourth));
        }
        check_private(protection)?;
        let allocation = self
            .allocation(range.start)
            .filter(|allocation| allocation.range.covers(range))
            .ok_or(VmError::ConflictingAddresses)?;
        let position = allocation.position;
        match allocation.run.kind {
            Kind::Private | Kind::Watched | Kind::Stack => {}
            Kind::Mapped { .. } => return self.commit_view(position, range, protection),
            Kind::Image { .. } => return Err(VmError::AlreadyCommitted),
            Kind::Fixed | Kind::Placeholder | Kind::Window => {
                return Err(VmError::ConflictingAddresses);
            }
        }
        let reserved_pages = self
            .runs_from(position, range.end)
            .filter(|run| run.state == State::Reserved)
            .fold(0, |pages: u64, run| {
                pages.saturating_add(run.pages_in(range))
            });
        self.check_commitment(reserved_pages)?;
        self.make_room_for_cuts(range)?;
        self.change(position, range, |run| {
            run.state = State::Committed(protection);
            run.is_charged = true;
        });
        Ok(Allocated {
            range,
            change: if reserved_pages == range.size_pages() {
                Change::None
            } else {
                Change::Update(range)
            },
        })
    }

    /// Commits reserved pages of one run of a view as the view was made: another
    /// view of the section has committed them there.
    pub fn adopt(&mut self, range: PageRange) -> Result<(), VmError> {
        let position = self.position(range.start);
        let run = self.runs.get(position).ok_or(VmError::NotMappedView)?;
        let is_reserved_view =
            matches!(run.kind, Kind::Mapped { .. }) && run.state == State::Reserved;
        if range.is_empty() || !is_reserved_view || !run.range.covers(range) {
            return Err(VmError::NotMappedView);
        }
        let protection = run.allocation_protection;
        self.commit_in_view(position, range, protection)
    }

    fn commit_view(
        &mut self,
        position: usize,
        range: PageRange,
        protection: Protection,
    ) -> Result<Allocated, VmError> {
        let is_reserved = |run: &Run| run.state == State::Reserved;
        if !self.runs_from(position, range.end).any(is_reserved) {
            return Err(VmError::AlreadyCommitted);
        }
        let run = self.runs.get(position).ok_or(VmError::NotMappedView)?;
        if run.traits.is_sealed && protection != run.allocation_protection {
            return Err(VmError::InvalidPageProtection);
        }
        let protection = protection
            .for_view(run.allocation_protection)
            .ok_or(VmError::SectionProtection)?;
        self.commit_in_view(position, range, protection)?;
        Ok(Allocated {
            range,
            change: Change::Update(range),
        })
    }

    /// The section's pages are charged by the section, their copies here.
    fn commit_in_view(
        &mut self,
        position: usize,
        range: PageRange,
        protection: Protection,
    ) -> Result<(), VmError> {
        let copies = protection.is_copy_on_write();
        let newly_charged_pages = self
            .runs_from(position, range.end)
            .filter(|run| copies && !run.is_charged)
            .fold(0, |pages: u64, run| {
                pages.saturating_add(run.pages_in(range))
            });
        self.check_commitment(newly_charged_pages)?;
        self.make_room_for_cuts(range)?;
        self.change(position, range, |run| {
            run.state = State::Committed(protection);
            run.is_charged |= copies;
        });
        Ok(())
    }
}
