//! Commitment: every page promised to any process, against what there is.

use core::ops::Deref;
use core::sync::atomic::{AtomicU64, Ordering};

use hal::Ref;
use hal::lock::Lock;
use vm::{PageRange, Regions, VmError};

use super::quota::Quota;
use crate::rank;

/// The share of memory that page tables and the kernel's own needs may take.
const KERNEL_SHARE_SHIFT: u32 = 5;
/// Frames for each run of pages that a process may have: what bounds the
/// kernel's lists on a small machine.
const FRAMES_A_RUN_SHIFT: u32 = 2;

/// What is promised, and what may be.
struct Commitment {
    limit_pages: u64,
    charged_pages: u64,
    /// The most that ever was charged.
    peak_pages: u64,
}

static COMMITMENT: Lock<rank::Commitment, Commitment> = Lock::new(Commitment {
    limit_pages: 0,
    charged_pages: 0,
    peak_pages: 0,
});

/// The limit, for whoever must not take the lock.
static LIMIT_PAGES: AtomicU64 = AtomicU64::new(0);

/// How many pages may be promised to all processes together.
pub(crate) fn limit_pages() -> u64 {
    LIMIT_PAGES.load(Ordering::Relaxed)
}

/// Sets the limit by the frames that are free. Once, before the first process.
pub fn init() {
    let free = hal::memory::frame_counts().free;
    let limit_pages = free.saturating_sub(free >> KERNEL_SHARE_SHIFT);
    COMMITMENT.lock().limit_pages = limit_pages;
    LIMIT_PAGES.store(limit_pages, Ordering::Relaxed);
}

/// What is promised to all processes together, in pages.
#[derive(Clone, Copy, Debug)]
pub struct CommitmentCounts {
    /// Now.
    pub charged: u64,
    /// At most so far.
    pub peak: u64,
    /// At most ever.
    pub limit: u64,
}

/// How much is promised.
pub fn counts() -> CommitmentCounts {
    let commitment = COMMITMENT.lock();
    CommitmentCounts {
        charged: commitment.charged_pages,
        peak: commitment.peak_pages,
        limit: commitment.limit_pages,
    }
}

impl Commitment {
    fn available_pages(&self) -> u64 {
        self.limit_pages.saturating_sub(self.charged_pages)
    }

    fn change(&mut self, before_pages: u64, after_pages: u64) {
        let others = self.charged_pages.saturating_sub(before_pages);
        self.charged_pages = others.saturating_add(after_pages);
        self.peak_pages = self.peak_pages.max(self.charged_pages);
    }
}

/// Promises so many pages to what the kernel keeps for programs.
pub(crate) fn promise(pages: u64) -> Result<(), VmError> {
    let mut commitment = COMMITMENT.lock();
    if pages > commitment.available_pages() {
        return Err(VmError::CommitmentLimit);
    }
    commitment.change(0, pages);
    Ok(())
}

/// Takes the promise of so many back.
pub(crate) fn give_back(pages: u64) {
    COMMITMENT.lock().change(pages, 0);
}

/// Pages promised to something that is in no process, until this is dropped.
pub(super) struct Charge {
    pages: u64,
    quota: Option<Ref<Quota>>,
}

impl Charge {
    /// None yet, within what a quota has left.
    pub(super) fn to(quota: Option<Ref<Quota>>) -> Self {
        Self { pages: 0, quota }
    }

    /// Promises so many pages more.
    pub(super) fn add(&mut self, pages: u64) -> Result<(), VmError> {
        let mut commitment = COMMITMENT.lock();
        let quota = self.quota.as_ref();
        let in_quota = quota.is_none_or(|quota| pages <= quota.available_shared_pages());
        if !in_quota || pages > commitment.available_pages() {
            if let Some(quota) = quota.filter(|_| !in_quota) {
                quota.note_refusal(None, quota.available_shared_pages());
            }
            return Err(VmError::CommitmentLimit);
        }
        let after = self.pages.saturating_add(pages);
        commitment.change(self.pages, after);
        if let Some(quota) = quota {
            quota.change_shared(self.pages, after);
        }
        self.pages = after;
        Ok(())
    }
}

