//! Answers of any length, with addresses into themselves.

use abi::NtStatus;
use abi::token::{LuidAndAttributes, SidAndAttributes, TokenGroupsHeader};
use alloc::vec::Vec;
use security::{Group, Privilege, Sid};
use zerocopy::{Immutable, IntoBytes};

use super::luid::luid_of;
use crate::call::violation;

const ENTRY_BYTES: u64 = size_of::<SidAndAttributes>() as u64;

/// An answer as it will lie in the caller's buffer.
pub(super) struct Answer {
    buffer: u64,
    bytes: Vec<u8>,
}

impl Answer {
    /// An empty one for a buffer.
    pub(super) const fn new(buffer: u64) -> Self {
        Self {
            buffer,
            bytes: Vec::new(),
        }
    }

    /// How long it is.
    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// Writes it.
    pub(super) fn send(&self) -> Result<(), NtStatus> {
        hal::user::copy_out(self.buffer, &self.bytes).map_err(violation)
    }

    /// A value behind what there is.
    pub(super) fn put<T: IntoBytes + Immutable>(&mut self, value: &T) -> Result<(), NtStatus> {
        self.put_bytes(value.as_bytes())
    }

    /// The same of bytes.
    pub(super) fn put_bytes(&mut self, bytes: &[u8]) -> Result<(), NtStatus> {
        self.bytes
            .try_reserve(bytes.len())
            .map_err(|_| NtStatus::NO_MEMORY)?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Where what is `distance` behind what there is will be.
    pub(super) fn address_after(&self, distance: u64) -> u64 {
        let length = u64::from(self.length());
        self.buffer.wrapping_add(length).wrapping_add(distance)
    }

    /// The address of bytes, and these; or 0.
    pub(super) fn put_pointed(&mut self, bytes: Option<&[u8]>) -> Result<(), NtStatus> {
        let Some(bytes) = bytes else {
            return self.put(&0_u64);
        };
        let at = self.address_after(size_of::<u64>() as u64);
        self.put(&at)?;
        self.put_bytes(bytes)
    }

    /// An identifier with attributes, behind which it is.
    pub(super) fn put_group(&mut self, sid: &Sid, attributes: u32) -> Result<(), NtStatus> {
        self.put_entries(&[Group {
            sid: *sid,
            attributes,
        }])
    }

    /// A count of groups, their entries and their identifiers.
    pub(super) fn put_groups(&mut self, groups: &[Group]) -> Result<(), NtStatus> {
        let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
        self.put(&TokenGroupsHeader {
            count,
            reserved_04: 0,
        })?;
        self.put_entries(groups)
    }

    /// The entries of groups and their identifiers.
    pub(super) fn put_entries(&mut self, groups: &[Group]) -> Result<(), NtStatus> {
        let count = u64::try_from(groups.len()).unwrap_or(u64::MAX);
        let mut sid_at = self.address_after(count.saturating_mul(ENTRY_BYTES));
        for group in groups {
            self.put(&SidAndAttributes {
                sid: sid_at,
                attributes: group.attributes,
                reserved_0c: 0,
            })?;
            let size = u64::try_from(group.sid.size_bytes()).unwrap_or(0);
            sid_at = sid_at.wrapping_add(size);
        }
        groups
            .iter()
            .try_for_each(|group| self.put_bytes(group.sid.as_bytes()))
    }

    /// A count of privileges and their entries.
    pub(super) fn put_privileges(&mut self, privileges: &[Privilege]) -> Result<(), NtStatus> {
        self.put(&u32::try_from(privileges.len()).unwrap_or(u32::MAX))?;
        self.put_privilege_entries(privileges)
    }

    /// The entries of privileges.
    pub(super) fn put_privilege_entries(
        &mut self,
        privileges: &[Privilege],
    ) -> Result<(), NtStatus> {
        privileges.iter().try_for_each(|privilege| {
            self.put(&LuidAndAttributes {
                luid: luid_of(privilege.number),
                attributes: privilege.attributes,
            })
        })
    }
}

/// How long the answer of [`Answer::put_entries`] is.
pub(super) fn entries_bytes(groups: &[Group]) -> u64 {
    groups.iter().fold(0, |sum: u64, group| {
        let size = u64::try_from(group.sid.size_bytes()).unwrap_or(0);
        sum.saturating_add(ENTRY_BYTES).saturating_add(size)
    })
}
