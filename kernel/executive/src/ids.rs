//! The numbers of processes and threads, and what they stand for.
//!
//! Numbers are multiples of four, as NT's are, and are not used again. One
//! stands for its process or thread until that has ended and has no handle.

use alloc::vec::Vec;

use hal::lock::Lock;

use crate::object::Object;
use crate::{Error, rank};

const STEP: u64 = 4;

struct Ids {
    last: u64,
    /// Sorted by number.
    entries: Vec<(u64, Object)>,
}

static IDS: Lock<rank::Ids, Ids> = Lock::new(Ids {
    last: 0,
    entries: Vec::new(),
});

/// A number that stands for nothing yet.
pub(crate) fn new() -> u64 {
    let mut ids = IDS.lock();
    ids.last = ids.last.saturating_add(STEP);
    ids.last
}

/// Lets a number stand for an object.
pub(crate) fn publish(id: u64, object: Object) -> Result<(), Error> {
    let mut ids = IDS.lock();
    ids.entries.try_reserve(1)?;
    let place = ids.place(id).unwrap_or_else(|place| place);
    ids.entries.insert(place, (id, object));
    Ok(())
}

/// Lets a number stand for nothing.
pub(crate) fn forget(id: u64) {
    let mut ids = IDS.lock();
    let forgotten = match ids.place(id) {
        Ok(place) => Some(ids.entries.remove(place)),
        Err(_) => None,
    };
    drop(ids);
    // Outside the lock: this may be the last reference.
    drop(forgotten);
}

/// What a number stands for; as NT does, its two lowest bits do not count.
pub fn find(id: u64) -> Option<Object> {
    let ids = IDS.lock();
    let place = ids.place(id & !(STEP.wrapping_sub(1))).ok()?;
    Some(ids.entries.get(place)?.1.clone())
}

/// The first process or thread with a higher number than `id` that `is_wanted`.
pub fn next_after(id: u64, is_wanted: impl Fn(&Object) -> bool) -> Option<Object> {
    let ids = IDS.lock();
    let (Ok(first) | Err(first)) = ids.place(id.saturating_add(1));
    let mut later = ids.entries.get(first..).unwrap_or_default().iter();
    let (_, object) = later.find(|(_, object)| is_wanted(object))?;
    Some(object.clone())
}

/// How many numbers stand for something.
pub fn count() -> usize {
    IDS.lock().entries.len()
}

impl Ids {
    fn place(&self, id: u64) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&id, |(id, _)| *id)
    }
}
