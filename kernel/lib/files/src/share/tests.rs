//! All pairs of openings against the rule of two, and more than two.

use super::access::{APPEND_DATA, DELETE, EXECUTE, READ_DATA, WRITE_DATA};
use super::*;

/// One access for each way to do something, and what shares it.
const SINGLE: [(u32, u32); 6] = [
    (READ_DATA, 1),
    (EXECUTE, 1),
    (WRITE_DATA, 2),
    (APPEND_DATA, 2),
    (DELETE, 4),
    (0x80, 0),
];

/// What an access needs others to share.
fn needs(access: u32) -> u32 {
    SINGLE
        .iter()
        .filter(|(bit, _)| access & bit != 0)
        .fold(0, |needs, (_, share)| needs | share)
}

/// All accesses that are a union of the single ones.
fn accesses() -> impl Iterator<Item = u32> {
    (0..1u32 << SINGLE.len()).map(|set| {
        SINGLE
            .iter()
            .enumerate()
            .filter(|(bit, _)| set >> bit & 1 != 0)
            .fold(0, |access, (_, (bit, _))| access | bit)
    })
}

#[test]
fn every_pair_of_openings_follows_the_rule() {
    for first in accesses() {
        for second in accesses() {
            for shares in 0..64 {
                let (first_share, second_share) = (shares & 7, shares >> 3);
                let mut state = ShareState::new();
                state.check(first, first_share).unwrap();
                state.add(first, first_share).unwrap();
                let goes = needs(first) == 0
                    || needs(second) == 0
                    || (needs(first) & !second_share == 0 && needs(second) & !first_share == 0);
                assert_eq!(
                    state.check(second, second_share).is_ok(),
                    goes,
                    "{first:x}/{first_share} then {second:x}/{second_share}"
                );
                state.remove(first, first_share);
                assert_eq!(state, ShareState::new());
            }
        }
    }
}

#[test]
fn one_of_many_that_does_not_share_is_enough() {
    let mut state = ShareState::new();
    state.add(READ_DATA, 7).unwrap();
    state.add(READ_DATA, 5).unwrap();
    assert_eq!(state.check(WRITE_DATA, 7), Err(FileError::SharingViolation));
    assert_eq!(state.check(DELETE, 7), Ok(()));
    assert_eq!(state.check(DELETE, 6), Err(FileError::SharingViolation));
    state.remove(READ_DATA, 5);
    assert_eq!(state.check(WRITE_DATA, 7), Ok(()));
}

#[test]
fn openings_are_counted_up_to_a_limit() {
    let mut state = ShareState {
        openings: u32::MAX,
        ..ShareState::new()
    };
    assert_eq!(
        state.add(READ_DATA, 7),
        Err(FileError::InsufficientResources)
    );
    assert_eq!(state.counts, ShareState::new().counts);
}
