//! Gives bytes to the sink, and knows how many it has had.

use zerocopy::{Immutable, IntoBytes};

const ZEROS: [u8; 64] = [0; 64];

/// The file so far.
pub(crate) struct Output<'s, S> {
    sink: &'s mut S,
    /// Bytes so far.
    position: u64,
}

impl<'s, S: FnMut(&[u8])> Output<'s, S> {
    pub(crate) fn new(sink: &'s mut S) -> Self {
        Self { sink, position: 0 }
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            (self.sink)(bytes);
            self.position = self.position.saturating_add(bytes.len() as u64);
        }
    }

    pub(crate) fn record(&mut self, record: &(impl IntoBytes + Immutable)) {
        self.put(record.as_bytes());
    }

    pub(crate) fn zeros(&mut self, bytes: u64) {
        let mut left = bytes;
        while left > 0 {
            let part = left.min(ZEROS.len() as u64);
            self.put(ZEROS.get(..part as usize).unwrap_or_default());
            left = left.saturating_sub(part);
        }
    }

    /// Puts zeros in front of what is planned to begin at `rva`.
    pub(crate) fn pad_to(&mut self, rva: u32) {
        self.zeros(u64::from(rva).saturating_sub(self.position));
    }
}
