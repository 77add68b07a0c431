//! Copies of tokens, and comparing them.

use abi::NtStatus;
use abi::access::{TOKEN_DUPLICATE, TOKEN_QUERY};
use abi::object::ObjectAttributes;
use abi::token::*;
use alloc::vec::Vec;
use executive::object::{Object, ObjectKind};
use executive::token::{ImpersonationLevel, Token, TokenKind};
use security::{Filter, Sid};

use super::read::{groups_at, privileges_at};
use crate::call::{Call, Outcome, probe, read, refused, write};
use crate::new_handle::NewHandle;

/// NtDuplicateToken(token, access, attributes, effective only, type, new token)
///
/// Without access: that of the handle.
pub(crate) fn nt_duplicate_token(call: &Call<'_>) -> Outcome {
    let (access, attributes) = (call.value32(1)?, call.word(2)?);
    let (effective_only, token_type) = (call.flag(3)?, call.value32(4)?);
    let mut new = NewHandle::at(call.word(5)?, ObjectKind::Token, access, attributes)?;
    let asked_level = level_at(attributes)?;
    let token = call.token(0, TOKEN_DUPLICATE)?;
    if access == 0 {
        new.set_access(call.found(0)?.access);
    }
    let kind = match token_type {
        TOKEN_PRIMARY => TokenKind::Primary,
        TOKEN_IMPERSONATION => TokenKind::Impersonation(level_of_copy(&token, asked_level)),
        _ => return Err(NtStatus::INVALID_PARAMETER),
    };
    if !can_become(token.kind(), kind) {
        return Err(NtStatus::BAD_IMPERSONATION_LEVEL);
    }
    let copy = token.duplicate(kind, |identity| {
        if effective_only {
            identity.keep_effective();
        }
    });
    new.give_made(call, Object::Token(copy.map_err(refused)?))?;
    Ok(NtStatus::SUCCESS)
}

/// The level that a SECURITY_QUALITY_OF_SERVICE asks for, if there is one.
fn level_at(attributes: u64) -> Result<Option<ImpersonationLevel>, NtStatus> {
    if attributes == 0 {
        return Ok(None);
    }
    let quality = match read::<ObjectAttributes>(attributes)?.security_quality_of_service {
        0 => return Ok(None),
        address => read::<SecurityQualityOfService>(address)?,
    };
    if usize::try_from(quality.length_bytes) != Ok(size_of_val(&quality)) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    match quality.impersonation_level {
        SECURITY_LEVEL_ANONYMOUS => Ok(Some(ImpersonationLevel::Anonymous)),
        SECURITY_LEVEL_IDENTIFICATION => Ok(Some(ImpersonationLevel::Identification)),
        SECURITY_LEVEL_IMPERSONATION => Ok(Some(ImpersonationLevel::Impersonation)),
        SECURITY_LEVEL_DELEGATION => Ok(Some(ImpersonationLevel::Delegation)),
        _ => Err(NtStatus::BAD_IMPERSONATION_LEVEL),
    }
}

/// Without a wish, a copy has its source's level; a primary token has the lowest.
fn level_of_copy(token: &Token, asked: Option<ImpersonationLevel>) -> ImpersonationLevel {
    asked.unwrap_or(match token.kind() {
        TokenKind::Primary => ImpersonationLevel::Anonymous,
        TokenKind::Impersonation(level) => level,
    })
}

/// A copy may not do more for a client than its source.
fn can_become(source: TokenKind, copy: TokenKind) -> bool {
    match (source, copy) {
        (TokenKind::Primary, _) => true,
        (TokenKind::Impersonation(level), TokenKind::Primary) => {
            level >= ImpersonationLevel::Impersonation
        }
        (TokenKind::Impersonation(level), TokenKind::Impersonation(copy)) => copy <= level,
    }
}

/// NtFilterToken(token, flags, disabled, deleted, restricted, new token)
pub(crate) fn nt_filter_token(call: &Call<'_>) -> Outcome {
    // The user is an ordinary one already.
    const FLAGS: u32 = DISABLE_MAX_PRIVILEGE | SANDBOX_INERT | LUA_TOKEN | WRITE_RESTRICTED;
    const COUNT_BYTES: u64 = size_of::<u32>() as u64;
    let flags = call.value32(1)?;
    let mut new = NewHandle::at(call.word(5)?, ObjectKind::Token, 0, 0)?;
    if flags & !FLAGS != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let disabled = groups_at(call.word(2)?)?;
    let deleted = privileges_at(call.word(3)?, COUNT_BYTES)?;
    let restricted = groups_at(call.word(4)?)?;
    if restricted.iter().any(|group| group.attributes != 0) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let token = call.token(0, TOKEN_DUPLICATE)?;
    new.set_access(call.found(0)?.access);
    let disabled = collected::<Sid>(disabled.iter().map(|group| group.sid))?;
    let restricted = collected::<Sid>(restricted.iter().map(|group| group.sid))?;
    let deleted = collected::<u64>(deleted.iter().map(|privilege| privilege.number))?;
    let filter = Filter {
        disabled: &disabled,
        deleted: &deleted,
        deletes_all: flags & DISABLE_MAX_PRIVILEGE != 0,
        restricted: &restricted,
        restricts_writing_only: flags & WRITE_RESTRICTED != 0,
        is_sandbox_inert: flags & SANDBOX_INERT != 0,
    };
    let identity = token.with(|identity| identity.filtered(&filter));
    let identity = identity.map_err(|_| NtStatus::NO_MEMORY)?;
    let filtered = token.replaced(identity).map_err(refused)?;
    new.give_made(call, Object::Token(filtered))?;
    Ok(NtStatus::SUCCESS)
}

fn collected<T>(values: impl ExactSizeIterator<Item = T>) -> Result<Vec<T>, NtStatus> {
    let mut list = Vec::new();
    list.try_reserve_exact(values.len())
        .map_err(|_| NtStatus::NO_MEMORY)?;
    list.extend(values);
    Ok(list)
}

/// NtCompareTokens(first, second, equal)
pub(crate) fn nt_compare_tokens(call: &Call<'_>) -> Outcome {
    let equal = call.word(2)?;
    probe::<u8>(equal)?;
    let (first, second) = (call.token(0, TOKEN_QUERY)?, call.token(1, TOKEN_QUERY)?);
    // Two tokens cannot be looked at together.
    let copy = first.with(|identity| identity.try_clone());
    let copy = copy.map_err(|_| NtStatus::NO_MEMORY)?;
    let are_equal = second.with(|identity| identity.is_equivalent(&copy));
    write(equal, &u8::from(are_equal))?;
    Ok(NtStatus::SUCCESS)
}
