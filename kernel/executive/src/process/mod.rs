//! Processes: an address space, a personality and how it ended.

pub mod personality;
mod thread;

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use arrayvec::ArrayString;
use hal::Ref;

use crate::memory::image::NAME_BYTES;
use crate::memory::{Image, UserMemory};
use crate::{Error, Personality};
pub use thread::{Runnable, Thread};

/// NT's process and thread numbers are multiples of four.
const ID_STEP: u64 = 4;
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
    has_ended: AtomicBool,
    status: AtomicU32,
}

impl Process {
    /// A process without threads, named after its image.
    pub fn new(image: &Image, personality: &'static dyn Personality) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            id: new_id(),
            name: ArrayString::from(image.name()).map_err(|_| Error::TooLong)?,
            memory: UserMemory::new()?,
            personality,
            has_ended: AtomicBool::new(false),
            status: AtomicU32::new(0),
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
        if !self.has_ended.swap(true, Ordering::Relaxed) {
            self.status.store(status, Ordering::Relaxed);
        }
    }

    /// Its status, once it has ended.
    pub fn ended(&self) -> Option<u32> {
        self.has_ended
            .load(Ordering::Relaxed)
            .then(|| self.status.load(Ordering::Relaxed))
    }
}
