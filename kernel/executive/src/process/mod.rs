//! Processes: an address space, a personality and how it ended.

pub mod personality;
mod thread;

use core::sync::atomic::{AtomicU64, Ordering};

use arrayvec::ArrayString;
use hal::Ref;

use crate::memory::image::NAME_BYTES;
use crate::memory::{Image, UserMemory};
use crate::{Error, Personality};
pub use thread::{Runnable, Thread};

/// NT's process and thread numbers are multiples of four.
const ID_STEP: u64 = 4;
/// No status: the process runs.
const RUNS: u64 = u64::MAX;
static NEXT_ID: AtomicU64 = AtomicU64::new(ID_STEP);

fn new_id() -> u64 {
    NEXT_ID.fetch_add(ID_STEP, Ordering::Relaxed)
}

/// A process.
pub struct Process {
    id: u64,
    name: ArrayString<NAME_BYTES>,
    memory: UserMemory,
    personality: &'static dyn Personality,
    /// Its status once it has ended, else `RUNS`.
    end: AtomicU64,
}

impl Process {
    /// A process without threads, named after its image.
    pub fn new(image: &Image, personality: &'static dyn Personality) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            id: new_id(),
            name: ArrayString::from(image.name()).map_err(|_| Error::TooLong)?,
            memory: UserMemory::new()?,
            personality,
            end: AtomicU64::new(RUNS),
        })?)
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The name of its program.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its memory.
    pub fn memory(&self) -> &UserMemory {
        &self.memory
    }

    /// Who understands its system calls.
    pub fn personality(&self) -> &'static dyn Personality {
        self.personality
    }

    /// Ends it with a status; of several, the first counts. Its thread stops
    /// when it would next go back to user mode.
    pub fn end(&self, status: u32) {
        // A second end changes nothing.
        let _ =
            self.end
                .compare_exchange(RUNS, status.into(), Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Its status, once it has ended.
    pub fn ended(&self) -> Option<u32> {
        u32::try_from(self.end.load(Ordering::Relaxed)).ok()
    }
}