impl Charge {
    /// How many there are.
    pub(super) fn pages(&self) -> u64 {
        self.pages
    }

    /// Takes the promise of so many back.
    pub(super) fn sub(&mut self, pages: u64) {
        let after = self.pages.saturating_sub(pages);
        let mut commitment = COMMITMENT.lock();
        commitment.change(self.pages, after);
        if let Some(quota) = &self.quota {
            quota.change_shared(self.pages, after);
        }
        self.pages = after;
    }
}

impl Drop for Charge {
    #[inline]
    fn drop(&mut self) {
        let mut commitment = COMMITMENT.lock();
        commitment.change(self.pages, 0);
        if let Some(quota) = &self.quota {
            quota.change_shared(self.pages, 0);
        }
    }
}

/// One process's regions, every change of which is charged to the machine and to
/// the process's quota.
pub(super) struct ChargedRegions {
    regions: Regions,
    peak_taken_pages: u64,
    peak_committed_pages: u64,
    quota: Option<Ref<Quota>>,
}

impl ChargedRegions {
    /// Empty ones.
    pub(super) fn new(bounds: PageRange) -> Self {
        let runs = COMMITMENT.lock().limit_pages >> FRAMES_A_RUN_SHIFT;
        let most_runs = usize::try_from(runs).unwrap_or(usize::MAX);
        Self {
            regions: Regions::new(bounds, 0).with_most_runs(most_runs),
            peak_taken_pages: 0,
            peak_committed_pages: 0,
            quota: None,
        }
    }

    /// Empty ones for the time after these.
    pub(super) fn replaced(&self, bounds: PageRange) -> Self {
        let mut after = Self::new(bounds);
        after.peak_taken_pages = self.peak_taken_pages;
        after.peak_committed_pages = self.peak_committed_pages;
        after
    }

    /// The most pages whose addresses ever were taken.
    pub(super) fn peak_taken_pages(&self) -> u64 {
        self.peak_taken_pages
    }

    /// The most pages that ever were committed.
    pub(super) fn peak_committed_pages(&self) -> u64 {
        self.peak_committed_pages
    }

    /// Changes them, within what the machine and the quota have left.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Regions) -> Result<T, VmError>,
    ) -> Result<T, VmError> {
        let mut commitment = COMMITMENT.lock();
        let before = self.regions.committed_pages();
        let mut available = commitment.available_pages();
        if let Some(quota) = &self.quota {
            available = available.min(quota.available_pages(before));
        }
        self.regions
            .set_commit_limit(before.saturating_add(available));
        let result = change(&mut self.regions);
        let after = self.regions.committed_pages();
        commitment.change(before, after);
        self.peak_taken_pages = self.peak_taken_pages.max(self.regions.taken_pages());
        self.peak_committed_pages = self.peak_committed_pages.max(after);
        if let Some(quota) = &self.quota {
            if matches!(result, Err(VmError::CommitmentLimit)) {
                quota.note_refusal(Some(before), available);
            }
            quota.change(before, after);
        }
        result
    }

    /// What they are charged to.
    pub(super) fn quota(&self) -> Option<Ref<Quota>> {
        self.quota.clone()
    }

    /// Charges them to a quota that is the one so far or a part of it. What is
    /// committed already may pass its limits.
    pub(super) fn set_quota(&mut self, quota: Ref<Quota>) -> Option<Ref<Quota>> {
        let commitment = COMMITMENT.lock();
        quota.adopt(self.quota.as_deref(), self.regions.committed_pages());
        drop(commitment);
        self.quota.replace(quota)
    }
}

impl Deref for ChargedRegions {
    type Target = Regions;
    fn deref(&self) -> &Regions {
        &self.regions
    }
}

impl Drop for ChargedRegions {
    fn drop(&mut self) {
        let before = self.regions.committed_pages();
        let mut commitment = COMMITMENT.lock();
        commitment.change(before, 0);
        if let Some(quota) = &self.quota {
            quota.change(before, 0);
        }
    }
}
