//! From a path to what it names: through directories, links and devices.
//!
//! The algorithm is here, the objects are the executive's: it implements
//! [`Namespace`]. A path is taken component by component; a symbolic link is
//! replaced by its target and the walk begins anew at the root; an object
//! that parses names itself (a device, a registry key) is handed the rest.
//!
//! What malformed paths get is said at [`NameError`]. The work is bounded, for
//! the implementor's lock is held meanwhile: [`MAX_LINKS`] targets are put in,
//! and [`MAX_WALKED_UNITS`] looked up.

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use crate::name::{MAX_UNITS, SEPARATOR, copy};
use crate::{Case, NameError};
use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

/// Most links that one resolving follows: as many reparse points as Windows
/// documents for a path.
pub const MAX_LINKS: u32 = 63;

/// Most units of components that one resolving looks up, those of all links'
/// targets together: links that each lead to a long name would make one path as
/// much work as 63 of the longest.
pub const MAX_WALKED_UNITS: usize = 4 * MAX_UNITS;

/// What the walk has to know of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'object> {
    /// It has names inside.
    Directory,
    /// A symbolic link with this target.
    Link(&'object [u16]),
    /// It makes what it likes of the rest of the path.
    Parses,
    /// It has no inside.
    Leaf,
}

/// The objects, as the walk sees them. The tree must not change meanwhile:
/// the implementor has its lock.
pub trait Namespace {
    /// A reference to an object.
    type Object;

    /// The root directory.
    fn root(&self) -> Self::Object;

    /// What an object is.
    fn kind<'object>(&'object self, object: &'object Self::Object) -> Kind<'object>;

    /// What a name stands for in a directory, as [`Directory::look_up`] says.
    ///
    /// [`Directory::look_up`]: crate::Directory::look_up
    fn look_up(&self, directory: &Self::Object, name: &[u16], case: Case) -> Option<Self::Object>;

    /// The object that a link leads to, if it is one that parses and was found when
    /// the link was made: then its name need not be walked.
    fn leads_to(&self, _link: &Self::Object) -> Option<Self::Object> {
        None
    }
}

/// What becomes of symbolic links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// All are followed.
    Follow,
    /// All but one at the end of the path: the link is what is named (NT
    /// `OBJ_OPENLINK`).
    OpenLast,
    /// One on the path is an error (NT `OBJ_DONT_REPARSE`).
    Refuse,
    /// One on the path is an error, but not at its end, where it is what is
    /// named (NT `OBJ_DONT_REPARSE` and `OBJ_OPENLINK`): it is not followed.
    RefuseButLast,
}

/// A path to resolve. A link that is followed has it replaced by a new one.
#[derive(Debug, PartialEq, Eq)]
pub struct Path<'text> {
    units: Cow<'text, [u16]>,
}

impl<'text> Path<'text> {
    /// The path that these units are.
    ///
    /// # Errors
    /// [`NameError::NameInvalid`] if it is longer than [`MAX_UNITS`].
    pub const fn new(units: &'text [u16]) -> Result<Self, NameError> {
        match units.len() {
            0..=MAX_UNITS => Ok(Self {
                units: Cow::Borrowed(units),
            }),
            _ => Err(NameError::NameInvalid),
        }
    }

    /// Its last units.
    ///
    /// # Errors
    /// [`NameError::NoMemory`].
    #[inline]
    pub fn into_last(self, len: usize) -> Result<Vec<u16>, NameError> {
        let start = self.units.len().saturating_sub(len);
        match self.units {
            Cow::Borrowed(units) => copy(&[units.get(start..).unwrap_or_default()]),
            Cow::Owned(mut units) => {
                units.drain(..start);
                Ok(units)
            }
        }
    }

    /// Its units now.
    #[must_use]
    pub fn units(&self) -> &[u16] {
        &self.units
    }

    /// Puts a link's target in place of everything before `rest`, where a
    /// component has ended. A backslash at the end of the target and the one
    /// that goes on from there are the same one.
    fn substitute(&mut self, target: &[u16], rest: usize) -> Result<(), NameError> {
        if target.first() != Some(&SEPARATOR) {
            return Err(NameError::PathSyntaxBad);
        }
        let rest = self.units.get(rest..).unwrap_or_default();
        let target = match target.strip_suffix(&[SEPARATOR]) {
            Some(shorter) if !rest.is_empty() => shorter,
            _ => target,
        };
        if target.len().saturating_add(rest.len()) > MAX_UNITS {
            return Err(NameError::NameTooLong);
        }
        self.units = Cow::Owned(copy(&[target, rest])?);
        Ok(())
    }

