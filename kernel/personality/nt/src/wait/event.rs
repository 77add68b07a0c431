//! Events.

use abi::NtStatus;
use abi::access::{EVENT_MODIFY_STATE, EVENT_QUERY_STATE};
use abi::wait::EventBasicInformation;
use executive::dispatch::{Signalled, is_set};
use executive::object::{Object, ObjectKind};
use sched::Signal;
use zerocopy::FromZeros;

use super::signal_kind;
use crate::call::{Call, Outcome, refused};

/// NtCreateEvent(event, access, attributes, type, initial state)
pub(crate) fn nt_create_event(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Event)?;
    let (kind, is_set) = (call.value32(3)?, call.flag(4)?);
    let kind = signal_kind(kind)?;
    new.create(call, || {
        Ok(Object::Event(
            Signalled::event(kind, is_set).map_err(refused)?,
        ))
    })
}

/// NtOpenEvent(event, access, attributes)
pub(crate) fn nt_open_event(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Event)?.open(call)
}

/// NtSetEvent(event, previous state)
pub(crate) fn nt_set_event(call: &Call<'_>) -> Outcome {
    change(call, Signalled::set)
}

/// NtResetEvent(event, previous state)
pub(crate) fn nt_reset_event(call: &Call<'_>) -> Outcome {
    change(call, Signalled::reset)
}

/// NtPulseEvent(event, previous state)
pub(crate) fn nt_pulse_event(call: &Call<'_>) -> Outcome {
    change(call, Signalled::pulse)
}

#[inline(always)]
fn change(call: &Call<'_>, change: fn(&Signalled) -> bool) -> Outcome {
    let previous = call.optional_result::<u32>(1)?;
    let event = call.event(0, EVENT_MODIFY_STATE)?;
    previous.set(&u32::from(change(&event)))?;
    Ok(NtStatus::SUCCESS)
}

/// NtClearEvent(event)
pub(crate) fn nt_clear_event(call: &Call<'_>) -> Outcome {
    call.event(0, EVENT_MODIFY_STATE)?.reset();
    Ok(NtStatus::SUCCESS)
}

/// NtQueryEvent(event, class, buffer, length, return length)
pub(crate) fn nt_query_event(call: &Call<'_>) -> Outcome {
    call.answer(|| {
        let signal = call.event(0, EVENT_QUERY_STATE)?.signal();
        let mut information = EventBasicInformation::new_zeroed();
        information.event_type = u32::from(matches!(signal, Signal::Synchronization { .. }));
        information.event_state = is_set(signal).into();
        Ok(information)
    })
}
