//! How much of the kernel's memory programs hold by what they ask of files.
//!
//! A request is charged to the process that asked, with the data it brings, until
//! it is answered. What is written to a pipe and not read is charged to whoever
//! made the instance, packets of a completion port to whoever made the port. Beyond
//! a process's share, or all processes', the asker gets an error; what is there
//! already is not touched.

use core::sync::atomic::{AtomicU64, Ordering};

use hal::Ref;
use pipes::PipeStatus;
use vm::PAGE_SIZE;

use crate::memory::commit_limit_pages;
use crate::{Error, scheduler};

/// One process's share of what programs may commit together.
const PROCESS_SHARE_SHIFT: u32 = 4;
/// The share of all of them together.
const SHARE_SHIFT: u32 = 2;

static ALL: AtomicU64 = AtomicU64::new(0);

/// What one process holds.
pub(crate) struct IoQuota {
    used_bytes: AtomicU64,
}

impl IoQuota {
    /// Of a process that holds nothing.
    pub(crate) fn new() -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            used_bytes: AtomicU64::new(0),
        })?)
    }

    /// The current process's.
    pub(super) fn current() -> Result<Ref<Self>, Error> {
        let thread = scheduler::current().ok_or(Error::InvalidDeviceRequest)?;
        Ok(thread.process().io_quota().clone())
    }

    /// Whether so many bytes more may be held.
    pub(crate) fn check(&self, bytes: usize) -> Result<(), Error> {
        let limit = commit_limit_pages().saturating_mul(PAGE_SIZE);
        let bytes = count(bytes);
        let own = self.used_bytes.load(Ordering::Relaxed);
        let all = ALL.load(Ordering::Relaxed);
        let fits = |used: u64, shift| used.saturating_add(bytes) <= limit >> shift;
        (fits(own, PROCESS_SHARE_SHIFT) && fits(all, SHARE_SHIFT))
            .then_some(())
            .ok_or(Error::Pipe(PipeStatus::InsufficientResources))
    }

    /// Holds so many bytes more.
    pub(crate) fn charge(&self, bytes: usize) -> Result<(), Error> {
        self.check(bytes)?;
        self.used_bytes.fetch_add(count(bytes), Ordering::Relaxed);
        ALL.fetch_add(count(bytes), Ordering::Relaxed);
        Ok(())
    }

    /// Gives so many of them back.
    pub(crate) fn give_back(&self, bytes: usize) {
        self.used_bytes.fetch_sub(count(bytes), Ordering::Relaxed);
        ALL.fetch_sub(count(bytes), Ordering::Relaxed);
    }
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
