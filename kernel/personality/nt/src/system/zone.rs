//! The time of day, and the time zone: there is one, that of UTC.

use abi::NtStatus;
use abi::system::*;
use zerocopy::FromZeros;

use crate::call::Outcome;
use crate::query::Query;
use crate::time::{TICK_100NS, system_time_100ns, uptime_100ns};

const NAME: &str = "Coordinated Universal Time";
/// Its key in NT's registry.
const KEY: &str = "UTC";

pub(super) fn time_of_day(query: &Query) -> Outcome {
    let length = usize::try_from(query.length).unwrap_or(usize::MAX);
    // NT refuses a longer buffer without saying what would do.
    if length > size_of::<SystemTimeOfDayInformation>() {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    query.answer_from(0, || {
        let (now, up) = (system_time_100ns(), uptime_100ns());
        let time = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
        let mut information = SystemTimeOfDayInformation::new_zeroed();
        information.boot_time_100ns = time(now.saturating_sub(up));
        information.current_time_100ns = time(now);
        information.time_zone_id = TIME_ZONE_ID_UNKNOWN;
        Ok(information)
    })
}

/// The clock goes with the ticks.
pub(super) fn adjustment() -> SystemTimeAdjustmentInformation {
    SystemTimeAdjustmentInformation {
        adjustment_100ns: TICK_100NS,
        increment_100ns: TICK_100NS,
        is_disabled: 1,
        reserved_9: [0; 3],
    }
}

pub(super) fn current() -> TimeZoneInformation {
    let mut zone = TimeZoneInformation::new_zeroed();
    put(&mut zone.standard_name, NAME);
    put(&mut zone.daylight_name, NAME);
    zone
}

pub(super) fn dynamic() -> DynamicTimeZoneInformation {
    let mut dynamic = DynamicTimeZoneInformation::new_zeroed();
    dynamic.zone = current();
    put(&mut dynamic.key_name, KEY);
    dynamic
}

fn put(units: &mut [u16], text: &str) {
    for (unit, letter) in units.iter_mut().zip(text.encode_utf16()) {
        *unit = letter;
    }
}

/// The performance counter is asked for by system calls only.
pub(super) fn counter(query: &Query) -> Outcome {
    let asked = query.request::<SystemQueryPerformanceCounterInformation>()?;
    if asked.version != PERFORMANCE_COUNTER_VERSION {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    query.answer(|| {
        Ok(SystemQueryPerformanceCounterInformation {
            version: PERFORMANCE_COUNTER_VERSION,
            flags: 0,
            valid_flags: 0,
        })
    })
}
