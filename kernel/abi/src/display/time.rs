//! A time as services take it: a moment, or how long from now.

use core::fmt;

use crate::user_shared::UNIX_EPOCH_100NS;

const PER_SECOND: u64 = 10_000_000;
const PER_MILLISECOND: u64 = 10_000;
const PER_MICROSECOND: u64 = 10;
const SECONDS_PER_DAY: u64 = 86_400;
/// Days of 400 years of the Gregorian calendar, after which it repeats.
const DAYS_PER_CYCLE: u64 = 146_097;
/// 1970-01-01, counted from 0000-03-01: a year that begins in March has its leap
/// day last.
const DAYS_TO_1970: u64 = 719_468;
/// What callers give for a time that does not come.
const FOREVER: i64 = i64::MAX;

/// A time in units of 100 ns: since 1601 UTC, or relative to now when negative.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub i64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("now"),
            FOREVER | i64::MIN => f.write_str("never"),
            ..0 => {
                f.write_str("in ")?;
                span(f, self.0.unsigned_abs())
            }
            1.. => moment(f, self.0.unsigned_abs()),
        }
    }
}

/// A span in the largest unit that it has one of.
fn span(f: &mut fmt::Formatter<'_>, time_100ns: u64) -> fmt::Result {
    let (whole, mut rest, mut digits, unit) = match time_100ns {
        PER_SECOND.. => (
            time_100ns.wrapping_div(PER_SECOND),
            time_100ns.wrapping_rem(PER_SECOND),
            7_usize,
            "s",
        ),
        PER_MILLISECOND.. => (
            time_100ns.wrapping_div(PER_MILLISECOND),
            time_100ns.wrapping_rem(PER_MILLISECOND),
            4,
            "ms",
        ),
        _ => (
            time_100ns.wrapping_div(PER_MICROSECOND),
            time_100ns.wrapping_rem(PER_MICROSECOND),
            1,
            "us",
        ),
    };
    write!(f, "{whole}")?;
    while rest != 0 && rest.is_multiple_of(10) {
        rest = rest.wrapping_div(10);
        digits = usize::wrapping_sub(digits, 1);
    }
    if rest != 0 {
        write!(f, ".{rest:0digits$}")?;
    }
    write!(f, " {unit}")
}

/// A moment as a date, or as the number if it was before 1970.
fn moment(f: &mut fmt::Formatter<'_>, since_1601_100ns: u64) -> fmt::Result {
    let Some(since_1970_100ns) = since_1601_100ns.checked_sub(UNIX_EPOCH_100NS) else {
        return write!(f, "{since_1601_100ns:#x}");
    };
    let seconds = since_1970_100ns.wrapping_div(PER_SECOND);
    let (year, month, day) = date(seconds.wrapping_div(SECONDS_PER_DAY));
    let clock = seconds.wrapping_rem(SECONDS_PER_DAY);
    write!(
        f,
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}.{:07} UTC",
        clock.wrapping_div(3600),
        clock.wrapping_div(60).wrapping_rem(60),
        clock.wrapping_rem(60),
        since_1970_100ns.wrapping_rem(PER_SECOND),
    )
}

/// Year, month and day of a day since 1970.
fn date(since_1970: u64) -> (u64, u64, u64) {
    let days = since_1970.wrapping_add(DAYS_TO_1970);
    let (cycle, of_cycle) = (
        days.wrapping_div(DAYS_PER_CYCLE),
        days.wrapping_rem(DAYS_PER_CYCLE),
    );
    // Every 4 years, but not every 100, there is a day more.
    let leap_days = of_cycle
        .wrapping_div(1460)
        .wrapping_sub(of_cycle.wrapping_div(36_524))
        .wrapping_add(of_cycle.wrapping_div(146_096));
    let year_of_cycle = of_cycle.wrapping_sub(leap_days).wrapping_div(365);
    let first_of_year = year_of_cycle
        .wrapping_mul(365)
        .wrapping_add(year_of_cycle.wrapping_div(4))
        .wrapping_sub(year_of_cycle.wrapping_div(100));
    let of_year = of_cycle.wrapping_sub(first_of_year);
    // From March on, 5 months have 153 days, again and again.
    let from_march = of_year.wrapping_mul(5).wrapping_add(2).wrapping_div(153);
    let first_of_month = from_march.wrapping_mul(153).wrapping_add(2).wrapping_div(5);
    let day = of_year.wrapping_sub(first_of_month).wrapping_add(1);
    let (month, later) = match from_march {
        0..10 => (from_march.wrapping_add(3), 0),
        _ => (from_march.wrapping_sub(9), 1),
    };
    let year = cycle
        .wrapping_mul(400)
        .wrapping_add(year_of_cycle)
        .wrapping_add(later);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{Time, UNIX_EPOCH_100NS};
    use std::string::ToString;

    #[test]
    fn spans() {
        for (time, text) in [
            (0, "now"),
            (-1, "in 0.1 us"),
            (-10, "in 1 us"),
            (-30_000, "in 3 ms"),
            (-15_001, "in 1.5001 ms"),
            (-10_000_000, "in 1 s"),
            (-10_500_000, "in 1.05 s"),
            (-600_000_000_000, "in 60000 s"),
            (i64::MIN, "never"),
            (i64::MAX, "never"),
            (i64::MIN + 1, "in 922337203685.4775807 s"),
        ] {
            assert_eq!(Time(time).to_string(), text);
        }
    }

    #[test]
    fn moments() {
        let since_1970 = |seconds: i64| UNIX_EPOCH_100NS as i64 + seconds * 10_000_000;
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00.0000000 UTC"),
            (951_782_400, "2000-02-29 00:00:00.0000000 UTC"),
            (951_868_799, "2000-02-29 23:59:59.0000000 UTC"),
            (1_709_251_200, "2024-03-01 00:00:00.0000000 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00.0000000 UTC"),
            (1_795_824_000, "2026-11-28 00:00:00.0000000 UTC"),
        ] {
            assert_eq!(Time(since_1970(seconds)).to_string(), text);
        }
        assert_eq!(Time(1).to_string(), "0x1");
        assert!(Time(i64::MAX - 1).to_string().starts_with("30828-09-14"));
    }
}
