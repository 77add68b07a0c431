//! All watchers of a volume, and the calls that wait for changes.
//!
//! A watcher is a file object's: its first call makes it, and it goes when the last
//! handle does. What is told of a file is told to the watchers of its directory,
//! and to those of all directories above that watch what is below them too.

#[cfg(test)]
mod tests;

use super::{Change, MAX_BUFFER, Taken, Watcher};
use crate::{FileError, NodeId, Tree};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use objects::SEPARATOR;

/// All watchers of one volume. `T` is a call that waits; `K` is kept with a watcher.
#[derive(Debug)]
pub struct Watches<T, K> {
    /// In the order of their directories.
    watches: Vec<Watch<T, K>>,
}

#[derive(Debug)]
struct Watch<T, K> {
    directory: NodeId,
    /// The file object, in the executive's numbers.
    file: u64,
    watcher: Watcher,
    /// Who has waited longest comes first; with how many bytes each has room for.
    waiting: VecDeque<(T, usize)>,
    kept: K,
}

/// What a call wants to be told. Only the first of a file object says what it
/// watches.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// `FILE_NOTIFY_CHANGE_*`.
    pub filter: u32,
    /// Whether of all that is below the directory.
    pub is_deep: bool,
    /// Into how many bytes.
    pub room: usize,
}

/// How a wait for changes ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Over {
    /// Records.
    Records(Vec<u8>),
    /// Too much happened (`STATUS_NOTIFY_ENUM_DIR`).
    Enumerate,
    /// The directory is being deleted (`STATUS_DELETE_PENDING`).
    Deleted,
    /// The last handle was closed (`STATUS_NOTIFY_CLEANUP`).
    Closed,
    /// It was cancelled.
    Cancelled,
}

