//! The clock's registers in every way it counts.

use super::{AFTERNOON, BINARY, HOURS_24, Registers};

const SECONDS_A_DAY: u64 = 86_400;

fn decimal(number: u64) -> u8 {
    u8::try_from(number / 10 * 16 + number % 10).unwrap()
}

/// Registers of that time, counted as `status_b` says.
fn registers(date: (u64, u64, u64), time: (u64, u64, u64), status_b: u8) -> Registers {
    let number = |number: u64| match status_b & BINARY {
        0 => decimal(number),
        _ => u8::try_from(number).unwrap(),
    };
    let hour = match (status_b & HOURS_24, time.0) {
        (0, 0) => number(12),
        (0, hour @ 1..12) => number(hour),
        (0, 12) => number(12) | AFTERNOON,
        (0, hour) => number(hour - 12) | AFTERNOON,
        (_, hour) => number(hour),
    };
    Registers {
        second: number(time.2),
        minute: number(time.1),
        hour,
        day: number(date.2),
        month: number(date.1),
        year: number(date.0 % 100),
        century: number(date.0 / 100),
        status_b,
    }
}

#[test]
fn known_times_in_all_four_ways() {
    for status_b in [0, HOURS_24, BINARY, HOURS_24 | BINARY] {
        for (date, time, expected) in [
            ((2000, 1, 1), (0, 0, 0), 946_684_800),
            ((2000, 2, 29), (12, 0, 0), 951_825_600),
            ((2000, 3, 1), (0, 0, 0), 951_868_800),
            ((2026, 1, 1), (0, 0, 0), 1_767_225_600),
            ((2024, 12, 31), (23, 59, 59), 1_735_689_599),
            ((2038, 1, 19), (3, 14, 8), 2_147_483_648),
            ((2100, 3, 1), (11, 0, 1), 4_107_582_001),
        ] {
            let found = registers(date, time, status_b).seconds_since_1970();
            assert_eq!(found, Some(expected), "{date:?} {time:?} {status_b}");
        }
    }
}

#[test]
fn every_day_and_hour_follows_the_one_before() {
    let mut expected = 946_684_800;
    for year in 2000..2300 {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for month in 1..=12 {
            let days = match month {
                2 => 28 + u64::from(is_leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            for day in 1..=days {
                let hour = day % 24;
                let found = registers((year, month, day), (hour, 0, 0), 0).seconds_since_1970();
                assert_eq!(found, Some(expected + hour * 3600), "{year}-{month}-{day}");
                expected += SECONDS_A_DAY;
            }
            let beyond = registers((year, month, days + 1), (0, 0, 0), HOURS_24);
            assert_eq!(beyond.seconds_since_1970(), None, "{year}-{month}");
        }
    }
}

#[test]
fn a_century_that_is_none_is_this_one() {
    let mut registers = registers((2026, 1, 1), (0, 0, 0), HOURS_24);
    for century in [0, 0x19, 0x30, 0xFF, 0x2A] {
        registers.century = century;
        assert_eq!(registers.seconds_since_1970(), Some(1_767_225_600));
    }
}

#[test]
fn what_is_no_time_is_refused() {
    let good = registers((2026, 1, 1), (0, 0, 0), HOURS_24);
    let with = |change: fn(&mut Registers)| {
        let mut registers = good;
        change(&mut registers);
        registers.seconds_since_1970()
    };
    assert!(with(|_| ()).is_some());
    for change in [
        (|registers| registers.month = 0) as fn(&mut Registers),
        |registers| registers.month = 0x13,
        |registers| registers.day = 0,
        |registers| registers.day = 0x32,
        |registers| registers.hour = 0x24,
        |registers| registers.minute = 0x60,
        |registers| registers.second = 0x61,
        |registers| registers.second = 0x0A,
        |registers| registers.year = 0xA0,
        |registers| (registers.status_b, registers.hour) = (0, 0),
        |registers| (registers.status_b, registers.hour) = (0, 0x13),
    ] {
        assert_eq!(with(change), None);
    }
    // Where nothing answers, all bits are set.
    let mut nothing = good;
    for register in [
        &mut nothing.second,
        &mut nothing.minute,
        &mut nothing.hour,
        &mut nothing.day,
        &mut nothing.month,
        &mut nothing.year,
        &mut nothing.century,
        &mut nothing.status_b,
    ] {
        *register = 0xFF;
    }
    assert_eq!(nothing.seconds_since_1970(), None);
}
