//! Semaphores.

use abi::NtStatus;
use abi::access::{SEMAPHORE_MODIFY_STATE, SEMAPHORE_QUERY_STATE};
use abi::wait::SemaphoreBasicInformation;
use executive::dispatch::Signalled;
use executive::object::{Object, ObjectKind};
use sched::Signal;
use zerocopy::FromZeros;

use crate::call::{Call, Outcome, refused};

/// What a LONG can count.
const MOST: u32 = i32::MAX.unsigned_abs();

/// NtCreateSemaphore(semaphore, access, attributes, initial count, maximum count)
pub(crate) fn nt_create_semaphore(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Semaphore)?;
    let (count, limit) = (call.value32(3)?, call.value32(4)?);
    if limit == 0 || limit > MOST || count > limit {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    new.create(call, || {
        let semaphore = Signalled::semaphore(count, limit).map_err(refused)?;
        Ok(Object::Semaphore(semaphore))
    })
}

/// NtOpenSemaphore(semaphore, access, attributes)
pub(crate) fn nt_open_semaphore(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Semaphore)?.open(call)
}

/// NtReleaseSemaphore(semaphore, count, previous count)
pub(crate) fn nt_release_semaphore(call: &Call<'_>) -> Outcome {
    let (more, previous) = (call.value32(1)?, call.optional_result::<u32>(2)?);
    if more == 0 || more > MOST {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let semaphore = call.semaphore(0, SEMAPHORE_MODIFY_STATE)?;
    previous.set(&semaphore.release(more).map_err(refused)?)?;
    Ok(NtStatus::SUCCESS)
}

/// NtQuerySemaphore(semaphore, class, buffer, length, return length)
pub(crate) fn nt_query_semaphore(call: &Call<'_>) -> Outcome {
    call.answer(|| {
        let signal = call.semaphore(0, SEMAPHORE_QUERY_STATE)?.signal();
        let mut information = SemaphoreBasicInformation::new_zeroed();
        if let Signal::Semaphore { count, limit } = signal {
            information.current_count = count.cast_signed();
            information.maximum_count = limit.cast_signed();
        }
        Ok(information)
    })
}
