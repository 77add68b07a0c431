//! Timers.

use abi::NtStatus;
use abi::access::{TIMER_MODIFY_STATE, TIMER_QUERY_STATE};
use abi::wait::TimerBasicInformation;
use executive::clock;
use executive::dispatch::Signalled;
use executive::object::{Object, ObjectKind};
use sched::{ApcCall, Due};
use zerocopy::FromZeros;

use super::{due_100ns, signal_kind};
use crate::call::{Call, Outcome, read, refused};
use crate::thread::check_dispatcher;

const PER_MILLISECOND: u64 = 10_000;

/// NtCreateTimer(timer, access, attributes, type)
pub(crate) fn nt_create_timer(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Timer)?;
    let kind = signal_kind(call.value32(3)?)?;
    new.create(call, || {
        Ok(Object::Timer(Signalled::timer(kind).map_err(refused)?))
    })
}

/// NtOpenTimer(timer, access, attributes)
pub(crate) fn nt_open_timer(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Timer)?.open(call)
}

/// NtSetTimer(timer, due time, apc routine, apc context, resume, period in
/// milliseconds, previous state)
pub(crate) fn nt_set_timer(call: &Call<'_>) -> Outcome {
    let due = read::<i64>(call.word(1)?)?;
    let (routine, context, period) = (call.word(2)?, call.word(3)?, call.value32(5)?);
    let previous = call.optional_result::<u8>(6)?;
    if i32::try_from(period).is_err() {
        return Err(NtStatus::INVALID_PARAMETER_6);
    }
    let timer = call.timer(0, TIMER_MODIFY_STATE)?;
    let (at, is_of_day) = (due_100ns(due), due >= 0);
    // The routine learns for which time it is called.
    let [low, high] = system_time_at(at);
    let apc = ApcCall {
        routine,
        arguments: [context, low, high],
    };
    let due = Due {
        at,
        is_of_day,
        period: u64::from(period).saturating_mul(PER_MILLISECOND),
    };
    if routine != 0 {
        check_dispatcher(call.process())?;
    }
    let apc = (routine != 0).then(|| (&**call.thread(), apc));
    let was_set = timer.set_timer(due, apc).map_err(refused)?;
    previous.set(&u8::from(was_set))?;
    Ok(NtStatus::SUCCESS)
}

/// A time since the kernel's start as the two halves of a system time.
fn system_time_at(at: u64) -> [u64; 2] {
    let from_now = at.saturating_sub(clock::since_boot_100ns());
    let time = crate::time::system_time_100ns().saturating_add(from_now);
    [time & u64::from(u32::MAX), time >> u32::BITS]
}

/// NtCancelTimer(timer, previous state)
pub(crate) fn nt_cancel_timer(call: &Call<'_>) -> Outcome {
    let previous = call.optional_result::<u8>(1)?;
    let timer = call.timer(0, TIMER_MODIFY_STATE)?;
    previous.set(&u8::from(timer.cancel_timer()))?;
    Ok(NtStatus::SUCCESS)
}

/// NtQueryTimer(timer, class, buffer, length, return length)
pub(crate) fn nt_query_timer(call: &Call<'_>) -> Outcome {
    call.answer(|| {
        let (due, is_set) = call.timer(0, TIMER_QUERY_STATE)?.timer_state();
        let mut information = TimerBasicInformation::new_zeroed();
        let now = clock::since_boot_100ns();
        let left = due.map_or(0, |due| due.at.saturating_sub(now));
        information.remaining_time_100ns = i64::try_from(left).unwrap_or(i64::MAX);
        information.is_signalled = is_set.into();
        Ok(information)
    })
}
