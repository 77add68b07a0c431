//! Who is told of which changes, and how often.

use super::*;
use crate::tests::{new, registry, units};
use alloc::vec::Vec;

const ALL: Watch = Watch {
    filter: filter::ALL,
    subtree: true,
};
/// Names in the key itself.
const NAMES: Watch = Watch {
    filter: filter::NAME,
    subtree: false,
};

/// A registry whose watchers ask by number.
struct Test {
    registry: Registry,
    watchers: Watchers<u32>,
    /// `\a` and `\a\b`.
    a: KeyId,
    b: KeyId,
}

impl Test {
    fn new() -> Self {
        let mut registry = registry();
        let root = registry.root();
        let a = new(&mut registry, root, "a");
        let b = new(&mut registry, a, "b");
        Self {
            registry,
            watchers: Watchers::new(),
            a,
            b,
        }
    }

    fn watch(
        &mut self,
        opening: Opening,
        watch: Watch,
        beside: Option<KeyId>,
        request: u32,
    ) -> Result<Watching, RegistryError> {
        self.watchers
            .watch(&self.registry, opening, watch, beside, request)
    }

    /// A new opening of a key that watches.
    fn opened(&mut self, key: KeyId, watch: Watch, request: u32) -> Opening {
        let opening = self.watchers.opening(key);
        let begun = self.watch(opening, watch, None, request);
        assert_eq!(begun, Ok(Watching::Waits));
        opening
    }

    fn told(&mut self, key: KeyId, what: u32) -> Vec<u32> {
        let mut told = Vec::new();
        let change = Change::new(key, what);
        self.watchers
            .report(&self.registry, change, &mut |request| told.push(request));
        told
    }

    fn closed(&mut self, opening: Opening) -> Vec<u32> {
        let mut told = Vec::new();
        self.watchers
            .closed(opening, &mut |request| told.push(request));
        told
    }

    fn cancelled(&mut self, opening: Opening, wanted: u32) -> Vec<u32> {
        let mut told = Vec::new();
        let is_meant = |request: &u32| *request == wanted;
        let cancelled = self
            .watchers
            .cancel(opening, is_meant, &mut |request| told.push(request));
        assert_eq!(cancelled, told.len());
        told
    }

    fn delete(&mut self, key: KeyId) -> Vec<u32> {
        let change = self.registry.delete(key, 0).unwrap();
        let mut told = Vec::new();
        self.watchers
            .report(&self.registry, change, &mut |request| told.push(request));
        self.watchers
            .deleted(key, &mut |request| told.push(request));
        told
    }
}

#[test]
fn changes_are_told_to_who_watches_them() {
    let mut test = Test::new();
    let (root, a, b) = (test.registry.root(), test.a, test.b);
    for (watched, watch) in [(a, ALL), (b, ALL), (b, NAMES), (root, ALL)] {
        test.opened(watched, watch, 1);
        assert_eq!(test.told(b, filter::NAME), [1]);
    }
    for (watched, watch) in [(a, NAMES), (root, NAMES)] {
        test.opened(watched, watch, 2);
        assert_eq!(test.told(b, filter::NAME), []);
        assert_eq!(test.told(watched, filter::LAST_SET), []);
        assert_eq!(test.told(watched, filter::NAME), [2]);
    }
    // Of keys below alone: not of those above.
    test.opened(b, ALL, 3);
    assert_eq!(test.told(a, filter::ALL), []);
    assert_eq!(test.told(b, 0), []);
    assert_eq!(test.told(b, filter::SECURITY), [3]);
}

#[test]
fn what_changes_is_said() {
    let mut test = Test::new();
    let (a, b) = (test.a, test.b);
    let registry = &mut test.registry;
    let name = units("n");
    let set = |registry: &mut Registry, kind, data: &[u8]| {
        let change = registry.set_value(b, &name, kind, data, 0).unwrap();
        assert_eq!(change.key, b);
        change.what
    };
    assert_eq!(set(registry, 1, &[1]), filter::LAST_SET);
    assert_eq!(set(registry, 1, &[1]), 0);
    assert_eq!(set(registry, 1, &[2]), filter::LAST_SET);
    assert_eq!(set(registry, 3, &[2]), filter::LAST_SET);
    let gone = registry.delete_value(b, &name, 0).unwrap();
    assert_eq!(gone, Change::new(b, filter::LAST_SET));
    let attributes = Change::new(b, filter::ATTRIBUTES);
    assert_eq!(registry.set_user_flags(b, 1), Ok(attributes));
    assert_eq!(registry.set_control_flags(b, 2), Ok(attributes));
    let written = Change::new(b, filter::LAST_SET);
    assert_eq!(registry.set_last_write(b, 1), Ok(written));
    let names = Change::new(a, filter::NAME);
    assert_eq!(registry.rename(b, &name, 0), Ok(names));
    let made = registry.create(a, &units("c"), &New::default()).unwrap();
    assert_eq!(made.change, names);
    assert_eq!(registry.delete(b, 0), Ok(names));
}

#[test]
fn all_requests_of_an_opening_are_answered_at_once() {
    let mut test = Test::new();
    let a = test.a;
    let opening = test.opened(a, ALL, 1);
    let other = test.opened(a, ALL, 3);
    assert_eq!(test.watch(opening, ALL, None, 2), Ok(Watching::Waits));
    assert_eq!(test.told(a, filter::NAME), [1, 2, 3]);
    assert_eq!(test.told(a, filter::NAME), []);
    // Which both remember, once.
    for opening in [opening, other] {
        assert_eq!(test.watch(opening, ALL, None, 4), Ok(Watching::Changed));
        assert_eq!(test.watch(opening, ALL, None, 5), Ok(Watching::Waits));
    }
    assert_eq!(test.told(a, filter::NAME), [5, 5]);
}

