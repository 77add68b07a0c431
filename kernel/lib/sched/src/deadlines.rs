//! What is to happen when: a binary heap whose entries can be taken back.
//!
//! Every thread and every timer owns a node, so arming one needs no memory. Of
//! equal times the one armed first comes first.

use alloc::vec::Vec;

use crate::OutOfMemory;
use crate::slab::Slab;

/// Whose deadline it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Thread(u32),
    Timer(u32),
}

pub(crate) struct Node {
    pub(crate) due: u64,
    order: u64,
    /// Whether it is a time of day, which comes earlier or later when the clock is
    /// set.
    is_of_day: bool,
    pub(crate) target: Target,
    /// Its place in the heap while armed.
    pub(crate) place: Option<usize>,
}

pub(crate) struct Deadlines {
    pub(crate) nodes: Slab<Node>,
    pub(crate) heap: Vec<u32>,
    armed: u64,
}

impl Deadlines {
    pub(crate) const fn new() -> Self {
        Self {
            nodes: Slab::new(),
            heap: Vec::new(),
            armed: 0,
        }
    }

    pub(crate) fn add(&mut self, target: Target) -> Result<u32, OutOfMemory> {
        // The heap can hold every node.
        let wanted = self.nodes.len().saturating_add(1);
        self.heap
            .try_reserve(wanted.saturating_sub(self.heap.len()))
            .map_err(|_| OutOfMemory)?;
        let node = Node {
            due: 0,
            order: 0,
            is_of_day: false,
            target,
            place: None,
        };
        Ok(self.nodes.insert(node)?.index)
    }

    pub(crate) fn remove(&mut self, node: u32) {
        self.disarm(node);
        self.nodes.remove(node);
    }

    #[inline]
    pub(crate) fn retarget(&mut self, node: u32, target: Target) {
        self.nodes.at_mut(node).target = target;
    }

    pub(crate) fn arm(&mut self, node: u32, due: u64, is_of_day: bool) {
        self.disarm(node);
        self.armed = self.armed.wrapping_add(1);
        let order = self.armed;
        let place = self.heap.len();
        let entry = self.nodes.at_mut(node);
        entry.due = due;
        entry.order = order;
        entry.is_of_day = is_of_day;
        entry.place = Some(place);
        self.heap.push(node);
        self.rise(place);
    }

    /// False: it was not armed.
    #[inline]
    pub(crate) fn disarm(&mut self, node: u32) -> bool {
        // Most waits have none.
        match self.nodes.at_mut(node).place.take() {
            None => false,
            Some(place) => self.take_out(node, place),
        }
    }

    fn take_out(&mut self, node: u32, place: usize) -> bool {
        let last = self.heap.pop();
        if let Some(last) = last.filter(|&last| last != node) {
            self.put(place, last);
            self.rise(place);
            self.sink(place);
        }
        true
    }

    pub(crate) fn due(&self, node: u32) -> Option<u64> {
        let node = self.nodes.at(node);
        node.place.map(|_| node.due)
    }

    /// The clock was set forward by so much: what is due at a time of day is
    /// earlier by that. Of equal times the one armed first still comes first.
    pub(crate) fn set_clock(&mut self, forward: i64) {
        for &node in &self.heap {
            let entry = self.nodes.at_mut(node);
            if entry.is_of_day {
                let later = forward.checked_neg().unwrap_or(i64::MAX);
                entry.due = entry.due.saturating_add_signed(later);
            }
        }
        for place in (0..self.heap.len() >> 1).rev() {
            self.sink(place);
        }
    }

    /// The earliest time anything is due.
    pub(crate) fn earliest(&self) -> Option<u64> {
        let first = *self.heap.first()?;
        Some(self.nodes.at(first).due)
    }

    /// Takes the earliest one that is due, and when it was.
    #[inline]
    pub(crate) fn take_due(&mut self, now: u64) -> Option<(Target, u64)> {
        let first = *self.heap.first()?;
        let node = self.nodes.at(first);
        let (target, due) = (node.target, node.due);
        if due > now {
            return None;
        }
        self.disarm(first);
        Some((target, due))
    }

    pub(crate) fn is_before(&self, one: u32, other: u32) -> bool {
        let (one, other) = (self.nodes.at(one), self.nodes.at(other));
        (one.due, one.order) < (other.due, other.order)
    }

    fn put(&mut self, place: usize, node: u32) {
        if let Some(entry) = self.heap.get_mut(place) {
            *entry = node;
        }
        self.nodes.at_mut(node).place = Some(place);
    }

    fn node_at(&self, place: usize) -> Option<u32> {
        self.heap.get(place).copied()
    }

    fn swap(&mut self, one: (usize, u32), other: (usize, u32)) {
        self.put(one.0, other.1);
        self.put(other.0, one.1);
    }

    fn rise(&mut self, mut place: usize) {
        while let Some(above) = place.checked_sub(1).map(|below| below >> 1) {
            let (Some(node), Some(parent)) = (self.node_at(place), self.node_at(above)) else {
                return;
            };
            if !self.is_before(node, parent) {
                return;
            }
            self.swap((place, node), (above, parent));
            place = above;
        }
    }

    fn sink(&mut self, mut place: usize) {
        while let Some(node) = self.node_at(place) {
            let left = place.saturating_mul(2).saturating_add(1);
            let right = left.saturating_add(1);
            let Some(mut child) = self.node_at(left) else {
                return;
            };
            let mut below = left;
            if let Some(other) = self.node_at(right)
                && self.is_before(other, child)
            {
                (child, below) = (other, right);
            }
            if !self.is_before(child, node) {
                return;
            }
            self.swap((place, node), (below, child));
            place = below;
        }
    }
}
