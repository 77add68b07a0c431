//! One direction of a pipe: data that wait for reads, or reads for data.
//!
//! There is never both. Data are kept as they were written, one entry a write,
//! up to the quota; what goes beyond waits in the queue all the same, but its
//! write is not over before reads have made room for the whole of it. Flushes
//! stand between the writes and are over when they are the first.

mod cancel;
mod peek;
mod take;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::completion::copy;
use crate::{Completed, CompletionMode, Data, PipeStatus, PipeType, ReadMode, Started};

/// A write or a flush in the queue.
#[derive(Debug)]
struct Write<R> {
    kind: Kind,
    /// What of it is unread.
    data: Data,
    /// How much of the quota it uses: no more than is unread.
    charged: usize,
    /// Until it is over.
    request: Option<R>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Data,
    Flush,
}

impl<R> Write<R> {
    fn unread(&self) -> &[u8] {
        self.data.bytes()
    }
}

/// A read in the queue.
#[derive(Debug)]
struct Read<R> {
    max: usize,
    request: R,
}

/// What the ends say about a write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// The pipe's type.
    pub(crate) pipe_type: PipeType,
    /// How the other end reads.
    pub(crate) read: ReadMode,
    /// Whether the writer waits.
    pub(crate) completion: CompletionMode,
}

/// One direction.
#[derive(Debug)]
pub(crate) struct Queue<R> {
    quota: usize,
    /// The sum over the writes.
    charged: usize,
    /// The sum over the writes.
    unread: usize,
    /// How many writes, not flushes, are not over.
    waiting: usize,
    writes: VecDeque<Write<R>>,
    reads: VecDeque<Read<R>>,
}

impl<R> Queue<R> {
    pub(crate) const fn new(quota: usize) -> Self {
        Self {
            quota,
            charged: 0,
            unread: 0,
            waiting: 0,
            writes: VecDeque::new(),
            reads: VecDeque::new(),
        }
    }

    pub(crate) const fn quota(&self) -> usize {
        self.quota
    }

    /// How many bytes can be read.
    pub(crate) const fn unread(&self) -> usize {
        self.unread
    }

    /// How much memory the writes take, data beyond the quota up to so many bytes.
    pub(crate) fn held_bytes(&self, most_beyond: usize) -> usize {
        let data = self.unread.min(self.quota.saturating_add(most_beyond));
        // A small allocation takes some more than it holds.
        let entry = size_of::<Write<R>>().saturating_mul(2);
        data.saturating_add(self.writes.len().saturating_mul(entry))
    }

    /// What is left of the quota. A waiting read uses some, too (NT
    /// `WriteQuotaAvailable`), as if its buffer were in the queue.
    pub(crate) fn quota_left(&self) -> usize {
        let reads = self
            .reads
            .iter()
            .fold(0usize, |sum, read| sum.saturating_add(read.max));
        self.room().saturating_sub(reads)
    }

    /// Whether writes or flushes are in the queue.
    pub(crate) fn has_writes(&self) -> bool {
        !self.writes.is_empty()
    }

    /// Whether reads wait.
    pub(crate) fn has_reads(&self) -> bool {
        !self.reads.is_empty()
    }

    /// The read that is next.
    pub(crate) fn first_read(&self) -> Option<(&R, usize)> {
        let read = self.reads.front()?;
        Some((&read.request, read.max))
    }

    /// Takes out the next read if it takes a whole write of this length.
    pub(crate) fn take_read(&mut self, len: usize) -> Option<R> {
        if self.reads.front()?.max < len {
            return None;
        }
        self.reads.pop_front().map(|read| read.request)
    }

    /// Gets memory for one more read.
    pub(crate) fn reserve_read(&mut self) -> Result<(), PipeStatus> {
        self.reads
            .try_reserve(1)
            .map_err(|_| PipeStatus::InsufficientResources)
    }

    /// Adds a read for which there is memory.
    pub(crate) fn push_read(&mut self, max: usize, request: R) {
        self.reads.push_back(Read { max, request });
    }

    fn reserve_write(&mut self) -> Result<(), PipeStatus> {
        self.writes
            .try_reserve(1)
            .map_err(|_| PipeStatus::InsufficientResources)
    }

