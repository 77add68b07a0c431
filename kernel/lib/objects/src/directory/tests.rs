//! A directory, case by case.

use super::*;

extern crate std;
use std::string::{String, ToString};
use std::vec::Vec;

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn directory(names: &[&'static str]) -> Directory<&'static str> {
    let mut directory = Directory::new();
    for name in names {
        directory
            .insert(&units(name), *name, Case::Sensitive)
            .unwrap();
    }
    directory
}

fn names<T>(directory: &Directory<T>) -> Vec<String> {
    directory.iter().map(|(name, _)| name.to_string()).collect()
}

#[test]
fn names_are_kept_as_given_and_sorted_without_case() {
    let directory = directory(&["Windows", "\u{E4}pfel", "sessions", "??", "Device"]);
    let expected = ["??", "Device", "sessions", "Windows", "\u{E4}pfel"];
    assert_eq!(names(&directory), expected);
    for (index, name) in expected.iter().enumerate() {
        let (found, object) = directory.entry(index).unwrap();
        assert_eq!((&found.to_string(), object), (&name.to_string(), name));
    }
    assert!(directory.entry(5).is_none());
    assert!(directory.entry(usize::MAX).is_none());
}

#[test]
fn look_up_with_and_without_case() {
    let directory = directory(&["Test", "other"]);
    for (name, sensitive, insensitive) in [
        ("Test", Some(&"Test"), Some(&"Test")),
        ("test", None, Some(&"Test")),
        ("TEST", None, Some(&"Test")),
        ("Tes", None, None),
        ("Testa", None, None),
        ("", None, None),
    ] {
        let name = units(name);
        assert_eq!(directory.look_up(&name, Case::Sensitive), sensitive);
        assert_eq!(directory.look_up(&name, Case::Insensitive), insensitive);
    }
}

#[test]
fn names_that_differ_in_case_live_side_by_side() {
    let mut directory = directory(&["test", "Test", "TEST"]);
    assert_eq!(names(&directory), ["TEST", "Test", "test"]);
    let first = |directory: &Directory<_>| {
        *directory
            .look_up(&units("tEsT"), Case::Insensitive)
            .unwrap()
    };
    assert_eq!(first(&directory), "TEST");
    assert_eq!(directory.remove(&units("TEST")), Some("TEST"));
    assert_eq!(first(&directory), "Test");
    let collision = Err(NameError::NameCollision);
    let mut insert = |name, case| directory.insert(&units(name), name, case);
    assert_eq!(insert("tEsT", Case::Insensitive), collision);
    assert_eq!(insert("Test", Case::Sensitive), collision);
    assert_eq!(insert("tEsT", Case::Sensitive), Ok(()));
    assert_eq!(
        directory.remove(&units("TEST")),
        None,
        "by its own name only"
    );
}

#[test]
fn bad_names_are_refused() {
    let mut directory = directory(&["a"]);
    let too_long = std::vec![0x61; crate::MAX_UNITS + 1];
    for name in [&units(""), &units("\\"), &units("b\\c"), &too_long] {
        assert_eq!(
            directory.insert(name, "", Case::Sensitive),
            Err(NameError::NameInvalid)
        );
    }
    assert_eq!(directory.len(), 1);
}

#[test]
fn reserved_name_not_used_changes_nothing() {
    let mut directory = directory(&["a", "c"]);
    drop(directory.reserve(&units("b"), Case::Sensitive).unwrap());
    assert_eq!(names(&directory), ["a", "c"]);
    let free = directory.reserve(&units("b"), Case::Sensitive).unwrap();
    free.insert("b");
    assert_eq!(names(&directory), ["a", "b", "c"]);
}

#[test]
fn emptied_one_by_one() {
    let mut directory = directory(&["a", "b"]);
    let taken: Vec<_> = core::iter::from_fn(|| directory.take_last())
        .map(|(_, object)| object)
        .collect();
    assert_eq!(taken, ["b", "a"]);
    assert!(directory.is_empty());
}
