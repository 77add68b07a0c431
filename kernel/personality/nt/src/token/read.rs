//! Identifiers, lists and privileges out of user memory.

use abi::NtStatus;
use abi::token::{LuidAndAttributes, SidAndAttributes, SidHeader, TokenGroupsHeader};
use alloc::vec::Vec;
use security::{Acl, Group, MOST_SID_BYTES, Privilege, Sid};

use super::luid::number_of;
use crate::call::{read, read_vec, violation};

/// More groups than a token can have.
const MOST_GROUPS: u32 = 1024;
/// More privileges than there are.
const MOST_PRIVILEGES: u32 = 60;

/// The identifier at an address.
pub(crate) fn sid_at(address: u64) -> Result<Sid, NtStatus> {
    let header = read::<[u8; size_of::<SidHeader>()]>(address)?;
    let size = Sid::size_of_header(header).ok_or(NtStatus::INVALID_SID)?;
    let mut bytes = [0; MOST_SID_BYTES];
    let place = bytes.get_mut(..size).ok_or(NtStatus::INVALID_SID)?;
    hal::user::copy_in(place, address).map_err(violation)?;
    // It may have changed meanwhile.
    Sid::parse(&bytes).ok_or(NtStatus::INVALID_SID)
}

/// The access control list at an address.
pub(crate) fn acl_at(address: u64) -> Result<Vec<u8>, NtStatus> {
    let header = read::<[u8; Acl::HEADER_BYTES]>(address)?;
    let size = Acl::size_of_header(header).ok_or(NtStatus::INVALID_ACL)?;
    let bytes = read_vec::<u8>(address, size)?;
    match Acl::parse(&bytes) {
        Some(_) => Ok(bytes),
        None => Err(NtStatus::INVALID_ACL),
    }
}

/// The groups at an address; none at 0.
pub(super) fn groups_at(address: u64) -> Result<Vec<Group>, NtStatus> {
    let mut groups = Vec::new();
    if address == 0 {
        return Ok(groups);
    }
    let count = read::<TokenGroupsHeader>(address)?.count;
    let mut at = address.wrapping_add(size_of::<TokenGroupsHeader>() as u64);
    reserve(&mut groups, count, MOST_GROUPS)?;
    for _ in 0..count {
        let entry = read::<SidAndAttributes>(at)?;
        at = at.wrapping_add(size_of_val(&entry) as u64);
        groups.push(Group {
            sid: sid_at(entry.sid)?,
            attributes: entry.attributes,
        });
    }
    Ok(groups)
}

/// The privileges at an address, their count `before` them; none at 0.
pub(super) fn privileges_at(address: u64, before: u64) -> Result<Vec<Privilege>, NtStatus> {
    let mut privileges = Vec::new();
    if address == 0 {
        return Ok(privileges);
    }
    let count = read::<u32>(address)?;
    let mut at = address.wrapping_add(before);
    reserve(&mut privileges, count, MOST_PRIVILEGES)?;
    for _ in 0..count {
        let entry = read::<LuidAndAttributes>(at)?;
        at = at.wrapping_add(size_of_val(&entry) as u64);
        privileges.push(Privilege {
            number: number_of(entry.luid),
            attributes: entry.attributes,
        });
    }
    Ok(privileges)
}

fn reserve<T>(list: &mut Vec<T>, count: u32, most: u32) -> Result<(), NtStatus> {
    if count > most {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    list.try_reserve_exact(count)
        .map_err(|_| NtStatus::NO_MEMORY)
}
