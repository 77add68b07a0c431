//! Runs: pages of an allocation that are equal in everything.

use super::{Kind, Locks, PageInfo, State};
use crate::{Page, PageRange, Protection};

/// Pages that are equal in everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub range: PageRange,
    pub base: Page,
    pub kind: Kind,
    pub state: State,
    pub allocation_protection: Protection,
    /// Of the whole allocation.
    pub traits: Traits,
    /// Counts as committed memory. True for the committed pages of private
    /// memory, and for the pages of a view from the moment they may be
    /// copied: the copies stay when the protection changes back.
    pub is_charged: bool,
    /// What keeps its pages in memory.
    pub locks: Locks,
}

/// What all pages of an allocation have in common, beside its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    /// It keeps the protection it was made with.
    pub is_sealed: bool,
    /// It took the place of a placeholder, which can be had back.
    pub was_placeholder: bool,
}

/// An allocation that was found by one of its pages.
pub(super) struct Allocation<'a> {
    /// Index of the run that holds the page.
    pub position: usize,
    /// That run.
    pub run: &'a Run,
    /// All pages of the allocation.
    pub range: PageRange,
}

impl Run {
    /// A placeholder.
    pub(super) const fn placeholder(range: PageRange) -> Self {
        Self {
            range,
            base: range.start,
            kind: Kind::Placeholder,
            state: State::Reserved,
            allocation_protection: Protection::NO_ACCESS,
            traits: Traits {
                is_sealed: false,
                was_placeholder: false,
            },
            is_charged: false,
            locks: Locks::NONE,
        }
    }

    pub(super) const fn info(&self) -> PageInfo {
        PageInfo {
            run: self.range,
            allocation_base: self.base,
            kind: self.kind,
            state: self.state,
        }
    }

    pub(super) const fn charged_pages(&self) -> u64 {
        if self.is_charged {
            self.range.size_pages()
        } else {
            0
        }
    }

    /// Pages of it in `range`.
    pub(super) fn pages_in(&self, range: PageRange) -> u64 {
        self.range.intersection(range).size_pages()
    }

    /// True when `next`, the run after it, can become part of it. Runs of one
    /// allocation agree in kind, traits and allocation protection.
    pub(super) fn joins(&self, next: &Self) -> bool {
        self.base == next.base
            && self.state == next.state
            && self.is_charged == next.is_charged
            && self.locks == next.locks
    }
}

impl Allocation<'_> {
    pub(super) fn is_view(&self) -> bool {
        self.run.kind.is_view()
    }
}

impl Kind {
    /// True for views of sections.
    #[must_use]
    pub const fn is_view(self) -> bool {
        matches!(self, Self::Image { .. } | Self::Mapped { .. })
    }

    /// True for memory that the program itself commits, protects and frees.
    #[must_use]
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Private | Self::Watched | Self::Stack)
    }
}