    /// Writes.
    pub(crate) fn write(
        &mut self,
        manner: Manner,
        data: Data,
        request: R,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Started<R> {
        let size = data.written();
        let waits = manner.completion == CompletionMode::Queue;
        if !waits && manner.pipe_type == PipeType::Message && !self.fits(size) {
            return Started::done(request, PipeStatus::Success, 0);
        }
        let rest = match self.send(manner, data, complete) {
            Ok(Some(rest)) => rest,
            Ok(None) => return Started::done(request, PipeStatus::Success, size),
            Err(status) => return Started::done(request, status, 0),
        };
        let unread = rest.bytes().len();
        let room = self.room();
        if unread <= room {
            self.push_data(rest, unread, None);
            Started::done(request, PipeStatus::Success, size)
        } else if waits {
            self.push_data(rest, room, Some(request));
            Started::Queued
        } else {
            Started::done(request, PipeStatus::Success, size.saturating_sub(unread))
        }
    }

    /// Writes without regard to the quota, for `FSCTL_PIPE_TRANSCEIVE`: what
    /// is not taken at once stays in the queue, and nobody waits for it.
    pub(crate) fn post(
        &mut self,
        manner: Manner,
        data: Data,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Result<(), PipeStatus> {
        if let Some(rest) = self.send(manner, data, complete)? {
            self.push_data(rest, 0, None);
        }
        Ok(())
    }

    /// Adds a flush, if there is something to wait for.
    pub(crate) fn flush(&mut self, request: R) -> Started<R> {
        if self.writes.is_empty() {
            return Started::done(request, PipeStatus::Success, 0);
        }
        if let Err(status) = self.reserve_write() {
            return Started::done(request, status, 0);
        }
        self.writes.push_back(Write {
            kind: Kind::Flush,
            data: Data::default(),
            charged: 0,
            request: Some(request),
        });
        Started::Queued
    }

    /// Gives data to the reads that wait. What is left over, for which there
    /// is memory then, comes back; an empty message may be. On failure nothing
    /// has changed.
    fn send(
        &mut self,
        manner: Manner,
        mut data: Data,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Result<Option<Data>, PipeStatus> {
        let size = data.written();
        if size == 0 && manner.pipe_type == PipeType::Byte {
            return Ok(None);
        }
        if self.reads.front().is_none_or(|read| read.max < size) {
            self.reserve_write()?;
        }
        if self.reads.front().is_some_and(|read| read.max < size) {
            let sent = self.send_parts(manner, data.bytes(), complete)?;
            data.skip(sent);
        }
        let Some(read) = self.reads.pop_front() else {
            return Ok(Some(data));
        };
        complete(Completed::read(read.request, PipeStatus::Success, data));
        Ok(None)
    }

    /// Gives copies of parts of data to all reads that come before one that
    /// takes the rest, and says how much that was.
    fn send_parts(
        &mut self,
        manner: Manner,
        data: &[u8],
        complete: &mut impl FnMut(Completed<R>),
    ) -> Result<usize, PipeStatus> {
        let mut parts = Vec::new();
        let mut rest = data;
        for read in &self.reads {
            let Some((part, after)) = rest.split_at_checked(read.max) else {
                break;
            };
            if after.is_empty() {
                break;
            }
            parts
                .try_reserve(1)
                .map_err(|_| PipeStatus::InsufficientResources)?;
            parts.push(copy(part)?);
            rest = after;
        }
        let status = match manner.read {
            ReadMode::Byte => PipeStatus::Success,
            ReadMode::Message => PipeStatus::BufferOverflow,
        };
        for part in parts {
            // As many as there are parts.
            if let Some(read) = self.reads.pop_front() {
                complete(Completed::read(read.request, status, part.into()));
            }
        }
        Ok(data.len().saturating_sub(rest.len()))
    }

    /// Adds data for which there is memory.
    #[inline]
    fn push_data(&mut self, data: Data, charged: usize, request: Option<R>) {
        self.charged = self.charged.saturating_add(charged);
        self.unread = self.unread.saturating_add(data.bytes().len());
        self.waiting = self.waiting.saturating_add(usize::from(request.is_some()));
        self.writes.push_back(Write {
            kind: Kind::Data,
            data,
            charged,
            request,
        });
    }

    /// Whether data fit into the reads that wait and the quota.
    #[inline]
    pub(crate) fn fits(&self, size: usize) -> bool {
        let reads = self
            .reads
            .iter()
            .fold(0usize, |sum, read| sum.saturating_add(read.max));
        size <= reads.saturating_add(self.room())
    }

    /// What the writes leave of the quota.
    const fn room(&self) -> usize {
        self.quota.saturating_sub(self.charged)
    }
}
