//! Security identifiers (MS-DTYP 2.4.2): who or what, as a path of numbers.

use core::fmt;

const REVISION: u8 = 1;
const HEADER_BYTES: usize = 8;
const SUB_AUTHORITY_BYTES: usize = 4;
const MOST_SUB_AUTHORITIES: usize = 15;
/// Bytes of the longest identifier.
pub const MOST_SID_BYTES: usize = HEADER_BYTES + MOST_SUB_AUTHORITIES * SUB_AUTHORITY_BYTES;

/// An identifier, in the form it has in memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sid {
    /// Zero behind the last sub-authority.
    bytes: [u8; MOST_SID_BYTES],
}

impl Sid {
    /// The bytes of the header, which say how long the whole is.
    pub const HEADER_BYTES: usize = HEADER_BYTES;

    /// `S-1-AUTHORITY-PARTS`; of more parts than there can be, the first count.
    #[must_use]
    pub fn new(authority: u8, parts: &[u32]) -> Self {
        let mut bytes = [0; MOST_SID_BYTES];
        let parts = parts.get(..MOST_SUB_AUTHORITIES).unwrap_or(parts);
        let (header, rest) = bytes.split_at_mut(HEADER_BYTES);
        let count = u8::try_from(parts.len()).unwrap_or(0);
        header.copy_from_slice(&[REVISION, count, 0, 0, 0, 0, 0, authority]);
        for (place, part) in rest.chunks_mut(SUB_AUTHORITY_BYTES).zip(parts) {
            place.copy_from_slice(&part.to_le_bytes());
        }
        Self { bytes }
    }

    /// How long an identifier with this header is; `None`: it is none.
    #[must_use]
    pub fn size_of_header(header: [u8; HEADER_BYTES]) -> Option<usize> {
        let [revision, count, ..] = header;
        let count = usize::from(count);
        let is_valid = revision == REVISION && count <= MOST_SUB_AUTHORITIES;
        is_valid.then(|| {
            let parts = count.saturating_mul(SUB_AUTHORITY_BYTES);
            HEADER_BYTES.saturating_add(parts)
        })
    }

    /// The identifier that bytes begin with.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let size = Self::size_of_header(*bytes.first_chunk()?)?;
        let mut sid = Self {
            bytes: [0; MOST_SID_BYTES],
        };
        sid.bytes
            .get_mut(..size)?
            .copy_from_slice(bytes.get(..size)?);
        Some(sid)
    }

    /// It, in memory.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.size_bytes()).unwrap_or_default()
    }

    /// How long it is.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let header = self.bytes.first_chunk().copied();
        header.and_then(Self::size_of_header).unwrap_or(0)
    }

    /// The last number.
    #[must_use]
    pub fn last_part(&self) -> Option<u32> {
        let (_, parts) = self.as_bytes().split_at_checked(HEADER_BYTES)?;
        parts.last_chunk().copied().map(u32::from_le_bytes)
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (header, parts) = self
            .as_bytes()
            .split_at_checked(HEADER_BYTES)
            .unwrap_or_default();
        let authority = header
            .iter()
            .skip(2)
            .fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
        write!(out, "S-1-{authority}")?;
        let (parts, _) = parts.as_chunks();
        for part in parts {
            write!(out, "-{}", u32::from_le_bytes(*part))?;
        }
        Ok(())
    }
}
