//! Lists that run through the values of a slab: nothing is allocated.

use crate::slab::Slab;

/// An index of a slab or none, in the space of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

impl Place {
    /// No slab has that many values.
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) fn get(self) -> Option<u32> {
        (self != Self::NONE).then_some(self.0)
    }

    pub(crate) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

impl From<u32> for Place {
    fn from(index: u32) -> Self {
        Self(index)
    }
}

/// A value's neighbours in the list it is in; in none, they mean nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Links {
    pub(crate) previous: Place,
    pub(crate) next: Place,
}

impl Links {
    pub(crate) const NONE: Self = Self {
        previous: Place::NONE,
        next: Place::NONE,
    };
}

pub(crate) trait Linked {
    fn links(&mut self) -> &mut Links;
}

/// The ends of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    first: Place,
    last: Place,
}

impl List {
    pub(crate) const EMPTY: Self = Self {
        first: Place::NONE,
        last: Place::NONE,
    };

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(crate) fn first(&self) -> Option<u32> {
        self.first.get()
    }

    #[cfg(test)]
    pub(crate) fn last(&self) -> Option<u32> {
        self.last.get()
    }

    pub(crate) fn push_back<T: Linked>(&mut self, slab: &mut Slab<T>, index: u32) {
        let last = core::mem::replace(&mut self.last, index.into());
        *slab.at_mut(index).links() = Links {
            previous: last,
            next: Place::NONE,
        };
        match last.get() {
            Some(last) => slab.at_mut(last).links().next = index.into(),
            None => self.first = index.into(),
        }
    }

    pub(crate) fn push_front<T: Linked>(&mut self, slab: &mut Slab<T>, index: u32) {
        let first = core::mem::replace(&mut self.first, index.into());
        *slab.at_mut(index).links() = Links {
            previous: Place::NONE,
            next: first,
        };
        match first.get() {
            Some(first) => slab.at_mut(first).links().previous = index.into(),
            None => self.last = index.into(),
        }
    }

    /// Takes a value out of this list, in which it is.
    pub(crate) fn remove<T: Linked>(&mut self, slab: &mut Slab<T>, index: u32) {
        let Links { previous, next } = *slab.at_mut(index).links();
        match previous.get() {
            Some(previous) => slab.at_mut(previous).links().next = next,
            None => self.first = next,
        }
        match next.get() {
            Some(next) => slab.at_mut(next).links().previous = previous,
            None => self.last = previous,
        }
    }

    pub(crate) fn pop_front<T: Linked>(&mut self, slab: &mut Slab<T>) -> Option<u32> {
        let first = self.first.get()?;
        self.first = slab.at_mut(first).links().next;
        match self.first.get() {
            Some(next) => slab.at_mut(next).links().previous = Place::NONE,
            None => self.last = Place::NONE,
        }
        Some(first)
    }
}
