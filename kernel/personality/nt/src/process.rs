//! Processes and giving way.

use abi::NtStatus;
use executive::sched;

use crate::call::{Call, Outcome};

/// NtTerminateProcess(process, status)
pub(crate) fn nt_terminate_process(call: &Call<'_>) -> Outcome {
    let process = call.own_process(0)?;
    process.end(call.value32(1)?);
    Ok(NtStatus::SUCCESS)
}

/// NtYieldExecution()
pub(crate) fn nt_yield_execution(_call: &Call<'_>) -> Outcome {
    match sched::yield_now() {
        true => Ok(NtStatus::SUCCESS),
        false => Ok(NtStatus::NO_YIELD_PERFORMED),
    }
}
