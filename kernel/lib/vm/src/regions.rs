//! The description of one address space: what is allocated, and how.
//!
//! An allocation is what one reservation or one view made; it has a base, a
//! kind and the protection it was made with. It consists of runs: ranges of
//! pages that are equal in everything. All runs of all allocations stand in
//! one list, sorted by address, so that a page is found by binary search.
//!
//! Rules that hold between any two calls: runs are not empty, do not overlap
//! and lie within the bounds; the runs of an allocation follow each other
//! without a gap; neighbours within an allocation differ; the number of
//! committed pages is right. An operation that fails changes nothing: it
//! checks first, then takes room for the runs it may add, then changes.

mod allocate;
mod commit;
mod free;
mod lock;
#[cfg(test)]
mod lock_tests;
#[cfg(test)]
mod model;
#[cfg(test)]
mod model_tests;
mod place;
mod placeholder;
#[cfg(test)]
mod placeholder_tests;
mod protect;
mod query;
mod run;
mod span;
mod stack;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod view_tests;
mod watch;
#[cfg(test)]
mod watch_tests;

pub use allocate::{AllocateRequest, Allocated, AllocationType, LARGE_PAGE_BYTES};
pub use free::Freed;
pub use lock::Locks;
pub use place::Place;
pub use protect::Protected;
pub use query::{MemoryInfo, WholeAllocation};
pub use span::Span;
pub use stack::StackGrowth;

use run::{Allocation, Run};

use crate::{Page, PageRange, Parameter, Protection, VmError};
use alloc::vec::Vec;

/// What an allocation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Memory of the program's own.
    Private,
    /// The same, and which pages were written is noted.
    Watched,
    /// The same, but its guard page moves down when touched.
    Stack,
    /// Addresses kept for the memory or the view that is to replace it.
    Placeholder,
    /// Addresses at which physical pages could be shown, which nobody can have.
    Window,
    /// Placed by the kernel; the program can neither free nor change it.
    Fixed,
    /// A view of an image section.
    Image {
        /// The executive's number for it.
        id: u32,
    },
    /// A view of a data section.
    Mapped {
        /// The executive's number for it.
        id: u32,
    },
}

/// Whether pages are committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The addresses are taken, nothing more.
    Reserved,
    /// The pages may be used as the protection says.
    Committed(Protection),
}

/// What the page tables need after an operation that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: no entry can exist there.
    None,
    /// Give every frame that is entered in the range the rights of its page
    /// now ([`PageInfo::rights`]), which is the same for all of them.
    Update(PageRange),
}

/// What the regions say of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageInfo {
    /// The pages around it that are equal to it in everything.
    pub run: PageRange,
    /// First page of its allocation; a view's first page is its section's.
    pub allocation_base: Page,
    /// What it belongs to.
    pub kind: Kind,
    /// Whether it is committed.
    pub state: State,
}

/// Most runs in an address space: what bounds the kernel memory that a
/// program can take by reserving and protecting.
const MAX_RUNS: usize = 0x1_0000;
/// Most runs that changing a range adds: one at each end.
const CUTS: usize = 2;

/// The regions of one address space.
#[derive(Debug, PartialEq, Eq)]
pub struct Regions {
    runs: Vec<Run>,
    bounds: PageRange,
    taken_pages: u64,
    committed_pages: u64,
    commit_limit_pages: u64,
    most_runs: usize,
}

impl Regions {
    /// An empty address space: a program can use the pages in `bounds`, and
    /// commit up to `commit_limit_pages` of them.
    #[must_use]
    pub const fn new(bounds: PageRange, commit_limit_pages: u64) -> Self {
        Self {
            runs: Vec::new(),
            bounds,
            taken_pages: 0,
            committed_pages: 0,
            commit_limit_pages,
            most_runs: MAX_RUNS,
        }
    }

    /// The same with room for fewer runs: a small machine's share of the
    /// kernel's memory.
    #[must_use]
    pub fn with_most_runs(self, most_runs: usize) -> Self {
        Self {
            most_runs: most_runs.min(MAX_RUNS),
            ..self
        }
    }

