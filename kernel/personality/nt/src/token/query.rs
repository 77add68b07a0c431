//! What can be asked of tokens.

use abi::NtStatus;
use abi::access::{TOKEN_QUERY, TOKEN_QUERY_SOURCE};
use abi::token::*;
use alloc::vec::Vec;
use executive::token::{ImpersonationLevel, Token, TokenKind, logon};
use security::{Group, Identity, Sid, group};
use zerocopy::FromZeros;

use super::access_information;
use super::answer::{Answer, entries_bytes};
use super::luid::luid_of;
use crate::call::{Call, Outcome, probe, write};

/// Who logs users on, padded (NT's is its window manager).
const SOURCE: [u8; 8] = *b"User32  ";
/// The system's own logon session (NT `winnt.h`).
const SYSTEM_LOGON: u64 = 0x3E7;
/// Of CLAIM_SECURITY_ATTRIBUTES_INFORMATION.
const CLAIMS_VERSION: u16 = 1;
/// Nothing is written upwards, and new processes are no higher than their image.
pub(super) const MANDATORY_POLICY: u32 = 3;

/// NtQueryInformationToken(token, class, buffer, length, return length)
pub(crate) fn nt_query_information_token(call: &Call<'_>) -> Outcome {
    let (class, buffer, length) = (call.value32(1)?, call.word(2)?, call.value32(3)?);
    let return_length = call.word(4)?;
    probe::<u32>(return_length)?;
    let token = call.token(
        0,
        match class {
            TOKEN_SOURCE => TOKEN_QUERY_SOURCE,
            _ => TOKEN_QUERY,
        },
    )?;
    if class == TOKEN_AUDIT_POLICY {
        call.need_privilege(SE_SECURITY_PRIVILEGE)?;
    }
    let mut answer = Answer::new(buffer);
    match class {
        TOKEN_USER..=TOKEN_DEFAULT_DACL
        | TOKEN_RESTRICTED_SIDS
        | TOKEN_INTEGRITY_LEVEL
        | TOKEN_LOGON_SID
        | TOKEN_GROUPS_AND_PRIVILEGES => {
            let about = (class, token.logon());
            token.with(|identity| of_identity(identity, about, &mut answer))?;
        }
        _ => of_token(&token, class, &mut answer)?,
    }
    write(return_length, &answer.length())?;
    if length < answer.length() {
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    answer.send()?;
    Ok(NtStatus::SUCCESS)
}

/// The answers that are as long as what the token says.
fn of_identity(
    identity: &Identity,
    (class, logon): (u32, u64),
    answer: &mut Answer,
) -> Result<(), NtStatus> {
    let user = identity.user();
    let pointed = |answer: &mut Answer, sid: &Sid| answer.put_pointed(Some(sid.as_bytes()));
    match class {
        // The attributes of a user that counts are not said.
        TOKEN_USER => answer.put_group(&user.sid, user.attributes & group::USE_FOR_DENY_ONLY),
        TOKEN_GROUPS => answer.put_groups(&all_groups(identity)?),
        TOKEN_PRIVILEGES => answer.put_privileges(identity.privileges()),
        TOKEN_OWNER => pointed(answer, identity.owner()),
        TOKEN_PRIMARY_GROUP => pointed(answer, identity.primary_group()),
        TOKEN_DEFAULT_DACL => answer.put_pointed(identity.default_dacl()),
        TOKEN_RESTRICTED_SIDS => answer.put_groups(identity.restricted()),
        TOKEN_INTEGRITY_LEVEL => {
            let Group { sid, attributes } = identity.integrity();
            answer.put_group(&sid, attributes)
        }
        TOKEN_LOGON_SID => {
            let session = identity.logon().ok_or(NtStatus::NOT_FOUND)?;
            answer.put_groups(core::slice::from_ref(session))
        }
        TOKEN_GROUPS_AND_PRIVILEGES => groups_and_privileges(identity, logon, answer),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// The groups as they are listed: with the integrity level.
fn all_groups(identity: &Identity) -> Result<Vec<Group>, NtStatus> {
    let mut groups = Vec::new();
    groups
        .try_reserve_exact(identity.groups().len().saturating_add(2))
        .map_err(|_| NtStatus::NO_MEMORY)?;
    groups.extend_from_slice(identity.groups());
    groups.push(identity.integrity());
    Ok(groups)
}

/// The same, the user before all.
pub(super) fn user_and_groups(identity: &Identity) -> Result<Vec<Group>, NtStatus> {
    let mut groups = all_groups(identity)?;
    let user = identity.user();
    groups.insert(
        0,
        Group {
            attributes: user.attributes & group::USE_FOR_DENY_ONLY,
            ..*user
        },
    );
    Ok(groups)
}

fn groups_and_privileges(
    identity: &Identity,
    logon: u64,
    answer: &mut Answer,
) -> Result<(), NtStatus> {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let bytes = |length: u64| u32::try_from(length).unwrap_or(u32::MAX);
    let groups = user_and_groups(identity)?;
    let (restricted, privileges) = (identity.restricted(), identity.privileges());
    let (groups_bytes, restricted_bytes) = (entries_bytes(&groups), entries_bytes(restricted));
    let privilege_bytes = privileges
        .len()
        .saturating_mul(size_of::<LuidAndAttributes>());

    let mut header = TokenGroupsAndPrivileges::new_zeroed();
    let groups_at = answer.address_after(size_of_val(&header) as u64);
    let restricted_at = groups_at.wrapping_add(groups_bytes);
    header.sid_count = count(groups.len());
    header.sid_bytes = bytes(groups_bytes);
    header.sids = groups_at;
    header.restricted_sid_count = count(restricted.len());
    header.restricted_sid_bytes = bytes(restricted_bytes);
    if !restricted.is_empty() {
        header.restricted_sids = restricted_at;
    }
    header.privilege_count = count(privileges.len());
    header.privilege_bytes = count(privilege_bytes);
    header.privileges = restricted_at.wrapping_add(restricted_bytes);
    header.authentication_id = luid_of(logon);
    answer.put(&header)?;
    answer.put_entries(&groups)?;
    answer.put_entries(restricted)?;
    answer.put_privilege_entries(privileges)
}

/// The answers of a fixed length.
fn of_token(token: &Token, class: u32, answer: &mut Answer) -> Result<(), NtStatus> {
    let is_restricted = || token.with(|identity| u32::from(identity.is_restricted()));
    match class {
        TOKEN_SOURCE => answer.put(&TokenSource {
            name: SOURCE,
            identifier: luid_of(logon()),
        }),
        TOKEN_TYPE => answer.put(&match token.kind() {
            TokenKind::Primary => TOKEN_PRIMARY,
            TokenKind::Impersonation(_) => TOKEN_IMPERSONATION,
        }),
        TOKEN_IMPERSONATION_LEVEL => match token.kind() {
            TokenKind::Primary => Err(NtStatus::INVALID_INFO_CLASS),
            TokenKind::Impersonation(level) => answer.put(&level_number(level)),
        },
        TOKEN_STATISTICS => answer.put(&statistics(token)),
        TOKEN_SESSION_ID => answer.put(&token.session()),
        TOKEN_SANDBOX_INERT => {
            let is_inert = token.with(|identity| identity.is_sandbox_inert());
            answer.put(&u32::from(is_inert))
        }
        TOKEN_ORIGIN => answer.put(&luid_of(SYSTEM_LOGON)),
        TOKEN_ELEVATION_TYPE => answer.put(&TOKEN_ELEVATION_TYPE_DEFAULT),
        // The user has one token only.
        TOKEN_LINKED_TOKEN => Err(NtStatus::NO_SUCH_LOGON_SESSION),
        TOKEN_MANDATORY_POLICY => answer.put(&MANDATORY_POLICY),
        TOKEN_HAS_RESTRICTIONS | TOKEN_IS_RESTRICTED => answer.put(&is_restricted()),
        TOKEN_ELEVATION
        | TOKEN_VIRTUALIZATION_ALLOWED
        | TOKEN_VIRTUALIZATION_ENABLED
        | TOKEN_UI_ACCESS
        | TOKEN_IS_APP_CONTAINER
        | TOKEN_APP_CONTAINER_NUMBER
        | TOKEN_PRIVATE_NAME_SPACE
        | TOKEN_IS_LESS_PRIVILEGED_APP_CONTAINER
        | TOKEN_IS_SANDBOXED => answer.put(&0_u32),
        TOKEN_CAPABILITIES | TOKEN_DEVICE_GROUPS | TOKEN_RESTRICTED_DEVICE_GROUPS => {
            answer.put_groups(&[])
        }
        TOKEN_APP_CONTAINER_SID
        | TOKEN_PROCESS_TRUST_LEVEL
        | TOKEN_ORIGINATING_PROCESS_TRUST_LEVEL => answer.put_pointed(None),
        // Nobody is audited more than others.
        TOKEN_AUDIT_POLICY => answer.put(&[0_u8; AUDIT_POLICY_BYTES]),
        TOKEN_ACCESS_INFORMATION => access_information::put(token, answer),
        TOKEN_USER_CLAIM_ATTRIBUTES..=TOKEN_RESTRICTED_DEVICE_CLAIM_ATTRIBUTES
        | TOKEN_SECURITY_ATTRIBUTES
        | TOKEN_SINGLETON_ATTRIBUTES => answer.put(&ClaimsInformation {
            version: CLAIMS_VERSION,
            reserved_02: 0,
            count: 0,
            attributes: 0,
        }),
        // No prefix, and not in use.
        TOKEN_BNO_ISOLATION => answer.put(&[0_u64; 2]),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn statistics(token: &Token) -> TokenStatistics {
    let mut statistics = TokenStatistics::new_zeroed();
    statistics.token_id = luid_of(token.id());
    statistics.authentication_id = luid_of(token.logon());
    statistics.expiration_time_100ns = i64::MAX;
    (statistics.token_type, statistics.impersonation_level) = kind_and_level(token);
    let count = |length| u32::try_from(length).unwrap_or(u32::MAX);
    token.with(|identity| {
        let list = identity.default_dacl().unwrap_or_default();
        statistics.dynamic_charged_bytes = count(list.len());
        statistics.group_count = count(identity.groups().len().saturating_add(1));
        statistics.privilege_count = count(identity.privileges().len());
    });
    statistics.modified_id = luid_of(token.modified());
    statistics
}

/// What it is for, and its level or 0.
pub(super) fn kind_and_level(token: &Token) -> (u32, u32) {
    match token.kind() {
        TokenKind::Primary => (TOKEN_PRIMARY, 0),
        TokenKind::Impersonation(level) => (TOKEN_IMPERSONATION, level_number(level)),
    }
}

fn level_number(level: ImpersonationLevel) -> u32 {
    match level {
        ImpersonationLevel::Anonymous => SECURITY_LEVEL_ANONYMOUS,
        ImpersonationLevel::Identification => SECURITY_LEVEL_IDENTIFICATION,
        ImpersonationLevel::Impersonation => SECURITY_LEVEL_IMPERSONATION,
        ImpersonationLevel::Delegation => SECURITY_LEVEL_DELEGATION,
    }
}