#[test]
fn the_first_request_says_what_is_watched() {
    let mut test = Test::new();
    let (a, b) = (test.a, test.b);
    let opening = test.opened(a, NAMES, 1);
    assert_eq!(test.watch(opening, ALL, None, 2), Ok(Watching::Waits));
    assert_eq!(test.told(b, filter::LAST_SET), []);
    assert_eq!(test.told(a, filter::LAST_SET), []);
    assert_eq!(test.told(a, filter::NAME), [1, 2]);
    assert_eq!(test.told(a, filter::LAST_SET), []);
    assert_eq!(test.watch(opening, ALL, None, 3), Ok(Watching::Waits));
}

#[test]
fn closing_ends_all_requests() {
    let mut test = Test::new();
    let a = test.a;
    let opening = test.opened(a, NAMES, 1);
    let other = test.opened(a, NAMES, 2);
    assert_eq!(test.closed(opening), [1]);
    assert_eq!(test.closed(opening), []);
    assert_eq!(test.told(a, filter::NAME), [2]);
    // What was remembered is gone with the opening.
    assert_eq!(test.told(a, filter::NAME), []);
    assert_eq!(test.closed(other), []);
    assert_eq!(test.watch(opening, ALL, None, 3), Ok(Watching::Waits));
}

#[test]
fn a_deleted_key_is_watched_no_longer() {
    let mut test = Test::new();
    let (a, b) = (test.a, test.b);
    let opening = test.opened(b, NAMES, 1);
    test.opened(a, NAMES, 2);
    assert_eq!(test.delete(b), [2, 1]);
    let deleted = Err(RegistryError::KeyDeleted);
    assert_eq!(test.watch(opening, NAMES, None, 3), deleted);
    assert_eq!(test.closed(opening), []);
}

#[test]
fn one_request_is_cancelled_alone() {
    let mut test = Test::new();
    let a = test.a;
    let opening = test.opened(a, ALL, 1);
    assert_eq!(test.watch(opening, ALL, None, 2), Ok(Watching::Waits));
    assert_eq!(test.cancelled(opening, 1), [1]);
    assert_eq!(test.cancelled(opening, 1), []);
    assert_eq!(test.told(a, filter::NAME), [2]);
    assert_eq!(test.watch(opening, ALL, None, 3), Ok(Watching::Waits));
    assert_eq!(test.cancelled(opening, 3), [3]);
    // Nobody waits, but it watches.
    assert_eq!(test.told(a, filter::NAME), []);
    assert_eq!(test.watch(opening, ALL, None, 4), Ok(Watching::Changed));
}

/// A test whose two keys are roots of hives, and a key in the second.
fn hives() -> (Test, KeyId) {
    let mut test = Test::new();
    let (root, a, b) = (test.registry.root(), test.a, test.b);
    let inner = new(&mut test.registry, b, "inner");
    for key in [root, a, b] {
        test.registry.keep(key).unwrap();
    }
    test.registry.close(root).unwrap();
    (test, inner)
}

#[test]
fn hives_are_what_stays() {
    let (mut test, inner) = hives();
    let (root, a, b) = (test.registry.root(), test.a, test.b);
    test.registry.close(a).unwrap();
    for (key, hive) in [(root, root), (a, root), (b, b), (inner, b)] {
        assert_eq!(test.registry.hive(key), Ok(hive));
    }
}

#[test]
fn a_request_watches_two_keys() {
    let (mut test, inner) = hives();
    let (a, b) = (test.a, test.b);
    let opening = test.watchers.opening(a);
    for beside in [a, b] {
        let same = test.watch(opening, NAMES, Some(beside), 0);
        let wanted = match beside == a {
            true => Err(RegistryError::InvalidParameter),
            false => Ok(Watching::Waits),
        };
        assert_eq!(same, wanted);
    }
    assert_eq!(test.cancelled(opening, 0), [0]);

    // Whichever changes first answers it, alone.
    test.watch(opening, NAMES, Some(b), 1).unwrap();
    test.watch(opening, NAMES, Some(inner), 2).unwrap();
    test.watch(opening, NAMES, None, 3).unwrap();
    assert_eq!(test.told(b, filter::NAME), [1]);
    assert_eq!(test.told(b, filter::NAME), []);
    assert_eq!(test.told(a, filter::NAME), [2, 3]);
    assert_eq!(test.told(inner, filter::NAME), []);

    // Nothing is remembered of the other key, but of the first one.
    assert_eq!(test.watch(opening, NAMES, Some(b), 4), Ok(Watching::Waits));
    assert_eq!(test.told(b, filter::NAME), [4]);
    assert_eq!(test.told(a, filter::NAME), []);
    let begun = test.watch(opening, NAMES, Some(b), 5);
    assert_eq!(begun, Ok(Watching::Changed));
    assert_eq!(test.told(b, filter::NAME), []);

    // The other one goes, or the first is closed.
    test.watch(opening, NAMES, Some(inner), 6).unwrap();
    assert_eq!(test.delete(inner), [6]);
    let deleted = Err(RegistryError::KeyDeleted);
    assert_eq!(test.watch(opening, NAMES, Some(inner), 7), deleted);
    test.watch(opening, NAMES, Some(b), 8).unwrap();
    assert_eq!(test.closed(opening), [8]);
    assert_eq!(test.told(b, filter::NAME), []);
}
