//! Values in conditions: literals, and attributes of objects.
//!
//! Literals are tokens (MS-DTYP 2.4.4.17.5); an attribute is a
//! CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1 behind an entry's identifier (MS-DTYP
//! 2.4.10.1).

use core::cmp::Ordering;

use crate::AceKind;
use crate::condition::compare_text;

/// Tokens that are no operators.
pub(crate) mod token {
    pub(crate) const PADDING: u8 = 0;
    pub(crate) const INTEGER_8: u8 = 1;
    pub(crate) const INTEGER_64: u8 = 4;
    pub(crate) const TEXT: u8 = 0x10;
    pub(crate) const OCTETS: u8 = 0x18;
    pub(crate) const COMPOSITE: u8 = 0x50;
    pub(crate) const SID: u8 = 0x51;
    pub(crate) const LOCAL: u8 = 0xF8;
    pub(crate) const RESOURCE: u8 = 0xFA;
    pub(crate) const DEVICE: u8 = 0xFB;
}

/// The token that bytes begin with: all of it, what is inside, and what is behind.
pub(crate) fn split_token(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    /// Eight bytes, how the sign was written, and the base.
    const INTEGER_BYTES: usize = 10;
    const LENGTH_BYTES: usize = 4;
    let (&code, after) = bytes.split_first()?;
    let (head, length) = match code {
        token::INTEGER_8..=token::INTEGER_64 => (1, INTEGER_BYTES),
        token::TEXT
        | token::OCTETS
        | token::COMPOSITE
        | token::SID
        | token::LOCAL..=token::DEVICE => {
            let length = u32::from_le_bytes(*after.first_chunk::<LENGTH_BYTES>()?);
            (LENGTH_BYTES.wrapping_add(1), usize::try_from(length).ok()?)
        }
        _ => return None,
    };
    let (whole, behind) = bytes.split_at_checked(length.checked_add(head)?)?;
    Some((whole, whole.get(head..)?, behind))
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Signed or not.
    Number(i128),
    /// In UTF-16.
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    Sid(&'a [u8]),
}

/// The values of an operand.
#[derive(Clone)]
pub(crate) struct Values<'a> {
    /// Literals in a row.
    tokens: &'a [u8],
    claim: Option<Claim<'a>>,
    next: u32,
}

impl<'a> Values<'a> {
    pub(crate) const fn of_tokens(tokens: &'a [u8]) -> Self {
        Self {
            tokens,
            claim: None,
            next: 0,
        }
    }

    pub(crate) const fn of_claim(claim: Claim<'a>) -> Self {
        Self {
            tokens: &[],
            claim: Some(claim),
            next: 0,
        }
    }

    /// Whether texts are only equal to themselves.
    pub(crate) fn minds_case(&self) -> bool {
        self.claim.is_some_and(|claim| claim.minds_case())
    }

    /// The only value, if there is just one.
    pub(crate) fn only(&self) -> Option<Value<'a>> {
        let mut values = self.clone();
        let only = values.next()??;
        match values.next() {
            None => Some(only),
            Some(_) => None,
        }
    }
}

/// Each value; `None` in place of one that is damaged, which is the last.
impl<'a> Iterator for Values<'a> {
    type Item = Option<Value<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(claim) = self.claim {
            let number = self.next;
            self.next = number.checked_add(1)?;
            return (number < claim.count).then(|| claim.value(number));
        }
        let (&code, _) = self.tokens.split_first()?;
        let Some((_, inside, behind)) = split_token(self.tokens) else {
            self.tokens = &[];
            return Some(None);
        };
        self.tokens = behind;
        Some(match code {
            token::TEXT => Some(Value::Text(inside)),
            token::OCTETS => Some(Value::Bytes(inside)),
            token::SID => Some(Value::Sid(inside)),
            token::INTEGER_8..=token::INTEGER_64 => {
                let number = inside.first_chunk().copied();
                number.map(|number| Value::Number(i64::from_le_bytes(number).into()))
            }
            _ => None,
        })
    }
}

/// An attribute.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    bytes: &'a [u8],
    kind: u16,
    flags: u32,
    count: u32,
}

impl<'a> Claim<'a> {
    const KIND_AT: usize = 4;
    const FLAGS_AT: usize = 8;
    const COUNT_AT: usize = 12;
    const VALUES_AT: usize = 16;
    const CASE_SENSITIVE: u32 = 2;
    const FOR_DENY_ONLY: u32 = 4;
    const DISABLED: u32 = 0x10;

    /// The attribute that bytes begin with.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let [low, high, ..] = dword(bytes, Self::KIND_AT)?.to_le_bytes();
        Some(Self {
            bytes,
            kind: u16::from_le_bytes([low, high]),
            flags: dword(bytes, Self::FLAGS_AT)?,
            count: dword(bytes, Self::COUNT_AT)?,
        })
    }

    /// Whether entries of this kind may look at it.
    pub(crate) fn counts_for(&self, kind: AceKind) -> bool {
        let is_refused = self.flags & Self::FOR_DENY_ONLY != 0 && kind != AceKind::Deny;
        // Without values it is as good as none.
        self.flags & Self::DISABLED == 0 && !is_refused && self.count != 0
    }

    pub(crate) fn has_name(&self, name: &[u8]) -> bool {
        let own = dword(self.bytes, 0).and_then(|at| self.text(at));
        own.is_some_and(|own| compare_text(own, name, false) == Ordering::Equal)
    }

    const fn minds_case(&self) -> bool {
        self.flags & Self::CASE_SENSITIVE != 0
    }

    fn value(&self, number: u32) -> Option<Value<'a>> {
        const INT64: u16 = 1;
        const UINT64: u16 = 2;
        const STRING: u16 = 3;
        const SID: u16 = 5;
        const BOOLEAN: u16 = 6;
        const OCTET_STRING: u16 = 0x10;
        let place = usize::try_from(number)
            .ok()?
            .checked_mul(size_of::<u32>())?;
        let at = dword(self.bytes, place.checked_add(Self::VALUES_AT)?)?;
        let behind = self.bytes.get(usize::try_from(at).ok()?..)?;
        match self.kind {
            INT64 => Some(Value::Number(
                i64::from_le_bytes(*behind.first_chunk()?).into(),
            )),
            UINT64 | BOOLEAN => Some(Value::Number(
                u64::from_le_bytes(*behind.first_chunk()?).into(),
            )),
            STRING => self.text(at).map(Value::Text),
            SID | OCTET_STRING => {
                let length = usize::try_from(dword(behind, 0)?).ok()?;
                let value = behind.get(size_of::<u32>()..)?.get(..length)?;
                Some(match self.kind {
                    SID => Value::Sid(value),
                    _ => Value::Bytes(value),
                })
            }
            _ => None,
        }
    }

    /// The text at an offset, up to its zero.
    fn text(&self, at: u32) -> Option<&'a [u8]> {
        let behind = self.bytes.get(usize::try_from(at).ok()?..)?;
        let (units, _) = behind.as_chunks::<2>();
        let length = units.iter().position(|unit| *unit == [0; 2])?;
        behind.get(..length.checked_mul(2)?)
    }
}

/// The four bytes at a place.
fn dword(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk().copied();
    bytes.map(u32::from_le_bytes)
}
