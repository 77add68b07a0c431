//! The handle table, case by case.

use super::*;

extern crate std;
use std::vec::Vec;

fn handle(value: u64) -> Handle {
    Handle::from_u64(value).unwrap()
}

fn filled(count: u32) -> HandleTable<u32> {
    let mut table = HandleTable::new(MAX_HANDLES);
    for number in 1..=count {
        table.insert(Entry::new(number, 0)).unwrap();
    }
    table
}

#[test]
fn values_outside_31_bits_are_no_handles() {
    for value in [
        0,
        1,
        2,
        3,
        0x8000_0000,
        0xFFFF_FFFF,
        0x1_0000_0004,
        u64::MAX,
        u64::MAX - 1,
    ] {
        assert_eq!(Handle::from_u64(value), None, "{value:#x}");
    }
    for value in [4, 5, 6, 7] {
        assert_eq!(handle(value).to_u64(), 4);
    }
    assert_eq!(handle(0x7FFF_FFFF).to_u64(), 0x7FFF_FFFC);
}

#[test]
fn fresh_handles_are_4_8_12() {
    let table = filled(3);
    let values: Vec<_> = table.iter().map(|(handle, _)| handle.to_u64()).collect();
    assert_eq!(values, [4, 8, 12]);
    for value in 4..16 {
        let entry = table.get(handle(value)).unwrap();
        assert_eq!(u64::from(entry.object), value / 4, "tag bits are ignored");
    }
    // Beyond the end; slot 0 of another generation; slot 1 of another one.
    for value in [16, 0x40_0000, 0x40_0004, 0x7FFF_FFFC] {
        assert_eq!(table.get(handle(value)), None, "{value:#x}");
    }
}

#[test]
fn closed_handle_stays_invalid_until_its_generation_comes_again() {
    let mut table = filled(1);
    let first = handle(4);
    let mut current = first;
    for round in 1..=512 {
        assert_eq!(table.remove(current).unwrap().access, round - 1);
        assert_eq!(table.remove(current), Err(HandleError::Invalid));
        let next = table.insert(Entry::new(0, round)).unwrap();
        assert_eq!(next == first, round == 512, "round {round}");
        assert_eq!(table.get(first).is_some(), round == 512);
        current = next;
    }
}

#[test]
fn guessed_generation_of_a_free_slot_is_invalid() {
    let mut table = filled(2);
    table.remove(handle(4)).unwrap();
    assert_eq!(table.get(handle(0x40_0004)), None);
    assert_eq!(table.get_mut(handle(0x40_0004)), None);
    assert_eq!(table.remove(handle(0x40_0004)), Err(HandleError::Invalid));
    assert_eq!(table.len(), 1);
}

#[test]
fn slots_are_reused_last_in_first_out() {
    let mut table = filled(3);
    table.remove(handle(4)).unwrap();
    table.remove(handle(12)).unwrap();
    let mut insert = || table.insert(Entry::new(0, 0)).unwrap().to_u64();
    assert_eq!(
        [insert(), insert(), insert()],
        [0x40_000C, 0x40_0004, 16],
        "the last closed first, then a fresh slot"
    );
}

#[test]
fn protected_handle_is_not_closed_but_taken_at_the_end() {
    let mut table = filled(1);
    table.get_mut(handle(4)).unwrap().protect_from_close = true;
    assert_eq!(table.remove(handle(4)), Err(HandleError::NotClosable));
    assert!(table.get(handle(4)).is_some());
    assert_eq!(table.take_first().unwrap().0, handle(4));
    assert!(table.take_first().is_none());
}

#[test]
fn limit_counts_handles_that_are_open() {
    let mut table = HandleTable::new(2);
    let first = table.insert(Entry::new((), 0)).unwrap();
    table.insert(Entry::new((), 0)).unwrap();
    assert_eq!(
        table.insert(Entry::new((), 0)),
        Err(HandleError::TooMany),
        "two are all"
    );
    table.remove(first).unwrap();
    assert!(table.insert(Entry::new((), 0)).is_ok());
    assert!(
        HandleTable::new(0)
            .insert(Entry::new((), 0))
            .is_err_and(|error| error == HandleError::TooMany)
    );
    assert_eq!(HandleTable::<()>::new(u32::MAX).most_handles, MAX_HANDLES);
}

