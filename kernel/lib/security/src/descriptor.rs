//! Security descriptors (MS-DTYP 2.4.6): who owns an object, and its lists.

use alloc::vec::Vec;

use crate::identity::copied;
use crate::ordinary::{administrators, list_of, system, world};
use crate::{Acl, Identity, ObjectSecurity, OutOfMemory, Sid, privilege, sacl};

/// Parts of a descriptor (NT `SECURITY_INFORMATION`).
pub mod part {
    /// The owner.
    pub const OWNER: u32 = 0x1;
    /// The group.
    pub const GROUP: u32 = 0x2;
    /// The list that grants and refuses.
    pub const DACL: u32 = 0x4;
    /// The list that says what is noted.
    pub const SACL: u32 = 0x8;
    /// The integrity level, which lies in the second list.
    pub const LABEL: u32 = 0x10;
    /// What conditions can be about, which lies there too.
    pub const ATTRIBUTE: u32 = 0x20;
    /// The central policy, which lies there too.
    pub const SCOPE: u32 = 0x40;
    /// Nothing is inherited into the first list from now on.
    pub const PROTECTED_DACL: u32 = 0x8000_0000;
    /// The same of the second.
    pub const PROTECTED_SACL: u32 = 0x4000_0000;
    /// Something is again.
    pub const UNPROTECTED_DACL: u32 = 0x2000_0000;
    /// The same of the second.
    pub const UNPROTECTED_SACL: u32 = 0x1000_0000;
}

/// Bits of a descriptor (NT `SECURITY_DESCRIPTOR_CONTROL`).
pub mod control {
    /// There is a list that grants and refuses; perhaps one that grants everything.
    pub const DACL_PRESENT: u16 = 0x4;
    /// There is a list that says what is noted.
    pub const SACL_PRESENT: u16 = 0x10;
    /// What is in the first list was inherited.
    pub const DACL_AUTO_INHERITED: u16 = 0x400;
    /// The same of the second.
    pub const SACL_AUTO_INHERITED: u16 = 0x800;
    /// Nothing is inherited into the first list.
    pub const DACL_PROTECTED: u16 = 0x1000;
    /// The same of the second.
    pub const SACL_PROTECTED: u16 = 0x2000;
    /// It lies in one piece.
    pub const SELF_RELATIVE: u16 = 0x8000;

    /// What belongs to each part.
    pub(super) const OWNER: u16 = 0x1;
    pub(super) const GROUP: u16 = 0x2;
    pub(super) const DACL: u16 = 0x150C;
    pub(super) const SACL: u16 = 0x2A30;
}

/// Why a descriptor cannot be an object's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptorError {
    /// `STATUS_INVALID_SECURITY_DESCR`: a part that is to be set is missing.
    Missing,
    /// `STATUS_INVALID_OWNER`: this one cannot own what the identity has.
    Owner,
    /// `STATUS_PRIVILEGE_NOT_HELD`: what is noted only the privileged say.
    Privilege,
    /// `STATUS_BAD_INHERITANCE_ACL`: a list would be too long with what is inherited.
    Inheritance,
    /// `STATUS_INVALID_LABEL`: this is no integrity level.
    Label,
    /// `STATUS_INVALID_ACL`: what is in a list together is too long for one.
    TooLong,
    /// `STATUS_NO_MEMORY`.
    NoMemory,
}

impl DescriptorError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::Missing => 0xC000_0079,
            Self::Owner => 0xC000_005A,
            Self::Privilege => 0xC000_0061,
            Self::Inheritance => 0xC000_007D,
            Self::Label => 0xC000_0446,
            Self::TooLong => 0xC000_0077,
            Self::NoMemory => 0xC000_0017,
        }
    }
}

impl From<OutOfMemory> for DescriptorError {
    fn from(_: OutOfMemory) -> Self {
        Self::NoMemory
    }
}

