//! Making an allocation: at an address, or in the lowest or highest gap.

use super::run::Traits;
use super::{Kind, Locks, Regions, Run, Span, State};
use crate::{Page, PageRange, Protection, VmError};

/// Where an allocation is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Exactly there.
    At(Page),
    /// In the lowest gap of the span that is large enough.
    Lowest(Span),
    /// In the highest such gap, at its upper end.
    Highest(Span),
    /// Instead of the placeholder of that size that begins there.
    Placeholder(Page),
}

impl Place {
    /// Wherever there is room, from the lowest address up.
    pub const ANYWHERE: Self = Self::Lowest(Span::ALL);

    /// Wherever there is room in the span.
    #[must_use]
    pub const fn anywhere(span: Span, top_down: bool) -> Self {
        match top_down {
            true => Self::Highest(span),
            false => Self::Lowest(span),
        }
    }
}

impl Regions {
    /// Makes an allocation of `size_pages` pages, all in one state. This is
    /// also how the kernel places views and memory of its own; images are
    /// then given the protections of their sections by [`Regions::protect`].
    /// `protection` is reported as the allocation's; for a view it limits
    /// what its pages can be given.
    pub fn place(
        &mut self,
        place: Place,
        size_pages: u64,
        kind: Kind,
        protection: Protection,
        state: State,
    ) -> Result<PageRange, VmError> {
        let (index, range) = self.find_gap(place, size_pages)?;
        let is_charged = is_charged(kind, state, protection);
        let charged_pages = if is_charged { size_pages } else { 0 };
        self.check_commitment(charged_pages)?;
        let was_placeholder = matches!(place, Place::Placeholder(_));
        let run = Run {
            range,
            base: range.start,
            kind,
            state,
            allocation_protection: protection,
            traits: Traits {
                is_sealed: false,
                was_placeholder,
            },
            is_charged,
            locks: Locks::NONE,
        };
        match self.runs.get_mut(index).filter(|_| was_placeholder) {
            Some(placeholder) => *placeholder = run,
            None => {
                self.make_room(1)?;
                self.runs.insert(index, run);
                self.taken_pages = self.taken_pages.saturating_add(size_pages);
            }
        }
        self.committed_pages = self.committed_pages.saturating_add(charged_pages);
        Ok(range)
    }

    /// Makes the allocation at `base` keep the protection it was made with.
    pub fn seal(&mut self, base: Page) {
        let first = self.position(base);
        let runs = self.runs.get_mut(first..).unwrap_or_default();
        for run in runs.iter_mut().take_while(|run| run.base == base) {
            run.traits.is_sealed = true;
        }
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
            Place::Placeholder(start) => {
                let range = PageRange::sized(start, size_pages);
                let index = self.position(start);
                let found = self.runs.get(index);
                match found.is_some_and(|run| run.kind == Kind::Placeholder && run.range == range) {
                    true => Ok((index, range)),
                    false => Err(VmError::ConflictingAddresses),
                }
            }
            Place::Lowest(span) => self.lowest_gap(size_pages, span),
            Place::Highest(span) => self.highest_gap(size_pages, span),
        }
        .and_then(|found| match found.1.is_empty() {
            true => Err(VmError::NoMemory),
            false => Ok(found),
        })
    }

    fn lowest_gap(&self, size_pages: u64, span: Span) -> Result<(usize, PageRange), VmError> {
        let end = self.bounds.end.min(span.below);
        let start = span.start_at_or_above(self.bounds.start);
        let mut range = PageRange::sized(start, size_pages);
        let mut index = self.position(start);
        for run in self.runs.get(index..).unwrap_or_default() {
            if range.end <= run.range.start {
                break;
            }
            range = PageRange::sized(span.start_at_or_above(run.range.end), size_pages);
            index = index.saturating_add(1);
        }
        if range.end > end {
            return Err(VmError::NoMemory);
        }
        Ok((index, range))
    }

    fn highest_gap(&self, size_pages: u64, span: Span) -> Result<(usize, PageRange), VmError> {
        let mut end = self.bounds.end.min(span.below);
        let lowest = span.from.max(self.bounds.start);
        let mut index = self.position(end);
        if self
            .runs
            .get(index)
            .is_some_and(|run| run.range.start < end)
        {
            index = index.saturating_add(1);
        }
        let below_runs = self.runs.get(..index).unwrap_or_default();
        let below_runs = below_runs.iter().rev().map(|run| run.range);
        for taken in below_runs.chain([PageRange::new(Page(0), lowest)]) {
            let start = span.start_at_or_below(end.minus(size_pages));
            let range = PageRange::sized(start, size_pages);
            if start >= taken.end.max(lowest) && range.end <= end {
                return Ok((index, range));
            }
            end = end.min(taken.start);
            index = index.saturating_sub(1);
        }
        Err(VmError::NoMemory)
    }
}

/// True when pages of this kind and state count as committed memory: they do
/// unless they are backed by the section they are a view of. A view that copies
/// pages is charged for all of them when it is made, whatever its section has
/// committed by then: no touch must find that there is nothing left.
pub(super) const fn is_charged(kind: Kind, state: State, allocation: Protection) -> bool {
    match (kind, state) {
        (Kind::Mapped { .. }, State::Reserved) => allocation.is_copy_on_write(),
        (_, State::Reserved) => false,
        (Kind::Image { .. } | Kind::Mapped { .. }, State::Committed(protection)) => {
            protection.is_copy_on_write()
        }
        (_, State::Committed(_)) => true,
    }
}
