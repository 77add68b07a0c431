//! Slabs: keys find their own values only, and freed memory is used again.

use std::vec::Vec;

use proptest::prelude::*;

use crate::slab::{Key, Slab};

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn keys_find_their_own_values_only(
        operations in prop::collection::vec(any::<Option<prop::sample::Index>>(), 1..200),
    ) {
        let mut slab = Slab::new();
        let mut there: Vec<(Key, usize)> = Vec::new();
        let mut gone: Vec<Key> = Vec::new();
        let mut most = 0;
        for (value, removed) in operations.into_iter().enumerate() {
            match removed {
                Some(place) if !there.is_empty() => {
                    let (key, value) = there.swap_remove(place.index(there.len()));
                    prop_assert_eq!(slab.remove(key.index), value);
                    gone.push(key);
                }
                _ => there.push((slab.insert(value).unwrap(), value)),
            }
            most = most.max(there.len());
            prop_assert_eq!(slab.len(), there.len());
            for &(key, value) in &there {
                prop_assert_eq!(slab.find(key), Some(key.index));
                prop_assert_eq!(slab.key(key.index), key);
                prop_assert_eq!(*slab.at(key.index), value);
                prop_assert!(usize::try_from(key.index).unwrap() < most, "memory is used again");
            }
            for &key in &gone {
                prop_assert_eq!(slab.find(key), None);
            }
        }
    }
}

#[test]
fn what_is_reserved_is_there() {
    let mut slab = Slab::new();
    for used in [0, 3] {
        let keys: Vec<Key> = (0..used).map(|value| slab.insert(value).unwrap()).collect();
        slab.reserve(50).unwrap();
        let room = slab.capacity();
        for value in 0..50 {
            slab.insert(value).unwrap();
        }
        assert_eq!(slab.capacity(), room);
        for key in keys {
            slab.remove(key.index);
        }
    }
}
