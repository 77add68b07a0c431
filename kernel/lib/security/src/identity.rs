//! What a token says of whoever it is about.

use alloc::vec::Vec;

use crate::label::{label, level_of};
use crate::{Acl, Group, Privilege, Sid, group, privilege};

/// The kernel has no memory for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl From<alloc::collections::TryReserveError> for OutOfMemory {
    fn from(_: alloc::collections::TryReserveError) -> Self {
        Self
    }
}

/// Why a default of new objects cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultError {
    /// This one cannot own objects, or is not in the token.
    Owner,
    /// This group is not in the token.
    PrimaryGroup,
    /// The list is damaged.
    Acl,
    /// The level is higher than the token's.
    Integrity,
}

/// Someone to act for.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    user: Sid,
    integrity: u32,
    is_restricted: bool,
}

/// What a token says.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user; as a group, because it may be there for denial only.
    pub(crate) user: Group,
    pub(crate) groups: Vec<Group>,
    pub(crate) privileges: Vec<Privilege>,
    /// Groups that must be granted an access too.
    pub(crate) restricted: Vec<Group>,
    /// Whether they must, also if there are none.
    pub(crate) is_restricted: bool,
    /// Whether that holds for writing only.
    pub(crate) is_write_restricted: bool,
    pub(crate) is_sandbox_inert: bool,
    pub(crate) owner: Sid,
    pub(crate) primary_group: Sid,
    pub(crate) default_dacl: Option<Vec<u8>>,
    /// The number of its integrity level.
    pub(crate) integrity: u32,
}

impl Identity {
    /// The user, with attributes as an enabled group has.
    #[must_use]
    pub const fn user(&self) -> &Group {
        &self.user
    }

    /// The groups, without the integrity level.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The privileges.
    #[must_use]
    pub fn privileges(&self) -> &[Privilege] {
        &self.privileges
    }

    /// The groups that must be granted an access too, if it is restricted.
    #[must_use]
    pub fn restricted(&self) -> &[Group] {
        &self.restricted
    }

