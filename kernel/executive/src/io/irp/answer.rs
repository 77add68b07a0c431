//! Answers, and giving them when no lock is held any more.

use hal::Ref;
use pipes::Data;

use super::{Irp, Packet};

/// An answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// The status, as the asker's personality counts.
    pub status: u32,
    /// How much, mostly.
    pub information: u64,
    /// What is copied to the asker's buffer.
    pub data: Data,
}

#[derive(Default)]
pub(super) struct Held {
    answer: Option<Answer>,
    next: Option<Ref<Irp>>,
}

/// Requests that are over, to be answered when no lock is held any more. It takes
/// no memory but theirs.
#[derive(Default)]
pub(crate) struct Answers {
    first: Option<Ref<Irp>>,
    last: Option<Ref<Irp>>,
}

impl Answers {
    /// None.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One more.
    pub(crate) fn push(&mut self, irp: Ref<Irp>, answer: Answer) {
        irp.held.lock().answer = Some(answer);
        match self.last.replace(irp.clone()) {
            Some(last) => last.held.lock().next = Some(irp),
            None => self.first = Some(irp),
        }
    }

    /// Answers them in their order. Under no lock.
    #[inline]
    pub(crate) fn give(self) {
        let mut next = self.first;
        while let Some(irp) = next {
            let held = core::mem::take(&mut *irp.held.lock());
            if let Some(answer) = held.answer {
                irp.answer(answer);
            }
            next = held.next;
        }
    }
}

impl Answer {
    /// Success.
    pub fn done(information: u64) -> Self {
        Self {
            information,
            ..Self::default()
        }
    }

    pub(super) fn packet(&self, key: u64, value: u64) -> Packet {
        Packet {
            key,
            value,
            status: self.status,
            information: self.information,
        }
    }

    /// What is copied to the asker's buffer.
    pub fn bytes(&self) -> &[u8] {
        self.data.bytes()
    }

    /// A status, and nothing else.
    pub fn of_status(status: u32) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }
}
