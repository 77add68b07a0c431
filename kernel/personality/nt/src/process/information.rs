//! What can be asked of processes.

use abi::NtStatus;
use abi::access::PROCESS_QUERY_LIMITED_INFORMATION;
use abi::process::{PROCESS_BASIC_INFORMATION, ProcessBasicInformation};
use executive::process::Process;
use zerocopy::FromZeros;

use crate::call::{Call, Outcome};
use crate::thread::{ALL_PROCESSORS, STILL_ACTIVE};

/// NtQueryInformationProcess(process, class, buffer, length, return length)
pub(crate) fn nt_query_information_process(call: &Call<'_>) -> Outcome {
    let query = call.query()?;
    let process = || call.process_of(0, PROCESS_QUERY_LIMITED_INFORMATION);
    match query.class {
        PROCESS_BASIC_INFORMATION => query.answer(|| Ok(basic(&*process()?))),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn basic(process: &Process) -> ProcessBasicInformation {
    let mut information = ProcessBasicInformation::new_zeroed();
    information.exit_status = process.ended().map_or(STILL_ACTIVE, NtStatus);
    information.peb = process.block();
    information.affinity = ALL_PROCESSORS;
    information.base_priority = sched::Priority::NORMAL.level().into();
    information.process_id = process.id();
    information.parent_process_id = process.parent_id();
    information
}
