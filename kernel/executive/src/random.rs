//! Random numbers for address-space layout; repeatable from a seed.
//!
//! SplitMix64: good enough to spread images, not a source of secrets.

use hal::lock::Lock;

use crate::rank;

static STATE: Lock<rank::Random, u64> = Lock::new(0);

const INCREMENT: u64 = 0x9e37_79b9_7f4a_7c15;

/// Starts the sequence.
pub fn seed(seed: u64) {
    *STATE.lock() = seed;
}

/// The next number.
pub fn next() -> u64 {
    let mut state = STATE.lock();
    *state = state.wrapping_add(INCREMENT);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// The same of 32 bits.
pub fn next32() -> u32 {
    let [a, b, c, d, ..] = next().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// A number below `limit`, which is not 0.
pub fn below(limit: u64) -> u64 {
    next().checked_rem(limit).unwrap_or(0)
}
