//! `NtProtectVirtualMemory`: changing what committed pages allow.

use super::{Change, Kind, Regions, State, allocate::check_private};
use crate::{Page, PageRange, Parameter, Protection, VmError};

/// A protection that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protected {
    /// The pages: the base and size to report.
    pub range: PageRange,
    /// What the first of them had before.
    pub old: Protection,
    /// What the page tables need.
    pub change: Change,
}

impl Regions {
    /// Gives all pages that hold a byte of the range the protection. They
    /// must be committed and of one allocation. A page of a view that is
    /// never written in place becomes copy-on-write where it is to be
    /// writable.
    pub fn protect(
        &mut self,
        address: u64,
        size_bytes: u64,
        protection: Protection,
    ) -> Result<Protected, VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Third)?;
        if range.is_empty() {
            return Err(VmError::InvalidParameter(Parameter::Third));
        }
        let allocation = self
            .allocation(range.start)
            .filter(|allocation| allocation.range.covers(range))
            .ok_or(VmError::ConflictingAddresses)?;
        let State::Committed(old) = allocation.run.state else {
            return Err(VmError::NotCommitted);
        };
        let protection = match allocation.run.kind {
            Kind::Private | Kind::Watched | Kind::Stack => {
                check_private(protection)?;
                protection
            }
            Kind::Fixed => return Err(VmError::InvalidPageProtection),
            // Nothing of it is committed.
            Kind::Placeholder | Kind::Window => return Err(VmError::NotCommitted),
            Kind::Image { .. } | Kind::Mapped { .. } => {
                let run = allocation.run;
                if run.traits.is_sealed && protection != run.allocation_protection {
                    return Err(VmError::InvalidPageProtection);
                }
                protection
                    .for_view(allocation.run.allocation_protection)
                    .ok_or(VmError::SectionProtection)?
            }
        };
        let position = allocation.position;
        let mut newly_charged_pages: u64 = 0;
        for run in self.runs_from(position, range.end) {
            if run.state == State::Reserved {
                return Err(VmError::NotCommitted);
            }
            if protection.is_copy_on_write() && !run.is_charged {
                newly_charged_pages = newly_charged_pages.saturating_add(run.pages_in(range));
            }
        }
        self.check_commitment(newly_charged_pages)?;
        self.make_room_for_cuts(range)?;
        self.change(position, range, |run| {
            run.state = State::Committed(protection);
            run.is_charged |= protection.is_copy_on_write();
        });
        Ok(Protected {
            range,
            old,
            change: Change::Update(range),
        })
    }

    /// Takes the guard from a page whose guard was hit; false when it has
    /// none any more.
    pub fn clear_guard(&mut self, page: Page) -> Result<bool, VmError> {
        let info = self.look_up(page);
        let Some(State::Committed(protection)) = info.map(|info| info.state) else {
            return Ok(false);
        };
        if !protection.is_guard() {
            return Ok(false);
        }
        let range = PageRange::sized(page, 1);
        self.make_room_for_cuts(range)?;
        self.change(self.position(page), range, |run| {
            run.state = State::Committed(protection.without_guard());
        });
        Ok(true)
    }
}
