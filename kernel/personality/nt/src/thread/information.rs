//! What can be asked of threads.

use abi::NtStatus;
use abi::access::{
    THREAD_GET_CONTEXT, THREAD_QUERY_INFORMATION, THREAD_QUERY_LIMITED_INFORMATION,
    THREAD_SET_CONTEXT,
};
use abi::thread::*;
use executive::process::Thread;
use zerocopy::FromZeros;

use super::create::client_id;
use super::details::{last_system_call, system_thread_information, teb_bytes};
use crate::call::{Call, Outcome, refused};
use crate::priority;
use crate::usage::{cycle_time, kernel_user_times};

/// The status of a thread or process that has not ended.
pub(crate) const STILL_ACTIVE: NtStatus = NtStatus::PENDING;
/// There is one processor.
pub(crate) const ALL_PROCESSORS: u64 = 1;

/// All processors, in their one group.
pub(crate) const ALL_OF_GROUP: GroupAffinity = GroupAffinity {
    mask: ALL_PROCESSORS,
    group: 0,
    reserved_0a: [0; 3],
};

/// The one processor.
pub(crate) const PROCESSOR: ProcessorNumber = ProcessorNumber {
    group: 0,
    number: 0,
    reserved_03: 0,
};

/// NtQueryInformationThread(thread, class, buffer, length, return length)
pub(crate) fn nt_query_information_thread(call: &Call<'_>) -> Outcome {
    let query = call.query()?;
    let limited = || call.thread_of(0, THREAD_QUERY_LIMITED_INFORMATION);
    let full = || call.thread_of(0, THREAD_QUERY_INFORMATION);
    match query.class {
        THREAD_BASIC_INFORMATION => query.answer(|| Ok(basic(&*limited()?))),
        THREAD_TIMES => query.answer(|| {
            let thread = limited()?;
            Ok(kernel_user_times(thread.times(), thread.used()))
        }),
        THREAD_QUERY_SET_WIN32_START_ADDRESS => {
            query.answer(|| Ok(full()?.settings().start_address.get()))
        }
        THREAD_PERFORMANCE_COUNT => query.answer(|| full().map(|_| 0_u64)),
        THREAD_AM_I_LAST_THREAD => query.answer(|| {
            let count = limited()?.process().thread_count();
            Ok(u32::from(count == 1))
        }),
        THREAD_PRIORITY_BOOST => query.answer(|| {
            let allowed = limited()?.allows_boosts();
            Ok(u32::from(allowed == Some(false)))
        }),
        // What it asked of files is over when the call returns.
        THREAD_IS_IO_PENDING => query.answer(|| Ok(u32::from(full()?.has_pending_io()))),
        THREAD_HIDE_FROM_DEBUGGER => {
            query.answer(|| Ok(u8::from(full()?.settings().is_hidden.get() != 0)))
        }
        // It cannot be set.
        THREAD_BREAK_ON_TERMINATION => query.answer(|| full().map(|_| 0_u32)),
        THREAD_IS_TERMINATED => query.answer(|| Ok(u32::from(limited()?.ended().is_some()))),
        THREAD_LAST_SYSTEM_CALL => query.answer(|| {
            let wanted = THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION;
            last_system_call(&*call.thread_of(0, wanted)?)
        }),
        THREAD_IO_PRIORITY => query.answer(|| Ok(full()?.settings().io_priority.get32())),
        THREAD_CYCLE_TIME => query.answer(|| Ok(cycle_time(limited()?.used()))),
        THREAD_PAGE_PRIORITY => query.answer(|| Ok(full()?.settings().page_priority.get32())),
        THREAD_ACTUAL_BASE_PRIORITY => query.answer(|| Ok(levels(&*limited()?).0)),
        THREAD_TEB_INFORMATION => {
            let request = query.request::<ThreadTebInformation>()?;
            let wanted = THREAD_GET_CONTEXT | THREAD_SET_CONTEXT;
            query.answer(|| {
                teb_bytes(&*call.thread_of(0, wanted)?, &request)?;
                Ok(request)
            })
        }
        THREAD_GROUP_INFORMATION | THREAD_ACTUAL_GROUP_AFFINITY => {
            query.answer(|| limited().map(|_| ALL_OF_GROUP))
        }
        THREAD_IDEAL_PROCESSOR_EX => query.answer(|| limited().map(|_| PROCESSOR)),
        THREAD_SUSPEND_COUNT => query.answer(|| Ok(limited()?.suspensions())),
        THREAD_NAME_INFORMATION => {
            let name = limited()?.name().map_err(refused)?;
            query.answer_text(&name, false, NtStatus::BUFFER_TOO_SMALL)
        }
        // No thread is bound to any.
        THREAD_SELECTED_CPU_SETS => {
            limited()?;
            query.answer_all(&[], NtStatus::BUFFER_TOO_SMALL)
        }
        THREAD_SYSTEM_THREAD_INFORMATION => {
            query.answer(|| Ok(system_thread_information(&*limited()?)))
        }
        THREAD_DYNAMIC_CODE_POLICY => query.answer(|| Ok(full()?.settings().may_make_code.get32())),
        // None can be.
        THREAD_COUNTER_PROFILING => query.answer(|| full().map(|_| ThreadProfiling::new_zeroed())),
        // Win32.
        THREAD_SUBSYSTEM_INFORMATION => query.answer(|| limited().map(|_| 0_u32)),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn basic(thread: &Thread) -> ThreadBasicInformation {
    let mut information = ThreadBasicInformation::new_zeroed();
    information.exit_status = thread.ended().map_or(STILL_ACTIVE, NtStatus);
    information.teb = thread.environment_block();
    information.client_id = client_id(thread);
    information.affinity = ALL_PROCESSORS;
    information.priority = levels(thread).1;
    information.base_priority = priority::increment(thread.relative_priority());
    information
}

/// The levels of the base priority and of the one it has now; 0 once it has ended.
pub(super) fn levels(thread: &Thread) -> (i32, i32) {
    thread.priorities().map_or((0, 0), |(base, now)| {
        (base.level().into(), now.level().into())
    })
}
