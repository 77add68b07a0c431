//! The generator against ChaCha20's published stream, and its promises.

extern crate std;
use super::{Generator, KEY_BYTES, POOL_BYTES};
use std::vec;
use std::vec::Vec;

/// The first block of the zero key's stream: RFC 8439, A.1, test vector 1.
const ZERO_KEY: [u8; 64] = [
    0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28,
    0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a, 0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77, 0x0d, 0xc7,
    0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24, 0xe0, 0x3f, 0xb8, 0xd8, 0x4a, 0x37,
    0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18, 0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69, 0xb2, 0xee, 0x65, 0x86,
];

fn seeded(seed: &[u8]) -> Generator {
    let mut generator = Generator::new();
    generator.absorb(seed);
    generator
}

fn bytes(generator: &mut Generator, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    generator.fill(&mut bytes);
    bytes
}

#[test]
fn the_stream_is_chacha20s_with_the_next_key_first() {
    let mut generator = Generator::new();
    assert_eq!(bytes(&mut generator, 32), ZERO_KEY[KEY_BYTES..]);
    assert_eq!(generator.key, ZERO_KEY[..KEY_BYTES]);
    // What a stream of the zero key gives has no key in front.
    let mut generator = Generator::new();
    generator.given = 0;
    let mut first = [0; 64];
    generator.stream().fill(&mut first);
    assert_eq!(first, ZERO_KEY);
}

#[test]
fn a_seed_gives_the_same_numbers_again() {
    assert_eq!(
        bytes(&mut seeded(b"x"), 1000),
        bytes(&mut seeded(b"x"), 1000)
    );
    for other in [&b"y"[..], b"", b"x\0\0", &[b'x'; 33], &[b'x'; 32]] {
        assert_eq!(
            bytes(&mut seeded(b"x"), 64) == bytes(&mut seeded(other), 64),
            // Zeros at the end change no key.
            other == b"x\0\0"
        );
    }
}

#[test]
fn pieces_make_the_same_whole() {
    let whole = bytes(&mut seeded(b"seed"), 2000);
    for piece in [1, 7, 8, POOL_BYTES - 1, POOL_BYTES, POOL_BYTES + 1] {
        let mut generator = seeded(b"seed");
        let mut joined = Vec::new();
        while joined.len() < whole.len() {
            let left = piece.min(whole.len() - joined.len());
            joined.extend(bytes(&mut generator, left));
        }
        assert_eq!(joined, whole, "pieces of {piece}");
    }
}

#[test]
fn nothing_given_is_kept() {
    let mut generator = seeded(b"seed");
    let key = generator.key;
    let given = bytes(&mut generator, 3 * POOL_BYTES + 40);
    assert_ne!(generator.key, key);
    for eight in given.windows(8) {
        let is_kept = |kept: &[u8]| kept.windows(8).any(|other| other == eight);
        assert!(!is_kept(&generator.pool) && !is_kept(&generator.key));
    }
}

#[test]
fn absorbing_changes_what_comes_next() {
    let (mut one, mut other) = (seeded(b"seed"), seeded(b"seed"));
    assert_eq!(bytes(&mut one, 8), bytes(&mut other, 8));
    one.absorb(b"more");
    assert_ne!(bytes(&mut one, 8), bytes(&mut other, 8));
}

#[test]
fn bits_are_spread_evenly() {
    let all = bytes(&mut seeded(b"seed"), 1 << 16);
    let ones: u32 = all.iter().map(|byte| byte.count_ones()).sum();
    let half = 1_u32 << 18;
    // Six standard deviations are 6 * sqrt(2^19) / 2.
    assert!(ones.abs_diff(half) < 2200, "{ones} of {}", 2 * half);
}
