//! Paths as the host has them.

use alloc::string::String;

use ninep::names;

use crate::Error;

/// From the shared directory on: names with a slash between them.
#[derive(Default)]
pub(super) struct HostPath(String);

impl HostPath {
    /// That of a path of the volume, which is there.
    #[inline(never)]
    pub(super) fn of(path: &[u16]) -> Result<Self, Error> {
        let mut all = Self::default();
        let names = path.split(|unit| *unit == objects::SEPARATOR);
        for name in names.filter(|name| !name.is_empty()) {
            let mut buffer = [0; names::MOST_BYTES];
            let name = names::to_host(name, &mut buffer);
            all.push(name.ok_or(files::FileError::NameInvalid)?)?;
        }
        Ok(all)
    }

    /// Adds a name.
    #[inline(never)]
    pub(super) fn push(&mut self, name: &str) -> Result<(), Error> {
        self.0.try_reserve(name.len().saturating_add(1))?;
        if !self.0.is_empty() {
            self.0.push('/');
        }
        self.0.push_str(name);
        Ok(())
    }

    /// Takes the last name off; whether there was one.
    #[inline(never)]
    pub(super) fn pop(&mut self) -> bool {
        let is_any = !self.0.is_empty();
        self.0.truncate(self.0.rfind('/').unwrap_or(0));
        is_any
    }

    /// Its names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|name| !name.is_empty())
    }

    /// The directory, and the name in it; `None`: it is the shared directory.
    #[inline(never)]
    pub(super) fn split(&self) -> Option<(Self, &str)> {
        let (directory, name) = match self.0.rsplit_once('/') {
            Some((directory, name)) => (directory, name),
            None => ("", self.0.as_str()),
        };
        if name.is_empty() {
            return None;
        }
        let mut path = String::new();
        path.try_reserve_exact(directory.len()).ok()?;
        path.push_str(directory);
        Some((Self(path), name))
    }
}
