//! Requests that are over, and the data they brought.

use alloc::vec::Vec;

use crate::PipeStatus;

/// What was read: often the very vector that was written.
#[derive(Clone, Debug, Default)]
pub struct Data {
    bytes: Vec<u8>,
    start: usize,
}

impl Data {
    /// A vector's bytes from the one with this number on.
    pub(crate) const fn new(bytes: Vec<u8>, start: usize) -> Self {
        Self { bytes, start }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// The vector that has them, and the number of the first.
    #[must_use]
    pub fn into_parts(self) -> (Vec<u8>, usize) {
        (self.bytes, self.start)
    }
}

/// How an operation ended that did not wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub status: PipeStatus,
    /// How many bytes were moved (NT `IO_STATUS_BLOCK.Information`).
    pub bytes: usize,
}

/// A request that is over.
#[derive(Debug)]
pub struct Completed<R> {
    /// Which.
    pub request: R,
    /// How it ended.
    pub status: PipeStatus,
    /// How many bytes it moved (NT `IO_STATUS_BLOCK.Information`).
    pub bytes: usize,
    /// What a read has read: as many bytes.
    pub data: Data,
}

impl<R> Completed<R> {
    /// A request that brought no data.
    pub(crate) const fn new(request: R, status: PipeStatus, bytes: usize) -> Self {
        Self {
            request,
            status,
            bytes,
            data: Data::new(Vec::new(), 0),
        }
    }

    /// A read.
    pub(crate) fn read(request: R, status: PipeStatus, data: Data) -> Self {
        Self {
            request,
            status,
            bytes: data.bytes().len(),
            data,
        }
    }
}

/// What became of a request that was just made.
#[derive(Debug)]
#[must_use]
pub enum Started<R> {
    /// It is over.
    Done(Completed<R>),
    /// It waits, and another operation will complete it.
    Queued,
}

impl<R> Started<R> {
    /// Over without data.
    pub(crate) const fn done(request: R, status: PipeStatus, bytes: usize) -> Self {
        Self::Done(Completed::new(request, status, bytes))
    }
}

/// A copy of bytes.
pub(crate) fn copy(bytes: &[u8]) -> Result<Vec<u8>, PipeStatus> {
    let mut copy = with_capacity(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

/// A vector with room for so many bytes.
pub(crate) fn with_capacity(len: usize) -> Result<Vec<u8>, PipeStatus> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(len)
        .map_err(|_| PipeStatus::InsufficientResources)?;
    Ok(bytes)
}
