//! Making an allocation: at an address, or in the lowest or highest gap.

use super::allocate::limit;
use super::{Kind, Regions, Run, State};
use crate::{Page, PageRange, Protection, VmError};

/// Where an allocation is to be. Gaps are taken at multiples of 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Exactly there.
    At(Page),
    /// In the lowest gap that is large enough, ending at or below `below`.
    Lowest {
        /// First page that may not be used.
        below: Page,
    },
    /// In the highest such gap, at its upper end.
    Highest {
        /// First page that may not be used.
        below: Page,
    },
}

impl Place {
    /// Wherever there is room, from the lowest address up.
    pub const ANYWHERE: Self = Self::Lowest {
        below: Page(u64::MAX),
    };

    /// Wherever there is room, as `zero_bits` of a call limits it (see
    /// [`super::AllocateRequest`]).
    pub fn anywhere(zero_bits: u64, top_down: bool) -> Result<Self, VmError> {
        let below = limit(zero_bits)?;
        Ok(match top_down {
            true => Self::Highest { below },
            false => Self::Lowest { below },
        })
    }
}

impl Regions {
    /// Makes an allocation of `size_pages` pages, all in one state. This is
    /// also how the kernel places views and memory of its own; images are
    /// then given the protections of their sections by [`Regions::protect`].
    /// `protection` is reported as the allocation's; for a view it limits
    /// what its pages can be given, and may be writable and executable.
    pub fn place(
        &mut self,
        place: Place,
        size_pages: u64,
        kind: Kind,
        protection: Protection,
        state: State,
    ) -> Result<PageRange, VmError> {
        let (index, range) = self.find_gap(place, size_pages)?;
        let is_charged = is_charged(kind, state);
        let charged_pages = if is_charged { size_pages } else { 0 };
        self.check_commitment(charged_pages)?;
        self.make_room(1)?;
        self.committed_pages = self.committed_pages.saturating_add(charged_pages);
        let run = Run {
            range,
            base: range.start,
            kind,
            state,
            allocation_protection: protection,
            is_charged,
        };
        self.runs.insert(index, run);
        Ok(range)
    }

    /// A free range, and the index its run will have.
    fn find_gap(&self, place: Place, size_pages: u64) -> Result<(usize, PageRange), VmError> {
        match place {
            Place::At(start) => {
                let range = PageRange::sized(start, size_pages);
                let index = self.position(start);
                let is_taken = self
                    .runs
                    .get(index)
                    .is_some_and(|run| run.range.start < range.end);
                if is_taken || range.is_empty() || !self.bounds.covers(range) {
                    return Err(VmError::ConflictingAddresses);
                }
                Ok((index, range))
            }
            Place::Lowest { below } => self.lowest_gap(size_pages, below),
            Place::Highest { below } => self.highest_gap(size_pages, below),
        }
        .and_then(|found| match found.1.is_empty() {
            true => Err(VmError::NoMemory),
            false => Ok(found),
        })
    }

    fn lowest_gap(&self, size_pages: u64, below: Page) -> Result<(usize, PageRange), VmError> {
        let end = self.bounds.end.min(below);
        let mut range = PageRange::sized(self.bounds.start.granule_up(), size_pages);
        let mut index: usize = 0;
        for run in &self.runs {
            if range.end <= run.range.start {
                break;
            }
            range = PageRange::sized(run.range.end.granule_up(), size_pages);
            index = index.saturating_add(1);
        }
        if range.end > end {
            return Err(VmError::NoMemory);
        }
        Ok((index, range))
    }

    fn highest_gap(&self, size_pages: u64, below: Page) -> Result<(usize, PageRange), VmError> {
        let mut end = self.bounds.end.min(below);
        let mut index = self.runs.len();
        let below_runs = self.runs.iter().rev().map(|run| run.range);
        let lowest = PageRange::new(Page(0), self.bounds.start);
        for taken in below_runs.chain([lowest]) {
            let start = end.minus(size_pages).granule_down();
            if start >= taken.end && PageRange::sized(start, size_pages).end <= end {
                return Ok((index, PageRange::sized(start, size_pages)));
            }
            end = end.min(taken.start);
            index = index.saturating_sub(1);
        }
        Err(VmError::NoMemory)
    }
}

/// True when pages of this kind and state count as committed memory: they do
/// unless they are backed by the section they are a view of.
pub(super) const fn is_charged(kind: Kind, state: State) -> bool {
    match (kind, state) {
        (_, State::Reserved) => false,
        (Kind::Image { .. } | Kind::Mapped { .. }, State::Committed(protection)) => {
            protection.is_copy_on_write()
        }
        (Kind::Private | Kind::Stack | Kind::Fixed, State::Committed(_)) => true,
    }
}
