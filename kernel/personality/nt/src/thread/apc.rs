//! Asynchronous procedure calls.

use abi::NtStatus;
use abi::access::{MEMORY_RESERVE_MODIFY_STATE, THREAD_SET_CONTEXT};
use executive::object::Object;
use executive::process::{EntryPoint, Process, Thread};
use hal::Ref;
use sched::ApcCall;

use crate::call::{Call, Outcome, refused};

/// Instead of a reserve object: the call is made at the thread's next return to
/// user mode (NT `QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC`).
const SPECIAL_USER_APC: u64 = 1;

/// NtQueueApcThread(thread, routine, first, second, third)
pub(crate) fn nt_queue_apc_thread(call: &Call<'_>) -> Outcome {
    queue(call, 1, false)
}

/// NtQueueApcThreadEx(thread, reserve, routine, first, second, third)
pub(crate) fn nt_queue_apc_thread_ex(call: &Call<'_>) -> Outcome {
    match call.word(1)? {
        0 => queue(call, 2, false),
        SPECIAL_USER_APC => queue(call, 2, true),
        _ => {
            let reserve =
                call.typed(
                    call.word(1)?,
                    MEMORY_RESERVE_MODIFY_STATE,
                    |object| match object {
                        Object::UserApcReserve(reserve) => Some(reserve),
                        _ => None,
                    },
                )?;
            let (apc, thread) = arguments(call, 2)?;
            reserve.queue(&thread, apc).map_err(refused)?;
            Ok(NtStatus::SUCCESS)
        }
    }
}

/// Refuses calls that nobody would make: the process has not said where its
/// dispatcher for them is.
pub(crate) fn check_dispatcher(process: &Process) -> Result<(), NtStatus> {
    match process.entry_point(EntryPoint::Apc) {
        0 => Err(NtStatus::NOT_SUPPORTED),
        _ => Ok(()),
    }
}

/// Queues what the arguments from `first` on say.
fn queue(call: &Call<'_>, first: usize, is_special: bool) -> Outcome {
    let (apc, thread) = arguments(call, first)?;
    thread.queue_apc(apc, is_special).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// The call that the arguments from `first` on are about, and the thread that is to
/// make it.
fn arguments(call: &Call<'_>, first: usize) -> Result<(ApcCall, Ref<Thread>), NtStatus> {
    let argument = |number| call.word(first.saturating_add(number));
    let apc = ApcCall {
        routine: argument(0)?,
        arguments: [argument(1)?, argument(2)?, argument(3)?],
    };
    let thread = call.thread_of(0, THREAD_SET_CONTEXT)?;
    check_dispatcher(thread.process())?;
    Ok((apc, thread))
}
