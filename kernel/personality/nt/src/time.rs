//! Time: the clocks and sleeping.

use abi::NtStatus;
use abi::user_shared::{PERFORMANCE_FREQUENCY, UNIX_EPOCH_100NS};
use executive::{clock, sched};

use crate::call::{Call, Outcome, read, write};

const NS_PER_100NS: u64 = 100;

/// 100 ns units since 1601 UTC.
pub(crate) fn system_time_100ns() -> u64 {
    clock::since_1970_100ns().saturating_add(UNIX_EPOCH_100NS)
}

/// NtDelayExecution(alertable, interval)
pub(crate) fn nt_delay_execution(call: &Call<'_>) -> Outcome {
    // Negative: from now on; otherwise: until this system time.
    let interval = read::<i64>(call.word(1)?)?;
    let delay_100ns = match u64::try_from(interval) {
        Ok(until) => until.saturating_sub(system_time_100ns()),
        Err(_) => interval.unsigned_abs(),
    };
    if delay_100ns == 0 {
        sched::yield_now();
        return Ok(NtStatus::SUCCESS);
    }
    let wake = clock::since_boot_100ns().saturating_add(delay_100ns);
    // A clock of 100 ns rounds down: never wake early.
    sched::sleep_until(wake.saturating_add(1).saturating_mul(NS_PER_100NS));
    Ok(NtStatus::SUCCESS)
}

/// NtQuerySystemTime(time)
pub(crate) fn nt_query_system_time(call: &Call<'_>) -> Outcome {
    write(call.word(0)?, &system_time_100ns())?;
    Ok(NtStatus::SUCCESS)
}

/// NtQueryPerformanceCounter(counter, frequency)
pub(crate) fn nt_query_performance_counter(call: &Call<'_>) -> Outcome {
    let (counter, frequency) = (call.word(0)?, call.word(1)?);
    write(counter, &clock::since_boot_100ns())?;
    if frequency != 0 {
        write(frequency, &PERFORMANCE_FREQUENCY)?;
    }
    Ok(NtStatus::SUCCESS)
}
