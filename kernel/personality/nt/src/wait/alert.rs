//! Alerts of threads.

use abi::NtStatus;
use abi::access::{THREAD_ALERT, THREAD_SUSPEND_RESUME};
use executive::dispatch;
use executive::object::Object;
use executive::{ids, process};
use sched::Waited;

use super::status_of_wait;
use crate::call::{Call, Outcome, refused};

/// NtWaitForAlertByThreadId(address, timeout)
///
/// The address only tells debuggers what the thread waits for.
pub(crate) fn nt_wait_for_alert_by_thread_id(call: &Call<'_>) -> Outcome {
    let deadline = call.deadline(1)?;
    match dispatch::wait_for_token(deadline).map_err(refused)? {
        Waited::Satisfied(_) => Ok(NtStatus::ALERTED),
        waited => Ok(status_of_wait(waited)),
    }
}

/// NtAlertThreadByThreadId(thread id)
pub(crate) fn nt_alert_thread_by_thread_id(call: &Call<'_>) -> Outcome {
    let Some(Object::Thread(thread)) = ids::find(call.word(0)?) else {
        return Err(NtStatus::INVALID_CID);
    };
    if !core::ptr::eq(&**thread.process(), call.process()) {
        return Err(NtStatus::ACCESS_DENIED);
    }
    match thread.give_token() {
        true => Ok(NtStatus::SUCCESS),
        false => Err(NtStatus::INVALID_CID),
    }
}

/// NtAlertThread(thread)
pub(crate) fn nt_alert_thread(call: &Call<'_>) -> Outcome {
    call.thread_of(0, THREAD_ALERT)?.alert();
    Ok(NtStatus::SUCCESS)
}

/// NtAlertResumeThread(thread, previous count)
pub(crate) fn nt_alert_resume_thread(call: &Call<'_>) -> Outcome {
    let previous = call.optional_result::<u32>(1)?;
    let thread = call.thread_of(0, THREAD_SUSPEND_RESUME)?;
    thread.alert();
    previous.set(&thread.resume())?;
    Ok(NtStatus::SUCCESS)
}

/// NtTestAlert()
pub(crate) fn nt_test_alert(call: &Call<'_>) -> Outcome {
    match process::test_alert(call.thread()) {
        true => Ok(NtStatus::ALERTED),
        false => Ok(NtStatus::SUCCESS),
    }
}
