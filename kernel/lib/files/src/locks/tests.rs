//! Which locks, reads and writes go with which locks.

use super::Mode::{Exclusive, Shared};
use super::*;

const ME: Owner = Owner {
    file: 1,
    process: 1,
    key: 0,
};

/// Those that differ in one thing.
const OTHERS: [Owner; 3] = [
    Owner { file: 2, ..ME },
    Owner { process: 2, ..ME },
    Owner { key: 1, ..ME },
];

fn range(start: u64, len: u64) -> Range {
    Range::new(start, len).unwrap()
}

/// A file with one lock.
fn locked(range: Range, mode: Mode) -> Locks {
    let mut locks = Locks::new();
    locks.lock(range, ME, mode).unwrap();
    locks
}

#[test]
fn ranges_end_at_the_largest_offset() {
    for (start, len, is_valid) in [
        (0, 0, true),
        (u64::MAX, 0, true),
        (u64::MAX, 1, true),
        (u64::MAX, 2, false),
        (0, u64::MAX, true),
        (1, u64::MAX, true),
        (2, u64::MAX, false),
    ] {
        let range = Range::new(start, len);
        assert_eq!(range.is_ok(), is_valid, "{start} {len}");
        if !is_valid {
            assert_eq!(range, Err(FileError::InvalidLockRange));
        }
    }
}

#[test]
fn ranges_overlap_in_bytes_or_strictly_around_none() {
    for (first, second, expected) in [
        ((10, 10), (0, 10), false),
        ((10, 10), (0, 11), true),
        ((10, 10), (19, 1), true),
        ((10, 10), (20, 1), false),
        ((10, 10), (12, 2), true),
        ((10, 10), (10, 10), true),
        ((10, 10), (10, 0), false),
        ((10, 10), (11, 0), true),
        ((10, 10), (19, 0), true),
        ((10, 10), (20, 0), false),
        ((10, 0), (10, 0), false),
        ((u64::MAX, 1), (0, u64::MAX), false),
        ((u64::MAX, 1), (1, u64::MAX), true),
        ((u64::MAX, 0), (1, u64::MAX), true),
    ] {
        let (first, second) = (range(first.0, first.1), range(second.0, second.1));
        assert_eq!(first.overlaps(second), expected, "{first:?} {second:?}");
        assert_eq!(second.overlaps(first), expected, "{second:?} {first:?}");
    }
}

#[test]
fn locks_go_with_others_by_mode_and_owner() {
    for (held, wanted, by_me, by_others) in [
        (Exclusive, Exclusive, false, false),
        (Exclusive, Shared, true, false),
        (Shared, Exclusive, false, false),
        (Shared, Shared, true, true),
    ] {
        let expected = |goes| match goes {
            true => Ok(()),
            false => Err(FileError::LockNotGranted),
        };
        let there = range(5, 10);
        let mine = locked(range(0, 10), held).lock(there, ME, wanted);
        assert_eq!(mine, expected(by_me), "{held:?} {wanted:?}");
        for other in OTHERS {
            let theirs = locked(range(0, 10), held).lock(there, other, wanted);
            assert_eq!(theirs, expected(by_others), "{held:?} {wanted:?}");
            let beside = locked(range(0, 10), held).lock(range(10, 5), other, wanted);
            assert_eq!(beside, Ok(()));
        }
    }
}

#[test]
fn reads_and_writes_are_forbidden_by_mode_and_owner() {
    let conflict = Err(FileError::FileLockConflict);
    for (mode, my_write, their_read) in [(Exclusive, Ok(()), conflict), (Shared, conflict, Ok(()))]
    {
        let locks = locked(range(10, 10), mode);
        assert_eq!(locks.check_read(0, 100, ME), Ok(()));
        assert_eq!(locks.check_write(0, 100, ME), my_write);
        for other in OTHERS {
            assert_eq!(locks.check_read(19, 1, other), their_read);
            assert_eq!(locks.check_write(19, 1, other), conflict);
            for (start, len) in [(0, 10), (20, 5), (15, 0)] {
                assert_eq!(locks.check_read(start, len, other), Ok(()));
                assert_eq!(locks.check_write(start, len, other), Ok(()));
            }
        }
    }
    // No bytes are locked, none are forbidden.
    let locks = locked(range(10, 0), Exclusive);
    assert_eq!(locks.check_write(0, 100, OTHERS[0]), Ok(()));
    // Whatever range a transfer has.
    let locks = locked(range(u64::MAX, 1), Exclusive);
    assert_eq!(locks.check_read(5, u64::MAX, OTHERS[0]), conflict);
    assert_eq!(locks.check_read(u64::MAX, u64::MAX, OTHERS[0]), conflict);
    assert_eq!(locks.check_read(0, u64::MAX, OTHERS[0]), Ok(()));
}

#[test]
fn locks_are_released_as_they_were_taken() {
    let mut locks = locked(range(0, 10), Exclusive);
    locks.lock(range(0, 10), ME, Shared).unwrap();
    for (wrong, owner) in [
        (range(0, 9), ME),
        (range(1, 10), ME),
        (range(0, 10), OTHERS[0]),
        (range(0, 10), OTHERS[1]),
        (range(0, 10), OTHERS[2]),
    ] {
        assert_eq!(locks.unlock(wrong, owner), Err(FileError::RangeNotLocked));
    }
    // The exclusive one first: the rest is shared with all.
    locks.unlock(range(0, 10), ME).unwrap();
    assert_eq!(locks.lock(range(0, 10), OTHERS[0], Shared), Ok(()));
    locks.unlock(range(0, 10), ME).unwrap();
    assert_eq!(
        locks.unlock(range(0, 10), ME),
        Err(FileError::RangeNotLocked)
    );
    assert_eq!(locks.len(), 1);
}

#[test]
fn all_of_an_owner_are_released() {
    let mut locks = Locks::new();
    for owner in [ME, OTHERS[0], OTHERS[1], OTHERS[2]] {
        locks.lock(range(0, 10), owner, Shared).unwrap();
        locks.lock(range(20, 10), owner, Shared).unwrap();
    }
    assert!(locks.unlock_key(ME));
    assert!(!locks.unlock_key(ME));
    assert_eq!(locks.len(), 6);
    assert!(locks.unlock_all(1, 1));
    assert_eq!(locks.len(), 4);
    assert!(locks.unlock_file(1));
    assert_eq!(locks.len(), 2);
    assert!(locks.unlock_file(2));
    assert!(locks.is_empty());
}

#[test]
fn a_file_has_so_many_locks() {
    let mut locks = Locks::new();
    for number in 0..MAX_LOCKS {
        let start = u64::try_from(number).unwrap();
        locks.lock(range(start, 1), ME, Exclusive).unwrap();
    }
    assert_eq!(
        locks.lock(range(u64::MAX, 1), ME, Exclusive),
        Err(FileError::InsufficientResources)
    );
    // What is in the way is so first.
    assert_eq!(
        locks.lock(range(0, 1), ME, Exclusive),
        Err(FileError::LockNotGranted)
    );
}
