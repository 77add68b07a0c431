//! A directory against a sorted map, under random operations.

use super::*;
use crate::fold;
use proptest::prelude::*;

extern crate std;
use std::collections::BTreeMap;

/// A key of the model: the order the directory documents.
type Key = (Vec<u16>, Vec<u16>);

fn key(name: &[u16]) -> Key {
    let folded = name.iter().map(|unit| fold(*unit)).collect();
    (folded, name.to_vec())
}

#[derive(Clone, Debug)]
enum Step {
    Insert(Vec<u16>, Case),
    Remove(Vec<u16>),
    LookUp(Vec<u16>, Case),
    TakeLast,
}

/// Short names out of few units, so that they meet: capitals of several
/// scripts, halves of a surrogate pair, what folds to nothing else.
fn name() -> impl Strategy<Value = Vec<u16>> {
    let unit = prop::sample::select(std::vec![
        0x41, 0x61, 0x42, 0x62, 0x5F, 0xC4, 0xE4, 0x131, 0x42F, 0x44F, 0xD83D, 0xDE00
    ]);
    prop::collection::vec(unit, 1..4)
}

fn step() -> impl Strategy<Value = Step> {
    let case = || prop::sample::select(std::vec![Case::Sensitive, Case::Insensitive]);
    prop_oneof![
        6 => (name(), case()).prop_map(|(name, case)| Step::Insert(name, case)),
        2 => name().prop_map(Step::Remove),
        4 => (name(), case()).prop_map(|(name, case)| Step::LookUp(name, case)),
        1 => Just(Step::TakeLast),
    ]
}

/// The first name of the model that matches.
fn find(model: &BTreeMap<Key, u32>, name: &[u16], case: Case) -> Option<Key> {
    let wanted = key(name);
    let matches = |other: &&Key| match case {
        Case::Sensitive => **other == wanted,
        Case::Insensitive => other.0 == wanted.0,
    };
    model.keys().find(matches).cloned()
}

proptest! {
    #[test]
    fn directory_agrees_with_a_map(steps in prop::collection::vec(step(), 1..200)) {
        let mut directory = Directory::new();
        let mut model = BTreeMap::new();
        for (number, step) in (0u32..).zip(steps) {
            match step {
                Step::Insert(name, case) => {
                    let expected = match find(&model, &name, case) {
                        Some(_) => Err(NameError::NameCollision),
                        None => {
                            model.insert(key(&name), number);
                            Ok(())
                        }
                    };
                    prop_assert_eq!(directory.insert(&name, number, case), expected);
                }
                Step::Remove(name) => {
                    prop_assert_eq!(directory.remove(&name), model.remove(&key(&name)));
                }
                Step::LookUp(name, case) => {
                    let expected = find(&model, &name, case);
                    prop_assert_eq!(
                        directory.look_up(&name, case),
                        expected.and_then(|found| model.get(&found))
                    );
                }
                Step::TakeLast => {
                    let taken = directory.take_last().map(|(_, number)| number);
                    prop_assert_eq!(taken, model.pop_last().map(|(_, number)| number));
                }
            }
            let entries = directory.iter().map(|(name, number)| (name.units(), number));
            prop_assert!(entries.eq(model.iter().map(|(key, number)| (key.1.as_slice(), number))));
        }
    }
}
