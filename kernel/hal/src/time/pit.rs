//! The 8254 timer, whose rate is known, and the 8259 it interrupts through.

use x86_64::instructions::port::Port;

use super::{NS_PER_SECOND, TICKS_PER_SECOND};

/// The 8254's input clock.
const PIT_HZ: u64 = 1_193_182;
const COUNTER_0: u16 = 0x40;
const COMMAND: u16 = 0x43;
const RATE_GENERATOR_0: u8 = 0x34;
const LATCH_0: u8 = 0x00;

const MASTER: u16 = 0x20;
const SLAVE: u16 = 0xa0;
const END_OF_INTERRUPT: u8 = 0x20;
/// Where the 8259s' sixteen vectors begin: behind NT's software interrupts.
pub(super) const FIRST_VECTOR: u8 = 0x50;

/// Reads of the counter after which a counter that stands still counts as absent.
const PATIENCE: u32 = 10_000;

fn write(port: u16, value: u8) {
    // SAFETY: the callers name only registers of the 8254 and the 8259s, which
    // no other driver uses.
    unsafe { Port::new(port).write(value) }
}

fn read(port: u16) -> u8 {
    // SAFETY: as in `write`.
    unsafe { Port::new(port).read() }
}

fn start(divisor: u16) {
    write(COMMAND, RATE_GENERATOR_0);
    write(COUNTER_0, divisor as u8);
    write(COUNTER_0, (divisor >> 8) as u8);
}

pub(super) fn counter() -> u16 {
    write(COMMAND, LATCH_0);
    u16::from(read(COUNTER_0)) | u16::from(read(COUNTER_0)) << 8
}

/// Waits a quarter of a millisecond or somewhat more by the counter; returns
/// how long in nanoseconds, or `None` where there is no counter.
pub(super) fn wait_quarter_millisecond() -> Option<u64> {
    start(0); // the longest period, 65,536
    let first = counter();
    let mut still = 0;
    loop {
        let gone = u64::from(first.wrapping_sub(counter()));
        if gone >= PIT_HZ / 4000 {
            return Some(gone * NS_PER_SECOND / PIT_HZ);
        }
        still = if gone == 0 { still + 1 } else { 0 };
        if still > PATIENCE {
            return None;
        }
    }
}

/// Moves the 8259s' vectors away from the exceptions and masks all of them.
pub(super) fn mask_legacy_interrupts() {
    for (chip, cascade, first) in [(MASTER, 4, FIRST_VECTOR), (SLAVE, 2, FIRST_VECTOR + 8)] {
        write(chip, 0x11); // begin, with four words
        write(chip + 1, first);
        write(chip + 1, cascade);
        write(chip + 1, 1); // 8086 mode
        write(chip + 1, 0xff);
    }
}

/// Lets counter 0 interrupt at the tick's rate.
pub(super) fn start_tick() {
    start((PIT_HZ / TICKS_PER_SECOND) as u16);
    write(MASTER + 1, 0xfe);
}

/// Ends an interrupt of counter 0.
pub(super) fn acknowledge() {
    write(MASTER, END_OF_INTERRUPT);
}
