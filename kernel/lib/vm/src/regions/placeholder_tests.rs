//! Placeholders, and where memory may be that asks for more than a gap.

use super::*;
use crate::{AllocateRequest, AllocationType};

const BOUNDS: PageRange = PageRange::new(Page(0x10), Page(0x7_FFFF_FFF0));
const BASE: u64 = 0x5000_0000;
const RW: Protection = Protection::READ_WRITE;
const NO: Protection = Protection::NO_ACCESS;
const HOLD: u32 = 0x4_2000;
const REPLACE: u32 = 0x6000;

fn allocate(
    regions: &mut Regions,
    kind: u32,
    address: u64,
    size: u64,
    protection: Protection,
) -> Result<PageRange, VmError> {
    let allocated = regions.allocate(&AllocateRequest {
        address,
        span: Span::ALL,
        size_bytes: size,
        allocation_type: AllocationType::from_nt_extended(kind)?,
        protection,
    });
    regions.check();
    allocated.map(|done| done.range)
}

fn held(pages: u64) -> Regions {
    let mut regions = Regions::new(BOUNDS, 1 << 20);
    allocate(&mut regions, HOLD, BASE, pages * 0x1000, NO).unwrap();
    regions
}

#[test]
fn a_placeholder_is_only_reserved() {
    let mut regions = held(4);
    let info = regions.query(BASE).unwrap();
    assert_eq!((info.state, info.protect), (0x2000, 0));
    assert_eq!((info.kind, info.allocation_protect), (0x2_0000, 1));
    let conflict = Err(VmError::ConflictingAddresses);
    assert_eq!(allocate(&mut regions, 0x1000, BASE, 1, RW), conflict);
    let decommitted = regions.decommit(BASE, 0x1000).map(|freed| freed.unmap);
    assert_eq!(decommitted, conflict);
    let protected = regions.protect(BASE, 1, RW).map(|done| done.range);
    assert_eq!(protected, Err(VmError::NotCommitted));
    assert!(regions.release(BASE, 0).is_ok());
    assert_eq!(regions.look_up(Page::containing(BASE)), None);
}

#[test]
fn only_all_of_a_placeholder_is_replaced() {
    let mut regions = held(8);
    let conflict = Err(VmError::ConflictingAddresses);
    for (address, size) in [
        (0, 0x8000),
        (BASE, 0x7000),
        (BASE, 0x9000),
        (BASE + 1, 0x7FFF),
        (BASE + 0x1000, 0x7000),
    ] {
        let refused = allocate(&mut regions, REPLACE | 0x1000, address, size, RW);
        assert_eq!(refused, conflict, "{address:#x}, {size:#x}");
    }
    assert!(
        regions
            .release_to_placeholder(BASE + 0x3000, 0x2000)
            .is_ok()
    );
    let middle = PageRange::sized(Page::containing(BASE + 0x3000), 2);
    let replaced = allocate(&mut regions, REPLACE, BASE + 0x3000, 0x2000, RW);
    assert_eq!(replaced, Ok(middle), "at any page");
    assert_eq!(
        allocate(&mut regions, 0x1000, BASE + 0x3000, 1, RW).map(|_| ()),
        Ok(())
    );
    assert_eq!(regions.committed_pages(), 1);
    let freed = regions.release_to_placeholder(BASE + 0x3000, 0x2000);
    assert_eq!(freed.map(|freed| freed.unmap), Ok(middle));
    assert_eq!(regions.committed_pages(), 0);
    assert!(regions.coalesce(BASE, 0x8000).is_ok());
    assert_eq!(regions, held(8));
}

#[test]
fn replacing_needs_no_room_in_the_list() {
    let mut regions = held(4);
    regions.most_runs = 1;
    assert!(allocate(&mut regions, REPLACE, BASE, 0x4000, RW).is_ok());
    assert!(regions.release_to_placeholder(BASE, 0x4000).is_ok());
    let refused = regions.release_to_placeholder(BASE, 0x1000);
    assert_eq!(refused, Err(VmError::NoMemory));
    assert_eq!(regions.runs, held(4).runs);
}

