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
    /// Says the integrity level of the object.
    Label,
    /// Says something of the object that conditions can be about.
    Attribute,
    /// Names a central policy.
    Policy,
    /// None of these, or grants rights to a property only.
    Other,
}

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ace<'a> {
    /// What it does.
    pub kind: AceKind,
    /// The rights.
    pub mask: u32,
    /// For whom; of other kinds the empty identifier.
    pub sid: Sid,
    /// Whether it is for what is made inside the object only.
    pub is_inherit_only: bool,
    /// Whether it counts only under the condition that is its data.
    pub is_conditional: bool,
    /// What is behind the identifier.
    pub data: &'a [u8],
    /// All of it.
    pub bytes: &'a [u8],
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
    pub fn entries(&self) -> impl Iterator<Item = Ace<'a>> + use<'a> {
        let mut rest = self.entries;
        (0..self.count).map_while(move |_| {
            let (ace, after) = split_entry(rest)?;
            rest = after;
            Some(ace)
        })
    }
}

/// The entry that bytes begin with, and what is behind it.
fn split_entry(bytes: &[u8]) -> Option<(Ace<'_>, &[u8])> {
    const INHERIT_ONLY: u8 = 8;
    let [kind, flags, low, high] = *bytes.first_chunk::<ACE_HEADER_BYTES>()?;
    let size = usize::from(u16::from_le_bytes([low, high]));
    if size < ACE_HEADER_BYTES || size % 4 != 0 {
        return None;
    }
    let (entry, rest) = bytes.split_at_checked(size)?;
    let (does, sid_at) = kind_of(kind, entry);
    let mut ace = Ace {
        kind: does,
        mask: 0,
        sid: Sid::new(0, &[]),
        is_inherit_only: flags & INHERIT_ONLY != 0,
        is_conditional: CALLBACKS.contains(&kind),
        data: &[],
        bytes: entry,
    };
    if does != AceKind::Other {
        let mask = entry.get(ACE_HEADER_BYTES..MASK_END)?.first_chunk()?;
        let behind = entry.get(sid_at..)?;
        ace.mask = u32::from_le_bytes(*mask);
        ace.sid = Sid::parse(behind)?;
        ace.data = behind.get(ace.sid.size_bytes()..)?;
    }
    Some((ace, rest))
}

/// Types of entries with conditions.
const CALLBACKS: core::ops::RangeInclusive<u8> = 9..=12;

/// What an entry does, and where its identifier is.
///
/// Where the properties of an object are not told apart, an entry for one of them
/// refuses the whole object, and grants nothing.
fn kind_of(kind: u8, entry: &[u8]) -> (AceKind, usize) {
    const ACCESS_ALLOWED: u8 = 0;
    const ACCESS_DENIED: u8 = 1;
    const ACCESS_ALLOWED_OBJECT: u8 = 5;
    const ACCESS_DENIED_OBJECT: u8 = 6;
    const ACCESS_ALLOWED_CALLBACK: u8 = 9;
    const ACCESS_DENIED_CALLBACK: u8 = 10;
    const ACCESS_ALLOWED_CALLBACK_OBJECT: u8 = 11;
    const ACCESS_DENIED_CALLBACK_OBJECT: u8 = 12;
    const MANDATORY_LABEL: u8 = 0x11;
    const RESOURCE_ATTRIBUTE: u8 = 0x12;
    const SCOPED_POLICY: u8 = 0x13;
    const FLAGS_BYTES: usize = 4;
    const TYPE_BYTES: usize = 16;
    let flags = entry.get(MASK_END).copied().unwrap_or(0);
    let has_type = flags & 1 != 0;
    let types = usize::from(has_type).saturating_add(usize::from(flags >> 1 & 1));
    let skipped = types.saturating_mul(TYPE_BYTES).saturating_add(FLAGS_BYTES);
    let behind_types = MASK_END.saturating_add(skipped);
    match kind {
        ACCESS_ALLOWED | ACCESS_ALLOWED_CALLBACK => (AceKind::Allow, MASK_END),
        ACCESS_DENIED | ACCESS_DENIED_CALLBACK => (AceKind::Deny, MASK_END),
        ACCESS_ALLOWED_OBJECT | ACCESS_ALLOWED_CALLBACK_OBJECT if !has_type => {
            (AceKind::Allow, behind_types)
        }
        ACCESS_DENIED_OBJECT | ACCESS_DENIED_CALLBACK_OBJECT => (AceKind::Deny, behind_types),
        MANDATORY_LABEL => (AceKind::Label, MASK_END),
        RESOURCE_ATTRIBUTE => (AceKind::Attribute, MASK_END),
        SCOPED_POLICY => (AceKind::Policy, MASK_END),
        _ => (AceKind::Other, 0),
    }
}
