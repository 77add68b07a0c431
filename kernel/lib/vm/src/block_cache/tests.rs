//! The cache of blocks: classes, bounds, and a comparison with a naive one.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::vec::Vec;

extern crate std;

const FILLER: usize = usize::MAX;
const MOST_KEPT_BYTES: usize = 160 * 1024;

#[test]
fn classes_hold_what_they_are_for() {
    for size in 1..=LARGEST_BYTES {
        let class = BlockClass::of(size, 1).expect("a class");
        assert!(class.bytes() >= size && class.bytes() < size + GRANULE_BYTES);
        assert_eq!(BlockClass::of(class.bytes(), GRANULE_BYTES), Some(class));
    }
}

#[test]
fn what_is_too_large_has_no_class() {
    assert_eq!(BlockClass::of(0, 1), None);
    assert_eq!(BlockClass::of(LARGEST_BYTES + 1, 1), None);
    assert_eq!(BlockClass::of(usize::MAX, 1), None);
    assert_eq!(BlockClass::of(16, 2 * GRANULE_BYTES), None);
}

#[test]
fn the_last_one_kept_comes_first() {
    let mut cache = BlockCache::new(FILLER);
    let class = BlockClass::of(40, 8).expect("a class");
    assert_eq!(cache.take(class), None);
    assert!(cache.keep(class, 1) && cache.keep(class, 2));
    assert_eq!(cache.bytes(), 2 * 48);
    assert_eq!(cache.take(BlockClass::of(49, 8).expect("a class")), None);
    assert_eq!(cache.take(class), Some(2));
    assert_eq!(cache.take(class), Some(1));
    assert_eq!(cache.take(class), None);
    assert_eq!(cache.bytes(), 0);
}

#[test]
fn what_is_kept_is_bounded() {
    let mut cache = BlockCache::new(FILLER);
    let mut kept = 0;
    for size in (GRANULE_BYTES..=LARGEST_BYTES).step_by(GRANULE_BYTES) {
        let class = BlockClass::of(size, 1).expect("a class");
        let of_class = (0..100).filter(|_| cache.keep(class, size)).count();
        assert!(of_class <= MOST_OF_A_CLASS);
        kept += of_class;
    }
    assert!(cache.bytes() <= MOST_KEPT_BYTES && cache.bytes() > MOST_KEPT_BYTES / 10 * 9);
    for _ in 0..kept {
        assert!(cache.take_any().is_some());
    }
    assert_eq!((cache.take_any(), cache.bytes()), (None, 0));
}

proptest! {
    /// Every block that was kept comes back once, by its own class.
    #[test]
    fn blocks_are_neither_lost_nor_doubled(
        steps in prop::collection::vec((any::<bool>(), 1..=LARGEST_BYTES), 1..400)
    ) {
        let mut cache = BlockCache::new(FILLER);
        let mut model = BTreeMap::<usize, Vec<usize>>::new();
        for (number, (keeps, size)) in steps.into_iter().enumerate() {
            let class = BlockClass::of(size, 1).expect("a class");
            let kept = model.entry(class.bytes()).or_default();
            match keeps {
                true => if cache.keep(class, number) {
                    kept.push(number);
                },
                false => prop_assert_eq!(cache.take(class), kept.pop()),
            }
            let bytes: usize = model.iter().map(|(size, kept)| size * kept.len()).sum();
            prop_assert_eq!(cache.bytes(), bytes);
        }
        while let Some((class, block)) = cache.take_any() {
            prop_assert_eq!(model.entry(class.bytes()).or_default().pop(), Some(block));
        }
        prop_assert!(model.values().all(Vec::is_empty));
    }
}
