//! Waiting for objects.

use abi::NtStatus;
use abi::access::{EVENT_MODIFY_STATE, SEMAPHORE_MODIFY_STATE, SYNCHRONIZE};
use arrayvec::ArrayVec;
use executive::dispatch;
use executive::object::{Found, Object};
use hal::user;
use sched::{MOST_OBJECTS, WaitFor};
use zerocopy::IntoBytes;

use super::status_of_wait;
use crate::call::{Call, Outcome, refused, violation};

/// NtWaitForSingleObject(handle, alertable, timeout)
pub(crate) fn nt_wait_for_single_object(call: &Call<'_>) -> Outcome {
    let (is_alertable, deadline) = (call.flag(1)?, call.deadline(2)?);
    let object = call.object(0, SYNCHRONIZE)?;
    let waited = dispatch::wait_for(&object, is_alertable, deadline);
    Ok(status_of_wait(waited.map_err(refused)?))
}

/// NtWaitForMultipleObjects(count, handles, wait type, alertable, timeout)
pub(crate) fn nt_wait_for_multiple_objects(call: &Call<'_>) -> Outcome {
    const WAIT_ALL: u32 = 0;
    const WAIT_ANY: u32 = 1;
    let count = usize::try_from(call.value32(0)?).unwrap_or(usize::MAX);
    let (handles_at, is_alertable) = (call.word(1)?, call.flag(3)?);
    let wait_for = match call.value32(2)? {
        WAIT_ALL => WaitFor::All,
        WAIT_ANY => WaitFor::Any,
        _ => return Err(NtStatus::INVALID_PARAMETER_3),
    };
    let mut handles = [0_u64; MOST_OBJECTS];
    let Some(handles) = handles.get_mut(..count).filter(|some| !some.is_empty()) else {
        return Err(NtStatus::INVALID_PARAMETER_1);
    };
    user::copy_in(handles.as_mut_bytes(), handles_at).map_err(violation)?;
    let deadline = call.deadline(4)?;
    let mut objects = ArrayVec::<Object, MOST_OBJECTS>::new();
    for handle in handles {
        let Found { object, access } = call.found_by(*handle)?;
        if access & SYNCHRONIZE == 0 {
            return Err(NtStatus::ACCESS_DENIED);
        }
        objects.push(object);
    }
    let waited = dispatch::wait_for_several(&objects, wait_for, is_alertable, deadline);
    Ok(status_of_wait(waited.map_err(refused)?))
}

/// NtSignalAndWaitForSingleObject(signal, wait, alertable, timeout)
pub(crate) fn nt_signal_and_wait_for_single_object(call: &Call<'_>) -> Outcome {
    let (is_alertable, deadline) = (call.flag(2)?, call.deadline(3)?);
    let Found {
        object: to_signal,
        access,
    } = call.found(0)?;
    let wanted = match to_signal {
        Object::Event(_) => EVENT_MODIFY_STATE,
        Object::Semaphore(_) => SEMAPHORE_MODIFY_STATE,
        Object::Mutant(_) => SYNCHRONIZE,
        _ => return Err(NtStatus::OBJECT_TYPE_MISMATCH),
    };
    if access & wanted != wanted {
        return Err(NtStatus::ACCESS_DENIED);
    }
    let object = call.object(1, SYNCHRONIZE)?;
    let waited = dispatch::signal_and_wait(&to_signal, &object, is_alertable, deadline);
    Ok(status_of_wait(waited.map_err(refused)?))
}
