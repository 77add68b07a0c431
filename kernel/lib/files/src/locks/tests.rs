//! Which locks, reads and writes go with which locks.

use super::Mode::{Exclusive, Shared};
use super::*;
use proptest::prelude::*;

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

/// Releases a lock that nobody waits for.
fn unlock(locks: &mut Locks<u32>, range: Range, owner: Owner) -> Result<(), FileError> {
    locks.unlock(range, owner, &mut |token, _| panic!("{token} waits"))
}

/// Who waits no more after something was done, and how that ended.
fn over(
    locks: &mut Locks<u32>,
    what: impl FnOnce(&mut Locks<u32>, &mut dyn FnMut(u32, Over)),
) -> Vec<(u32, Over)> {
    let mut ended = Vec::new();
    what(locks, &mut |token, how| ended.push((token, how)));
    ended
}

/// A file with one lock.
fn locked(range: Range, mode: Mode) -> Locks<u32> {
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
        assert_eq!(
            unlock(&mut locks, wrong, owner),
            Err(FileError::RangeNotLocked)
        );
    }
    // The exclusive one first: the rest is shared with all.
    unlock(&mut locks, range(0, 10), ME).unwrap();
    assert_eq!(locks.lock(range(0, 10), OTHERS[0], Shared), Ok(()));
    unlock(&mut locks, range(0, 10), ME).unwrap();
    assert_eq!(
        unlock(&mut locks, range(0, 10), ME),
        Err(FileError::RangeNotLocked)
    );
    assert_eq!(locks.len(), 1);
}

#[test]
fn all_of_a_process_or_a_file_are_released() {
    let mut locks = Locks::new();
    for owner in [ME, OTHERS[0], OTHERS[1], OTHERS[2]] {
        locks.lock(range(0, 10), owner, Shared).unwrap();
        locks.lock(range(20, 10), owner, Shared).unwrap();
    }
    // One of each that gets what is released, or does not wait for it any more.
    for (token, owner, start) in [(1, ME, 0), (2, OTHERS[1], 20), (3, OTHERS[0], 0)] {
        let waits = locks.lock_or_wait(range(start, 10), owner, Exclusive, token);
        assert_eq!(waits, Ok(None));
    }
    let ended = over(&mut locks, |locks, end| locks.unlock_all(1, 1, end));
    assert_eq!(ended, [(1, Over::Cancelled)]);
    assert_eq!(locks.len(), 4);
    let ended = over(&mut locks, |locks, end| locks.unlock_file(1, end));
    assert_eq!(ended, [(2, Over::Cancelled)]);
    assert_eq!(locks.len(), 2);
    assert_eq!(locks.lock_or_wait(range(20, 1), ME, Exclusive, 4), Ok(None));
    let ended = over(&mut locks, |locks, end| locks.unlock_file(2, end));
    assert_eq!(ended, [(3, Over::Cancelled), (4, Over::Granted)]);
    assert_eq!(locks.len(), 1);
    let ended = over(&mut locks, |locks, end| locks.unlock_file(2, end));
    assert_eq!(ended, []);
}

#[test]
fn who_waits_longest_gets_a_lock_first() {
    let mut locks = locked(range(0, 10), Exclusive);
    let [first, second, third] = OTHERS;
    for (token, owner, start, mode) in [
        (1, first, 5, Shared),
        (2, second, 5, Exclusive),
        (3, third, 5, Shared),
        (4, third, 0, Exclusive),
    ] {
        let waits = locks.lock_or_wait(range(start, 5), owner, mode, token);
        assert_eq!(waits, Ok(None));
    }
    // Nobody waits for what is free.
    assert_eq!(
        locks.lock_or_wait(range(10, 5), first, Exclusive, 5),
        Ok(Some(5))
    );
    let ended = over(&mut locks, |locks, end| {
        locks.unlock(range(0, 10), ME, end).unwrap();
    });
    let granted = [1, 3, 4].map(|token| (token, Over::Granted));
    assert_eq!(ended, granted);
    // Who asks now is not kept from it by who waits.
    assert_eq!(locks.lock(range(5, 5), ME, Shared), Ok(()));
    for (owner, expected) in [(first, &[][..]), (third, &[]), (ME, &[(2, Over::Granted)])] {
        let ended = over(&mut locks, |locks, end| {
            locks.unlock(range(5, 5), owner, end).unwrap();
        });
        assert_eq!(ended, expected);
    }
}

