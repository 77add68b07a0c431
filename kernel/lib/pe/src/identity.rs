//! What ties a program to its symbol table and to a crash report.

use crate::PeView;

/// Bytes of an identity.
pub const IDENTITY_BYTES: usize = 20;

impl PeView<'_> {
    /// Tells this file from others, as debuggers do by the first two numbers:
    /// TimeDateStamp, SizeOfImage and CheckSum (4 bytes each), and the length of
    /// the file in bytes (8 bytes), all little-endian.
    pub fn identity(&self) -> [u8; IDENTITY_BYTES] {
        let length = self.layout.file.len() as u64;
        let mut numbers = [self.time_stamp(), self.size_of_image(), self.check_sum()]
            .into_iter()
            .flat_map(u32::to_le_bytes)
            .chain(length.to_le_bytes());
        core::array::from_fn(|_| numbers.next().unwrap_or(0))
    }
}
