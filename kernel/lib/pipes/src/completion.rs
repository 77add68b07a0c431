//! Requests that are over, and the data they brought.

use alloc::vec::Vec;

use arrayvec::ArrayVec;

use crate::PipeStatus;

/// Bytes for which no vector is made: what programs wake each other with.
const FEW: usize = 12;

/// What is written and read: a read often gets the very bytes that were written.
#[derive(Clone, Debug)]
pub struct Data {
    bytes: Bytes,
    /// How many were read before.
    start: usize,
}

#[derive(Clone, Debug)]
enum Bytes {
    Few(ArrayVec<u8, FEW>),
    Many(Vec<u8>),
}

impl Data {
    /// So many zeros.
    ///
    /// # Errors
    /// [`PipeStatus::InsufficientResources`].
    #[inline]
    pub fn zeros(len: usize) -> Result<Self, PipeStatus> {
        if len > FEW {
            let mut bytes = with_capacity(len)?;
            bytes.resize(len, 0);
            return Ok(bytes.into());
        }
        let mut few = ArrayVec::from([0; FEW]);
        few.truncate(len);
        Ok(Self {
            bytes: Bytes::Few(few),
            start: 0,
        })
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        let all = match &self.bytes {
            Bytes::Few(bytes) => bytes.as_slice(),
            Bytes::Many(bytes) => bytes.as_slice(),
        };
        all.get(self.start..).unwrap_or_default()
    }

    /// The bytes, to fill in.
    #[must_use]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let all = match &mut self.bytes {
            Bytes::Few(bytes) => bytes.as_mut_slice(),
            Bytes::Many(bytes) => bytes.as_mut_slice(),
        };
        all.get_mut(self.start..).unwrap_or_default()
    }

    /// How many there were, those that were read before among them.
    pub(crate) const fn written(&self) -> usize {
        match &self.bytes {
            Bytes::Few(bytes) => bytes.len(),
            Bytes::Many(bytes) => bytes.len(),
        }
    }

    /// Takes off the first, which were read.
    pub(crate) const fn skip(&mut self, count: usize) {
        self.start = self.start.saturating_add(count);
    }
}

impl Default for Data {
    fn default() -> Self {
        Self {
            bytes: Bytes::Few(ArrayVec::new_const()),
            start: 0,
        }
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Bytes::Many(bytes),
            start: 0,
        }
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
    pub(crate) fn new(request: R, status: PipeStatus, bytes: usize) -> Self {
        Self {
            request,
            status,
            bytes,
            data: Data::default(),
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
    pub(crate) fn done(request: R, status: PipeStatus, bytes: usize) -> Self {
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
