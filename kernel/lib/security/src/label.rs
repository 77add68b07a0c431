//! Integrity levels of objects (MS-DTYP 2.5.3.3, 2.4.4.13).

use crate::{AceKind, Acl, Identity, Mapping, Sid, privilege};

/// The number of the level of whoever and whatever has no other.
pub(crate) const MEDIUM: u32 = 0x2000;
/// In the mask of a label: who is lower may not write.
pub(crate) const NO_WRITE_UP: u32 = 1;
const NO_READ_UP: u32 = 2;
const NO_EXECUTE_UP: u32 = 4;
const WRITE_OWNER: u32 = 0x8_0000;

/// A level, and what who is lower may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) level: u32,
    pub(crate) mask: u32,
}

impl Label {
    /// That of an object by the list that would have it.
    pub(crate) fn of(sacl: Option<Acl<'_>>) -> Self {
        let mut labels = sacl.iter().flat_map(Acl::entries).filter_map(|ace| {
            let is_label = ace.kind == AceKind::Label && !ace.is_inherit_only;
            Some((level_of(&ace.sid).filter(|_| is_label)?, ace.mask))
        });
        let (level, mask) = labels.next().unwrap_or((MEDIUM, NO_WRITE_UP));
        Self { level, mask }
    }

    /// The rights that it leaves to an identity, if the lists grant them.
    pub(crate) fn leaves(&self, identity: &Identity, mapping: &Mapping) -> u32 {
        if identity.integrity >= self.level {
            return u32::MAX;
        }
        let mut rights = 0;
        for (forbids, generic) in [
            (NO_READ_UP, mapping.read),
            (NO_WRITE_UP, mapping.write),
            (NO_EXECUTE_UP, mapping.execute),
        ] {
            if self.mask & forbids == 0 {
                rights |= generic;
            }
        }
        if identity.has_enabled(privilege::RELABEL) {
            rights |= WRITE_OWNER;
        }
        rights
    }
}

/// The identifier of an integrity level.
pub(crate) fn label(level: u32) -> Sid {
    const MANDATORY_LABEL: u8 = 16;
    Sid::new(MANDATORY_LABEL, &[level])
}

/// The integrity level of an identifier, if it is one.
pub(crate) fn level_of(sid: &Sid) -> Option<u32> {
    sid.last_part().filter(|&level| label(level) == *sid)
}
