//! Ranges do not overlap, and what was given back is taken again.

extern crate std;

use std::vec::Vec;

use proptest::prelude::*;

use super::*;

const START: Page = Page(0x100);
const PAGES: u64 = 64;

fn places() -> Places {
    Places::new(PageRange::sized(START, PAGES))
}

#[test]
fn the_lowest_room_is_taken() {
    let mut places = places();
    let one = places.take(3).unwrap();
    let two = places.take(1).unwrap();
    assert_eq!(one, PageRange::sized(START, 3));
    assert_eq!(two, PageRange::sized(START.plus(4), 1));
    assert!(places.give_back(one.start));
    assert_eq!(places.take(4), Ok(PageRange::sized(START.plus(6), 4)));
    assert_eq!(places.take(3), Ok(one), "it fits where the first was");
}

#[test]
fn the_guard_lies_within_the_bounds() {
    assert_eq!(places().take(PAGES), Err(NoPlace));
    let mut places = places();
    let all = places.take(PAGES - 1).unwrap();
    assert_eq!(places.take(0), Err(NoPlace));
    assert!(places.give_back(all.start));
    assert_eq!(places.take(PAGES - 1), Ok(all));
}

#[test]
fn what_cannot_be_is_refused() {
    let mut places = places();
    for pages in [PAGES + 1, u64::MAX - 1, u64::MAX] {
        assert_eq!(places.take(pages), Err(NoPlace));
    }
    assert!(!places.give_back(START), "nothing was taken");
    let one = places.take(2).unwrap();
    assert!(!places.give_back(one.start.plus(1)), "inside it");
    assert!(places.give_back(one.start));
    assert!(!places.give_back(one.start), "twice");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn ranges_keep_apart(steps in proptest::collection::vec((0_u64..12, any::<bool>()), 0..200)) {
        let mut places = places();
        let mut taken: Vec<PageRange> = Vec::new();
        for (size, gives_back) in steps {
            if gives_back && !taken.is_empty() {
                let range = taken.remove(size as usize % taken.len());
                prop_assert!(places.give_back(range.start));
                continue;
            }
            match places.take(size) {
                Ok(range) => {
                    prop_assert_eq!(range.size_pages(), size);
                    prop_assert!(range.start >= START && range.end < START.plus(PAGES));
                    for other in &taken {
                        prop_assert!(range.end < other.start || other.end < range.start);
                    }
                    taken.push(range);
                }
                Err(NoPlace) => {
                    // Then no gap is long enough.
                    let mut sorted = taken.clone();
                    sorted.sort_by_key(|range| range.start);
                    let mut free_from = START;
                    for range in sorted {
                        prop_assert!(range.start.pages_since(free_from) <= size);
                        free_from = range.end.plus(1);
                    }
                    prop_assert!(START.plus(PAGES).pages_since(free_from) <= size);
                }
            }
        }
    }
}
