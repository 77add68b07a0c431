//! The real-time clock of the PC: an MC146818 behind ports 70h and 71h.

use rtc::Registers;
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
/// What the tables of ACPI name on every machine that has it.
const CENTURY: u8 = 0x32;
const UPDATING: u8 = 0x80;

/// Readings after which two that differ mean that there is no clock.
const PATIENCE: usize = 10_000;

fn register(number: u8) -> u8 {
    // SAFETY: no other driver uses the clock, and reading changes nothing.
    unsafe {
        Port::new(INDEX).write(number);
        Port::new(DATA).read()
    }
}

/// The registers, read twice alike outside an update.
pub(super) fn read() -> Option<Registers> {
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

fn read_once() -> Option<Registers> {
    if register(STATUS_A) & UPDATING != 0 {
        return None;
    }
    Some(Registers {
        second: register(SECONDS),
        minute: register(MINUTES),
        hour: register(HOURS),
        day: register(DAY),
        month: register(MONTH),
        year: register(YEAR),
        century: register(CENTURY),
        status_b: register(STATUS_B),
    })
}
