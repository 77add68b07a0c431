//! Opening, suspending and ending processes.

use abi::NtStatus;
use abi::access::{PROCESS_SUSPEND_RESUME, PROCESS_TERMINATE};
use executive::exception;
use executive::ids;
use executive::object::{Object, ObjectKind};

use crate::call::{Call, Outcome, refused};
use crate::thread::client_id_at;

/// NtOpenProcess(process, access, attributes, client id)
pub(crate) fn nt_open_process(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Process)?;
    let Some(id) = client_id_at(call, 3)? else {
        return Err(NtStatus::INVALID_PARAMETER_MIX);
    };
    // A thread that is named must be the process's; it decides.
    let process = match (id.thread, ids::find(id.process)) {
        (0, Some(Object::Process(process))) => process,
        (thread, _) if thread != 0 => match ids::find(thread) {
            Some(Object::Thread(thread)) if thread.process().id() == id.process => {
                thread.process().clone()
            }
            _ => return Err(NtStatus::INVALID_CID),
        },
        _ => return Err(NtStatus::INVALID_CID),
    };
    new.give(call, Object::Process(process))?;
    Ok(NtStatus::SUCCESS)
}

/// NtTerminateProcess(process, status)
///
/// Without a handle, all threads of the calling process but the calling one.
pub(crate) fn nt_terminate_process(call: &Call<'_>) -> Outcome {
    let status = call.value32(1)?;
    if call.word(0)? == 0 {
        call.process().end_threads(Some(call.thread()));
        return Ok(NtStatus::SUCCESS);
    }
    let process = call.process_of(0, PROCESS_TERMINATE)?;
    if process.ending().is_some() {
        return Err(NtStatus::PROCESS_IS_TERMINATING);
    }
    let is_own = process.id() == call.process().id();
    if !is_own || !call.with_frame(|frame| exception::end_if_shown(call.thread(), frame, status)) {
        process.end(status);
    }
    Ok(NtStatus::SUCCESS)
}

/// NtSuspendProcess(process)
pub(crate) fn nt_suspend_process(call: &Call<'_>) -> Outcome {
    let process = call.process_of(0, PROCESS_SUSPEND_RESUME)?;
    process.suspend().map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtResumeProcess(process)
pub(crate) fn nt_resume_process(call: &Call<'_>) -> Outcome {
    call.process_of(0, PROCESS_SUSPEND_RESUME)?.resume();
    Ok(NtStatus::SUCCESS)
}
