//! The handle table against a sorted map, under random operations.

use super::*;
use proptest::prelude::*;

extern crate std;
use std::collections::BTreeMap;

const LIMIT: u32 = 12;

#[derive(Clone, Copy, Debug)]
enum Step {
    Insert(u32, bool),
    /// A vacancy that is not used.
    Reserve,
    Remove(u64),
    Protect(u64, bool),
    TakeFirst,
    Inherit,
}

/// Handles that may exist: low slots, low generations, any tag bits.
fn value() -> impl Strategy<Value = u64> {
    (0..u64::from(LIMIT) + 2, 0..4u64, 0..4u64)
        .prop_map(|(slot, generation, tag)| 4 * (slot + (generation << 20)) + tag)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<u32>(), any::<bool>()).prop_map(|(access, inherit)| Step::Insert(access, inherit)),
        1 => Just(Step::Reserve),
        8 => value().prop_map(Step::Remove),
        2 => (value(), any::<bool>()).prop_map(|(value, on)| Step::Protect(value, on)),
        1 => Just(Step::TakeFirst),
        1 => Just(Step::Inherit),
    ]
}

type Model = BTreeMap<u64, Entry<u32>>;

/// The key of a value in the model, if any table could hold it.
fn key(value: u64) -> u64 {
    value & !3
}

/// The entries of the model in order of slots.
fn in_order(model: &Model) -> Vec<(u64, Entry<u32>)> {
    let mut entries: Vec<_> = model.clone().into_iter().collect();
    entries.sort_by_key(|(value, _)| value & 0x3F_FFFF);
    entries
}

fn run(table: &mut HandleTable<u32>, model: &mut Model, step: Step) {
    match step {
        Step::Insert(access, inherit) => {
            let entry = Entry {
                inherit,
                ..Entry::new(access, access)
            };
            match table.insert(entry.clone()) {
                Ok(handle) => {
                    assert!(handle.slot() != NO_SLOT && handle.slot() <= LIMIT);
                    assert_eq!(model.insert(handle.to_u64(), entry), None);
                }
                Err(error) => {
                    assert_eq!(error, HandleError::TooMany);
                    assert_eq!(model.len(), LIMIT as usize);
                }
            }
        }
        Step::Reserve => drop(table.reserve()),
        Step::Remove(value) => {
            let result = match Handle::from_u64(value) {
                Some(handle) => table.remove(handle),
                None => Err(HandleError::Invalid),
            };
            let expected = match model.get(&key(value)) {
                None => Err(HandleError::Invalid),
                Some(entry) if entry.protect_from_close => Err(HandleError::NotClosable),
                Some(_) => Ok(model.remove(&key(value)).unwrap()),
            };
            assert_eq!(result, expected);
        }
        Step::Protect(value, on) => {
            let found = Handle::from_u64(value).and_then(|handle| table.get_mut(handle));
            let expected = model.get_mut(&key(value));
            assert_eq!(found, expected);
            for entry in found.into_iter().chain(expected) {
                entry.protect_from_close = on;
            }
        }
        Step::TakeFirst => {
            let taken = table
                .take_first()
                .map(|(handle, entry)| (handle.to_u64(), entry));
            assert_eq!(taken, in_order(model).first().cloned());
            taken.map(|(value, _)| model.remove(&value));
        }
        Step::Inherit => {
            let mut child = HandleTable::new(LIMIT);
            for (handle, entry) in table.iter().filter(|(_, entry)| entry.inherit) {
                child.insert_at(handle, entry.clone()).unwrap();
            }
            *table = child;
            model.retain(|_, entry| entry.inherit);
        }
    }
}

proptest! {
    #[test]
    fn table_agrees_with_a_map(steps in prop::collection::vec(step(), 1..200)) {
        let mut table = HandleTable::new(LIMIT);
        let mut model = Model::new();
        for step in steps {
            run(&mut table, &mut model, step);
            prop_assert_eq!(table.len() as usize, model.len());
            let entries: Vec<_> = table
                .iter()
                .map(|(handle, entry)| (handle.to_u64(), entry.clone()))
                .collect();
            prop_assert_eq!(entries, in_order(&model));
            for slot in 0..u64::from(LIMIT) + 2 {
                for generation in 0..4 {
                    let value = 4 * (slot + (generation << 20));
                    let found = Handle::from_u64(value).and_then(|handle| table.get(handle));
                    prop_assert_eq!(found, model.get(&value));
                }
            }
        }
    }
}
