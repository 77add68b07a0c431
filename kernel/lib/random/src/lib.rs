//! Random numbers out of ChaCha20 that tell nothing of those before them.
//!
//! The key stream of a key gives the next key first and numbers after that, so
//! that whoever sees the generator's memory learns no number that was given
//! before: the key they came from is gone, and so are they themselves. What is
//! [`absorbed`](Generator::absorb) goes into the key.
//!
//! ```
//! let mut generator = random::Generator::new();
//! generator.absorb(b"a seed");
//! let (mut one, mut other) = ([0; 16], [0; 16]);
//! generator.fill(&mut one);
//! generator.fill(&mut other);
//! assert_ne!(one, other);
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

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes a key gives besides the next key: what ChaCha20 makes at once.
const POOL_BYTES: usize = 256 - KEY_BYTES;

/// A source of random bytes, the same for the same seed.
pub struct Generator {
    key: [u8; KEY_BYTES],
    pool: [u8; POOL_BYTES],
    /// How much of the pool has been given.
    given: usize,
}

impl Default for Generator {
    fn default() -> Self {
        Self::new()
    }
}

impl Generator {
    /// One without a seed.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            key: [0; KEY_BYTES],
            pool: [0; POOL_BYTES],
            given: POOL_BYTES,
        }
    }

    /// Mixes a seed in. What was random before stays so, whatever the seed is.
    pub fn absorb(&mut self, seed: &[u8]) {
        for part in seed.chunks(KEY_BYTES) {
            for (key, byte) in self.key.iter_mut().zip(part) {
                *key ^= byte;
            }
            self.change_key();
        }
    }

    /// Fills a buffer.
    pub fn fill(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            if self.given == POOL_BYTES {
                self.change_key();
            }
            let left = self.pool.get_mut(self.given..).unwrap_or_default();
            let count = left.len().min(bytes.len());
            let (now, later) = bytes.split_at_mut(count);
            let taken = left.get_mut(..count).unwrap_or_default();
            now.copy_from_slice(taken);
            taken.fill(0);
            self.given = self.given.saturating_add(count);
            bytes = later;
        }
    }

    /// A stream of its own, for a lot of bytes: nothing of it is kept here.
    pub fn stream(&mut self) -> Stream {
        let mut key = [0; KEY_BYTES];
        self.fill(&mut key);
        Stream(ChaCha20Rng::from_seed(key))
    }

    fn change_key(&mut self) {
        let mut stream = ChaCha20Rng::from_seed(self.key);
        stream.fill_bytes(&mut self.key);
        stream.fill_bytes(&mut self.pool);
        self.given = 0;
    }
}

/// Random bytes in any number, from a key of their own.
pub struct Stream(ChaCha20Rng);

impl Stream {
    /// Fills a buffer.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}
