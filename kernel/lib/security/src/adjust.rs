//! Enabling and disabling what an identity has.

use alloc::vec::Vec;

use crate::{Group, Identity, OutOfMemory, Privilege, group, privilege};

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustError {
    /// A group that cannot be disabled.
    Mandatory,
    /// A group that is there for denial only cannot be enabled.
    DenyOnly,
    /// Exhaustion.
    NoMemory,
}

impl From<OutOfMemory> for AdjustError {
    fn from(_: OutOfMemory) -> Self {
        Self::NoMemory
    }
}

/// What adjusting privileges changes.
#[derive(Debug, PartialEq, Eq)]
pub struct AdjustedPrivileges {
    /// Those that change, as they were.
    pub before: Vec<Privilege>,
    /// Whether all were there.
    pub had_all: bool,
}

/// What adjusting groups changes.
#[derive(Debug, PartialEq, Eq)]
pub struct AdjustedGroups {
    /// Those that change, as they were.
    pub before: Vec<Group>,
    /// Whether all were there.
    pub had_all: bool,
}

impl Identity {
    /// What [`Identity::adjust_privileges`] would change.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn would_adjust_privileges(
        &self,
        wanted: &[Privilege],
    ) -> Result<AdjustedPrivileges, OutOfMemory> {
        let mut before = Vec::new();
        before.try_reserve_exact(self.privileges.len())?;
        let changed = self.privileges.iter().filter(|held| {
            let wish = wanted.iter().rev().find(|wish| wish.number == held.number);
            wish.is_some_and(|wish| {
                let takes_away = wish.attributes & privilege::REMOVED != 0;
                takes_away || wish.is_enabled() != held.is_enabled()
            })
        });
        before.extend(changed);
        let is_held = |wish: &Privilege| {
            let mut held = self.privileges.iter();
            held.any(|held| held.number == wish.number)
        };
        Ok(AdjustedPrivileges {
            before,
            had_all: wanted.iter().all(is_held),
        })
    }

    /// Enables, disables or takes away the privileges that are named and held; of a
    /// privilege named twice, the last wish counts.
    ///
    /// # Errors
    /// [`OutOfMemory`]; then nothing has changed.
    pub fn adjust_privileges(
        &mut self,
        wanted: &[Privilege],
    ) -> Result<AdjustedPrivileges, OutOfMemory> {
        let adjusted = self.would_adjust_privileges(wanted)?;
        self.privileges.retain_mut(|held| {
            let wish = wanted.iter().rev().find(|wish| wish.number == held.number);
            let Some(wish) = wish else {
                return true;
            };
            held.attributes &= !privilege::ENABLED;
            held.attributes |= wish.attributes & privilege::ENABLED;
            wish.attributes & privilege::REMOVED == 0
        });
        Ok(adjusted)
    }

    /// A wish to disable all privileges.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn all_disabled(&self) -> Result<Vec<Privilege>, OutOfMemory> {
        let mut wishes = Vec::new();
        wishes.try_reserve_exact(self.privileges.len())?;
        wishes.extend(self.privileges.iter().map(|held| Privilege {
            attributes: 0,
            ..*held
        }));
        Ok(wishes)
    }

    /// What [`Identity::adjust_groups`] would change.
    ///
    /// # Errors
    /// [`AdjustError`] says which group cannot be changed so.
    pub fn would_adjust_groups(&self, wanted: &[Group]) -> Result<AdjustedGroups, AdjustError> {
        let mut before = Vec::new();
        before
            .try_reserve_exact(self.groups.len())
            .map_err(OutOfMemory::from)?;
        for held in &self.groups {
            let wish = wanted.iter().rev().find(|wish| wish.sid == held.sid);
            let Some(wish) = wish else {
                continue;
            };
            let enables = wish.attributes & group::ENABLED != 0;
            if enables == (held.attributes & group::ENABLED != 0) {
                continue;
            }
            if held.attributes & group::USE_FOR_DENY_ONLY != 0 {
                return Err(AdjustError::DenyOnly);
            }
            if held.attributes & group::MANDATORY != 0 {
                return Err(AdjustError::Mandatory);
            }
            before.push(*held);
        }
        let is_held = |wish: &Group| self.groups.iter().any(|held| held.sid == wish.sid);
        Ok(AdjustedGroups {
            before,
            had_all: wanted.iter().all(is_held),
        })
    }

    /// Enables or disables the groups that are named and there.
    ///
    /// # Errors
    /// [`AdjustError`] says which group cannot be changed so; then none has been.
    pub fn adjust_groups(&mut self, wanted: &[Group]) -> Result<AdjustedGroups, AdjustError> {
        let adjusted = self.would_adjust_groups(wanted)?;
        for held in &mut self.groups {
            if adjusted.before.iter().any(|before| before.sid == held.sid) {
                held.attributes ^= group::ENABLED;
            }
        }
        Ok(adjusted)
    }

    /// A wish for all groups as they are at first.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn groups_by_default(&self) -> Result<Vec<Group>, OutOfMemory> {
        let mut wishes = Vec::new();
        wishes.try_reserve_exact(self.groups.len())?;
        let changeable = self.groups.iter().filter(|held| {
            let fixed = group::MANDATORY | group::USE_FOR_DENY_ONLY;
            held.attributes & fixed == 0
        });
        wishes.extend(changeable.map(|held| {
            let is_enabled = held.attributes & group::ENABLED_BY_DEFAULT != 0;
            Group {
                sid: held.sid,
                attributes: if is_enabled { group::ENABLED } else { 0 },
            }
        }));
        Ok(wishes)
    }
}
