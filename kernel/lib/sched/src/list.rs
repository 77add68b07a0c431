//! Lists that run through the values of a slab: nothing is allocated.

use crate::slab::Slab;

/// A value's neighbours in the one list it can be in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Links {
    pub(crate) previous: Option<u32>,
    pub(crate) next: Option<u32>,
}

pub(crate) trait Linked {
    fn links(&mut self) -> &mut Links;
}

/// The ends of a list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct List {
    pub(crate) first: Option<u32>,
    pub(crate) last: Option<u32>,
}

impl List {
    pub(crate) const EMPTY: Self = Self {
        first: None,
        last: None,
    };

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(crate) fn push_back<T: Linked>(&mut self, slab: &mut Slab<T>, index: u32) {
        *slab.at_mut(index).links() = Links {
            previous: self.last,
            next: None,
        };
        match self.last.replace(index) {
            Some(last) => slab.at_mut(last).links().next = Some(index),
            None => self.first = Some(index),
        }
    }

    pub(crate) fn push_front<T: Linked>(&mut self, slab: &mut Slab<T>, index: u32) {
        *slab.at_mut(index).links() = Links {
            previous: None,
            next: self.first,
        };
        match self.first.replace(index) {
            Some(first) => slab.at_mut(first).links().previous = Some(index),
            None => self.last = Some(index),
        }
    }

    /// Takes a value out of this list, in which it is.
    pub(crate) fn remove<T: Linked>(&mut self, slab: &mut Slab<T>, index: u32) {
        let Links { previous, next } = core::mem::take(slab.at_mut(index).links());
        match previous {
            Some(previous) => slab.at_mut(previous).links().next = next,
            None => self.first = next,
        }
        match next {
            Some(next) => slab.at_mut(next).links().previous = previous,
            None => self.last = previous,
        }
    }

    pub(crate) fn pop_front<T: Linked>(&mut self, slab: &mut Slab<T>) -> Option<u32> {
        let first = self.first?;
        self.remove(slab, first);
        Some(first)
    }
}
