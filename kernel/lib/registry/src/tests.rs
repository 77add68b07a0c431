//! Keys, values and links, one rule after another.

use super::*;
use alloc::vec::Vec;

extern crate std;
use std::format;
use std::string::String;

const NOW: u64 = 7;

pub(crate) fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn text(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}

pub(crate) fn registry() -> Registry {
    Registry::new(&units("REGISTRY"), 1 << 24, 0).unwrap()
}

pub(crate) fn new(registry: &mut Registry, parent: KeyId, name: &str) -> KeyId {
    let new = New {
        now: NOW,
        ..New::default()
    };
    registry.create(parent, &units(name), &new).unwrap().key
}

fn volatile(registry: &mut Registry, parent: KeyId, name: &str) -> KeyId {
    let new = New {
        is_volatile: true,
        ..New::default()
    };
    registry.create(parent, &units(name), &new).unwrap().key
}

fn link(registry: &mut Registry, parent: KeyId, name: &str, target: &str) -> KeyId {
    let new = New {
        is_link: true,
        ..New::default()
    };
    let key = registry.create(parent, &units(name), &new).unwrap().key;
    let data: Vec<u8> = units(target).iter().flat_map(|u| u.to_le_bytes()).collect();
    registry
        .set_value(key, &units(LINK_VALUE), REG_LINK, &data, NOW)
        .unwrap();
    key
}

/// What a path that lives for good leads to.
fn walk(
    registry: &Registry,
    start: KeyId,
    path: &str,
    opens_link: bool,
) -> Result<Reached<'static>, RegistryError> {
    registry.walk(start, units(path).leak(), opens_link)
}

fn names(registry: &Registry, key: KeyId) -> Vec<String> {
    (0..)
        .map_while(|number| registry.subkey(key, number).ok())
        .map(|key| text(key.name()))
        .collect()
}

#[test]
fn paths_lead_to_keys_in_whatever_case() {
    let mut registry = registry();
    let root = registry.root();
    let a = new(&mut registry, root, "Ab");
    let b = new(&mut registry, a, "b c\u{e4}");
    for path in [
        "\\ab\\B C\u{c4}",
        "AB\\b c\u{e4}\\\\",
        "\\\\ab\\\\b c\u{e4}\\",
    ] {
        let found = walk(&registry, root, path, false);
        assert_eq!(found, Ok(Reached::Key(b)), "{path}");
    }
    for path in ["", "\\", "\\\\\\"] {
        assert_eq!(walk(&registry, a, path, false), Ok(Reached::Key(a)));
    }
    let missing = units("\\Ab\\Missing\\");
    let Ok(Reached::Missing { parent, name }) = registry.walk(root, &missing, false) else {
        panic!("it is not there");
    };
    assert_eq!((parent, text(name)), (a, String::from("Missing")));
    let none = walk(&registry, root, "none\\b", false);
    assert_eq!(none, Err(RegistryError::NameNotFound));
    assert_eq!(
        text(&registry.path(b).unwrap()),
        "\\REGISTRY\\Ab\\b c\u{e4}"
    );
    assert_eq!(text(&registry.path(root).unwrap()), "\\REGISTRY");
}

#[test]
fn names_have_limits() {
    let mut registry = registry();
    let root = registry.root();
    new(&mut registry, root, &"n".repeat(MAX_KEY_NAME));
    let long = units(&"n".repeat(MAX_KEY_NAME + 1));
    let invalid = Err(RegistryError::InvalidParameter);
    let found = registry.walk(root, &long, false);
    assert_eq!(found, invalid);
    for name in [&long[..], &[], &units("a\\b")] {
        let created = registry.create(root, name, &New::default());
        assert_eq!(created.err(), Some(RegistryError::InvalidParameter));
    }
    let longest = units(&"v".repeat(MAX_VALUE_NAME));
    registry.set_value(root, &longest, 1, &[], NOW).unwrap();
    let longer = units(&"v".repeat(MAX_VALUE_NAME + 1));
    let set = registry.set_value(root, &longer, 1, &[], NOW);
    assert_eq!(set, Err(RegistryError::InvalidParameter));
}

#[test]
fn keys_are_so_deep_and_no_deeper() {
    let mut registry = registry();
    let mut at = registry.root();
    for _ in 1..MAX_DEPTH {
        at = new(&mut registry, at, "d");
    }
    let created = registry.create(at, &units("d"), &New::default());
    assert_eq!(created.map(|_| ()), Err(RegistryError::NameTooLong));
    let whole = registry.path(at).unwrap();
    assert_eq!(
        whole.len(),
        "\\REGISTRY".len() + 2 * (MAX_DEPTH as usize - 1)
    );
}

