//! Checks of privileges and of access.

use abi::NtStatus;
use abi::access::TOKEN_QUERY;
use abi::object::GenericMapping;
use abi::token::*;
use executive::token::{ImpersonationLevel, Token, TokenKind};
use security::{AccessRequest, Mapping, check_access, privilege_needed};

use super::luid::luid_of;
use super::read::privileges_at;
use crate::call::{Call, Outcome, probe, read, write};
use crate::security::descriptor_at;

/// NtPrivilegeCheck(token, privileges, result)
pub(crate) fn nt_privilege_check(call: &Call<'_>) -> Outcome {
    const HEADER_BYTES: u64 = size_of::<PrivilegeSetHeader>() as u64;
    let (set, result) = (call.word(1)?, call.word(2)?);
    probe::<u8>(result)?;
    let header = probe::<PrivilegeSetHeader>(set)?;
    let wanted = privileges_at(set, HEADER_BYTES)?;
    let token = call.token(0, TOKEN_QUERY)?;
    check_level(&token)?;
    let mut held = 0_usize;
    let mut at = set.wrapping_add(HEADER_BYTES);
    for privilege in &wanted {
        let number = u32::try_from(privilege.number).unwrap_or(u32::MAX);
        if token.with(|identity| identity.has_enabled(number)) {
            held = held.saturating_add(1);
            write(
                at,
                &LuidAndAttributes {
                    luid: luid_of(privilege.number),
                    attributes: privilege.attributes | SE_PRIVILEGE_USED_FOR_ACCESS,
                },
            )?;
        }
        at = at.wrapping_add(size_of::<LuidAndAttributes>() as u64);
    }
    let is_held = match header.control & PRIVILEGE_SET_ALL_NECESSARY {
        0 => held > 0,
        _ => held == wanted.len(),
    };
    write(result, &u8::from(is_held))?;
    Ok(NtStatus::SUCCESS)
}

/// Whoever is to be anonymous is not asked about.
fn check_level(token: &Token) -> Result<(), NtStatus> {
    match token.kind() {
        TokenKind::Impersonation(ImpersonationLevel::Anonymous) => {
            Err(NtStatus::BAD_IMPERSONATION_LEVEL)
        }
        _ => Ok(()),
    }
}

/// NtAccessCheck(descriptor, token, access, mapping, privileges, privileges length,
/// granted access, result)
pub(crate) fn nt_access_check(call: &Call<'_>) -> Outcome {
    const ONE_PRIVILEGE_BYTES: u32 =
        (size_of::<PrivilegeSetHeader>() + size_of::<LuidAndAttributes>()) as u32;
    const GENERIC_RIGHTS: u32 = 0xF000_0000;
    let (descriptor, desired) = (call.word(0)?, call.value32(2)?);
    let (privileges, length_at) = (call.word(4)?, call.word(5)?);
    let (granted_at, result_at) = (call.word(6)?, call.word(7)?);
    probe::<u32>(granted_at)?;
    probe::<NtStatus>(result_at)?;
    let length = probe::<u32>(length_at)?;
    let mapping = read::<GenericMapping>(call.word(3)?)?;
    probe::<PrivilegeSetHeader>(privileges)?;
    let descriptor = descriptor_at(descriptor)?;
    if descriptor.owner.is_none() || descriptor.group.is_none() {
        return Err(NtStatus::INVALID_SECURITY_DESCR);
    }
    let token = call.token(1, TOKEN_QUERY)?;
    if token.kind() == TokenKind::Primary {
        return Err(NtStatus::NO_IMPERSONATION_TOKEN);
    }
    check_level(&token)?;
    if desired & GENERIC_RIGHTS != 0 {
        return Err(NtStatus::GENERIC_NOT_MAPPED);
    }
    if length < ONE_PRIVILEGE_BYTES {
        write(length_at, &ONE_PRIVILEGE_BYTES)?;
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    let request = AccessRequest {
        desired,
        mapping: Mapping {
            read: mapping.read,
            write: mapping.write,
            execute: mapping.execute,
            all: mapping.all,
        },
    };
    let object = descriptor.security();
    let granted = token.with(|identity| check_access(identity, &object, &request));
    let used = privilege_needed(desired);
    give_used(privileges, used.filter(|_| granted.is_some()))?;
    write(granted_at, &granted.unwrap_or(0))?;
    let result = match (granted, used) {
        (Some(_), _) => NtStatus::SUCCESS,
        (None, Some(number)) if !token.with(|identity| identity.has_enabled(number)) => {
            NtStatus::PRIVILEGE_NOT_HELD
        }
        (None, _) => NtStatus::ACCESS_DENIED,
    };
    write(result_at, &result)?;
    Ok(NtStatus::SUCCESS)
}

/// Says which privilege was used.
fn give_used(at: u64, used: Option<u32>) -> Result<(), NtStatus> {
    write(
        at,
        &PrivilegeSetHeader {
            count: u32::from(used.is_some()),
            control: 0,
        },
    )?;
    let Some(number) = used else {
        return Ok(());
    };
    write(
        at.wrapping_add(size_of::<PrivilegeSetHeader>() as u64),
        &LuidAndAttributes {
            luid: luid_of(number.into()),
            attributes: SE_PRIVILEGE_USED_FOR_ACCESS,
        },
    )
}
