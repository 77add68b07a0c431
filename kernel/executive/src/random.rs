//! Random numbers, fit for secrets; repeatable from a seed.

use hal::lock::Lock;
use random::Generator;
pub use random::Stream;

use crate::rank;

static GENERATOR: Lock<rank::Random, Generator> = Lock::new(Generator::new());

/// Mixes a seed in; those before it still count.
pub fn seed(seed: &[u8]) {
    GENERATOR.lock().absorb(seed);
}

/// The next number.
pub fn next() -> u64 {
    let mut bytes = [0; 8];
    GENERATOR.lock().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// The same of 32 bits.
pub fn next32() -> u32 {
    let mut bytes = [0; 4];
    GENERATOR.lock().fill(&mut bytes);
    u32::from_le_bytes(bytes)
}

/// A number below `limit`, which is not 0.
pub fn below(limit: u64) -> u64 {
    next().checked_rem(limit).unwrap_or(0)
}

/// A stream for many bytes, which needs no lock once it is made.
pub fn stream() -> Stream {
    GENERATOR.lock().stream()
}