#[test]
fn lasting_keys_come_first_and_each_kind_in_order() {
    let mut registry = registry();
    let root = registry.root();
    for name in ["b", "D", "a"] {
        new(&mut registry, root, name);
    }
    for name in ["C", "0"] {
        volatile(&mut registry, root, name);
    }
    assert_eq!(names(&registry, root), ["a", "b", "D", "0", "C"]);
    let past = registry.subkey(root, 5).map(|_| ());
    assert_eq!(past, Err(RegistryError::NoMoreEntries));
    let far = registry.subkey(root, u32::MAX).map(|_| ());
    assert_eq!(far, Err(RegistryError::NoMoreEntries));
}

#[test]
fn what_is_in_a_volatile_key_is_volatile() {
    let mut registry = registry();
    let root = registry.root();
    let key = volatile(&mut registry, root, "v");
    let created = registry.create(key, &units("x"), &New::default());
    assert_eq!(created.map(|_| ()), Err(RegistryError::ChildMustBeVolatile));
    let inner = volatile(&mut registry, key, "x");
    assert!(registry.key(inner).unwrap().is_volatile());
    // A name is taken by either kind.
    let created = registry.create(root, &units("V"), &New::default());
    assert_eq!(created.map(|_| ()), Err(RegistryError::NameCollision));
}

#[test]
fn a_deleted_key_is_deleted_for_all() {
    let mut registry = registry();
    let root = registry.root();
    let used = registry.used_bytes();
    let outer = new(&mut registry, root, "outer");
    let inner = new(&mut registry, outer, "inner");
    registry.set_value(inner, &[], 1, &[1; 100], NOW).unwrap();
    let refused = registry.delete(outer, NOW);
    assert_eq!(refused, Err(RegistryError::CannotDelete));
    assert_eq!(
        registry.delete(inner, 9),
        Ok(Change::new(outer, filter::NAME))
    );
    assert_eq!(registry.key(outer).unwrap().last_write(), 9);
    let deleted = RegistryError::KeyDeleted;
    assert_eq!(registry.delete(inner, NOW), Err(deleted));
    assert_eq!(registry.key(inner).map(|_| ()), Err(deleted));
    assert_eq!(registry.subkey(inner, 0).map(|_| ()), Err(deleted));
    assert_eq!(registry.value(inner, &[]), Err(deleted));
    assert_eq!(registry.value_at(inner, 0), Err(deleted));
    assert_eq!(registry.set_value(inner, &[], 1, &[], 0), Err(deleted));
    assert_eq!(registry.delete_value(inner, &[], 0), Err(deleted));
    assert_eq!(registry.rename(inner, &units("x"), 0), Err(deleted));
    assert_eq!(registry.walk(inner, &[], false), Err(deleted));
    assert_eq!(walk(&registry, inner, "x", false), Err(deleted));
    assert_eq!(registry.path(inner), Err(deleted));
    assert_eq!(registry.set_last_write(inner, 0), Err(deleted));
    assert_eq!(registry.set_user_flags(inner, 0), Err(deleted));
    assert_eq!(registry.set_control_flags(inner, 0), Err(deleted));
    assert_eq!(registry.set_virtual_flags(inner, 0), Err(deleted));
    let created = registry.create(inner, &units("x"), &New::default());
    assert_eq!(created.map(|_| ()), Err(deleted));
    // The name is free, and a new key of it is another.
    let again = new(&mut registry, outer, "inner");
    assert_ne!(again, inner);
    registry.delete(again, NOW).unwrap();
    registry.delete(outer, NOW).unwrap();
    assert_eq!(registry.used_bytes(), used);
}

#[test]
fn keys_that_stay_and_that_are_closed() {
    let mut registry = registry();
    let root = registry.root();
    let key = new(&mut registry, root, "kept");
    registry.keep(key).unwrap();
    registry.close(key).unwrap();
    for key in [key, root] {
        assert_eq!(registry.delete(key, 0), Err(RegistryError::CannotDelete));
        let renamed = registry.rename(key, &units("x"), 0);
        assert_eq!(renamed, Err(RegistryError::AccessDenied));
    }
    let created = registry.create(key, &units("x"), &New::default());
    assert_eq!(created.map(|_| ()), Err(RegistryError::InvalidParameter));
}