    /// The component that begins at a position.
    fn component(&self, start: usize) -> Range<usize> {
        let rest = self.units.get(start..).unwrap_or_default();
        let len = rest.iter().take_while(|unit| **unit != SEPARATOR).count();
        start..start.saturating_add(len)
    }
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved<'path, O> {
    /// An object.
    Object(O),
    /// Nothing yet: an object can be given this name in this directory.
    Vacant {
        /// The directory.
        parent: O,
        /// The last component, not empty and without a backslash.
        name: &'path [u16],
    },
    /// An object that parses the rest itself.
    Remainder {
        /// It.
        object: O,
        /// What follows its name: empty, or from the backslash on. All of the
        /// path if the object is what the walk started from.
        rest: &'path [u16],
    },
}

impl<O> Resolved<'_, O> {
    /// The object of a path that must lead to one, by its name alone.
    ///
    /// # Errors
    /// [`NameError::NameNotFound`] where there is none;
    /// [`NameError::PathNotFound`] where another object would have to parse
    /// a rest, which the caller has no use for.
    pub fn object(self) -> Result<O, NameError> {
        match self {
            Self::Object(object) => Ok(object),
            Self::Remainder { object, rest: [] } => Ok(object),
            Self::Remainder { .. } => Err(NameError::PathNotFound),
            Self::Vacant { .. } => Err(NameError::NameNotFound),
        }
    }
}

/// Where the walk ended, with places in the path in place of its parts.
enum End<O> {
    Object(O),
    Vacant(O, Range<usize>),
    Remainder(O, usize),
}

/// Finds what a path leads to. It begins at `start` (NT `RootDirectory`), or
/// without one at the root, and then with a backslash.
///
/// # Errors
/// Any [`NameError`] but `NameNotFound` and `NameCollision`.
pub fn resolve<'path, N: Namespace>(
    namespace: &N,
    start: Option<N::Object>,
    path: &'path mut Path<'_>,
    case: Case,
    links: Links,
) -> Result<Resolved<'path, N::Object>, NameError> {
    let end = match start {
        Some(start) => match (namespace.kind(&start), path.units.first()) {
            (Kind::Parses, _) => End::Remainder(start, 0),
            (Kind::Directory | Kind::Link(_), None) => End::Object(start),
            (Kind::Directory, Some(&SEPARATOR)) => return Err(NameError::PathSyntaxBad),
            (Kind::Directory, Some(_)) => walk(namespace, start, 0, path, case, links)?,
            (Kind::Link(_) | Kind::Leaf, _) => return Err(NameError::TypeMismatch),
        },
        None => match path.units.first() {
            Some(&SEPARATOR) => walk(namespace, namespace.root(), 1, path, case, links)?,
            _ => return Err(NameError::PathSyntaxBad),
        },
    };
    let part = |range| path.units.get(range).unwrap_or_default();
    Ok(match end {
        End::Object(object) => Resolved::Object(object),
        End::Vacant(parent, name) => Resolved::Vacant {
            parent,
            name: part(name),
        },
        End::Remainder(object, rest) => Resolved::Remainder {
            object,
            rest: part(rest..path.units.len()),
        },
    })
}

/// Walks on from `position`, where a component of `directory` begins.
fn walk<N: Namespace>(
    namespace: &N,
    mut directory: N::Object,
    mut position: usize,
    path: &mut Path<'_>,
    case: Case,
    links: Links,
) -> Result<End<N::Object>, NameError> {
    let mut followed = 0u32;
    let mut units_left = MAX_WALKED_UNITS;
    loop {
        if *path.units == [SEPARATOR] {
            return Ok(End::Object(directory));
        }
        let component = path.component(position);
        let rest = component.end;
        let is_last = rest == path.units.len();
        let name = path.units.get(component.clone()).unwrap_or_default();
        if name.is_empty() {
            return Err(NameError::NameInvalid);
        }
        units_left = units_left
            .checked_sub(name.len())
            .ok_or(NameError::NameTooLong)?;
        let Some(object) = namespace.look_up(&directory, name, case) else {
            return match is_last {
                true => Ok(End::Vacant(directory, component)),
                false => Err(NameError::PathNotFound),
            };
        };
        match namespace.kind(&object) {
            Kind::Parses => return Ok(End::Remainder(object, rest)),
            Kind::Link(_) if is_last && matches!(links, Links::OpenLast | Links::RefuseButLast) => {
                return Ok(End::Object(object));
            }
            Kind::Link(_) if matches!(links, Links::Refuse | Links::RefuseButLast) => {
                return Err(NameError::LinkEncountered);
            }
            Kind::Link(target) => {
                if followed == MAX_LINKS {
                    return Err(NameError::TooManyLinks);
                }
                let units = path.units.len().saturating_sub(rest);
                if units.saturating_add(target.len()) <= MAX_UNITS
                    && let Some(object) = namespace.leads_to(&object)
                {
                    return Ok(End::Remainder(object, rest));
                }
                followed = followed.saturating_add(1);
                path.substitute(target, rest)?;
                directory = namespace.root();
                position = 1;
            }
            Kind::Directory | Kind::Leaf if is_last => return Ok(End::Object(object)),
            Kind::Directory => {
                directory = object;
                position = rest.saturating_add(1);
            }
            Kind::Leaf => return Err(NameError::TypeMismatch),
        }
    }
}
