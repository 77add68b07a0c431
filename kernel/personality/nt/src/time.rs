//! Time: the clocks and sleeping.

use abi::NtStatus;
use abi::user_shared::{PERFORMANCE_FREQUENCY, UNIX_EPOCH_100NS};
use executive::{clock, scheduler};
use sched::{Deadline, Waited};

use crate::call::{Call, Outcome, read, refused, write};
use crate::wait::{due_100ns, status_of_wait};

/// 100 ns units since 1601 UTC.
pub(crate) fn system_time_100ns() -> u64 {
    clock::since_1970_100ns().saturating_add(UNIX_EPOCH_100NS)
}

/// NtDelayExecution(alertable, interval)
pub(crate) fn nt_delay_execution(call: &Call<'_>) -> Outcome {
    let (is_alertable, interval) = (call.flag(0)?, read::<i64>(call.word(1)?)?);
    let deadline = match interval {
        0 => Deadline::Now,
        interval => Deadline::At(due_100ns(interval)),
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

/// NtQueryPerformanceCounter(counter, frequency)
pub(crate) fn nt_query_performance_counter(call: &Call<'_>) -> Outcome {
    let (counter, frequency) = (call.word(0)?, call.word(1)?);
    write(counter, &clock::since_boot_100ns())?;
    if frequency != 0 {
        write(frequency, &PERFORMANCE_FREQUENCY)?;
    }
    Ok(NtStatus::SUCCESS)
}
