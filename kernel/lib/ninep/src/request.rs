//! Writes requests.

use crate::{HEADER_BYTES, Kind, Time};

/// A request that is being written.
#[derive(Debug)]
pub struct Request<'buffer> {
    buffer: &'buffer mut [u8],
    kind: Kind,
    tag: u16,
    /// How long it is; `None`: too long for the buffer.
    length: Option<usize>,
}

/// What to change of a file or directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What who may do.
    pub mode: Option<u32>,
    /// How long it is.
    pub size_bytes: Option<u64>,
    /// When it was read last.
    pub accessed: Option<Time>,
    /// When it was written last.
    pub written: Option<Time>,
}

impl<'buffer> Request<'buffer> {
    /// Begins one.
    pub fn new(buffer: &'buffer mut [u8], kind: Kind, tag: u16) -> Self {
        let length = Some(HEADER_BYTES).filter(|length| *length <= buffer.len());
        Self {
            buffer,
            kind,
            tag,
            length,
        }
    }

    /// Adds bytes as they are.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.length = self.length.and_then(|start| {
            let end = start.checked_add(bytes.len())?;
            self.buffer.get_mut(start..end)?.copy_from_slice(bytes);
            Some(end)
        });
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn u16(self, number: u16) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Adds a number.
    #[must_use]
    pub fn u32(self, number: u32) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Adds a number.
    #[must_use]
    pub fn u64(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        match u16::try_from(text.len()) {
            Ok(length) => self.u16(length).bytes(text.as_bytes()),
            Err(_) => {
                self.length = None;
                self
            }
        }
    }

    /// Adds names to walk.
    #[must_use]
    pub fn names<'name>(mut self, names: impl ExactSizeIterator<Item = &'name str>) -> Self {
        match u16::try_from(names.len()) {
            Ok(count) => names.fold(self.u16(count), Self::text),
            Err(_) => {
                self.length = None;
                self
            }
        }
    }

    /// Adds what to change.
    #[must_use]
    pub fn change(self, change: &Change) -> Self {
        const MODE: u32 = 1;
        const SIZE: u32 = 8;
        const ACCESSED: u32 = 0x10 | 0x80;
        const WRITTEN: u32 = 0x20 | 0x100;
        let valid = [
            (change.mode.is_some(), MODE),
            (change.size_bytes.is_some(), SIZE),
            (change.accessed.is_some(), ACCESSED),
            (change.written.is_some(), WRITTEN),
        ];
        let valid = valid.iter().filter(|(is_set, _)| *is_set);
        let valid = valid.fold(0, |all, (_, bits)| all | bits);
        let (accessed, written) = (
            change.accessed.unwrap_or_default(),
            change.written.unwrap_or_default(),
        );
        self.u32(valid)
            .u32(change.mode.unwrap_or(0))
            // Neither the owner nor the group.
            .u32(0)
            .u32(0)
            .u64(change.size_bytes.unwrap_or(0))
            .u64(accessed.seconds)
            .u64(accessed.nanoseconds)
            .u64(written.seconds)
            .u64(written.nanoseconds)
    }

    /// Ends it; how long it is, with so many bytes behind it that are there already.
    #[must_use]
    pub fn finish_before(self, more: usize) -> Option<usize> {
        let length = self.length?.checked_add(more)?;
        let [a, b, c, d] = u32::try_from(length).ok()?.to_le_bytes();
        let [first, second] = self.tag.to_le_bytes();
        let header = self.buffer.get_mut(..HEADER_BYTES)?;
        header.copy_from_slice(&[a, b, c, d, self.kind as u8, first, second]);
        (length <= self.buffer.len()).then_some(length)
    }

    /// Ends it; how long it is.
    #[must_use]
    pub fn finish(self) -> Option<usize> {
        self.finish_before(0)
    }
}
