//! What the registers of the PC's real-time clock say: a date and a time.
//!
//! The clock is an MC146818 or behaves like one: it counts in decimal digits or in
//! binary, to 12 or to 24 hours, and years to 99. The century stands, if anywhere, in
//! a byte of its memory that other machines use otherwise, so that only a likely one
//! is believed.
//!
//! ```
//! let mut registers = rtc::Registers::default();
//! registers.status_b = rtc::HOURS_24;
//! (registers.century, registers.year, registers.month, registers.day) = (0x20, 0x26, 1, 1);
//! assert_eq!(registers.seconds_since_1970(), Some(1_767_225_600));
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

#[cfg(test)]
mod tests;

/// Status register B: hours are counted to 24.
pub const HOURS_24: u8 = 2;
/// Status register B: numbers are binary.
pub const BINARY: u8 = 4;

/// With hours to 12: it is after noon.
const AFTERNOON: u8 = 0x80;
/// What a century is taken to be that is not told, and the latest that is believed.
const CENTURY: u64 = 20;
const LAST_CENTURY: u64 = 29;

const SECONDS_A_DAY: u64 = 86_400;
/// Days from March on before each month, when February is the last of its year.
const DAYS_BEFORE: [u64; 12] = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];
const DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Days from 1 March of year 0 to 1 January 1970.
const BEFORE_1970: u64 = 719_468;

/// The registers as they were read, all of them between two updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    /// Register 0.
    pub second: u8,
    /// Register 2.
    pub minute: u8,
    /// Register 4.
    pub hour: u8,
    /// Register 7.
    pub day: u8,
    /// Register 8.
    pub month: u8,
    /// Register 9.
    pub year: u8,
    /// Register 32h: the century, on most machines.
    pub century: u8,
    /// Register 11: how the others count.
    pub status_b: u8,
}

impl Registers {
    /// Seconds since 1970, if they say a time and the clock keeps UTC; `None`: what
    /// they say is no time, or one before.
    #[must_use]
    pub fn seconds_since_1970(&self) -> Option<u64> {
        let century = self.number(self.century);
        let century = century.filter(|century| (CENTURY..=LAST_CENTURY).contains(century));
        let year = century
            .unwrap_or(CENTURY)
            .saturating_mul(100)
            .saturating_add(self.number(self.year).filter(|&year| year < 100)?);
        let month = usize::try_from(self.number(self.month)?).ok()?;
        let day = self.number(self.day)?;
        let month = month.checked_sub(1)?;
        let is_leap_day = month == 1 && day == 29 && is_leap(year);
        if day == 0 || day > *DAYS.get(month)? && !is_leap_day {
            return None;
        }
        let (hour, minute) = (self.hour()?, self.number(self.minute)?);
        // A leap second counts as the next minute's first.
        let second = self.number(self.second)?;
        if minute > 59 || second > 60 {
            return None;
        }
        // In years that begin in March the leap day is the last.
        let year = year.checked_sub(u64::from(month < 2))?;
        let days = year
            .saturating_mul(365)
            .saturating_add(leap_days(year))
            .saturating_add(*DAYS_BEFORE.get(month)?)
            .saturating_add(day)
            .checked_sub(1)?
            .checked_sub(BEFORE_1970)?;
        Some(
            days.saturating_mul(SECONDS_A_DAY)
                .saturating_add(hour.saturating_mul(3600))
                .saturating_add(minute.saturating_mul(60))
                .saturating_add(second),
        )
    }

    /// What a register counts.
    fn number(&self, register: u8) -> Option<u64> {
        if self.status_b & BINARY != 0 {
            return Some(register.into());
        }
        let (tens, ones) = (register >> 4, register & 15);
        let number = u64::from(tens)
            .saturating_mul(10)
            .saturating_add(ones.into());
        (tens < 10 && ones < 10).then_some(number)
    }

    fn hour(&self) -> Option<u64> {
        if self.status_b & HOURS_24 != 0 {
            return self.number(self.hour).filter(|&hour| hour < 24);
        }
        let noon = if self.hour & AFTERNOON != 0 { 12 } else { 0 };
        match self.number(self.hour & !AFTERNOON)? {
            // Noon and midnight.
            12 => Some(noon),
            hour @ 1..12 => Some(hour.saturating_add(noon)),
            _ => None,
        }
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Leap days of the years so far.
fn leap_days(year: u64) -> u64 {
    let every = |years| year.checked_div(years).unwrap_or(0);
    every(4)
        .saturating_sub(every(100))
        .saturating_add(every(400))
}
