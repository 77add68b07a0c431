//! The memory map against a model that knows every byte.

use bootinfo::{BootError, MemoryKind, MemoryMap, MemoryRange, PAGE_BYTES, RANGES_MAX};
use proptest::prelude::*;

const KINDS: [MemoryKind; 6] = [
    MemoryKind::Usable,
    MemoryKind::Loaded,
    MemoryKind::AcpiReclaimable,
    MemoryKind::AcpiNvs,
    MemoryKind::Reserved,
    MemoryKind::Defective,
];

fn map_of(ranges: &[(u64, u64, MemoryKind)]) -> MemoryMap {
    let mut map = MemoryMap::new();
    for (start, end, kind) in ranges {
        map.add(*start, *end, *kind).unwrap();
    }
    map
}

fn listed(map: &MemoryMap) -> Vec<(u64, u64, MemoryKind)> {
    let part = |range: &MemoryRange| (range.start, range.end, range.kind);
    map.ranges().iter().map(part).collect()
}

#[test]
fn ranges_that_touch_and_agree_merge() {
    use MemoryKind::Usable;
    let map = map_of(&[
        (0x3000, 0x4000, Usable),
        (0x1000, 0x2000, Usable),
        (0x2000, 0x3000, Usable),
    ]);
    assert_eq!(listed(&map), [(0x1000, 0x4000, Usable)]);
}

#[test]
fn the_stronger_kind_wins_where_ranges_overlap() {
    use MemoryKind::{Reserved, Usable};
    let expected = [
        (0, 0x1800, Usable),
        (0x1800, 0x2800, Reserved),
        (0x2800, 0x9000, Usable),
    ];
    let a = (0, 0x9000, Usable);
    let b = (0x1800, 0x2800, Reserved);
    assert_eq!(listed(&map_of(&[a, b])), expected);
    assert_eq!(listed(&map_of(&[b, a])), expected);
    let map = map_of(&[a, b]);
    assert_eq!(
        map.usable().collect::<Vec<_>>(),
        [0..0x1000, 0x3000..0x9000]
    );
    assert_eq!(map.usable_bytes(), 0x7000);
}

#[test]
fn usable_memory_is_rounded_inwards_after_merging() {
    use MemoryKind::Usable;
    let map = map_of(&[
        (0x1001, 0x2800, Usable),
        (0x2800, 0x4fff, Usable),
        (0x8001, 0x8fff, Usable),
    ]);
    assert!(map.usable().eq(core::iter::once(0x2000..0x4000)));
    let tiny = map_of(&[(0x1001, 0x1fff, Usable)]);
    assert_eq!(tiny.usable_bytes(), 0);
}

#[test]
fn empty_reversed_and_far_ranges() {
    use MemoryKind::Usable;
    assert!(
        map_of(&[(5, 5, Usable), (9, 3, Usable)])
            .ranges()
            .is_empty()
    );
    let map = map_of(&[
        ((1 << 52) - PAGE_BYTES, u64::MAX, Usable),
        (1 << 53, 1 << 54, Usable),
    ]);
    assert_eq!(listed(&map), [((1 << 52) - PAGE_BYTES, 1 << 52, Usable)]);
    assert_eq!(map.ram_end(), 1 << 52);
    assert_eq!(MemoryMap::new().ram_end(), 0);
}

#[test]
fn only_memory_is_ram() {
    let map = map_of(&[
        (0, 0x1000, MemoryKind::Usable),
        (0x1000, 0x2000, MemoryKind::Loaded),
        (0x2000, 0x3000, MemoryKind::AcpiNvs),
        (0x3000, 0x4000, MemoryKind::Reserved),
        (0x4000, 0x5000, MemoryKind::Usable),
        (0x6000, 0x7000, MemoryKind::Defective),
    ]);
    assert!(map.is_ram(0, 0x3000));
    assert!(map.is_ram(0xfff, 0x1001));
    assert!(map.is_ram(0x3500, 0x3500));
    assert!(map.is_ram(0x4000, 0x5000));
    for (start, end) in [
        (0, 0x3001),
        (0x3fff, 0x4001),
        (0x4fff, 0x5001),
        (0x6000, 0x6001),
    ] {
        assert!(!map.is_ram(start, end), "{start:#x}..{end:#x}");
    }
    assert_eq!(map.ram_end(), 0x5000);
}

#[test]
fn too_many_ranges_leave_the_map_as_it_was() {
    let mut map = MemoryMap::new();
    for index in 0..RANGES_MAX as u64 {
        map.add(index * 2, index * 2 + 1, MemoryKind::Usable)
            .unwrap();
    }
    let before = map.clone();
    let far = map.add(0x10_0000, 0x10_0001, MemoryKind::Usable);
    assert_eq!(far, Err(BootError::TooManyRanges));
    assert_eq!(map, before);
    map.add(0, 0x1000, MemoryKind::Usable).unwrap();
    assert_eq!(map.ranges().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_map_is_what_the_model_says(
        ranges in prop::collection::vec((0..60_u64, 0..60_u64, 0..6_usize), 0..40),
    ) {
        // Steps of 3 KiB, so that page bounds fall between them, too.
        const STEP: u64 = 3072;
        let mut model = [None; 60];
        let mut map = MemoryMap::new();
        for (start, end, kind) in ranges {
            map.add(start * STEP, end * STEP, KINDS[kind]).unwrap();
            for index in start..end {
                let cell = &mut model[index as usize];
                *cell = (*cell).max(Some(KINDS[kind]));
            }
        }
        let mut found = [None; 60];
        let mut last: Option<MemoryRange> = None;
        for range in map.ranges() {
            prop_assert!(range.start < range.end);
            if let Some(last) = last {
                prop_assert!(last.end < range.start || last.end == range.start && last.kind != range.kind);
            }
            last = Some(*range);
            for index in range.start / STEP..range.end / STEP {
                found[index as usize] = Some(range.kind);
            }
        }
        prop_assert_eq!(found, model);
        let is_usable = |page: u64| {
            let end = (page + 1) * PAGE_BYTES;
            (page * PAGE_BYTES..end).step_by(1024).all(|address| {
                let cell = model.get((address / STEP) as usize);
                cell.copied().flatten() == Some(MemoryKind::Usable)
            })
        };
        let expected: Vec<u64> = (0..45).filter(|page| is_usable(*page)).collect();
        let pages: Vec<u64> = map
            .usable()
            .flat_map(|range| range.start / PAGE_BYTES..range.end / PAGE_BYTES)
            .collect();
        prop_assert_eq!(pages, expected);
        for (start, end) in [(0, 60), (7, 9), (30, 31)] {
            let expected = model[start as usize..end as usize]
                .iter()
                .all(|cell| cell.is_some_and(MemoryKind::is_ram));
            prop_assert_eq!(map.is_ram(start * STEP, end * STEP), expected);
        }
    }
}

#[test]
fn what_lies_too_high_is_cut_off() {
    let mut map = MemoryMap::new();
    map.add(0x1000, 0x5000, MemoryKind::Usable).unwrap();
    map.add(0x8000, 0x9000, MemoryKind::Usable).unwrap();
    assert!(!map.cut_off(0x9000));
    assert!(map.cut_off(0x8000));
    assert_eq!(map.ram_end(), 0x5000);
    assert!(map.cut_off(0x3000));
    assert_eq!(map.ram_end(), 0x3000);
    assert_eq!(map.ranges().len(), 1);
}
