//! The names that directories of the host's are known to have.
//!
//! They are looked through for names that differ in case alone from one that is not
//! there: what is there in just these letters the host is asked for. So nothing else
//! is wrong when the host's clock hides from the directory's time that somebody
//! changed it at the moment when it was read.

use arrayvec::ArrayVec;
use files::Names;
use ninep::{Attributes, Time};

use super::Share;

/// How many directories are known.
const MOST_DIRECTORIES: usize = 8;

/// What is known of one.
struct Directory {
    number: u64,
    /// When it was changed last.
    changed: Time,
    names: Names,
}

/// Those that were looked through last, the latest at the end.
#[derive(Default)]
pub(super) struct Known(ArrayVec<Directory, MOST_DIRECTORIES>);

impl Share {
    /// The name in a directory that differs in case at most; `None`: it must be read.
    #[inline(never)]
    pub(super) fn find_known(
        &self,
        directory: &Attributes,
        name: &[u16],
    ) -> Option<Option<ArrayVec<u16, { files::MAX_COMPONENT }>>> {
        let known = self.known.lock();
        let is_it =
            |it: &&Directory| it.number == directory.qid.number && it.changed == directory.written;
        let found = known.0.iter().find(is_it)?;
        let other = found.names.find(name);
        Some(other.and_then(|other| ArrayVec::try_from(other).ok()))
    }

    /// Notes the names that a directory has.
    #[inline(never)]
    pub(super) fn note_known(&self, directory: &Attributes, names: Names) {
        let mut known = self.known.lock();
        let number = directory.qid.number;
        let before = known.0.iter().position(|it| it.number == number);
        let before = match before {
            Some(before) => known.0.pop_at(before),
            None if known.0.is_full() => known.0.pop_at(0),
            None => None,
        };
        known.0.push(Directory {
            number,
            changed: directory.written,
            names,
        });
        drop(known);
        drop(before);
    }

    /// Notes that a name was made or taken away here; when is still to be noted.
    #[inline(never)]
    pub(super) fn note_change(&self, directory: u64, removed: Option<&str>, added: Option<&str>) {
        let mut known = self.known.lock();
        if let Some(place) = known.0.iter().position(|it| it.number == directory)
            && let Some(it) = known.0.get_mut(place)
        {
            if let Some(name) = removed {
                it.names.remove(name);
            }
            if let Some(name) = added
                && it.names.insert(name).is_err()
            {
                known.0.remove(place);
            }
        }
    }

    /// Whether a directory is known.
    pub(super) fn is_known(&self, directory: u64) -> bool {
        let known = self.known.lock();
        known.0.iter().any(|it| it.number == directory)
    }

    /// Notes when a directory was changed that is known but for that.
    pub(super) fn note_changed(&self, directory: &Attributes) {
        let mut known = self.known.lock();
        let mut all = known.0.iter_mut();
        if let Some(it) = all.find(|it| it.number == directory.qid.number) {
            it.changed = directory.written;
        }
    }
}
