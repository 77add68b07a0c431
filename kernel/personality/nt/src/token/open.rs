//! Opening tokens.

use abi::NtStatus;
use abi::access::{PROCESS_QUERY_LIMITED_INFORMATION, THREAD_QUERY_LIMITED_INFORMATION};
use abi::object::OBJ_VALID_ATTRIBUTES;
use executive::object::{Object, ObjectKind};

use crate::call::{Call, Outcome};
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

/// No thread acts for anybody else.
fn open_of_thread(call: &Call<'_>, flags: u32, place: usize) -> Outcome {
    new_token(call, flags, place)?;
    call.thread_of(0, THREAD_QUERY_LIMITED_INFORMATION)?;
    Err(NtStatus::NO_TOKEN)
}

fn new_token(call: &Call<'_>, flags: u32, place: usize) -> Result<NewHandle, NtStatus> {
    let mut new = NewHandle::at(call.word(place)?, ObjectKind::Token, call.value32(1)?, 0)?;
    if flags & !OBJ_VALID_ATTRIBUTES != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    new.attributes.flags = flags;
    Ok(new)
}
