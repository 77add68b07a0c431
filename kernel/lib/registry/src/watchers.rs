//! Who watches keys, and who is told of their changes.
//!
//! An opening of a key watches from its first request on, in the way that this one
//! says, until it is closed. What changes while none of its requests waits it
//! remembers for the next one. A request may watch one more key beside it, which
//! nobody remembers anything of.

use crate::{Change, KeyId, Registry, RegistryError, Watch};
use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

/// Those who watch, with requests that are answered once.
#[derive(Debug)]
pub struct Watchers<R> {
    /// In the order of their places.
    entries: Vec<Entry<R>>,
    /// Whether some of them are over.
    is_any_over: bool,
    last_number: u64,
}

/// An opening of a key that watches, or is about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    key: KeyId,
    number: u64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watching {
    /// It waits for a change.
    Waits,
    /// There was one since the request before; this one is not kept.
    Changed,
}

#[derive(Debug)]
struct Entry<R> {
    place: Opening,
    watch: Watch,
    role: Role<R>,
}

#[derive(Debug)]
enum Role<R> {
    /// An opening.
    Lasting {
        /// Since its last request was answered; then none waits.
        has_changed: bool,
        waiting: Vec<Waiting<R>>,
    },
    /// A key that a request of that opening watches too.
    Beside(Opening),
    Over,
}

#[derive(Debug)]
struct Waiting<R> {
    request: R,
    beside: Option<Opening>,
}

