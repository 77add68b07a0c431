//! Suspending, resuming and ending threads; giving way.

use abi::NtStatus;
use abi::access::{THREAD_SUSPEND_RESUME, THREAD_TERMINATE};
use executive::scheduler;

use crate::call::{Call, Outcome, refused};

/// NtSuspendThread(thread, previous count)
pub(crate) fn nt_suspend_thread(call: &Call<'_>) -> Outcome {
    let previous = call.optional_result::<u32>(1)?;
    let thread = call.thread_of(0, THREAD_SUSPEND_RESUME)?;
    previous.set(&thread.suspend().map_err(refused)?)?;
    Ok(NtStatus::SUCCESS)
}

/// NtResumeThread(thread, previous count)
pub(crate) fn nt_resume_thread(call: &Call<'_>) -> Outcome {
    let previous = call.optional_result::<u32>(1)?;
    let thread = call.thread_of(0, THREAD_SUSPEND_RESUME)?;
    previous.set(&thread.resume())?;
    Ok(NtStatus::SUCCESS)
}

/// NtTerminateThread(thread, status)
///
/// Without a handle, the calling thread, unless it is the process's last.
pub(crate) fn nt_terminate_thread(call: &Call<'_>) -> Outcome {
    let status = call.value32(1)?;
    let thread = match call.word(0)? {
        0 if call.process().thread_count() == 1 => return Err(NtStatus::CANT_TERMINATE_SELF),
        0 => call.thread().clone(),
        _ => call.thread_of(0, THREAD_TERMINATE)?,
    };
    thread.end(status);
    Ok(NtStatus::SUCCESS)
}

/// NtYieldExecution()
pub(crate) fn nt_yield_execution(_call: &Call<'_>) -> Outcome {
    match scheduler::yield_now() {
        true => Ok(NtStatus::SUCCESS),
        false => Ok(NtStatus::NO_YIELD_PERFORMED),
    }
}

/// NtGetCurrentProcessorNumber()
///
/// The number is the result itself; there is one processor.
pub(crate) fn nt_get_current_processor_number(_call: &Call<'_>) -> Outcome {
    Ok(NtStatus(0))
}