#[test]
fn a_creation_undone_leaves_nothing() {
    let mut registry = registry();
    let root = registry.root();
    registry.set_last_write(root, 3).unwrap();
    let used = registry.used_bytes();
    let created = registry.create(root, &units("x"), &New::default()).unwrap();
    registry.undo(created);
    assert_eq!(
        registry.key(created.key).map(|_| ()),
        Err(RegistryError::KeyDeleted)
    );
    assert_eq!(registry.key(root).unwrap().last_write(), 3);
    assert_eq!(registry.used_bytes(), used);
    assert!(names(&registry, root).is_empty());
}

#[test]
fn renaming_moves_a_key_in_the_order() {
    let mut registry = registry();
    let root = registry.root();
    let a = new(&mut registry, root, "a");
    new(&mut registry, root, "b");
    let inner = new(&mut registry, a, "inner");
    let taken = registry.rename(a, &units("B"), NOW);
    assert_eq!(taken, Err(RegistryError::CannotDelete));
    for name in ["", "x\\y", &"n".repeat(MAX_KEY_NAME + 1)] {
        let renamed = registry.rename(a, &units(name), NOW);
        assert_eq!(renamed, Err(RegistryError::InvalidParameter));
    }
    // Its own name in another case is no other's.
    registry.rename(a, &units("A"), NOW).unwrap();
    assert_eq!(names(&registry, root), ["A", "b"]);
    let change = registry.rename(a, &units("c"), 11).unwrap();
    assert_eq!(change, Change::new(root, filter::NAME));
    assert_eq!(names(&registry, root), ["b", "c"]);
    assert_eq!(text(&registry.path(inner).unwrap()), "\\REGISTRY\\c\\inner");
    assert_eq!(registry.key(a).unwrap().last_write(), 11);
}

#[test]
fn values_keep_their_place_and_case() {
    let mut registry = registry();
    let key = registry.root();
    for (number, name) in ["One", "two", ""].iter().enumerate() {
        let data = [u8::try_from(number).unwrap()];
        registry.set_value(key, &units(name), 3, &data, 1).unwrap();
    }
    let change = registry
        .set_value(key, &units("ONE"), 4, &[9; 4], 5)
        .unwrap();
    assert_eq!(change, Change::new(key, filter::LAST_SET));
    let first = registry.value_at(key, 0).unwrap();
    assert_eq!(
        (text(first.name), first.kind, first.data),
        (String::from("One"), 4, &[9; 4][..])
    );
    assert_eq!(registry.key(key).unwrap().last_write(), 5);
    assert_eq!(registry.value(key, &[]).unwrap().data, [2]);
    let none = Err(RegistryError::NameNotFound);
    assert_eq!(registry.value(key, &units("tw")), none);
    registry.delete_value(key, &units("TWO"), 6).unwrap();
    let gone = registry.delete_value(key, &units("two"), 7);
    assert_eq!(gone, Err(RegistryError::NameNotFound));
    assert_eq!(registry.key(key).unwrap().last_write(), 6);
    assert_eq!(registry.value_at(key, 1).unwrap().name, []);
    assert_eq!(registry.value_at(key, 2), Err(RegistryError::NoMoreEntries));
}

#[test]
fn the_longest_are_those_that_are_there() {
    let mut registry = registry();
    let root = registry.root();
    let class = units("Class");
    let new = New {
        class: &class,
        ..New::default()
    };
    let long = registry.create(root, &units("long"), &new).unwrap().key;
    volatile(&mut registry, root, "v");
    registry
        .set_value(root, &units("abc"), 1, &[0; 5], 0)
        .unwrap();
    registry.set_value(root, &[], 1, &[0; 50], 0).unwrap();
    let view = registry.key(root).unwrap();
    assert_eq!((view.keys(), view.values()), (2, 2));
    let longest = Longest {
        name: 8,
        class: 10,
        value_name: 6,
        value_data: 50,
    };
    assert_eq!(view.longest(), longest);
    assert_eq!(text(registry.key(long).unwrap().class()), "Class");
    registry.delete(long, 0).unwrap();
    registry.delete_value(root, &[], 0).unwrap();
    let longest = Longest {
        name: 2,
        class: 0,
        value_name: 6,
        value_data: 5,
    };
    assert_eq!(registry.key(root).unwrap().longest(), longest);
}