#[test]
fn vacancy_dropped_changes_nothing() {
    let mut table = filled(1);
    assert_eq!(table.reserve().unwrap().handle(), handle(8));
    assert_eq!(table.len(), 1);
    assert_eq!(table.iter().count(), 1);
    let vacancy = table.reserve().unwrap();
    let promised = vacancy.handle();
    assert_eq!(vacancy.insert(Entry::new(9, 0)), promised);
    assert_eq!(promised, handle(8));
    assert_eq!(table.get(promised).unwrap().object, 9);
}

#[test]
fn inherited_handles_keep_their_values() {
    let mut parent = filled(6);
    for value in [4, 12, 16] {
        parent.remove(handle(value)).unwrap();
    }
    let reused = parent.insert(Entry::new(7, 0)).unwrap();
    assert_eq!(reused.to_u64(), 0x40_0010);

    let mut child = HandleTable::new(MAX_HANDLES);
    for (handle, entry) in parent.iter() {
        child.insert_at(handle, entry.clone()).unwrap();
    }
    assert!(child.iter().eq(parent.iter()));
    assert_eq!(child.len(), 4);
    // The gaps are used before the table grows, each once.
    let mut more: Vec<_> = (0..3)
        .map(|_| child.insert(Entry::new(0, 0)).unwrap().to_u64())
        .collect();
    more.sort_unstable();
    assert_eq!(more, [4, 12, 28]);
}

#[test]
fn handles_to_inherit_are_refused_out_of_order_and_beyond_the_limit() {
    let mut table = HandleTable::new(8);
    let mut insert_at = |value| table.insert_at(handle(value), Entry::new((), 0));
    assert_eq!(insert_at(8), Ok(()));
    assert_eq!(insert_at(8), Err(HandleError::Internal), "taken");
    assert_eq!(insert_at(4), Err(HandleError::Internal), "free, but below");
    assert_eq!(insert_at(0x40_0000), Err(HandleError::Invalid), "slot 0");
    assert_eq!(insert_at(36), Err(HandleError::TooMany));
    assert_eq!(insert_at(0x7FFF_FFFC), Err(HandleError::TooMany));
    assert_eq!(insert_at(32), Ok(()));
    assert_eq!(table.len(), 2);
}

#[test]
fn draining_takes_every_entry_in_order_of_slots() {
    let mut table = filled(5);
    table.remove(handle(8)).unwrap();
    let first = table.take_first().unwrap();
    assert_eq!((first.0.to_u64(), first.1.object), (4, 1));
    // Another process may still duplicate a handle into this one.
    table.insert(Entry::new(9, 0)).unwrap();
    let rest: Vec<_> = core::iter::from_fn(|| table.take_first())
        .map(|(_, entry)| entry.object)
        .collect();
    assert_eq!(rest, [9, 3, 4, 5]);
    assert!(table.is_empty());
}

#[test]
fn slot_of_a_counted_reference_is_32_bytes() {
    // An enum over counted references, as the executive has it.
    assert_eq!(size_of::<Slot<(u64, u64)>>(), 32);
}

#[test]
fn errors_have_a_status_and_a_sentence() {
    use std::string::ToString;
    for (error, status) in [
        (HandleError::Invalid, 0xC000_0008),
        (HandleError::NotClosable, 0xC000_0235),
        (HandleError::TooMany, 0xC000_009A),
        (HandleError::NoMemory, 0xC000_009A),
        (HandleError::Internal, 0xC000_00E5),
    ] {
        assert_eq!(error.status_code(), status);
        assert!(!error.to_string().is_empty());
    }
}