impl<R> Watchers<R> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            is_any_over: false,
            last_number: 0,
        }
    }

    /// A new opening of a key. It watches nothing yet.
    pub fn opening(&mut self, key: KeyId) -> Opening {
        self.last_number = self.last_number.wrapping_add(1);
        Opening {
            key,
            number: self.last_number,
        }
    }

    /// A request waits for a change of an opening's key, or of a key `beside` it,
    /// which has to be in another hive. Only the first of an opening has a say in
    /// what is watched.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`], [`RegistryError::NoMemory`];
    /// [`RegistryError::InvalidParameter`] for keys of one hive.
    pub fn watch<S>(
        &mut self,
        registry: &Registry<S>,
        opening: Opening,
        watch: Watch,
        beside: Option<KeyId>,
        request: R,
    ) -> Result<Watching, RegistryError> {
        let hive = registry.hive(opening.key)?;
        if let Some(beside) = beside
            && registry.hive(beside)? == hive
        {
            return Err(RegistryError::InvalidParameter);
        }
        // Room for both, before anything is done.
        self.entries.try_reserve(2)?;
        let place = match self.entries.binary_search_by_key(&opening, Entry::place) {
            Ok(place) => place,
            Err(place) => {
                let mut waiting = Vec::new();
                waiting.try_reserve(1)?;
                let role = Role::Lasting {
                    has_changed: false,
                    waiting,
                };
                self.insert(place, opening, watch, role);
                place
            }
        };
        let beside = beside.map(|key| self.opening(key));
        let Some(Entry {
            watch,
            role:
                Role::Lasting {
                    has_changed,
                    waiting,
                },
            ..
        }) = self.entries.get_mut(place)
        else {
            unreachable!("an opening's place is its own while it is open");
        };
        if mem::take(has_changed) {
            return Ok(Watching::Changed);
        }
        waiting.try_reserve(1)?;
        waiting.push(Waiting { request, beside });
        let watch = *watch;
        if let Some(beside) = beside {
            let place = self.entries.binary_search_by_key(&beside, Entry::place);
            let (Ok(place) | Err(place)) = place;
            self.insert(place, beside, watch, Role::Beside(opening));
        }
        Ok(Watching::Waits)
    }

    /// Something has changed: gives the requests to be answered to `tell`.
    pub fn report<S>(&mut self, registry: &Registry<S>, change: Change, tell: &mut dyn FnMut(R)) {
        if self.entries.is_empty() || change.what == 0 {
            return;
        }
        let mut at = Some(change.key);
        while let Some(key) = at {
            for index in self.of(key) {
                let entry = self.entries.get(index);
                if entry.is_some_and(|entry| entry.watch.wants(change, key != change.key)) {
                    self.changed(index, tell);
                }
            }
            at = registry.parent(key);
        }
        self.sweep();
    }

    /// A key is gone. Nobody can watch it any more.
    pub fn deleted(&mut self, key: KeyId, tell: &mut dyn FnMut(R)) {
        for index in self.of(key) {
            self.changed(index, tell);
            self.set_over(index);
        }
        self.sweep();
    }

    /// An opening is closed.
    pub fn closed(&mut self, opening: Opening, tell: &mut dyn FnMut(R)) {
        if let Ok(index) = self.entries.binary_search_by_key(&opening, Entry::place) {
            self.changed(index, tell);
            self.set_over(index);
        }
        self.sweep();
    }

    /// Takes the requests of an opening back that are meant; how many.
    pub fn cancel(
        &mut self,
        opening: Opening,
        is_meant: impl Fn(&R) -> bool,
        tell: &mut dyn FnMut(R),
    ) -> usize {
        let mut cancelled = 0_usize;
        while let Some(waiting) = self.take_waiting(opening, |waiting| is_meant(&waiting.request)) {
            self.end(waiting, tell);
            cancelled = cancelled.saturating_add(1);
        }
        self.sweep();
        cancelled
    }

    /// What has something to do with a key.
    fn of(&self, key: KeyId) -> Range<usize> {
        let first = self.entries.partition_point(|entry| entry.place.key < key);
        let end = self.entries.partition_point(|entry| entry.place.key <= key);
        first..end
    }

    /// Where there is room.
    fn insert(&mut self, index: usize, place: Opening, watch: Watch, role: Role<R>) {
        let entry = Entry { place, watch, role };
        self.entries.insert(index.min(self.entries.len()), entry);
    }

    /// What an entry watches has changed.
    fn changed(&mut self, index: usize, tell: &mut dyn FnMut(R)) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        let beside = entry.place;
        match &mut entry.role {
            Role::Lasting {
                has_changed,
                waiting,
            } => {
                *has_changed = waiting.is_empty();
                for waiting in mem::take(waiting) {
                    self.end(waiting, tell);
                }
            }
            Role::Beside(opening) => {
                let opening = *opening;
                let is_its = |waiting: &Waiting<R>| waiting.beside == Some(beside);
                if let Some(waiting) = self.take_waiting(opening, is_its) {
                    self.end(waiting, tell);
                }
            }
            Role::Over => {}
        }
    }

    /// A request that waits no longer.
    fn end(&mut self, waiting: Waiting<R>, tell: &mut dyn FnMut(R)) {
        if let Some(beside) = waiting.beside
            && let Ok(index) = self.entries.binary_search_by_key(&beside, Entry::place)
        {
            self.set_over(index);
        }
        tell(waiting.request);
    }

    /// The first such request of an opening.
    fn take_waiting(
        &mut self,
        opening: Opening,
        is_it: impl Fn(&Waiting<R>) -> bool,
    ) -> Option<Waiting<R>> {
        let index = self.entries.binary_search_by_key(&opening, Entry::place);
        match &mut self.entries.get_mut(index.ok()?)?.role {
            // The position is one of the list.
            Role::Lasting { waiting, .. } => {
                let position = waiting.iter().position(is_it)?;
                Some(waiting.remove(position))
            }
            Role::Beside(_) | Role::Over => None,
        }
    }

    fn set_over(&mut self, index: usize) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.role = Role::Over;
            self.is_any_over = true;
        }
    }

    /// Takes away what is over.
    fn sweep(&mut self) {
        if mem::take(&mut self.is_any_over) {
            let is_over = |entry: &Entry<R>| matches!(entry.role, Role::Over);
            self.entries.retain(|entry| !is_over(entry));
        }
    }
}

impl<R> Default for Watchers<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Entry<R> {
    const fn place(&self) -> Opening {
        self.place
    }
}
