//! Processes.

use abi::NtStatus;
use abi::access::PROCESS_TERMINATE;

use crate::call::{Call, Outcome};

/// NtTerminateProcess(process, status)
///
/// Without a handle, all threads of the calling process but the calling one.
pub(crate) fn nt_terminate_process(call: &Call<'_>) -> Outcome {
    let status = call.value32(1)?;
    match call.word(0)? {
        0 => call.process().end_threads(Some(call.thread())),
        _ => call.process_of(0, PROCESS_TERMINATE)?.end(status),
    }
    Ok(NtStatus::SUCCESS)
}