impl<T, K> Watches<T, K> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            watches: Vec::new(),
        }
    }

    /// Whether nobody watches anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.watches.is_empty()
    }

    /// How many bytes a watcher of a first call like this may come to keep.
    #[must_use]
    pub fn most_kept(wanted: Wanted) -> usize {
        wanted
            .room
            .min(MAX_BUFFER)
            .saturating_add(size_of::<Watch<T, K>>())
    }

    /// Makes a file object a watcher of its directory, if it is none yet; otherwise
    /// `kept` comes back.
    ///
    /// # Errors
    /// [`FileError::NoMemory`].
    pub fn watch(
        &mut self,
        directory: NodeId,
        file: u64,
        wanted: Wanted,
        kept: K,
    ) -> Result<Option<K>, FileError> {
        if self.is_watching(directory, file) {
            return Ok(Some(kept));
        }
        let reserved = self.watches.try_reserve(1);
        reserved.map_err(|_| FileError::NoMemory)?;
        let place = self
            .watches
            .partition_point(|watch| watch.directory <= directory);
        let watch = Watch {
            directory,
            file,
            watcher: Watcher::new(wanted.filter, wanted.is_deep, wanted.room),
            waiting: VecDeque::new(),
            kept,
        };
        self.watches.insert(place, watch);
        Ok(None)
    }

    /// Whether a file object is a watcher.
    #[must_use]
    pub fn is_watching(&self, directory: NodeId, file: u64) -> bool {
        self.of(directory).iter().any(|watch| watch.file == file)
    }

    /// What has happened that a watcher was not told yet, in so many bytes, unless
    /// others wait for it too.
    pub fn take(&mut self, directory: NodeId, file: u64, room: usize) -> Taken {
        match self.watch_of(directory, file) {
            Some(watch) if watch.waiting.is_empty() => watch.watcher.take(room),
            _ => Taken::Nothing,
        }
    }

    /// Has a call with room for so many bytes wait for what happens; what has
    /// happened comes at once. Whoever is no watcher waits for nothing.
    ///
    /// # Errors
    /// [`FileError::NoMemory`].
    pub fn wait(
        &mut self,
        directory: NodeId,
        file: u64,
        room: usize,
        token: T,
        over: &mut dyn FnMut(T, Over),
    ) -> Result<(), FileError> {
        match self.watch_of(directory, file) {
            Some(watch) => {
                let reserved = watch.waiting.try_reserve(1);
                reserved.map_err(|_| FileError::NoMemory)?;
                watch.waiting.push_back((token, room));
                watch.answer(over);
            }
            None => over(token, Over::Closed),
        }
        Ok(())
    }

    /// Tells of a change of a file that has its name.
    pub fn tell<D, S>(
        &mut self,
        tree: &Tree<D, S>,
        node: NodeId,
        change: Change,
        over: &mut dyn FnMut(T, Over),
    ) {
        if !self.is_empty()
            && let (Ok(Some(parent)), Ok(name)) = (tree.parent_of(node), tree.name_of(node))
        {
            self.tell_name(tree, parent, name, change, over);
        }
    }

    /// Tells of a change by a name in a directory.
    pub fn tell_name<D, S>(
        &mut self,
        tree: &Tree<D, S>,
        directory: NodeId,
        name: &[u16],
        change: Change,
        over: &mut dyn FnMut(T, Over),
    ) {
        if self.is_empty() {
            return;
        }
        // Backwards, as it grows.
        let mut path = Some(Vec::new());
        let mut next = (directory, name);
        let mut is_below = false;
        loop {
            let (directory, name) = next;
            path = path.and_then(|path| prepend(path, name));
            let mut watches = self
                .of_mut(directory)
                .iter_mut()
                .filter(|watch| !is_below || watch.watcher.is_deep())
                .peekable();
            if watches.peek().is_some() {
                let forwards = |path: &mut Vec<u16>| path.reverse();
                path.iter_mut().for_each(forwards);
                watches.for_each(|watch| watch.tell(change, path.as_deref(), over));
                path.iter_mut().for_each(forwards);
            }
            is_below = true;
            next = match (tree.parent_of(directory), tree.name_of(directory)) {
                (Ok(Some(parent)), Ok(name)) => (parent, name),
                _ => return,
            };
        }
    }

    /// Ends all waits for changes of a directory that is to be deleted.
    pub fn deleted(&mut self, directory: NodeId, over: &mut dyn FnMut(T, Over)) {
        for watch in self.of_mut(directory) {
            for (token, _) in watch.waiting.drain(..) {
                over(token, Over::Deleted);
            }
        }
    }

    /// Ends the waits of a file object that are meant.
    pub fn cancel(
        &mut self,
        directory: NodeId,
        file: u64,
        is_meant: impl Fn(&T) -> bool,
        over: &mut dyn FnMut(T, Over),
    ) {
        let Some(watch) = self.watch_of(directory, file) else {
            return;
        };
        for _ in 0..watch.waiting.len() {
            match watch.waiting.pop_front() {
                Some((token, _)) if is_meant(&token) => over(token, Over::Cancelled),
                // Its place in the order stays: all go round once.
                Some(other) => watch.waiting.push_back(other),
                None => {}
            }
        }
    }

    /// A file object has no handles any more: its watcher goes, if it has one. What
    /// was kept with it comes back.
    pub fn close(
        &mut self,
        directory: NodeId,
        file: u64,
        over: &mut dyn FnMut(T, Over),
    ) -> Option<K> {
        let is_it = |watch: &Watch<T, K>| watch.directory == directory && watch.file == file;
        let place = self.watches.iter().position(is_it)?;
        let watch = self.watches.remove(place);
        for (token, _) in watch.waiting {
            over(token, Over::Closed);
        }
        Some(watch.kept)
    }

    /// The watchers of a directory.
    fn of(&self, directory: NodeId) -> &[Watch<T, K>] {
        self.watches
            .get(self.places_of(directory))
            .unwrap_or_default()
    }

    fn of_mut(&mut self, directory: NodeId) -> &mut [Watch<T, K>] {
        let places = self.places_of(directory);
        self.watches.get_mut(places).unwrap_or_default()
    }

    fn places_of(&self, directory: NodeId) -> core::ops::Range<usize> {
        let watches = &self.watches;
        let first = watches.partition_point(|watch| watch.directory < directory);
        first..watches.partition_point(|watch| watch.directory <= directory)
    }

    fn watch_of(&mut self, directory: NodeId, file: u64) -> Option<&mut Watch<T, K>> {
        let mut watches = self.of_mut(directory).iter_mut();
        watches.find(|watch| watch.file == file)
    }
}

impl<T, K> Default for Watches<T, K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, K> Watch<T, K> {
    /// Tells of a change; without a path there was no memory for it.
    fn tell(&mut self, change: Change, path: Option<&[u16]>, over: &mut dyn FnMut(T, Over)) {
        let is_told = match path {
            Some(path) => self.watcher.push(change, path),
            None => self.watcher.push_unnamed(change),
        };
        // The new name follows, and comes with the old one.
        if is_told && change.action != super::Action::RenamedFrom {
            self.answer(over);
        }
    }

    /// Gives who waits what there is.
    fn answer(&mut self, over: &mut dyn FnMut(T, Over)) {
        while self.watcher.has_any()
            && let Some((token, room)) = self.waiting.pop_front()
        {
            match self.watcher.take(room) {
                Taken::Records(records) => over(token, Over::Records(records)),
                Taken::Enumerate => over(token, Over::Enumerate),
                Taken::Nothing => return self.waiting.push_front((token, room)),
            }
        }
    }
}

/// Puts a name before a path; both are the wrong way round afterwards. `None`: it is
/// too long for any record, or there is no memory.
fn prepend(mut path: Vec<u16>, name: &[u16]) -> Option<Vec<u16>> {
    let more = name.len().saturating_add(1);
    if path.len().saturating_add(more) > MAX_BUFFER {
        return None;
    }
    path.try_reserve(more).ok()?;
    if !path.is_empty() {
        path.push(SEPARATOR);
    }
    path.extend(name.iter().rev());
    Some(path)
}