    /// Changes how many pages may be committed, as when other spaces commit.
    pub const fn set_commit_limit(&mut self, commit_limit_pages: u64) {
        self.commit_limit_pages = commit_limit_pages;
    }

    /// What the regions say of a page; `None` when it is free.
    #[must_use]
    pub fn look_up(&self, page: Page) -> Option<PageInfo> {
        let run = self.runs.get(self.position(page))?;
        (run.range.start <= page).then(|| run.info())
    }

    /// All runs that have a page in `range`, in order of address.
    pub fn runs(&self, range: PageRange) -> impl Iterator<Item = PageInfo> {
        self.runs_from(self.position(range.start), range.end)
            .map(Run::info)
    }

    /// Pages a program may use at all.
    #[must_use]
    pub const fn bounds(&self) -> PageRange {
        self.bounds
    }

    /// Pages whose addresses are taken, committed or not.
    #[must_use]
    pub const fn taken_pages(&self) -> u64 {
        self.taken_pages
    }

    /// Pages that count as committed.
    #[must_use]
    pub const fn committed_pages(&self) -> u64 {
        self.committed_pages
    }

    /// Index of the first run that ends above `page`: the run that holds it,
    /// or else the next one.
    fn position(&self, page: Page) -> usize {
        self.runs.partition_point(|run| run.range.end <= page)
    }

    /// The runs from index `first` on that start below `end`.
    fn runs_from(&self, first: usize, end: Page) -> impl Iterator<Item = &Run> {
        let runs = self.runs.get(first..).unwrap_or_default();
        runs.iter().take_while(move |run| run.range.start < end)
    }

