//! Stretches of time that are given once, for UUIDs.

use core::sync::atomic::{AtomicU64, Ordering};

use spin::Once;

use crate::{clock, random};

/// From where UUIDs count their times (RFC 9562, 5.1) to where clocks do.
const FROM_1582_TO_1601_100NS: u64 = 5_748_192_000_000_000;
/// The longest stretch: a tenth of a second.
const MOST_100NS: u64 = 1_000_000;
/// What node numbers that are of no network card have set (RFC 9562, 6.10).
const MULTICAST: u8 = 1;
/// Values of the sequence.
const SEQUENCE_MASK: u32 = 0x3FFF;

/// Up to when time was given.
static GIVEN: AtomicU64 = AtomicU64::new(0);

/// A stretch of time.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Since 1582.
    pub start_100ns: u64,
    /// How many numbers it gives.
    pub length_100ns: u32,
}

/// What UUIDs of this machine have in common, until it starts again.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// Random, since the clock may have been set back.
    pub sequence: u32,
    /// Random, as if of a network card.
    pub node: [u8; 6],
}

/// A stretch of time that has passed and that nobody else gets; `None`: all was
/// given, more comes.
pub fn next_stretch() -> Option<Stretch> {
    let now = clock::since_1601_100ns().saturating_add(FROM_1582_TO_1601_100NS);
    let given = GIVEN.fetch_max(now, Ordering::Relaxed);
    let length = now.saturating_sub(given).min(MOST_100NS);
    let length_100ns = u32::try_from(length).ok().filter(|&length| length > 0)?;
    Some(Stretch {
        start_100ns: now.saturating_sub(length),
        length_100ns,
    })
}

/// The same for all UUIDs.
pub fn machine() -> Machine {
    static MACHINE: Once<Machine> = Once::new();
    *MACHINE.call_once(|| {
        let [a, b, c, d, e, f, ..] = random::next().to_le_bytes();
        Machine {
            sequence: random::next32() & SEQUENCE_MASK,
            node: [a | MULTICAST, b, c, d, e, f],
        }
    })
}
