//! Opening threads: by their numbers, and one after another.

use abi::NtStatus;
use abi::access::PROCESS_QUERY_INFORMATION;
use abi::object::OBJ_INHERIT;
use abi::thread::ClientId;
use executive::ids;
use executive::object::{Object, ObjectKind};

use crate::call::{Call, Outcome, read};
use crate::new_handle::NewHandle;

/// NtOpenThread(thread, access, attributes, client id)
pub(crate) fn nt_open_thread(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Thread)?;
    let Some(id) = client_id_at(call, 3)? else {
        return Err(NtStatus::INVALID_PARAMETER_MIX);
    };
    let Some(Object::Thread(thread)) = ids::find(id.thread) else {
        return Err(NtStatus::INVALID_CID);
    };
    // A process that is named must be the thread's.
    if id.process != 0 && id.process != thread.process().id() {
        return Err(NtStatus::INVALID_CID);
    }
    new.give(call, Object::Thread(thread))?;
    Ok(NtStatus::SUCCESS)
}

/// The client id at an address; `None`: the address is 0.
pub(crate) fn client_id_at(call: &Call<'_>, number: usize) -> Result<Option<ClientId>, NtStatus> {
    match call.word(number)? {
        0 => Ok(None),
        address => read(address).map(Some),
    }
}

/// NtGetNextThread(process, thread, access, handle attributes, flags, next)
///
/// Goes through the process's threads in the order of their numbers; without a
/// thread, from the first.
pub(crate) fn nt_get_next_thread(call: &Call<'_>) -> Outcome {
    let (access, flags) = (call.value32(2)?, call.value32(3)?);
    let mut new = NewHandle::at(call.word(5)?, ObjectKind::Thread, access, 0)?;
    new.attributes.flags = flags & OBJ_INHERIT;
    if call.value32(4)? != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let process = call.process_of(0, PROCESS_QUERY_INFORMATION)?;
    let after = match call.word(1)? {
        0 => 0,
        _ => call.thread_of(1, 0)?.id(),
    };
    let is_of_process = |object: &Object| match object {
        Object::Thread(thread) => core::ptr::eq(&**thread.process(), &*process),
        _ => false,
    };
    let next = ids::next_after(after, is_of_process).ok_or(NtStatus::NO_MORE_ENTRIES)?;
    new.give(call, next)?;
    Ok(NtStatus::SUCCESS)
}
