//! Keyed events: a wait and a release of one key meet.

use abi::NtStatus;
use abi::access::{KEYEDEVENT_WAIT, KEYEDEVENT_WAKE};
use executive::dispatch::Signalled;
use executive::object::{Object, ObjectKind};

use super::status_of_wait;
use crate::call::{Call, Outcome, refused};

/// NtCreateKeyedEvent(event, access, attributes, flags)
pub(crate) fn nt_create_keyed_event(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::KeyedEvent)?;
    if call.value32(3)? != 0 {
        return Err(NtStatus::INVALID_PARAMETER_4);
    }
    new.create(call, || {
        Ok(Object::KeyedEvent(
            Signalled::keyed_event().map_err(refused)?,
        ))
    })
}

/// NtOpenKeyedEvent(event, access, attributes)
pub(crate) fn nt_open_keyed_event(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::KeyedEvent)?.open(call)
}

/// NtWaitForKeyedEvent(event, key, alertable, timeout)
pub(crate) fn nt_wait_for_keyed_event(call: &Call<'_>) -> Outcome {
    meet(call, false, KEYEDEVENT_WAIT)
}

/// NtReleaseKeyedEvent(event, key, alertable, timeout)
pub(crate) fn nt_release_keyed_event(call: &Call<'_>) -> Outcome {
    meet(call, true, KEYEDEVENT_WAKE)
}

fn meet(call: &Call<'_>, releases: bool, wanted: u32) -> Outcome {
    let (key, is_alertable) = (call.word(1)?, call.flag(2)?);
    let deadline = call.deadline(3)?;
    // NT keeps the lowest bit for itself.
    if key & 1 != 0 {
        return Err(NtStatus::INVALID_PARAMETER_1);
    }
    let event = match call.word(0)? {
        0 => Signalled::keyed_event_of_all().map_err(refused)?,
        _ => call.keyed_event(0, wanted)?,
    };
    let key = (call.process().id(), key);
    let met = event.meet(key, releases, is_alertable, deadline);
    Ok(status_of_wait(met.map_err(refused)?))
}
