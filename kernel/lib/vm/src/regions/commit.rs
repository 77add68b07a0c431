//! Committing pages of an allocation that exists.

use super::allocate::check_private;
use super::{Allocated, Change, Kind, Regions, State};
use crate::{Parameter, Protection, VmError};

impl Regions {
    /// Commits the pages of the range that are not, and gives all of them
    /// the protection. The range must lie in one allocation. Its pages may be
    /// committed already (NT then changes their protection).
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
            Kind::Private | Kind::Stack => {}
            Kind::Image { .. } | Kind::Mapped { .. } => return Err(VmError::AlreadyCommitted),
            Kind::Fixed => return Err(VmError::ConflictingAddresses),
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
}
