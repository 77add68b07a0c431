//! The second list of a descriptor, whose entries belong to several parts.
//!
//! What is noted, the integrity level, attributes and policies lie in one list, but
//! are asked for and set each for itself (NT `SECURITY_INFORMATION`).

use alloc::vec::Vec;

use crate::label::{self, Label, MEDIUM, NO_WRITE_UP, level_of};
use crate::ordinary::list_of;
use crate::{AceKind, Acl, DescriptorError, Identity, part, privilege};

/// All parts that lie in the list.
pub(crate) const PARTS: u32 = part::SACL | part::LABEL | part::ATTRIBUTE | part::SCOPE;

const fn part_of(kind: AceKind) -> u32 {
    match kind {
        AceKind::Label => part::LABEL,
        AceKind::Attribute => part::ATTRIBUTE,
        AceKind::Policy => part::SCOPE,
        _ => part::SACL,
    }
}

/// A list with some parts as another has them; `None` for none.
pub(crate) fn merged(
    own: Option<&[u8]>,
    other: Option<&[u8]>,
    parts: u32,
) -> Result<Option<Vec<u8>>, DescriptorError> {
    const REVISION: u8 = 2;
    let kept = [(own, !parts), (other, parts)];
    let mut revision = REVISION;
    let mut count = 0_u16;
    let mut list = Vec::new();
    let lengths = kept.iter().map(|(list, _)| list.map_or(0, <[u8]>::len));
    list.try_reserve_exact(lengths.fold(Acl::HEADER_BYTES, usize::saturating_add))
        .map_err(|_| DescriptorError::NoMemory)?;
    list.extend_from_slice(&[0; Acl::HEADER_BYTES]);
    for (bytes, parts) in kept {
        let Some(bytes) = bytes else {
            continue;
        };
        for ace in Acl::parse(bytes).iter().flat_map(Acl::entries) {
            if part_of(ace.kind) & parts != 0 {
                list.extend_from_slice(ace.bytes);
                count = count.saturating_add(1);
            }
        }
        revision = revision.max(bytes.first().copied().unwrap_or(0));
    }
    if count == 0 && (parts & part::SACL == 0 || other.is_none()) {
        return Ok(None);
    }
    let size = u16::try_from(list.len()).map_err(|_| DescriptorError::TooLong)?;
    let ([low, high], [fewer, more]) = (size.to_le_bytes(), count.to_le_bytes());
    let header = [revision, 0, low, high, fewer, more, 0, 0];
    if let Some(place) = list.first_chunk_mut() {
        *place = header;
    }
    Ok(Some(list))
}

/// Refuses levels that are none, or that an identity may not give.
pub(crate) fn check_label(list: Option<&[u8]>, identity: &Identity) -> Result<(), DescriptorError> {
    const MASK: u32 = 7;
    let mut labels = list
        .and_then(Acl::parse)
        .into_iter()
        .flat_map(|list| list.entries())
        .filter(|ace| ace.kind == AceKind::Label);
    let Some(given) = labels.next() else {
        return Ok(());
    };
    let level = level_of(&given.sid).filter(|_| given.mask & !MASK == 0);
    match (level, labels.next()) {
        (Some(level), None) => {
            let may_raise = || identity.has_enabled(privilege::RELABEL);
            match level <= identity.integrity || may_raise() {
                true => Ok(()),
                false => Err(DescriptorError::Privilege),
            }
        }
        _ => Err(DescriptorError::Label),
    }
}

/// Whether only the privileged may give a new object such a list.
pub(crate) fn is_privileged(list: Option<&[u8]>) -> bool {
    let Some(list) = list.and_then(Acl::parse) else {
        return true;
    };
    let is_free = |kind| part_of(kind) & (part::LABEL | part::ATTRIBUTE) != 0;
    list.entries().next().is_none() || list.entries().any(|ace| !is_free(ace.kind))
}

/// The list of an object that someone makes: who is low makes what is low.
pub(crate) fn of_maker(
    list: Option<Vec<u8>>,
    identity: &Identity,
) -> Result<Option<Vec<u8>>, DescriptorError> {
    const TYPE_AT: usize = Acl::HEADER_BYTES;
    const MANDATORY_LABEL: u8 = 0x11;
    let level = identity.integrity;
    if level
        >= Label::of(list.as_deref().and_then(Acl::parse))
            .level
            .min(MEDIUM)
    {
        return Ok(list);
    }
    let mut low = list_of(&[(label::label(level), NO_WRITE_UP)])?;
    if let Some(kind) = low.get_mut(TYPE_AT) {
        *kind = MANDATORY_LABEL;
    }
    merged(list.as_deref(), Some(&low), part::LABEL)
}
