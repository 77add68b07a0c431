//! Finding the key of a path.

use crate::{KeyId, Registry, RegistryError, tree};
use alloc::vec::Vec;
use objects::{MAX_UNITS, SEPARATOR};

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Reached<'path> {
    /// A key.
    Key(KeyId),
    /// Nothing yet: a key of this name can be made there.
    Missing {
        /// The key that it would be in.
        parent: KeyId,
        /// Its name.
        name: &'path [u16],
    },
    /// A link: the path to walk in place of this one, from the root of all names.
    Elsewhere(Vec<u16>),
}

impl<S> Registry<S> {
    /// Walks a path from a key on. Separators at its ends and several in a row
    /// count for nothing and as one; case does not count. A link is followed but
    /// for one that the path ends with, if `opens_link`.
    ///
    /// # Errors
    /// [`RegistryError::NameNotFound`] where a key that is not the last is not
    /// there, or a link has no target; [`RegistryError::InvalidParameter`] for
    /// a component that no key can have; [`RegistryError::NameTooLong`] for a
    /// link that leads to too long a path; [`RegistryError::KeyDeleted`];
    /// [`RegistryError::NoMemory`].
    pub fn walk<'path>(
        &self,
        start: KeyId,
        path: &'path [u16],
        opens_link: bool,
    ) -> Result<Reached<'path>, RegistryError> {
        let mut at = start;
        let mut rest = strip(path);
        loop {
            let key = self.get(at)?;
            if key.is_link && !(rest.is_empty() && opens_link) {
                return self.elsewhere(at, rest);
            }
            if rest.is_empty() {
                return Ok(Reached::Key(at));
            }
            let end = rest.iter().position(|unit| *unit == SEPARATOR);
            let (name, behind) = match end.and_then(|end| rest.split_at_checked(end)) {
                Some((name, behind)) => (name, strip(behind)),
                None => (rest, &[][..]),
            };
            // It has no separator and is not empty.
            if name.len() > tree::MAX_KEY_NAME {
                return Err(RegistryError::InvalidParameter);
            }
            at = match (self.child(key, name), behind.is_empty()) {
                (Some(child), _) => child,
                (None, true) => return Ok(Reached::Missing { parent: at, name }),
                (None, false) => return Err(RegistryError::NameNotFound),
            };
            rest = behind;
        }
    }

    /// Where a link leads, with the rest of the path behind it.
    fn elsewhere<'path>(&self, link: KeyId, rest: &[u16]) -> Result<Reached<'path>, RegistryError> {
        let target = self.link_target(link)?;
        let behind = match rest {
            [] => 0,
            rest => rest.len().saturating_add(1),
        };
        let units = (target.len() / 2).saturating_add(behind);
        if units > MAX_UNITS {
            return Err(RegistryError::NameTooLong);
        }
        let mut path = Vec::new();
        path.try_reserve_exact(units)?;
        path.extend(
            target
                .as_chunks::<2>()
                .0
                .iter()
                .map(|unit| u16::from_le_bytes(*unit)),
        );
        if !rest.is_empty() {
            path.push(SEPARATOR);
            path.extend_from_slice(rest);
        }
        Ok(Reached::Elsewhere(path))
    }
}

/// A path without the separators that it begins with.
fn strip(mut path: &[u16]) -> &[u16] {
    while let [SEPARATOR, rest @ ..] = path {
        path = rest;
    }
    path
}
