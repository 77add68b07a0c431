//! Quotas: what a group of processes may commit, together and each.
//!
//! A process's regions are charged to its quota and to all that quota is nested
//! in, as are the sections of the page file that it makes, until they go. The numbers change under the commitment's lock only.

use core::sync::atomic::{AtomicU64, Ordering};

use hal::Ref;
use spin::Once;
use vm::PAGE_SIZE;

use crate::{Error, scheduler};

const UNLIMITED: u64 = u64::MAX;

/// A limit of commitment, and what has come of it.
pub struct Quota {
    limit_pages: AtomicU64,
    process_limit_pages: AtomicU64,
    charged_pages: AtomicU64,
    peak_pages: AtomicU64,
    process_peak_pages: AtomicU64,
    /// Which limit refused something last, and the process: 0 or the number, whose
    /// lowest bit is set for the limit of each process.
    refusal: AtomicU64,
    /// What it is a part of.
    parent: Once<Ref<Self>>,
}

/// Which limit refuses something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// That of each process.
    OfProcess,
    /// That of all together.
    OfAll,
}

/// Set for [`Refusal::OfProcess`]; the two lowest bits of numbers are not.
const OF_PROCESS: u64 = 1;

impl Quota {
    /// One without limits.
    pub fn new() -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            limit_pages: AtomicU64::new(UNLIMITED),
            process_limit_pages: AtomicU64::new(UNLIMITED),
            charged_pages: AtomicU64::new(0),
            peak_pages: AtomicU64::new(0),
            process_peak_pages: AtomicU64::new(0),
            refusal: AtomicU64::new(0),
            parent: Once::new(),
        })?)
    }

    /// Sets the limits, for each process and for all. What is committed beyond
    /// them stays.
    pub fn set_limits(&self, process_bytes: Option<u64>, bytes: Option<u64>) {
        let pages = |bytes: Option<u64>| {
            bytes.map_or(UNLIMITED, |bytes| bytes.checked_div(PAGE_SIZE).unwrap_or(0))
        };
        self.process_limit_pages
            .store(pages(process_bytes), Ordering::Relaxed);
        self.limit_pages.store(pages(bytes), Ordering::Relaxed);
    }

    /// Makes it a part of another, for good. Nothing must be charged to it yet.
    pub fn nest_in(&self, parent: &Ref<Self>) {
        self.parent.call_once(|| parent.clone());
    }

    /// The most that was committed: by one process, and together.
    pub fn peak_bytes(&self) -> (u64, u64) {
        let bytes = |pages: &AtomicU64| pages.load(Ordering::Relaxed).saturating_mul(PAGE_SIZE);
        (bytes(&self.process_peak_pages), bytes(&self.peak_pages))
    }

    /// What is committed now.
    pub fn charged_bytes(&self) -> u64 {
        let charged = self.charged_pages.load(Ordering::Relaxed);
        charged.saturating_mul(PAGE_SIZE)
    }

    /// Notes that the current process was refused what would be beyond a limit. With
    /// what a process has, it is one of its regions that was to grow.
    #[cold]
    pub(super) fn note_refusal(&self, process_pages: Option<u64>, available: u64) {
        let Some(thread) = scheduler::current() else {
            return;
        };
        let process = thread.process().id();
        for quota in self.chain() {
            let left = |limit: &AtomicU64, used| limit.load(Ordering::Relaxed).saturating_sub(used);
            let charged = quota.charged_pages.load(Ordering::Relaxed);
            let of_each = process_pages
                .is_some_and(|pages| left(&quota.process_limit_pages, pages) <= available);
            if of_each {
                quota.refusal.store(process | OF_PROCESS, Ordering::Relaxed);
            } else if left(&quota.limit_pages, charged) <= available {
                quota.refusal.store(process, Ordering::Relaxed);
            }
        }
    }

    /// Which limit refused something since this was asked last, and to which process.
    pub fn take_refusal(&self) -> Option<(Refusal, u64)> {
        match self.refusal.swap(0, Ordering::Relaxed) {
            0 => None,
            refused if refused & OF_PROCESS == 0 => Some((Refusal::OfAll, refused)),
            refused => Some((Refusal::OfProcess, refused & !OF_PROCESS)),
        }
    }

    /// How many pages more a process may commit that has so many.
    pub(super) fn available_pages(&self, process_pages: u64) -> u64 {
        self.chain().fold(UNLIMITED, |available, quota| {
            let process_limit = quota.process_limit_pages.load(Ordering::Relaxed);
            let limit = quota.limit_pages.load(Ordering::Relaxed);
            let charged = quota.charged_pages.load(Ordering::Relaxed);
            available
                .min(process_limit.saturating_sub(process_pages))
                .min(limit.saturating_sub(charged))
        })
    }

    /// How many pages more may be committed that are no process's: of sections.
    pub(super) fn available_shared_pages(&self) -> u64 {
        self.chain().fold(UNLIMITED, |available, quota| {
            let limit = quota.limit_pages.load(Ordering::Relaxed);
            let charged = quota.charged_pages.load(Ordering::Relaxed);
            available.min(limit.saturating_sub(charged))
        })
    }

    /// Notes that a section has `after` pages instead of `before`.
    pub(super) fn change_shared(&self, before: u64, after: u64) {
        self.chain()
            .for_each(|quota| quota.change_total(before, after));
    }

    /// Notes that a process has `after` pages instead of `before`.
    pub(super) fn change(&self, before: u64, after: u64) {
        self.chain()
            .for_each(|quota| quota.change_own(before, after));
    }

    /// Notes that a process with so many pages, charged to `known` so far, is
    /// charged to this one too.
    pub(super) fn adopt(&self, known: Option<&Self>, pages: u64) {
        let is_known = |quota: &Self| known.is_some_and(|known| core::ptr::eq(known, quota));
        self.chain()
            .take_while(|quota| !is_known(quota))
            .for_each(|quota| quota.change_own(0, pages));
    }

    fn change_own(&self, before: u64, after: u64) {
        self.change_total(before, after);
        self.process_peak_pages.fetch_max(after, Ordering::Relaxed);
    }

    fn change_total(&self, before: u64, after: u64) {
        let others = self
            .charged_pages
            .load(Ordering::Relaxed)
            .saturating_sub(before);
        let charged = others.saturating_add(after);
        self.charged_pages.store(charged, Ordering::Relaxed);
        self.peak_pages.fetch_max(charged, Ordering::Relaxed);
    }

    /// It, and what it is a part of.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        core::iter::successors(Some(self), |quota| {
            quota.parent.get().map(|parent| &**parent)
        })
    }
}
