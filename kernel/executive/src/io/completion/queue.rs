//! The packets of a completion port, in their order.
//!
//! Most are in the port's own memory. Those that came in reserves are in a list of
//! these, each of which knows how many of the others are to be taken before it.

use core::mem;

use alloc::collections::VecDeque;
use hal::Ref;

use super::{Packet, PacketReserve};

#[derive(Default)]
pub(super) struct Queue {
    pub(super) packets: VecDeque<Packet>,
    /// How many of them were taken so far.
    taken: u64,
    first: Option<Ref<PacketReserve>>,
    last: Option<Ref<PacketReserve>>,
    /// How many are in reserves.
    reserved: usize,
    /// How many more there is to be room for.
    pub(super) promised: usize,
    /// The most that there ever were, promised ones included: there is room for
    /// them, which is charged.
    pub(super) most: usize,
}

/// What a reserve is for.
#[derive(Default)]
pub(super) enum Slot {
    #[default]
    Free,
    Used {
        packet: Packet,
        /// How many packets of the port are taken before it.
        behind: u64,
        next: Option<Ref<PacketReserve>>,
    },
}

impl Queue {
    /// How many packets there are.
    pub(super) fn len(&self) -> usize {
        self.packets.len().saturating_add(self.reserved)
    }

    /// Puts a packet behind all others; false: the reserve has one in it.
    pub(super) fn push_reserved(&mut self, reserve: &Ref<PacketReserve>, packet: Packet) -> bool {
        let there = u64::try_from(self.packets.len()).unwrap_or(u64::MAX);
        let mut slot = reserve.slot.lock();
        if let Slot::Used { .. } = *slot {
            return false;
        }
        *slot = Slot::Used {
            packet,
            behind: self.taken.saturating_add(there),
            next: None,
        };
        drop(slot);
        match self.last.replace(reserve.clone()) {
            None => self.first = Some(reserve.clone()),
            Some(last) => {
                if let Slot::Used { next, .. } = &mut *last.slot.lock() {
                    *next = Some(reserve.clone());
                }
            }
        }
        self.reserved = self.reserved.saturating_add(1);
        true
    }

    /// The oldest packet, and the reserve that it was in: to be let go of outside
    /// every lock.
    pub(super) fn pop(&mut self) -> Option<(Packet, Option<Ref<PacketReserve>>)> {
        if self.is_reserved_next()
            && let Some((packet, reserve)) = self.pop_reserved()
        {
            return Some((packet, Some(reserve)));
        }
        let packet = self.packets.pop_front()?;
        self.taken = self.taken.saturating_add(1);
        Some((packet, None))
    }

    fn is_reserved_next(&self) -> bool {
        match &self.first {
            None => false,
            Some(first) => match *first.slot.lock() {
                Slot::Used { behind, .. } => behind <= self.taken,
                Slot::Free => true,
            },
        }
    }

    /// The oldest packet of those in reserves.
    pub(super) fn pop_reserved(&mut self) -> Option<(Packet, Ref<PacketReserve>)> {
        let first = self.first.take()?;
        let slot = mem::take(&mut *first.slot.lock());
        let Slot::Used { packet, next, .. } = slot else {
            unreachable!("what is in the list is used");
        };
        if next.is_none() {
            // `first` is it.
            self.last = None;
        }
        self.first = next;
        self.reserved = self.reserved.saturating_sub(1);
        Some((packet, first))
    }
}
