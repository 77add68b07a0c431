//! Opening tokens.

use abi::NtStatus;
use abi::access::{
    PROCESS_QUERY_LIMITED_INFORMATION, THREAD_IMPERSONATE, THREAD_QUERY_LIMITED_INFORMATION,
};
use abi::object::OBJ_VALID_ATTRIBUTES;
use executive::object::{Object, ObjectKind};
use executive::token::{ImpersonationLevel, Token, TokenKind};

use crate::call::{Call, Outcome, refused};
use crate::new_handle::NewHandle;

/// NtOpenProcessToken(process, access, token)
pub(crate) fn nt_open_process_token(call: &Call<'_>) -> Outcome {
    open_of_process(call, 0, 2)
}

/// NtOpenProcessTokenEx(process, access, handle attributes, token)
pub(crate) fn nt_open_process_token_ex(call: &Call<'_>) -> Outcome {
    open_of_process(call, call.value32(2)?, 3)
}

/// NtOpenThreadToken(thread, access, open as self, token)
pub(crate) fn nt_open_thread_token(call: &Call<'_>) -> Outcome {
    open_of_thread(call, 0, 3)
}

/// NtOpenThreadTokenEx(thread, access, open as self, handle attributes, token)
pub(crate) fn nt_open_thread_token_ex(call: &Call<'_>) -> Outcome {
    open_of_thread(call, call.value32(3)?, 4)
}

fn open_of_process(call: &Call<'_>, flags: u32, place: usize) -> Outcome {
    let new = new_token(call, flags, place)?;
    let process = call.process_of(0, PROCESS_QUERY_LIMITED_INFORMATION)?;
    new.give(call, Object::Token(process.token().clone()))?;
    Ok(NtStatus::SUCCESS)
}

/// With a third argument it is the process that must be allowed to.
fn open_of_thread(call: &Call<'_>, flags: u32, place: usize) -> Outcome {
    const NOBODY: TokenKind = TokenKind::Impersonation(ImpersonationLevel::Anonymous);
    let as_self = call.flag(2)?;
    let new = new_token(call, flags, place)?;
    let thread = call.thread_of(0, THREAD_QUERY_LIMITED_INFORMATION)?;
    let token = thread.token().ok_or(NtStatus::NO_TOKEN)?;
    if token.kind() == NOBODY {
        return Err(NtStatus::CANT_OPEN_ANONYMOUS);
    }
    match as_self {
        true => new.give_as_self(call, Object::Token(token))?,
        false => new.give(call, Object::Token(token))?,
    };
    Ok(NtStatus::SUCCESS)
}

/// NtImpersonateAnonymousToken(thread)
pub(crate) fn nt_impersonate_anonymous_token(call: &Call<'_>) -> Outcome {
    let thread = call.thread_of(0, THREAD_IMPERSONATE)?;
    // Who is restricted would be less so.
    let own = call.process().token();
    if own.with(|identity| identity.is_restricted()) {
        return Err(NtStatus::ACCESS_DENIED);
    }
    thread.set_token(Some(Token::of_nobody().map_err(refused)?));
    Ok(NtStatus::SUCCESS)
}

fn new_token(call: &Call<'_>, flags: u32, place: usize) -> Result<NewHandle, NtStatus> {
    let mut new = NewHandle::at(call.word(place)?, ObjectKind::Token, call.value32(1)?, 0)?;
    if flags & !OBJ_VALID_ATTRIBUTES != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    new.attributes.flags = flags;
    Ok(new)
}
