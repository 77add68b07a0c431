//! Ids, case by case and against a sorted map.

use super::*;
use proptest::prelude::*;

extern crate std;
use std::collections::BTreeMap;
use std::string::ToString;

fn filled(count: u32) -> ClientIds<u32> {
    let mut ids = ClientIds::new();
    for _ in 0..count {
        let id = ids.claim().unwrap();
        ids.publish(id, id).unwrap();
    }
    ids
}

#[test]
fn ids_are_multiples_of_4_and_never_come_again() {
    let mut ids = filled(3);
    assert!(ids.iter().map(|(id, _)| id).eq([4, 8, 12]));
    assert_eq!(ids.remove(12), Some(12));
    assert_eq!(ids.remove(12), None);
    assert_eq!(ids.claim(), Ok(16));
}

#[test]
fn low_bits_are_ignored() {
    let ids = filled(2);
    for id in 4..8 {
        assert_eq!(ids.get(id), Some(&4));
        assert_eq!(ids.next_after(id), Some((8, &8)));
    }
    for id in [0, 1, 2, 3, 12, 0x8000_0004, u32::MAX] {
        assert_eq!(ids.get(id), None, "{id:#x}");
    }
}

#[test]
fn claimed_id_is_not_found_before_it_names_an_object() {
    let mut ids = filled(1);
    let id = ids.claim().unwrap();
    assert_eq!(ids.get(id), None);
    assert_eq!(ids.next_after(4), None);
    assert_eq!((ids.iter().count(), ids.len()), (1, 2));
    assert_eq!(ids.publish(id, 9), Ok(()));
    assert_eq!(ids.next_after(4), Some((id, &9)));
    assert_eq!(ids.publish(id, 10), Err(10), "it names one already");
    assert_eq!(ids.publish(12, 10), Err(10), "not claimed");
}

#[test]
fn claim_given_up_leaves_nothing() {
    let mut ids = filled(1);
    let id = ids.claim().unwrap();
    assert_eq!(ids.remove(id), None);
    assert_eq!(ids.len(), 1);
    assert_eq!(ids.publish(id, 1), Err(1));
}

#[test]
fn last_id_is_given_out_and_then_no_more() {
    let mut ids = filled(1);
    ids.last = u32::MAX - 7;
    assert_eq!(ids.claim(), Ok(0xFFFF_FFFC));
    assert_eq!(ids.publish(0xFFFF_FFFC, 1), Ok(()));
    assert_eq!(ids.claim(), Err(IdError::NoneLeft));
    assert_eq!(ids.get(u32::MAX), Some(&1));
    assert_eq!(ids.next_after(u32::MAX), None);
    for error in [IdError::NoneLeft, IdError::NoMemory] {
        assert_eq!(error.status_code(), 0xC000_009A);
        assert!(!error.to_string().is_empty());
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim,
    Publish(u32, u32),
    Remove(u32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Claim),
        4 => (0..120u32, any::<u32>()).prop_map(|(id, object)| Step::Publish(id, object)),
        2 => (0..120u32).prop_map(Step::Remove),
    ]
}

proptest! {
    #[test]
    fn ids_agree_with_a_map(steps in prop::collection::vec(step(), 1..100)) {
        let mut ids = ClientIds::new();
        let mut model: BTreeMap<u32, Option<u32>> = BTreeMap::new();
        let mut claims = 0;
        for step in steps {
            match step {
                Step::Claim => {
                    claims += 1;
                    model.insert(claims * 4, None);
                    prop_assert_eq!(ids.claim(), Ok(claims * 4));
                }
                Step::Publish(id, object) => {
                    let expected = match model.get_mut(&(id / 4 * 4)) {
                        Some(place @ None) => {
                            *place = Some(object);
                            Ok(())
                        }
                        _ => Err(object),
                    };
                    prop_assert_eq!(ids.publish(id, object), expected);
                }
                Step::Remove(id) => {
                    let expected = model.remove(&(id / 4 * 4)).flatten();
                    prop_assert_eq!(ids.remove(id), expected);
                }
            }
            prop_assert_eq!(ids.len(), model.len());
            let mut named = model
                .iter()
                .filter_map(|(id, object)| object.as_ref().map(|object| (*id, object)));
            prop_assert!(ids.iter().eq(named.clone()));
            let mut last = 0;
            while let Some((id, object)) = ids.next_after(last) {
                prop_assert_eq!(Some((id, object)), named.next());
                prop_assert_eq!(ids.get(id), Some(object));
                last = id;
            }
            prop_assert_eq!(named.next(), None);
        }
    }
}
