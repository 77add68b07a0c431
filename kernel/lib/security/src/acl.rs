//! Access control lists (MS-DTYP 2.4.5), checked once and then walked.

use crate::Sid;

const HEADER_BYTES: usize = 8;
const ACE_HEADER_BYTES: usize = 4;
const MASK_END: usize = 8;
const REVISIONS: core::ops::RangeInclusive<u8> = 2..=4;

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AceKind {
    /// Grants rights.
    Allow,
    /// Refuses rights.
    Deny,
    /// Neither, or under conditions that are not understood here.
    Other,
}

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ace {
    /// What it does.
    pub kind: AceKind,
    /// The rights.
    pub mask: u32,
    /// For whom; of other kinds the empty identifier.
    pub sid: Sid,
    /// Whether it is for what is made inside the object only.
    pub is_inherit_only: bool,
}

/// A valid list in memory.
#[derive(Clone, Copy, Debug)]
pub struct Acl<'a> {
    entries: &'a [u8],
    count: u16,
    size_bytes: usize,
}

impl<'a> Acl<'a> {
    /// The header, which says how long the whole is.
    pub const HEADER_BYTES: usize = HEADER_BYTES;

    /// How long a list with this header is; `None`: it is none.
    #[must_use]
    pub fn size_of_header(header: [u8; HEADER_BYTES]) -> Option<usize> {
        let [revision, _, low, high, ..] = header;
        let size = usize::from(u16::from_le_bytes([low, high]));
        let is_valid = REVISIONS.contains(&revision) && size >= HEADER_BYTES && size % 4 == 0;
        is_valid.then_some(size)
    }

    /// The list that bytes begin with, if all its entries are valid.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let header = *bytes.first_chunk::<HEADER_BYTES>()?;
        let size_bytes = Self::size_of_header(header)?;
        let [_, _, _, _, low, high, ..] = header;
        let acl = Self {
            entries: bytes.get(HEADER_BYTES..size_bytes)?,
            count: u16::from_le_bytes([low, high]),
            size_bytes,
        };
        let mut rest = acl.entries;
        for _ in 0..acl.count {
            let (_, after) = split_entry(rest)?;
            rest = after;
        }
        Some(acl)
    }

    /// How long it is.
    #[must_use]
    pub const fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Its entries in order.
    pub fn entries(&self) -> impl Iterator<Item = Ace> + use<'a> {
        let mut rest = self.entries;
        (0..self.count).map_while(move |_| {
            let (ace, after) = split_entry(rest)?;
            rest = after;
            Some(ace)
        })
    }
}

/// The entry that bytes begin with, and what is behind it.
fn split_entry(bytes: &[u8]) -> Option<(Ace, &[u8])> {
    const INHERIT_ONLY: u8 = 8;
    let [kind, flags, low, high] = *bytes.first_chunk::<ACE_HEADER_BYTES>()?;
    let size = usize::from(u16::from_le_bytes([low, high]));
    if size < ACE_HEADER_BYTES || size % 4 != 0 {
        return None;
    }
    let (entry, rest) = bytes.split_at_checked(size)?;
    let (kind, sid_at) = kind_of(kind, entry);
    let (mask, sid) = match kind {
        AceKind::Other => (0, Sid::new(0, &[])),
        _ => {
            let mask = entry.get(ACE_HEADER_BYTES..MASK_END)?.first_chunk()?;
            let sid = Sid::parse(entry.get(sid_at..)?)?;
            (u32::from_le_bytes(*mask), sid)
        }
    };
    let ace = Ace {
        kind,
        mask,
        sid,
        is_inherit_only: flags & INHERIT_ONLY != 0,
    };
    Some((ace, rest))
}

/// What an entry does, and where its identifier is.
///
/// Entries for properties of an object and those with conditions are taken to hold
/// where they refuse, and not where they grant.
fn kind_of(kind: u8, entry: &[u8]) -> (AceKind, usize) {
    const ACCESS_ALLOWED: u8 = 0;
    const ACCESS_DENIED: u8 = 1;
    const ACCESS_DENIED_OBJECT: u8 = 6;
    const ACCESS_DENIED_CALLBACK: u8 = 10;
    const ACCESS_DENIED_CALLBACK_OBJECT: u8 = 12;
    match kind {
        ACCESS_ALLOWED => (AceKind::Allow, MASK_END),
        ACCESS_DENIED | ACCESS_DENIED_CALLBACK => (AceKind::Deny, MASK_END),
        ACCESS_DENIED_OBJECT | ACCESS_DENIED_CALLBACK_OBJECT => {
            const FLAGS_BYTES: usize = 4;
            const TYPE_BYTES: usize = 16;
            let flags = entry.get(MASK_END).copied().unwrap_or(0);
            let types = usize::from(flags & 1).saturating_add(usize::from(flags >> 1 & 1));
            let skipped = types.saturating_mul(TYPE_BYTES).saturating_add(FLAGS_BYTES);
            (AceKind::Deny, MASK_END.saturating_add(skipped))
        }
        _ => (AceKind::Other, 0),
    }
}