#[test]
fn links_are_followed_unless_they_are_meant() {
    let mut registry = registry();
    let root = registry.root();
    let from = link(&mut registry, root, "from", "\\Registry\\to");
    let elsewhere = |path: &str| Ok(Reached::Elsewhere(units(path)));
    let plain = walk(&registry, root, "from", false);
    assert_eq!(plain, elsewhere("\\Registry\\to"));
    let meant = walk(&registry, root, "FROM\\", true);
    assert_eq!(meant, Ok(Reached::Key(from)));
    for opens in [false, true] {
        let expected = "\\Registry\\to\\a\\b";
        let found = walk(&registry, root, "from\\\\a\\b", opens);
        assert_eq!(found.unwrap(), Reached::Elsewhere(units(expected)));
        let found = walk(&registry, from, "a\\b", opens);
        assert_eq!(found.unwrap(), Reached::Elsewhere(units(expected)));
    }
    assert_eq!(registry.walk(from, &[], true), Ok(Reached::Key(from)));
    let long = format!("from{}", "\\n".repeat(16_380));
    let long = walk(&registry, root, &long, false);
    assert_eq!(long, Err(RegistryError::NameTooLong));
}

#[test]
fn a_link_has_its_target_alone() {
    let mut registry = registry();
    let root = registry.root();
    let new = New {
        is_link: true,
        ..New::default()
    };
    let key = registry.create(root, &units("l"), &new).unwrap().key;
    let unset = walk(&registry, root, "l", false);
    assert_eq!(unset, Err(RegistryError::NameNotFound));
    let name = units("symboliclinkvalue");
    for (name, kind, data) in [
        (&name[..], REG_LINK, &[1_u8, 0, 0][..]),
        (&name, REG_LINK, &[]),
        (&name, 1, &[1, 0]),
        (&[], REG_LINK, &[1, 0]),
        (&units("SymbolicLinkValues"), REG_LINK, &[1, 0]),
    ] {
        let set = registry.set_value(key, name, kind, data, 0);
        assert_eq!(set, Err(RegistryError::AccessDenied));
    }
    registry
        .set_value(key, &name, REG_LINK, &[1, 0], 0)
        .unwrap();
    let created = registry.create(key, &units("x"), &New::default());
    assert_eq!(created.map(|_| ()), Err(RegistryError::AccessDenied));
    registry.delete(key, 0).unwrap();
}

#[test]
fn a_full_registry_says_so_and_is_as_it_was() {
    let mut registry: Registry = Registry::new(&units("R"), 4096, 0).unwrap();
    let root = registry.root();
    let mut made = 0;
    while registry
        .create(root, &units(&format!("{made}")), &New::default())
        .is_ok()
    {
        made += 1;
    }
    assert!(made > 5);
    let created = registry.create(root, &units("more"), &New::default());
    assert_eq!(created.map(|_| ()), Err(RegistryError::Full));
    let used = registry.used_bytes();
    assert!(used <= 4096);
    let set = registry.set_value(root, &[], 1, &[0; 4096], 0);
    assert_eq!(set, Err(RegistryError::Full));
    assert_eq!(registry.key(root).unwrap().values(), 0);
    assert_eq!(
        (names(&registry, root).len(), registry.used_bytes()),
        (made, used)
    );
    let first = walk(&registry, root, "0", false).unwrap();
    let Reached::Key(first) = first else { panic!() };
    let renamed = registry.rename(first, &units(&"n".repeat(255)), 0);
    assert_eq!(renamed, Err(RegistryError::Full));
    // What is given back can be taken again, and what shrinks is never refused.
    registry.delete(first, 0).unwrap();
    registry.set_value(root, &[], 1, &[1; 20], 0).unwrap();
    registry.set_value(root, &[], 1, &[1; 2], 0).unwrap();
    assert_eq!(
        <Registry>::new(&units("R"), 8, 0).map(|_| ()),
        Err(RegistryError::Full)
    );
}

#[test]
fn a_value_has_a_limit_of_its_own() {
    let mut registry = registry();
    let root = registry.root();
    let data = std::vec![0_u8; MAX_DATA_BYTES + 1];
    let set = registry.set_value(root, &[], 3, &data, 0);
    assert_eq!(set, Err(RegistryError::Full));
    registry.set_value(root, &[], 3, &data[1..], 0).unwrap();
}
