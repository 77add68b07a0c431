//! Making an identity that can do less.

use alloc::vec::Vec;

use crate::{Group, Identity, OutOfMemory, Sid, group, privilege};

/// What is taken away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Groups, or the user, that remain for denial only.
    pub disabled: &'a [Sid],
    /// Privileges that go.
    pub deleted: &'a [u64],
    /// Whether all privileges go but that to pass through directories.
    pub deletes_all: bool,
    /// Groups that must be granted an access too; none: no restriction more.
    pub restricted: &'a [Sid],
    /// Whether that holds for writing only.
    pub restricts_writing_only: bool,
    /// Whether software restrictions do not hold.
    pub is_sandbox_inert: bool,
}

impl Identity {
    /// A copy that can do less. Where both are restricted, what both name remains.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn filtered(&self, filter: &Filter<'_>) -> Result<Self, OutOfMemory> {
        let mut identity = self.try_clone()?;
        let disable = |held: &mut Group| {
            if filter.disabled.contains(&held.sid) {
                let counts = group::ENABLED | group::ENABLED_BY_DEFAULT;
                held.attributes &= !counts;
                held.attributes |= group::USE_FOR_DENY_ONLY;
            }
        };
        disable(&mut identity.user);
        identity.groups.iter_mut().for_each(disable);
        identity.privileges.retain(|held| {
            let is_kept = held.number == privilege::CHANGE_NOTIFY.into();
            !(filter.deleted.contains(&held.number) || filter.deletes_all && !is_kept)
        });
        if !filter.restricted.is_empty() {
            identity.restrict(filter)?;
        }
        identity.is_sandbox_inert |= filter.is_sandbox_inert;
        Ok(identity)
    }

    fn restrict(&mut self, filter: &Filter<'_>) -> Result<(), OutOfMemory> {
        const ATTRIBUTES: u32 = group::MANDATORY | group::ENABLED_BY_DEFAULT | group::ENABLED;
        if self.is_restricted {
            self.restricted
                .retain(|held| filter.restricted.contains(&held.sid));
            self.is_write_restricted &= filter.restricts_writing_only;
            return Ok(());
        }
        let mut restricted = Vec::new();
        restricted.try_reserve_exact(filter.restricted.len())?;
        restricted.extend(filter.restricted.iter().map(|&sid| Group {
            sid,
            attributes: ATTRIBUTES,
        }));
        self.restricted = restricted;
        self.is_restricted = true;
        self.is_write_restricted = filter.restricts_writing_only;
        Ok(())
    }
}