    /// The allocation that holds `page`: its first run's index, its range.
    #[inline]
    fn allocation(&self, page: Page) -> Option<Allocation<'_>> {
        let position = self.position(page);
        let run = self.runs.get(position)?;
        if run.range.start > page {
            return None;
        }
        let above = self.runs.get(position.saturating_add(1)..)?;
        let end = match above.first() {
            Some(next) if next.base == run.base => {
                let rest = above.partition_point(|other| other.base == run.base);
                above.get(rest.checked_sub(1)?)?.range.end
            }
            _ => run.range.end,
        };
        Some(Allocation {
            position,
            run,
            range: PageRange::new(run.base, end),
        })
    }

    /// The pages of `size_bytes` bytes from a program's `address`; `size` is
    /// the parameter to blame for the size.
    fn user_range(
        &self,
        address: u64,
        size_bytes: u64,
        size: Parameter,
    ) -> Result<PageRange, VmError> {
        if Page::containing(address) >= self.bounds.end {
            return Err(VmError::InvalidParameter(Parameter::Second));
        }
        PageRange::covering(address, size_bytes)
            .filter(|range| range.end <= self.bounds.end)
            .ok_or(VmError::InvalidParameter(size))
    }

    /// Refuses to commit `pages` more than the limit allows.
    fn check_commitment(&self, pages: u64) -> Result<(), VmError> {
        match self.committed_pages.checked_add(pages) {
            Some(total) if total <= self.commit_limit_pages => Ok(()),
            _ => Err(VmError::CommitmentLimit),
        }
    }

    /// Takes room for the runs an operation may add.
    fn make_room(&mut self, runs: usize) -> Result<(), VmError> {
        if self.runs.len().saturating_add(runs) > self.most_runs {
            return Err(VmError::NoMemory);
        }
        self.runs.try_reserve(runs).map_err(|_| VmError::NoMemory)
    }

    /// Takes room for cutting runs at both ends of `range`. Where there are no
    /// runs to cut, none is needed: giving back all of an allocation works
    /// even when memory is exhausted.
    fn make_room_for_cuts(&mut self, range: PageRange) -> Result<(), VmError> {
        if self.make_room(CUTS).is_ok() {
            return Ok(());
        }
        let is_inside_run = |page: Page| {
            let run = self.runs.get(self.position(page));
            run.is_some_and(|run| run.range.start < page)
        };
        let ends = [range.start, range.end];
        let cuts = ends.into_iter().filter(|&page| is_inside_run(page)).count();
        self.make_room(cuts)
    }

    /// Changes the part of every run that lies in `range`, which starts in
    /// the run with index `position`. Room for the cuts must have been made.
    fn change(&mut self, position: usize, range: PageRange, mut apply: impl FnMut(&mut Run)) {
        let (first, end) = self.cut_out(position, range);
        for run in self.runs.get_mut(first..end).unwrap_or_default() {
            let charged = run.charged_pages();
            apply(run);
            self.committed_pages = self
                .committed_pages
                .saturating_sub(charged)
                .saturating_add(run.charged_pages());
        }
        self.join(first.saturating_sub(1), end.saturating_add(1));
    }

    /// Removes what lies in `range`, which starts in the run with index
    /// `position`; returns the index of the run above. Room for the cuts must
    /// have been made.
    fn remove(&mut self, position: usize, range: PageRange) -> usize {
        let (first, end) = self.cut_out(position, range);
        for run in self.runs.get(first..end).unwrap_or_default() {
            self.taken_pages = self.taken_pages.saturating_sub(run.range.size_pages());
            self.committed_pages = self.committed_pages.saturating_sub(run.charged_pages());
        }
        self.runs.drain(first..end);
        first
    }

    /// Cuts the runs at both ends of `range`; returns the indexes of the first
    /// run in it and of the first above it.
    fn cut_out(&mut self, position: usize, range: PageRange) -> (usize, usize) {
        let first = self.cut(position, range.start);
        let runs = self.runs.get(first..).unwrap_or_default();
        let inside = runs.iter().take_while(|run| run.range.end <= range.end);
        let last = first.saturating_add(inside.count());
        (first, self.cut(last, range.end))
    }

    /// Makes a run start at `page` if one holds it; `position` is the index of
    /// the first run that ends above it. Returns the index of the first run
    /// that starts at or above it.
    #[inline]
    fn cut(&mut self, position: usize, page: Page) -> usize {
        let above = position.saturating_add(1);
        match self.runs.get_mut(position) {
            Some(run) if run.range.start < page => {
                let mut upper = *run;
                upper.range.start = page;
                run.range.end = page;
                self.runs.insert(above, upper);
                above
            }
            _ => position,
        }
    }

    /// Joins equal neighbours among the runs with index `first` to `end`.
    fn join(&mut self, first: usize, end: usize) {
        let mut kept = first;
        let mut next = first.saturating_add(1);
        while next < end {
            let Some(&run) = self.runs.get(next) else {
                break;
            };
            match self.runs.get_mut(kept) {
                Some(last) if last.joins(&run) => last.range.end = run.range.end,
                _ => {
                    kept = kept.saturating_add(1);
                    if let Some(slot) = self.runs.get_mut(kept) {
                        *slot = run;
                    }
                }
            }
            next = next.saturating_add(1);
        }
        let kept_end = kept.saturating_add(1);
        if kept_end < next {
            self.runs.drain(kept_end..next);
        }
    }
}

#[cfg(test)]
impl Regions {
    /// Panics when one of the rules in the module's header is broken.
    pub(crate) fn check(&self) {
        let (mut taken_pages, mut charged_pages) = (0, 0);
        for run in &self.runs {
            taken_pages += run.range.size_pages();
            assert!(!run.range.is_empty() && self.bounds.covers(run.range));
            charged_pages += run.charged_pages();
        }
        assert_eq!(taken_pages, self.taken_pages);
        assert_eq!(charged_pages, self.committed_pages);
        assert!(self.committed_pages <= self.commit_limit_pages);
        for pair in self.runs.windows(2) {
            assert!(pair[0].range.end <= pair[1].range.start);
            if pair[0].base == pair[1].base {
                assert_eq!(pair[0].range.end, pair[1].range.start);
                assert_eq!(pair[0].kind, pair[1].kind);
                assert!(!pair[0].joins(&pair[1]));
            } else {
                assert_eq!(pair[1].base, pair[1].range.start);
            }
        }
    }
}