/// A descriptor: an object's, or what a program would like it to be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Descriptor {
    /// The owner.
    pub owner: Option<Sid>,
    /// The group, which nothing depends on.
    pub group: Option<Sid>,
    /// A valid list, if [`control::DACL_PRESENT`] is set; without one everyone may do
    /// everything.
    pub dacl: Option<Vec<u8>>,
    /// A valid list, if [`control::SACL_PRESENT`] is set.
    pub sacl: Option<Vec<u8>>,
    /// Bits of [`control`].
    pub control: u16,
}

impl Descriptor {
    /// That of an object that an identity makes and says nothing about.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn of_maker(identity: &Identity) -> Result<Self, OutOfMemory> {
        Ok(Self {
            owner: Some(*identity.owner()),
            group: Some(*identity.primary_group()),
            dacl: identity.default_dacl().map(copied).transpose()?,
            sacl: None,
            control: control::DACL_PRESENT,
        })
    }

    /// That of an object of the system's, which everyone may do so much to.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn of_system(everyone: u32, all: u32) -> Result<Self, OutOfMemory> {
        let allowed = [
            (world(), everyone),
            (system(), all),
            (administrators(), all),
        ];
        Ok(Self {
            owner: Some(administrators()),
            group: Some(system()),
            dacl: Some(list_of(&allowed)?),
            sacl: None,
            control: control::DACL_PRESENT,
        })
    }

    /// What becomes of this one for an object that an identity makes: it has what is
    /// missing by default.
    ///
    /// # Errors
    /// [`DescriptorError`].
    pub fn for_new(&self, identity: &Identity) -> Result<Self, DescriptorError> {
        let mut parts = 0;
        for (is_given, part) in [
            (self.owner.is_some(), part::OWNER),
            (self.group.is_some(), part::GROUP),
            (self.control & control::DACL_PRESENT != 0, part::DACL),
            (self.control & control::SACL_PRESENT != 0, sacl::PARTS),
        ] {
            if is_given {
                parts |= part;
            }
        }
        if parts & part::SACL != 0
            && sacl::is_privileged(self.sacl.as_deref())
            && !identity.has_enabled(privilege::SECURITY)
        {
            return Err(DescriptorError::Privilege);
        }
        let mut new = Self::of_maker(identity)?.changed(parts, self, identity)?;
        // Who gives a list says whether others come into it.
        let protected = control::DACL_PROTECTED | control::SACL_PROTECTED;
        new.control |= self.control & protected;
        new.sacl = sacl::of_maker(new.sacl, identity)?;
        new.note_sacl();
        Ok(new)
    }

    /// This one with some parts as another has them, if the identity may say so.
    ///
    /// # Errors
    /// [`DescriptorError`].
    pub fn changed(
        &self,
        parts: u32,
        other: &Self,
        identity: &Identity,
    ) -> Result<Self, DescriptorError> {
        let asks = |part: u32| parts & part != 0;
        let is_missing = |part, sid: &Option<Sid>| asks(part) && sid.is_none();
        if is_missing(part::OWNER, &other.owner) || is_missing(part::GROUP, &other.group) {
            return Err(DescriptorError::Missing);
        }
        let owner = other.owner.filter(|_| asks(part::OWNER));
        if owner.is_some_and(|owner| !can_assign(identity, &owner)) {
            return Err(DescriptorError::Owner);
        }
        let from = if asks(part::DACL) { other } else { self };
        let dacl = from.dacl.as_deref();
        let dacl = dacl.filter(|_| from.control & control::DACL_PRESENT != 0);
        if asks(part::LABEL) {
            sacl::check_label(other.given_sacl(), identity)?;
        }
        let mut mask = 0;
        for (part, bits) in [
            (part::OWNER, control::OWNER),
            (part::GROUP, control::GROUP),
            (part::DACL, control::DACL),
            (part::SACL, control::SACL),
        ] {
            if asks(part) {
                mask |= bits;
            }
        }
        let mut new = Self {
            owner: owner.or(self.owner),
            group: other.group.filter(|_| asks(part::GROUP)).or(self.group),
            dacl: dacl.map(copied).transpose()?,
            sacl: sacl::merged(self.given_sacl(), other.given_sacl(), parts & sacl::PARTS)?,
            control: self.control & !mask | other.control & mask,
        };
        new.note_sacl();
        for (part, is_protected, bit) in [
            (part::PROTECTED_DACL, true, control::DACL_PROTECTED),
            (part::UNPROTECTED_DACL, false, control::DACL_PROTECTED),
            (part::PROTECTED_SACL, true, control::SACL_PROTECTED),
            (part::UNPROTECTED_SACL, false, control::SACL_PROTECTED),
        ] {
            match (asks(part), is_protected) {
                (true, true) => new.control |= bit,
                (true, false) => new.control &= !bit,
                (false, _) => {}
            }
        }
        Ok(new)
    }

    /// The second list, if there is to be one.
    fn given_sacl(&self) -> Option<&[u8]> {
        let list = self.sacl.as_deref();
        list.filter(|_| self.control & control::SACL_PRESENT != 0)
    }

    /// Notes that there is a second list, if there is.
    fn note_sacl(&mut self) {
        if self.sacl.is_some() {
            self.control |= control::SACL_PRESENT;
        }
    }

    /// Some of its parts, in one piece.
    ///
    /// # Errors
    /// [`DescriptorError::NoMemory`].
    pub fn to_bytes(&self, parts: u32) -> Result<Vec<u8>, DescriptorError> {
        const HEADER_BYTES: usize = 20;
        const REVISION: u8 = 1;
        let sid = |part, sid: Option<Sid>| sid.filter(|_| parts & part != 0);
        let (owner, group) = (sid(part::OWNER, self.owner), sid(part::GROUP, self.group));
        let asks = |part: u32| parts & part != 0;
        let dacl = self.dacl.as_deref().filter(|_| asks(part::DACL));
        let sacl = sacl::merged(None, self.given_sacl(), parts & sacl::PARTS)?;
        let pieces: [&[u8]; 4] = [
            owner.as_ref().map_or(&[], Sid::as_bytes),
            group.as_ref().map_or(&[], Sid::as_bytes),
            sacl.as_deref().unwrap_or_default(),
            dacl.unwrap_or_default(),
        ];
        let total = pieces
            .iter()
            .fold(HEADER_BYTES, |sum, piece| sum.saturating_add(piece.len()));
        let mut bits = control::SELF_RELATIVE;
        for (part, of_part) in [
            (part::OWNER, control::OWNER),
            (part::GROUP, control::GROUP),
            (part::DACL, control::DACL),
            (part::SACL, control::SACL),
        ] {
            if asks(part) {
                bits |= self.control & of_part;
            }
        }
        if sacl.is_some() {
            bits |= control::SACL_PRESENT;
        }
        let mut bytes = Vec::new();
        let reserved = bytes.try_reserve_exact(total);
        reserved.map_err(|_| DescriptorError::NoMemory)?;
        bytes.extend_from_slice(&[REVISION, 0]);
        bytes.extend_from_slice(&bits.to_le_bytes());
        let mut at = HEADER_BYTES;
        for piece in pieces {
            let offset = if piece.is_empty() { 0 } else { at };
            let offset = u32::try_from(offset).unwrap_or(0);
            bytes.extend_from_slice(&offset.to_le_bytes());
            at = at.saturating_add(piece.len());
        }
        pieces
            .iter()
            .for_each(|piece| bytes.extend_from_slice(piece));
        Ok(bytes)
    }

    /// The memory that it takes.
    #[must_use]
    pub fn footprint_bytes(&self) -> usize {
        let lists = [&self.dacl, &self.sacl].into_iter().flatten();
        lists.fold(size_of::<Self>(), |sum, list| {
            sum.saturating_add(list.capacity())
        })
    }

    /// What checks of access look at.
    #[must_use]
    pub fn security(&self) -> ObjectSecurity<'_> {
        ObjectSecurity {
            // Nobody has the empty identifier.
            owner: self.owner.unwrap_or(Sid::new(0, &[])),
            dacl: self.dacl.as_deref().and_then(Acl::parse),
            sacl: self.sacl.as_deref().and_then(Acl::parse),
        }
    }
}

/// Whether an identity may make someone an owner.
fn can_assign(identity: &Identity, owner: &Sid) -> bool {
    identity.can_own(owner) || identity.has_enabled(privilege::RESTORE)
}
