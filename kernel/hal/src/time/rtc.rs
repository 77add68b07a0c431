//! The real-time clock of the PC: an MC146818 behind ports 70h and 71h.

use bitflags::bitflags;
use x86_64::instructions::port::Port;

const INDEX: u16 = 0x70;
const DATA: u16 = 0x71;
const SECONDS: u8 = 0;
const MINUTES: u8 = 2;
const HOURS: u8 = 4;
const DAY: u8 = 7;
const MONTH: u8 = 8;
const YEAR: u8 = 9;
const STATUS_A: u8 = 10;
const STATUS_B: u8 = 11;
const UPDATING: u8 = 0x80;

bitflags! {
    /// Status register B: how the clock counts.
    struct Format: u8 {
        const HOURS_24 = 2;
        const BINARY = 4;
    }
}

const AFTERNOON: u8 = 0x80;
/// Years are two digits of this century.
const CENTURY: u64 = 2000;
/// Readings after which two that differ mean that there is no clock.
const PATIENCE: usize = 10_000;

/// A date and time of day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

fn register(number: u8) -> u8 {
    // SAFETY: no other driver uses the clock, and reading changes nothing.
    unsafe {
        Port::new(INDEX).write(number);
        Port::new(DATA).read()
    }
}

/// The time, read twice alike outside an update.
pub(super) fn read() -> Option<Time> {
    let mut before = read_once();
    for _ in 0..PATIENCE {
        let now = read_once();
        if now.is_some() && now == before {
            return now;
        }
        before = now;
    }
    None
}

fn read_once() -> Option<Time> {
    if register(STATUS_A) & UPDATING != 0 {
        return None;
    }
    let format = Format::from_bits_truncate(register(STATUS_B));
    let number = |value: u8| match format.contains(Format::BINARY) {
        true => u64::from(value),
        false => u64::from(value >> 4) * 10 + u64::from(value & 15),
    };
    let raw_hour = register(HOURS);
    let hour = match format.contains(Format::HOURS_24) {
        true => number(raw_hour),
        false => {
            let afternoon = if raw_hour & AFTERNOON != 0 { 12 } else { 0 };
            number(raw_hour & !AFTERNOON) % 12 + afternoon
        }
    };
    let time = Time {
        year: CENTURY + number(register(YEAR)),
        month: number(register(MONTH)),
        day: number(register(DAY)),
        hour,
        minute: number(register(MINUTES)),
        second: number(register(SECONDS)),
    };
    let is_date = (1..=12).contains(&time.month) && (1..=31).contains(&time.day);
    (is_date && time.hour < 24 && time.minute < 60 && time.second < 61).then_some(time)
}

impl Time {
    pub(super) fn seconds_since_1970(self) -> u64 {
        const DAYS_BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        // Every fourth year from 1972 to 2099 is a leap year.
        let years = self.year - 1970;
        let leap_days = (years + 1) / 4 + u64::from(self.year.is_multiple_of(4) && self.month > 2);
        let days = years * 365 + leap_days + DAYS_BEFORE[self.month as usize - 1] + self.day - 1;
        ((days * 24 + self.hour) * 60 + self.minute) * 60 + self.second
    }
}
