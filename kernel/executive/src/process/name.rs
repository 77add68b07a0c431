//! The name that a program gives a thread, for people who read reports.

use alloc::vec::Vec;
use arrayvec::ArrayString;
use hal::lock::Lock;

use super::Thread;
use crate::{Error, events, rank};

/// Bytes of a name in a report; the rest is left out.
const SHOWN_BYTES: usize = 64;

/// A name in UTF-16, empty at first.
pub(super) struct ThreadName(Lock<rank::ThreadName, Vec<u16>>);

impl ThreadName {
    pub(super) const fn new() -> Self {
        Self(Lock::new(Vec::new()))
    }
}

impl Thread {
    /// A copy of its name, in UTF-16.
    pub fn name(&self) -> Result<Vec<u16>, Error> {
        let mut copy = Vec::new();
        let name = self.name.0.lock();
        copy.try_reserve_exact(name.len())?;
        copy.extend_from_slice(&name);
        Ok(copy)
    }

    /// Names it.
    pub fn set_name(&self, name: Vec<u16>) {
        if let Some(watcher) = events::watcher() {
            watcher.thread_named(self, &name);
        }
        let before = core::mem::replace(&mut *self.name.0.lock(), name);
        // Outside the lock: the heap may have to give memory back.
        drop(before);
    }

    /// The beginning of its name, if it has one and nobody changes it: for reports,
    /// which must not wait.
    pub(crate) fn shown_name(&self) -> Option<ArrayString<SHOWN_BYTES>> {
        let name = self.name.0.try_lock()?;
        let mut shown = ArrayString::new();
        for letter in char::decode_utf16(name.iter().copied()) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            // A name must not look like lines of the report.
            let letter = match letter.is_control() {
                true => char::REPLACEMENT_CHARACTER,
                false => letter,
            };
            if shown.try_push(letter).is_err() {
                break;
            }
        }
        Some(shown).filter(|shown| !shown.is_empty())
    }
}
