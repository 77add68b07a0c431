//! What a process asks of files, counted.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What an operation does with the bytes it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IoKind {
    /// Reads them.
    Read,
    /// Writes them.
    Write,
    /// Something else: lists, controls, flushes, locks.
    Other,
}

/// Operations of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IoCount {
    /// How many were begun.
    pub operations: u64,
    /// How many bytes those moved that are over.
    pub bytes: u64,
}

/// The same while it is counted.
#[derive(Default)]
struct Counting {
    operations: AtomicU64,
    bytes: AtomicU64,
}

/// Operations of all kinds, while they are counted.
#[derive(Default)]
pub struct IoCounts {
    reads: Counting,
    writes: Counting,
    others: Counting,
}

impl IoCounts {
    fn of(&self, kind: IoKind) -> &Counting {
        match kind {
            IoKind::Read => &self.reads,
            IoKind::Write => &self.writes,
            IoKind::Other => &self.others,
        }
    }

    /// An operation is begun.
    #[inline]
    pub fn begin(&self, kind: IoKind) {
        self.of(kind).operations.fetch_add(1, Relaxed);
    }

    /// One is over that moved so many bytes.
    #[inline]
    pub(crate) fn end(&self, kind: IoKind, bytes: u64) {
        self.of(kind).bytes.fetch_add(bytes, Relaxed);
    }

    /// Those of a kind so far.
    pub fn counted(&self, kind: IoKind) -> IoCount {
        let counting = self.of(kind);
        IoCount {
            operations: counting.operations.load(Relaxed),
            bytes: counting.bytes.load(Relaxed),
        }
    }

    /// Adds those of another.
    pub(crate) fn add(&self, other: &Self) {
        for kind in [IoKind::Read, IoKind::Write, IoKind::Other] {
            let (sum, counted) = (self.of(kind), other.counted(kind));
            sum.operations.fetch_add(counted.operations, Relaxed);
            sum.bytes.fetch_add(counted.bytes, Relaxed);
        }
    }
}
