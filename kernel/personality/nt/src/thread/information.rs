//! What can be asked of threads.

use abi::NtStatus;
use abi::access::THREAD_QUERY_LIMITED_INFORMATION;
use abi::thread::{
    THREAD_AM_I_LAST_THREAD, THREAD_BASIC_INFORMATION, THREAD_IS_TERMINATED, THREAD_SUSPEND_COUNT,
    ThreadBasicInformation,
};
use executive::process::Thread;
use zerocopy::FromZeros;

use super::create::client_id;
use crate::call::{Call, Outcome};

/// The status of a thread or process that has not ended.
pub(crate) const STILL_ACTIVE: NtStatus = NtStatus(0x103);
/// There is one processor.
pub(crate) const ALL_PROCESSORS: u64 = 1;

/// NtQueryInformationThread(thread, class, buffer, length, return length)
pub(crate) fn nt_query_information_thread(call: &Call<'_>) -> Outcome {
    let query = call.query()?;
    let thread = || call.thread_of(0, THREAD_QUERY_LIMITED_INFORMATION);
    match query.class {
        THREAD_BASIC_INFORMATION => query.answer(|| Ok(basic(&*thread()?))),
        THREAD_AM_I_LAST_THREAD => query.answer(|| {
            let count = thread()?.process().thread_count();
            Ok(u32::from(count == 1))
        }),
        THREAD_IS_TERMINATED => query.answer(|| Ok(u32::from(thread()?.ended().is_some()))),
        THREAD_SUSPEND_COUNT => query.answer(|| Ok(thread()?.suspensions())),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn basic(thread: &Thread) -> ThreadBasicInformation {
    let mut information = ThreadBasicInformation::new_zeroed();
    information.exit_status = thread.ended().map_or(STILL_ACTIVE, NtStatus);
    information.teb = thread.environment_block();
    information.client_id = client_id(thread);
    information.affinity = ALL_PROCESSORS;
    if let Some((base, now)) = thread.priorities() {
        information.priority = now.level().into();
        information.base_priority = base.level().into();
    }
    information
}