#[test]
fn what_replaces_nothing_becomes_no_placeholder() {
    let mut regions = Regions::new(BOUNDS, 1 << 20);
    allocate(&mut regions, 0x3000, BASE, 0x2000, RW).unwrap();
    let refused = regions.release_to_placeholder(BASE, 0x2000);
    assert_eq!(refused, Err(VmError::ConflictingAddresses));
    let whole = held(2).release_to_placeholder(BASE, 0x2000);
    assert_eq!(
        whole,
        Err(VmError::ConflictingAddresses),
        "it is one already"
    );
    let alone = held(2).coalesce(BASE, 0x2000);
    assert_eq!(alone, Err(VmError::ConflictingAddresses));
}

#[test]
fn numbers_that_make_no_sense_together_are_refused() {
    let invalid = Err(VmError::InvalidParameter(Parameter::Unnumbered));
    for number in [
        0,
        0x4000,
        0x5000,
        0x4_0000,
        0x4_1000,
        0x4_3000,
        0x4_6000,
        0x24_2000,
        0x20_6000,
        0x20_1000,
        0x8_1000,
        0x108_0000,
        0x8_2000,
        0x40_3000,
        0x2000_1000,
        0x8000_2000,
    ] {
        assert_eq!(
            AllocationType::from_nt_extended(number),
            invalid,
            "{number:#x}"
        );
    }
    let fifth = Err(VmError::InvalidParameter(Parameter::Fifth));
    for number in [HOLD, REPLACE, 0x20_0000, 0x20_1000, 0x8_2000] {
        assert_eq!(AllocationType::from_nt(number), fifth, "{number:#x}");
    }
    for (number, needs_privilege) in [(0x40_2000, false), (0x2000_3000, true)] {
        let asked = AllocationType::from_nt(number).unwrap();
        assert_eq!(asked.needs_privilege(), needs_privilege);
    }
    let mut regions = Regions::new(BOUNDS, 10);
    let open = allocate(&mut regions, HOLD, BASE, 1, RW);
    assert_eq!(open, Err(VmError::InvalidParameter(Parameter::Unnumbered)));
}

#[test]
fn a_span_is_kept_from_both_ends() {
    let span = |low, high, alignment| Span::of_requirements(low, high, alignment, BOUNDS);
    let mut regions = Regions::new(BOUNDS, 0);
    let mut find = |place, pages| {
        let found = regions.place(place, pages, Kind::Private, RW, State::Reserved);
        found.map(|range| range.start.address())
    };
    let limited = span(0x10_0000, 0x3F_FFFF, 0x10_0000).unwrap();
    assert_eq!(find(Place::Lowest(limited), 1), Ok(0x10_0000));
    assert_eq!(find(Place::Highest(limited), 1), Ok(0x30_0000));
    assert_eq!(find(Place::Lowest(limited), 0x100), Ok(0x20_0000));
    assert_eq!(find(Place::Lowest(limited), 1), Err(VmError::NoMemory));
    assert_eq!(find(Place::Highest(limited), 1), Err(VmError::NoMemory));
    let aligned = span(0, 0, 0x4000_0000).unwrap();
    assert_eq!(find(Place::Lowest(aligned), 1), Ok(0x4000_0000));
    assert_eq!(find(Place::Highest(aligned), 1), Ok(0x7FFF_C000_0000));
    let top = span(0x7FFF_FFFE_0000, 0x7FFF_FFFE_FFFF, 0).unwrap();
    assert_eq!(find(Place::Highest(top), 16), Ok(0x7FFF_FFFE_0000));
    let far = span(0, 0, 1 << 63).unwrap();
    assert_eq!(find(Place::Lowest(far), 1), Err(VmError::NoMemory));
    assert_eq!(find(Place::Highest(far), 1), Err(VmError::NoMemory));
    assert_eq!(span(0, 0, 0), Ok(Span::ALL));
    for (low, high, alignment) in [
        (0x1000, 0, 0),
        (1, 0, 0),
        (0, 0x1_0000, 0),
        (0, 0x1_0FFF, 0),
        (0, u64::MAX, 0),
        (0, 0x7FFF_FFFF_FFFF, 0),
        (0x2_0000, 0x1_FFFF, 0),
        (0x8000_0000_0000, 0, 0),
        (0, 0, 0x8000),
        (0, 0, 0x3_0000),
        (0, 0, 1),
        (0, 0, u64::MAX),
    ] {
        let refused = span(low, high, alignment);
        let invalid = VmError::InvalidParameter(Parameter::Unnumbered);
        assert_eq!(refused, Err(invalid), "{low:#x}, {high:#x}, {alignment:#x}");
    }
}
