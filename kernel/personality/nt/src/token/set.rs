//! What can be set of tokens.

use abi::NtStatus;
use abi::access::{TOKEN_ADJUST_DEFAULT, TOKEN_ADJUST_SESSIONID};
use abi::token::*;
use security::DefaultError;
use zerocopy::{FromBytes, IntoBytes};

use super::read::{acl_at, sid_at};
use crate::call::{Call, Outcome, read};

/// NtSetInformationToken(token, class, buffer, length)
pub(crate) fn nt_set_information_token(call: &Call<'_>) -> Outcome {
    let class = call.value32(1)?;
    let token = || call.token(0, TOKEN_ADJUST_DEFAULT);
    match class {
        TOKEN_OWNER => {
            let owner = sid_at(value(call)?)?;
            token()?.change(|identity| identity.set_owner(owner))
        }
        TOKEN_PRIMARY_GROUP => {
            let primary_group = sid_at(value(call)?)?;
            token()?.change(|identity| identity.set_primary_group(primary_group))
        }
        TOKEN_DEFAULT_DACL => {
            let list = match value(call)? {
                0 => None,
                address => Some(acl_at(address)?),
            };
            token()?
                .change(|identity| identity.set_default_dacl(list))
                .map(drop)
        }
        TOKEN_INTEGRITY_LEVEL => {
            let level = sid_at(value::<SidAndAttributes>(call)?.sid)?;
            token()?.change(|identity| identity.set_integrity(&level))
        }
        // These need privileges that the user does not have.
        TOKEN_SESSION_ID => {
            value::<u32>(call)?;
            call.token(0, TOKEN_ADJUST_DEFAULT | TOKEN_ADJUST_SESSIONID)?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        TOKEN_ORIGIN => {
            value::<Luid>(call)?;
            token()?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        TOKEN_AUDIT_POLICY => {
            value::<[u8; AUDIT_POLICY_BYTES]>(call)?;
            token()?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        TOKEN_LINKED_TOKEN => {
            value::<u64>(call)?;
            token()?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        TOKEN_SECURITY_ATTRIBUTES | TOKEN_BNO_ISOLATION => {
            value::<[u64; 2]>(call)?;
            token()?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        TOKEN_SESSION_REFERENCE
        | TOKEN_PRIVATE_NAME_SPACE
        | TOKEN_CHILD_PROCESS_FLAGS
        | TOKEN_VIRTUALIZATION_ALLOWED
        | TOKEN_VIRTUALIZATION_ENABLED
        | TOKEN_UI_ACCESS
        | TOKEN_MANDATORY_POLICY => {
            value::<u32>(call)?;
            token()?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    }
    .map_err(|error| match error {
        DefaultError::Owner => NtStatus::INVALID_OWNER,
        DefaultError::PrimaryGroup => NtStatus::INVALID_PRIMARY_GROUP,
        DefaultError::Acl => NtStatus::INVALID_ACL,
        DefaultError::Integrity => NtStatus::PRIVILEGE_NOT_HELD,
    })?;
    Ok(NtStatus::SUCCESS)
}

/// What is to be set, which may be followed by what it refers to.
fn value<T: FromBytes + IntoBytes>(call: &Call<'_>) -> Result<T, NtStatus> {
    let length = usize::try_from(call.value32(3)?).unwrap_or(usize::MAX);
    if length < size_of::<T>() {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    read(call.word(2)?)
}
