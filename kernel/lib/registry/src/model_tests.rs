//! The registry against a list of paths, under random operations.
//!
//! The model knows keys by whole folded paths, and asks it for everything from
//! end to end after each operation.

use super::*;
use alloc::vec::Vec;
use proptest::prelude::*;

extern crate std;
use std::string::{String, ToString as _};

#[derive(Clone, Debug)]
enum Operation {
    Create(usize, usize, bool, usize),
    Delete(usize),
    Rename(usize, usize),
    Set(usize, usize, usize),
    Unset(usize, usize),
    Secure(usize, u32),
}

/// Names that are the same in pairs.
const NAMES: [&str; 8] = ["a", "A", "bb", "Bb", "\u{e4}", "\u{c4}", "z", "0"];

fn operation() -> impl Strategy<Value = Operation> {
    let (key, name) = (0..64_usize, 0..NAMES.len());
    prop_oneof![
        4 => (key.clone(), name.clone(), any::<bool>(), 0..9_usize)
            .prop_map(|(key, name, volatile, class)| Operation::Create(key, name, volatile, class)),
        1 => key.clone().prop_map(Operation::Delete),
        1 => (key.clone(), name.clone()).prop_map(|(key, name)| Operation::Rename(key, name)),
        3 => (key.clone(), name.clone(), 0..40_usize)
            .prop_map(|(key, name, bytes)| Operation::Set(key, name, bytes)),
        1 => (key.clone(), 0..300_u32).prop_map(|(key, bytes)| Operation::Secure(key, bytes)),
        1 => (key, name).prop_map(|(key, name)| Operation::Unset(key, name)),
    ]
}

#[derive(Debug)]
struct Known {
    id: KeyId,
    /// `None`: it is deleted.
    path: Option<Vec<String>>,
    class: usize,
    volatile: bool,
    last_write: u64,
    values: Vec<(String, Vec<u8>)>,
    security: Option<u32>,
}

struct Both {
    registry: Registry<u32>,
    known: Vec<Known>,
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn text(units: &[u16]) -> String {
    String::from_utf16(units).unwrap()
}

fn folded(name: &str) -> String {
    name.to_uppercase()
}

fn folded_path(path: &[String]) -> Vec<String> {
    path.iter().map(|name| folded(name)).collect()
}

impl Both {
    fn new(limit: u64) -> Self {
        let registry = Registry::new(&units("R"), limit, 0).unwrap();
        let root = Known {
            id: registry.root(),
            path: Some(Vec::new()),
            class: 0,
            volatile: false,
            last_write: 0,
            values: Vec::new(),
            security: None,
        };
        Self {
            registry,
            known: [root].into(),
        }
    }

    /// The number of a path in the model.
    fn find(&self, path: &[String]) -> Option<usize> {
        let is_it = |known: &Known| {
            let own = known.path.as_deref();
            own.is_some_and(|own| folded_path(own) == folded_path(path))
        };
        self.known.iter().position(is_it)
    }

    fn children(&self, path: &[String]) -> Vec<usize> {
        let mut children: Vec<_> = (0..self.known.len())
            .filter(|&number| {
                let own = self.known[number].path.as_deref();
                own.is_some_and(|own| {
                    own.len() == path.len() + 1
                        && folded_path(&own[..path.len()]) == folded_path(path)
                })
            })
            .collect();
        children.sort_by_key(|&number| {
            let known = &self.known[number];
            let name = known.path.as_ref().unwrap().last().unwrap();
            (known.volatile, units(&folded(name)))
        });
        children
    }

    fn check_parent_written(&mut self, path: &[String], now: u64) {
        let parent = self.find(&path[..path.len() - 1]).unwrap();
        self.known[parent].last_write = now;
    }