    /// Whether those must be granted an access too, also if there are none.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        self.is_restricted
    }

    /// Whether that holds for writing only.
    #[must_use]
    pub const fn is_write_restricted(&self) -> bool {
        self.is_write_restricted
    }

    /// Whether its integrity level is above the low one.
    #[must_use]
    pub const fn is_above_low(&self) -> bool {
        const LOW: u32 = 0x1000;
        self.integrity > LOW
    }

    /// Whether it is exempt from software restrictions.
    #[must_use]
    pub const fn is_sandbox_inert(&self) -> bool {
        self.is_sandbox_inert
    }

    /// Who owns new objects.
    #[must_use]
    pub const fn owner(&self) -> &Sid {
        &self.owner
    }

    /// The group of new objects.
    #[must_use]
    pub const fn primary_group(&self) -> &Sid {
        &self.primary_group
    }

    /// The list of new objects.
    #[must_use]
    pub fn default_dacl(&self) -> Option<&[u8]> {
        self.default_dacl.as_deref()
    }

    /// Its integrity level as a group.
    #[must_use]
    pub fn integrity(&self) -> Group {
        Group {
            sid: label(self.integrity),
            attributes: group::INTEGRITY,
        }
    }

    /// The logon session as a group.
    #[must_use]
    pub fn logon(&self) -> Option<&Group> {
        let is_logon = |group: &&Group| group.attributes & group::LOGON_ID == group::LOGON_ID;
        self.groups.iter().find(is_logon)
    }

    /// Whether a privilege is there and enabled.
    #[must_use]
    pub fn has_enabled(&self, number: u32) -> bool {
        let mut found = self.privileges.iter();
        found.any(|privilege| privilege.number == number.into() && privilege.is_enabled())
    }

    /// Whether this one can own objects of the identity's: the user, or a group that
    /// can.
    #[must_use]
    pub fn can_own(&self, owner: &Sid) -> bool {
        let can_own = |group: &Group| group.sid == *owner && group.attributes & group::OWNER != 0;
        self.user.sid == *owner || self.groups.iter().any(can_own)
    }

    /// What counts of it for who would act for it.
    #[must_use]
    pub const fn as_client(&self) -> Client {
        Client {
            user: self.user.sid,
            integrity: self.integrity,
            is_restricted: self.is_restricted,
        }
    }

    /// Whether a process of the identity's may act for someone: for all with the
    /// privilege, else for the same user, no higher and not less restricted.
    #[must_use]
    pub fn can_act_for(&self, client: &Client) -> bool {
        let is_same = self.user.sid == client.user
            && client.integrity <= self.integrity
            && client.is_restricted >= self.is_restricted;
        is_same || self.has_enabled(privilege::IMPERSONATE)
    }

    /// Sets who owns new objects: the user or a group that can.
    ///
    /// # Errors
    /// [`DefaultError::Owner`].
    pub fn set_owner(&mut self, owner: Sid) -> Result<(), DefaultError> {
        if !self.can_own(&owner) {
            return Err(DefaultError::Owner);
        }
        self.owner = owner;
        Ok(())
    }

    /// Sets the group of new objects: the user or any of its groups.
    ///
    /// # Errors
    /// [`DefaultError::PrimaryGroup`].
    pub fn set_primary_group(&mut self, sid: Sid) -> Result<(), DefaultError> {
        if self.user.sid != sid && !self.groups.iter().any(|group| group.sid == sid) {
            return Err(DefaultError::PrimaryGroup);
        }
        self.primary_group = sid;
        Ok(())
    }

    /// Sets the list of new objects. The one before comes back.
    ///
    /// # Errors
    /// [`DefaultError::Acl`].
    pub fn set_default_dacl(
        &mut self,
        list: Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, DefaultError> {
        if list
            .as_deref()
            .is_some_and(|list| Acl::parse(list).is_none())
        {
            return Err(DefaultError::Acl);
        }
        Ok(core::mem::replace(&mut self.default_dacl, list))
    }

    /// Lowers the integrity level.
    ///
    /// # Errors
    /// [`DefaultError::Integrity`].
    pub fn set_integrity(&mut self, sid: &Sid) -> Result<(), DefaultError> {
        let level = level_of(sid).filter(|&level| level <= self.integrity);
        self.integrity = level.ok_or(DefaultError::Integrity)?;
        Ok(())
    }

    /// A copy of it.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn try_clone(&self) -> Result<Self, OutOfMemory> {
        let default_dacl = self.default_dacl.as_deref().map(copied).transpose()?;
        Ok(Self {
            groups: copied(&self.groups)?,
            privileges: copied(&self.privileges)?,
            restricted: copied(&self.restricted)?,
            default_dacl,
            ..*self
        })
    }

    /// Takes out what does not count: disabled groups and privileges.
    pub fn keep_effective(&mut self) {
        let counts = |group: &Group| {
            let only_denies = group.attributes & group::USE_FOR_DENY_ONLY != 0;
            only_denies || group.attributes & group::ENABLED != 0
        };
        self.groups.retain(counts);
        self.privileges.retain(Privilege::is_enabled);
    }

    /// Whether both have the same user, groups, restrictions and privileges, enabled
    /// or not alike.
    #[must_use]
    pub fn is_equivalent(&self, other: &Self) -> bool {
        const COUNTS: u32 = group::ENABLED | group::USE_FOR_DENY_ONLY;
        let alike = |one: &[Group], other: &[Group]| {
            one.iter().all(|group| {
                let same = |candidate: &&Group| candidate.sid == group.sid;
                let found = other.iter().find(same);
                found.is_some_and(|found| (found.attributes ^ group.attributes) & COUNTS == 0)
            })
        };
        let has_all = |one: &Self, other: &Self| {
            let held = |privilege: &Privilege| {
                let mut others = other.privileges.iter();
                others.any(|other| other.number == privilege.number)
            };
            alike(&one.groups, &other.groups)
                && alike(&one.restricted, &other.restricted)
                && one.privileges.iter().all(held)
        };
        self.user == other.user
            && self.is_restricted == other.is_restricted
            && self.is_write_restricted == other.is_write_restricted
            && self.is_sandbox_inert == other.is_sandbox_inert
            && has_all(self, other)
            && has_all(other, self)
    }
}

/// The same values in a list of their own.
pub(crate) fn copied<T: Copy>(values: &[T]) -> Result<Vec<T>, OutOfMemory> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(values.len())?;
    copy.extend_from_slice(values);
    Ok(copy)
}
