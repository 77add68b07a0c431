//! Time: the clocks and sleeping.

use abi::NtStatus;
use abi::token::SE_SYSTEMTIME_PRIVILEGE;
use abi::user_shared::{PERFORMANCE_FREQUENCY, UNIX_EPOCH_100NS};
use executive::{clock, scheduler};
use sched::{Deadline, Waited};

use crate::call::{Call, Outcome, probe, read, refused, write};
use crate::wait::{status_of_wait, until};
use crate::win32::quirks;

/// How long a tick is; the timer has one speed.
pub(crate) const TICK_100NS: u32 = 10_000;
const _: () = assert!(TICK_100NS as u64 * hal::time::TICKS_PER_SECOND == 10_000_000);
/// No clock shows this year any more: 30828.
const LAST_TIME_100NS: i64 = 0x2000_0000_0000_0000;

/// 100 ns units since 1601 UTC.
pub(crate) fn system_time_100ns() -> u64 {
    clock::since_1970_100ns().saturating_add(UNIX_EPOCH_100NS)
}

/// NtDelayExecution(alertable, interval)
pub(crate) fn nt_delay_execution(call: &Call<'_>) -> Outcome {
    let (is_alertable, interval_at) = (call.flag(0)?, call.word(1)?);
    let deadline = match quirks::sleeps_forever(call, interval_at) {
        true => Deadline::Never,
        false => match read::<i64>(interval_at)? {
            0 => Deadline::Now,
            interval => until(interval),
        },
    };
    match scheduler::delay(deadline, is_alertable).map_err(refused)? {
        Waited::TimedOut => {
            if deadline == Deadline::Now {
                scheduler::yield_now();
            }
            Ok(NtStatus::SUCCESS)
        }
        waited => Ok(status_of_wait(waited)),
    }
}

/// NtQuerySystemTime(time)
pub(crate) fn nt_query_system_time(call: &Call<'_>) -> Outcome {
    write(call.word(0)?, &system_time_100ns())?;
    Ok(NtStatus::SUCCESS)
}

/// For how long the machine has been up, as programs are told: an hour more than it has,
/// for they take for granted that they can subtract seconds or minutes from it.
pub(crate) fn uptime_100ns() -> u64 {
    const BEFORE_100NS: u64 = 3600 * 10_000_000;
    clock::since_boot_100ns().saturating_add(BEFORE_100NS)
}

/// NtQueryPerformanceCounter(counter, frequency)
pub(crate) fn nt_query_performance_counter(call: &Call<'_>) -> Outcome {
    let (counter, frequency) = (call.word(0)?, call.word(1)?);
    write(counter, &uptime_100ns())?;
    if frequency != 0 {
        write(frequency, &PERFORMANCE_FREQUENCY)?;
    }
    Ok(NtStatus::SUCCESS)
}

/// NtSetSystemTime(time, previous time)
///
/// Waits and timers that are to end at a time of the clock end when it shows that.
pub(crate) fn nt_set_system_time(call: &Call<'_>) -> Outcome {
    let time = read::<i64>(call.word(0)?)?;
    let previous = call.optional_result::<i64>(1)?;
    call.need_privilege(SE_SYSTEMTIME_PRIVILEGE)?;
    let time = u64::try_from(time).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    if time >= LAST_TIME_100NS.unsigned_abs() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let before = clock::set_since_1601_100ns(time);
    previous.set(&i64::try_from(before).unwrap_or(i64::MAX))?;
    Ok(NtStatus::SUCCESS)
}

/// NtQueryTimerResolution(coarsest, finest, current)
pub(crate) fn nt_query_timer_resolution(call: &Call<'_>) -> Outcome {
    let places = [call.word(0)?, call.word(1)?, call.word(2)?];
    for place in places {
        probe::<u32>(place)?;
    }
    for place in places {
        write(place, &TICK_100NS)?;
    }
    Ok(NtStatus::SUCCESS)
}

/// NtSetTimerResolution(resolution, set, current)
///
/// Whatever is wished for, the timer ticks as it always does.
pub(crate) fn nt_set_timer_resolution(call: &Call<'_>) -> Outcome {
    let (is_wanted, current) = (call.flag(1)?, call.word(2)?);
    probe::<u32>(current)?;
    let settings = call.process().settings();
    let was_wanted = settings.wants_fast_ticks.replace(is_wanted) != 0;
    write(current, &TICK_100NS)?;
    match is_wanted || was_wanted {
        true => Ok(NtStatus::SUCCESS),
        false => Err(NtStatus::TIMER_RESOLUTION_NOT_SET),
    }
}