    fn run(&mut self, operation: &Operation, now: u64) {
        let count = self.known.len();
        match *operation {
            Operation::Create(key, name, volatile, class) => {
                let (parent, name) = (key % count, NAMES[name]);
                let class_units = std::vec![1_u16; class];
                let new = New {
                    class: &class_units,
                    is_volatile: volatile,
                    is_link: false,
                    now,
                };
                let id = self.known[parent].id;
                let done = self.registry.create(id, &units(name), &new);
                let expected = match &self.known[parent].path {
                    None => Err(RegistryError::KeyDeleted),
                    Some(path) => {
                        let mut path = path.clone();
                        path.push(name.to_string());
                        match self.find(&path) {
                            Some(_) => Err(RegistryError::NameCollision),
                            None if self.known[parent].volatile && !volatile => {
                                Err(RegistryError::ChildMustBeVolatile)
                            }
                            None => Ok(path),
                        }
                    }
                };
                match (done, expected) {
                    (Ok(created), Ok(path)) => {
                        self.known.push(Known {
                            id: created.key,
                            path: Some(path.clone()),
                            class,
                            volatile,
                            last_write: now,
                            values: Vec::new(),
                            security: None,
                        });
                        self.check_parent_written(&path, now);
                    }
                    (Err(RegistryError::Full), Ok(_)) => {}
                    (done, expected) => assert_eq!(done.err(), expected.err()),
                }
            }
            Operation::Delete(key) => {
                let number = key % count;
                let done = self.registry.delete(self.known[number].id, now);
                match self.known[number].path.clone() {
                    None => assert_eq!(done, Err(RegistryError::KeyDeleted)),
                    Some(path) if path.is_empty() || !self.children(&path).is_empty() => {
                        assert_eq!(done, Err(RegistryError::CannotDelete));
                    }
                    Some(path) => {
                        done.unwrap();
                        self.known[number].path = None;
                        self.check_parent_written(&path, now);
                    }
                }
            }
            Operation::Rename(key, name) => {
                let (number, name) = (key % count, NAMES[name]);
                let done = self
                    .registry
                    .rename(self.known[number].id, &units(name), now);
                let Some(old) = self.known[number].path.clone() else {
                    return assert_eq!(done, Err(RegistryError::KeyDeleted));
                };
                if old.is_empty() {
                    return assert_eq!(done, Err(RegistryError::AccessDenied));
                }
                let mut path = old.clone();
                *path.last_mut().unwrap() = name.to_string();
                if self.find(&path).is_some_and(|other| other != number) {
                    return assert_eq!(done, Err(RegistryError::CannotDelete));
                }
                if done == Err(RegistryError::Full) {
                    return;
                }
                done.unwrap();
                let depth = old.len();
                for known in &mut self.known {
                    if let Some(own) = &mut known.path
                        && own.len() >= depth
                        && folded_path(&own[..depth]) == folded_path(&old)
                    {
                        own[depth - 1] = name.to_string();
                    }
                }
                self.known[number].last_write = now;
                self.check_parent_written(&path, now);
            }
            Operation::Set(key, name, bytes) => {
                let (known, name) = (&mut self.known[key % count], NAMES[name]);
                let data = std::vec![u8::try_from(bytes).unwrap(); bytes];
                let done = self
                    .registry
                    .set_value(known.id, &units(name), 3, &data, now);
                match (&known.path, done) {
                    (None, done) => assert_eq!(done, Err(RegistryError::KeyDeleted)),
                    (Some(_), Err(error)) => assert_eq!(error, RegistryError::Full),
                    (Some(_), Ok(_)) => {
                        known.last_write = now;
                        let is_it = |value: &&mut (String, _)| folded(&value.0) == folded(name);
                        match known.values.iter_mut().find(is_it) {
                            Some(value) => value.1 = data,
                            None => known.values.push((name.to_string(), data)),
                        }
                    }
                }
            }
            Operation::Secure(key, bytes) => {
                let known = &mut self.known[key % count];
                let done = self.registry.set_security(known.id, bytes, bytes);
                match (&known.path, done) {
                    (None, done) => assert_eq!(done, Err(RegistryError::KeyDeleted)),
                    (Some(_), Err(error)) => {
                        assert_eq!(error, RegistryError::Full);
                        assert!(known.security.unwrap_or(0) < bytes);
                    }
                    (Some(_), Ok((_, before))) => {
                        assert_eq!(before, known.security.replace(bytes));
                    }
                }
            }
            Operation::Unset(key, name) => {
                let (known, name) = (&mut self.known[key % count], NAMES[name]);
                let done = self.registry.delete_value(known.id, &units(name), now);
                if known.path.is_none() {
                    return assert_eq!(done, Err(RegistryError::KeyDeleted));
                }
                let is_it = |value: &(String, _)| folded(&value.0) == folded(name);
                match known.values.iter().position(is_it) {
                    None => assert_eq!(done, Err(RegistryError::NameNotFound)),
                    Some(place) => {
                        done.unwrap();
                        known.values.remove(place);
                        known.last_write = now;
                    }
                }
            }
        }
    }

    /// Compares everything.
    fn compare(&self) {
        let mut bytes = 0;
        for known in &self.known {
            let Some(path) = &known.path else {
                let view = self.registry.key(known.id);
                assert_eq!(view.map(|_| ()), Err(RegistryError::KeyDeleted));
                continue;
            };
            let mut whole = String::from("\\R");
            for name in path {
                whole.push('\\');
                whole.push_str(name);
            }
            assert_eq!(text(&self.registry.path(known.id).unwrap()), whole);
            let below = units(&whole);
            let found = self.registry.walk(self.registry.root(), &below[2..], false);
            assert_eq!(found, Ok(Reached::Key(known.id)));
            let view = self.registry.key(known.id).unwrap();
            assert_eq!(view.class().len(), known.class);
            assert_eq!(view.is_volatile(), known.volatile);
            assert_eq!(view.last_write(), known.last_write, "{whole}");
            let children = self.children(path);
            assert_eq!(view.keys(), children.len());
            for (number, child) in children.iter().enumerate() {
                let number = u32::try_from(number).unwrap();
                let child_view = self.registry.subkey(known.id, number).unwrap();
                let name = self.known[*child].path.as_ref().unwrap().last().unwrap();
                assert_eq!(&text(child_view.name()), name);
            }
            let security = self.registry.security(known.id).unwrap();
            assert_eq!(security, known.security.as_ref());
            assert_eq!(view.values(), known.values.len());
            for (number, (name, data)) in known.values.iter().enumerate() {
                let number = u32::try_from(number).unwrap();
                let value = self.registry.value_at(known.id, number).unwrap();
                assert_eq!((&text(value.name), value.data), (name, data.as_slice()));
                assert_eq!(self.registry.value(known.id, value.name), Ok(value));
            }
            let key = self.registry.get(known.id).unwrap();
            bytes += key.bytes() + key.values_bytes();
        }
        assert_eq!(self.registry.used_bytes(), bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_registry_is_as_the_model(
        operations in proptest::collection::vec(operation(), 1..80),
        limit in prop_oneof![Just(1_u64 << 30), 1_000..6_000_u64],
    ) {
        let mut both = Both::new(limit);
        for (number, operation) in operations.iter().enumerate() {
            both.run(operation, u64::try_from(number).unwrap() + 1);
            both.compare();
        }
    }
}
