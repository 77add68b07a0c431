//! What watchers get of what happens.

use super::*;
use crate::BasicUpdate;
use proptest::prelude::*;

extern crate std;
use std::string::String;

pub(super) fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// Records as a program reads them.
pub(super) fn read(records: &[u8]) -> Vec<(u32, String)> {
    let word = |at: usize| u32::from_le_bytes(records[at..at + 4].try_into().unwrap());
    let mut all = Vec::new();
    let mut at = 0;
    loop {
        assert_eq!(at % 4, 0);
        let len = usize::try_from(word(at + 8)).unwrap();
        let name = &records[at + 12..at + 12 + len];
        let name: Vec<u16> = name
            .chunks(2)
            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
            .collect();
        all.push((word(at + 4), String::from_utf16(&name).unwrap()));
        let next = usize::try_from(word(at)).unwrap();
        if next == 0 {
            assert_eq!(at + 12 + len, records.len());
            return all;
        }
        at += next;
    }
}

fn take(watcher: &mut Watcher, room: usize) -> Vec<(u32, String)> {
    match watcher.take(room) {
        Taken::Records(records) => read(&records),
        Taken::Enumerate => std::vec![(0x10C, String::new())],
        Taken::Nothing => Vec::new(),
    }
}

fn added() -> Change {
    Change::of_name(Action::Added, false)
}

#[test]
fn changes_are_for_filters() {
    let update = BasicUpdate {
        creation: 1,
        access: -1,
        write: 5,
        change: 7,
        attributes: 1,
    };
    for (change, action, filter) in [
        (added(), 1, FILE_NAME),
        (Change::of_name(Action::Removed, true), 2, DIR_NAME),
        (Change::of_rename(false, false).0, 4, FILE_NAME),
        (Change::of_rename(false, false).1, 5, FILE_NAME),
        (Change::of_rename(true, true).0, 2, DIR_NAME),
        (Change::of_rename(true, true).1, 1, DIR_NAME),
        (Change::of_data(false), 3, LAST_WRITE),
        (Change::of_data(true), 3, LAST_WRITE | SIZE),
        (
            Change::of_basic(&update),
            3,
            ATTRIBUTES | CREATION | LAST_WRITE,
        ),
        (Change::of_security(), 3, SECURITY),
    ] {
        assert_eq!((change.action.to_u32(), change.filter), (action, filter));
        for bit in 0..12 {
            let mut watcher = Watcher::new(1 << bit, false, 100);
            let is_told = watcher.push(change, &units("a"));
            assert_eq!(is_told, filter >> bit & 1 != 0);
            assert_eq!(watcher.has_any(), is_told);
        }
    }
    assert_eq!(Change::of_basic(&BasicUpdate::default()).filter, 0);
}

#[test]
fn records_follow_each_other() {
    let mut watcher = Watcher::new(VALID, false, 1000);
    assert_eq!(watcher.take(1000), Taken::Nothing);
    let (from, to) = Change::of_rename(false, false);
    assert!(watcher.push(added(), &units("a")));
    assert!(watcher.push(from, &units("a")));
    assert!(watcher.push(to, &units("bcd")));
    let expected = [(1, "a"), (4, "a"), (5, "bcd")];
    let expected = expected.map(|(action, name)| (action, String::from(name)));
    assert_eq!(take(&mut watcher, 1000), expected);
    assert!(!watcher.has_any());
    assert_eq!(take(&mut watcher, 1000), []);
    watcher.push(added(), &units("z"));
    assert_eq!(take(&mut watcher, 14), [(1, String::from("z"))]);
}

#[test]
fn what_is_modified_again_is_told_once() {
    let mut watcher = Watcher::new(VALID, false, 1000);
    for name in ["a", "a", "b", "b", "a"] {
        watcher.push(Change::of_data(true), &units(name));
    }
    let expected = ["a", "b", "a"].map(|name| (3, String::from(name)));
    assert_eq!(take(&mut watcher, 1000), expected);
    for _ in 0..2 {
        watcher.push(added(), &units("a"));
    }
    assert_eq!(take(&mut watcher, 1000).len(), 2);
}

#[test]
fn too_much_is_to_be_looked_for() {
    let enumerate = [(0x10C, String::new())];
    // More than the first call had room for.
    let mut watcher = Watcher::new(VALID, false, 30);
    watcher.push(added(), &units("a"));
    assert!(watcher.push(added(), &units("bcd")));
    assert!(watcher.push(added(), &units("c")));
    assert_eq!(take(&mut watcher, 1000), enumerate);
    assert_eq!(take(&mut watcher, 1000), []);
    // Just as much as it had.
    watcher.push(added(), &units("a"));
    watcher.push(added(), &units("b"));
    assert_eq!(take(&mut watcher, 30).len(), 2);
    // More than this call has room for.
    watcher.push(added(), &units("a"));
    assert_eq!(take(&mut watcher, 13), enumerate);
    assert_eq!(take(&mut watcher, 13), []);
    // No room at all, and more than a watcher may have.
    let mut watcher = Watcher::new(VALID, false, 0);
    watcher.push(added(), &units("a"));
    assert_eq!(take(&mut watcher, 0), enumerate);
    let mut watcher = Watcher::new(VALID, false, usize::MAX);
    for _ in 0..MAX_BUFFER / 16 {
        watcher.push(added(), &units("ab"));
    }
    assert!(!watcher.is_overflown);
    watcher.push(added(), &units("ab"));
    assert_eq!(take(&mut watcher, usize::MAX), enumerate);
}

proptest! {
    #[test]
    fn records_are_whole_or_none(
        capacity in 0usize..200,
        names in prop::collection::vec("[a-c]{1,20}", 1..10),
        room in 0usize..200,
    ) {
        let mut watcher = Watcher::new(VALID, true, capacity);
        for name in &names {
            watcher.push(added(), &units(name));
        }
        match watcher.take(room) {
            Taken::Records(records) => {
                prop_assert!(records.len() <= capacity.min(room));
                let told: Vec<String> = read(&records).into_iter().map(|(_, name)| name).collect();
                prop_assert_eq!(told, names);
            }
            other => prop_assert_eq!(other, Taken::Enumerate),
        }
    }
}
