//! The numbers of processes and threads, and what they stand for.
//!
//! One stands for its process or thread until that has ended and has no handle.

use hal::lock::Lock;
use objects::{ClientIds, IdError};

use crate::object::Object;
use crate::{Error, rank};

static IDS: Lock<rank::Ids, ClientIds<Object>> = Lock::new(ClientIds::new());

/// A number that was claimed; dropped, it stands for nothing any more.
pub struct Id(u32);

impl Id {
    /// A number that stands for nothing yet.
    pub fn claim() -> Result<Self, Error> {
        Ok(Self(IDS.lock().claim()?))
    }

    /// The number.
    pub fn number(&self) -> u64 {
        self.0.into()
    }

    /// Lets the number stand for an object.
    pub(crate) fn publish(&self, object: Object) {
        let published = IDS.lock().publish(self.0, object);
        assert!(published.is_ok(), "a number was published without a claim");
    }

    /// Lets the number stand for nothing.
    pub(crate) fn forget(&self) {
        let forgotten = IDS.lock().remove(self.0);
        // Outside the lock: this may be the last reference.
        drop(forgotten);
    }
}

impl Drop for Id {
    fn drop(&mut self) {
        self.forget();
    }
}

/// What a number stands for; as NT does, its two lowest bits do not count.
pub fn find(id: u64) -> Option<Object> {
    IDS.lock().get(u32::try_from(id).ok()?).cloned()
}

/// The first process or thread with a higher number than `id` that `is_wanted`.
pub fn next_after(id: u64, is_wanted: impl Fn(&Object) -> bool) -> Option<Object> {
    let mut id = u32::try_from(id).ok()?;
    let ids = IDS.lock();
    loop {
        let (next, object) = ids.next_after(id)?;
        if is_wanted(object) {
            return Some(object.clone());
        }
        id = next;
    }
}

/// How many numbers are taken.
pub fn count() -> usize {
    IDS.lock().len()
}

impl From<IdError> for Error {
    fn from(error: IdError) -> Self {
        match error {
            IdError::NoneLeft => Self::TooManyIds,
            IdError::NoMemory => Self::OutOfMemory,
        }
    }
}