#[test]
fn waits_are_cancelled_by_file_and_token() {
    let mut locks = locked(range(0, 10), Exclusive);
    for token in 0..4 {
        let owner = [ME, OTHERS[0]][usize::from(token >= 2)];
        let waits = locks.lock_or_wait(range(0, 1), owner, Exclusive, token);
        assert_eq!(waits, Ok(None));
    }
    let is_odd = |token: &u32| token % 2 == 1;
    let ended = over(&mut locks, |locks, end| locks.cancel(2, is_odd, end));
    assert_eq!(ended, [(3, Over::Cancelled)]);
    let ended = over(&mut locks, |locks, end| locks.cancel(1, |_| true, end));
    assert_eq!(ended, [0, 1].map(|token| (token, Over::Cancelled)));
    let ended = over(&mut locks, |locks, end| {
        locks.unlock(range(0, 10), ME, end).unwrap();
    });
    assert_eq!(ended, [(2, Over::Granted)]);
}

#[test]
fn a_file_has_so_many_locks() {
    let mut locks = Locks::new();
    for number in 0..MAX_LOCKS / 2 {
        let start = u64::try_from(number).unwrap();
        locks.lock(range(start, 1), ME, Exclusive).unwrap();
        let token = u32::try_from(number).unwrap();
        let waits = locks.lock_or_wait(range(start, 1), ME, Exclusive, token);
        assert_eq!(waits, Ok(None));
    }
    assert_eq!(
        locks.lock_or_wait(range(0, 1), ME, Exclusive, 0),
        Err(FileError::InsufficientResources)
    );
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

/// What is done to a file's locks, by two numbers each: who, and where.
#[derive(Clone, Debug)]
enum Step {
    Lock(usize, u64, Mode),
    Unlock(usize, u64),
    UnlockAll(usize),
    Cancel(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mode = prop_oneof![Just(Exclusive), Just(Shared)];
    let step = prop_oneof![
        4 => (0..4usize, 0..4u64, mode).prop_map(|(who, at, mode)| Step::Lock(who, at, mode)),
        3 => (0..4usize, 0..4u64).prop_map(|(who, at)| Step::Unlock(who, at)),
        1 => (0..4usize).prop_map(Step::UnlockAll),
        1 => (0..20u32).prop_map(Step::Cancel),
    ];
    prop::collection::vec(step, 1..40)
}

/// Of the ranges that steps are about, neighbours overlap.
fn range_at(at: u64) -> Range {
    range(at * 5, 8)
}

proptest! {
    /// Whatever is done: what is held goes together, who waits has something in the
    /// way, and every wait ends once, those for one range and mode in their order.
    #[test]
    fn nobody_waits_for_nothing(steps in steps()) {
        let owners = [ME, OTHERS[0], OTHERS[1], OTHERS[2]];
        let mut locks = Locks::new();
        let mut waiting: Vec<(u32, Lock)> = Vec::new();
        for (number, step) in (0u32..).zip(steps) {
            let mut ended = Vec::new();
            let end = &mut |token, how| ended.push((token, how));
            match step {
                Step::Lock(who, at, mode) => {
                    let wanted = Lock { range: range_at(at), owner: owners[who], mode };
                    let kept = locks.lock_or_wait(wanted.range, wanted.owner, mode, number);
                    if kept.unwrap().is_none() {
                        waiting.push((number, wanted));
                    }
                }
                Step::Unlock(who, at) => {
                    let _ = locks.unlock(range_at(at), owners[who], end);
                }
                Step::UnlockAll(who) => {
                    locks.unlock_all(owners[who].file, owners[who].process, end);
                }
                Step::Cancel(token) => locks.cancel(1, |other| *other == token, end),
            }
            for (token, how) in ended {
                let place = waiting.iter().position(|(other, _)| *other == token);
                let (_, wanted) = waiting.remove(place.unwrap());
                if how == Over::Granted {
                    prop_assert!(locks.locks.contains(&wanted));
                    let same = |other: &Lock| other.range == wanted.range
                        && other.owner == wanted.owner && other.mode == wanted.mode;
                    let waits_longer = |(other, lock): &(u32, Lock)| *other < token && same(lock);
                    prop_assert!(!waiting.iter().any(waits_longer));
                }
            }
            let left: Vec<u32> = locks.waiting.iter().map(|waiting| waiting.token).collect();
            let expected: Vec<u32> = waiting.iter().map(|(token, _)| *token).collect();
            prop_assert_eq!(left, expected);
            for (_, wanted) in &waiting {
                prop_assert!(locks.locks.iter().any(|held| wanted.is_kept_by(held)));
            }
            for (place, lock) in locks.locks.iter().enumerate() {
                for other in &locks.locks[place + 1..] {
                    prop_assert!(!lock.is_kept_by(other) || !other.is_kept_by(lock));
                }
            }
        }
    }
}
