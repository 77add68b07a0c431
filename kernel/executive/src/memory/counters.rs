//! How much memory a process has.

use super::space::{Space, UserMemory};

/// Pages of a process, and its faults.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryCounters {
    /// Addresses that are taken.
    pub taken_pages: u64,
    /// The most that ever were.
    pub peak_taken_pages: u64,
    /// What is promised to it.
    pub committed_pages: u64,
    /// The most that ever was.
    pub peak_committed_pages: u64,
    /// What it has been given.
    pub resident_pages: u64,
    /// What of it nobody else has.
    pub private_resident_pages: u64,
    /// The most it ever had.
    pub peak_resident_pages: u64,
    /// Page faults that were resolved, or could not be.
    pub faults: u64,
}

impl UserMemory {
    /// How much there is.
    pub fn counters(&self) -> MemoryCounters {
        self.with(|space| space.counters())
    }
}

impl Space {
    fn counters(&self) -> MemoryCounters {
        let residency = self.tables.residency();
        MemoryCounters {
            taken_pages: self.regions.taken_pages(),
            peak_taken_pages: self.regions.peak_taken_pages(),
            committed_pages: self.regions.committed_pages(),
            peak_committed_pages: self.regions.peak_committed_pages(),
            resident_pages: residency.pages,
            private_resident_pages: residency.private_pages,
            peak_resident_pages: residency.peak_pages,
            faults: self.faults,
        }
    }
}
