//! NT's answers, case by case; the sources stand at the operations.

use super::*;
use crate::{AllocateRequest, AllocationType, MemoryInfo, Place};

const FIRST: Page = Page(0x10);
const END: Page = Page(0x7_FFFF_FFF0);
const BASE: u64 = 0x5000_0000;
const RESERVE: u32 = 0x2000;
const COMMIT: u32 = 0x1000;
const BOTH: u32 = 0x3000;
const TOP_DOWN: u32 = 0x10_0000;
const RW: Protection = Protection::READ_WRITE;
const RO: Protection = Protection::READ_ONLY;

fn space() -> Regions {
    Regions::new(PageRange::new(FIRST, END), 1 << 20)
}

/// Base and size of what was allocated, or the error.
fn allocate(
    regions: &mut Regions,
    kind: u32,
    address: u64,
    size: u64,
    protection: Protection,
) -> Result<(u64, u64), VmError> {
    let before = regions.runs.clone();
    let request = AllocateRequest {
        address,
        span: Span::ALL,
        size_bytes: size,
        allocation_type: AllocationType::from_nt(kind)?,
        protection,
    };
    let result = regions.allocate(&request);
    regions.check();
    if result.is_err() {
        assert_eq!(before, regions.runs, "a refusal changed something");
    }
    result.map(|done| (done.range.start.address(), done.range.size_bytes()))
}

fn parameter(number: u32) -> Option<u32> {
    Some(0xC000_00EE + number)
}

fn status<T>(result: Result<T, VmError>) -> Option<u32> {
    result.err().map(VmError::status_code)
}

const CONFLICTING_ADDRESSES: Option<u32> = Some(0xC000_0018);
const MEMORY_NOT_ALLOCATED: Option<u32> = Some(0xC000_00A0);
const UNABLE_TO_FREE_VM: Option<u32> = Some(0xC000_001A);
const FREE_VM_NOT_AT_BASE: Option<u32> = Some(0xC000_009F);
const NOT_COMMITTED: Option<u32> = Some(0xC000_002D);
const NO_MEMORY: Option<u32> = Some(0xC000_0017);
const INVALID_PAGE_PROTECTION: Option<u32> = Some(0xC000_0045);
const COMMITMENT_LIMIT: Option<u32> = Some(0xC000_012D);

#[test]
fn a_reservation_starts_at_a_granule_and_ends_at_a_page() {
    let cases = [
        (BASE, 1, 0x1000),
        (BASE + 0x8000, 1, 0x9000),
        (BASE + 0x10, 0x1000, 0x2000),
        (BASE + 0x1_0000, 0x2000, 0x2000),
        (BASE + 0xFFFF, 0x3000, 0x1_3000),
        (BASE + 0x1010, 0xC000, 0xE000),
    ];
    for (address, size, expected_size) in cases {
        let mut regions = space();
        let allocated = allocate(&mut regions, RESERVE, address, size, RO);
        assert_eq!(allocated, Ok((address & !0xFFFF, expected_size)));
    }
}

#[test]
fn a_granule_belongs_to_one_allocation() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, BASE + 0x1010, 0x1000, RO).unwrap();
    let taken = allocate(&mut regions, RESERVE, BASE + 0x8000, 0x1000, RO);
    assert_eq!(status(taken), CONFLICTING_ADDRESSES);
    let again = allocate(&mut regions, BOTH, BASE, 0x1000, RO);
    assert_eq!(status(again), CONFLICTING_ADDRESSES);
}

#[test]
fn a_commitment_lies_in_one_allocation_and_may_be_repeated() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, BASE, 0x3000, RO).unwrap();
    allocate(&mut regions, RESERVE, BASE + 0x1_0000, 0x1_0000, RO).unwrap();
    let third = (BASE + 0x2000, 0x1000);
    assert_eq!(allocate(&mut regions, COMMIT, third.0, 1, RO), Ok(third));
    assert_eq!(allocate(&mut regions, COMMIT, third.0, 1, RW), Ok(third));
    assert_eq!(regions.query(third.0).unwrap().protect, 0x04);
    assert_eq!(regions.committed_pages(), 1);
    for (address, size) in [(BASE + 0x3000, 1), (BASE, 0x4000), (BASE + 0x2_0000, 1)] {
        let refused = allocate(&mut regions, COMMIT, address, size, RW);
        assert_eq!(status(refused), CONFLICTING_ADDRESSES);
    }
}

#[test]
fn only_a_commitment_over_committed_pages_touches_the_page_tables() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, BASE, 0x3000, RO).unwrap();
    let fresh = regions.commit(BASE, 0x1000, RW).unwrap();
    assert_eq!(fresh.change, Change::None);
    let mixed = regions.commit(BASE, 0x2000, RO).unwrap();
    assert_eq!(mixed.change, Change::Update(mixed.range));
    assert_eq!(regions.runs.len(), 2);
}

#[test]
fn a_commitment_at_no_address_reserves_too() {
    let mut regions = space();
    let allocated = allocate(&mut regions, COMMIT, 0, 0x1000, RW);
    assert_eq!(allocated, Ok((0x1_0000, 0x1000)));
}

#[test]
fn bad_parameters_are_named() {
    let mut regions = space();
    let mut refusal = |kind, address, size, protection| {
        status(allocate(&mut regions, kind, address, size, protection))
    };
    assert_eq!(refusal(BOTH, BASE, 0, RW), parameter(4));
    assert_eq!(refusal(BOTH, BASE, u64::MAX, RW), parameter(4));
    assert_eq!(refusal(BOTH, 0, 1 << 47, RW), parameter(4));
    assert_eq!(refusal(BOTH, 0xFFF, 0x1000, RW), parameter(2));
    assert_eq!(refusal(BOTH, 0x7FFF_FFFF_0000, 1, RW), parameter(2));
    assert_eq!(refusal(BOTH, u64::MAX, 1, RW), parameter(2));
    assert_eq!(refusal(COMMIT, u64::MAX, 1, RW), parameter(2));
    for kind in [0, TOP_DOWN, 0x4000, BOTH | 0x8000, BOTH | 0x4000_0000] {
        assert_eq!(refusal(kind, BASE, 1, RW), parameter(5));
    }
    let large = BOTH | 0x2000_0000;
    assert_eq!(refusal(large, 0, 1, RW), Some(0xC000_000D));
    assert_eq!(refusal(large, 0x1000, 0x20_0000, RW), Some(0xC000_000D));
    assert_eq!(refusal(large, 0, 0x40_0000, RW), Some(0xC000_009A));
    for protection in [0x08, 0x80, 0x108, 0x180] {
        let protection = Protection::from_nt(protection).unwrap();
        assert_eq!(refusal(BOTH, BASE, 1, protection), INVALID_PAGE_PROTECTION);
    }
}

#[test]
fn zero_bits_limit_the_search() {
    let found = |zero_bits| {
        space().allocate(&AllocateRequest {
            address: 0,
            span: Span::of_zero_bits(zero_bits)?,
            size_bytes: 0x1000,
            allocation_type: AllocationType::from_nt(BOTH | TOP_DOWN)?,
            protection: RW,
        })
    };
    for (zero_bits, end) in [
        (0, END.address()),
        (1, 1 << 31),
        (12, 1 << 20),
        (0x1AAA_AAAA, 1 << 29),
        (0x1_0000_0000, 1 << 33),
        (u64::MAX, END.address()),
    ] {
        let allocated = found(zero_bits).unwrap();
        let start = (end - 0x1000) & !0xFFFF;
        assert_eq!(allocated.range.start.address(), start);
    }
    assert_eq!(status(found(21)), NO_MEMORY);
    assert_eq!(status(found(22)), parameter(3));
    assert_eq!(status(found(31)), parameter(3));
}

#[test]
fn the_search_takes_the_first_gap_from_its_end() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, 0x3_0000, 0x1000, RO).unwrap();
    let mut find = |kind, size| allocate(&mut regions, kind, 0, size, RO).unwrap().0;
    assert_eq!(find(RESERVE, 0x3_0000), 0x4_0000);
    assert_eq!(find(RESERVE, 0x2_0000), 0x1_0000);
    assert_eq!(find(RESERVE, 1), 0x7_0000);
    assert_eq!(find(RESERVE | TOP_DOWN, 1), 0x7FFF_FFFE_0000);
    assert_eq!(find(RESERVE | TOP_DOWN, 0x1_0001), 0x7FFF_FFFC_0000);
}

#[test]
fn the_search_stays_below_its_limit() {
    let mut regions = space();
    for address in [0x2_0000, 0x5_0000, 0x9_0000] {
        allocate(&mut regions, RESERVE, address, 0x1000, RO).unwrap();
    }
    let span = |below| Span {
        below: Page(below),
        ..Span::ALL
    };
    let (lowest, highest) = (Place::Lowest(span(0x68)), Place::Highest(span(0x68)));
    let mut place = |place, size_pages| {
        let found = regions.place(place, size_pages, Kind::Private, RO, State::Reserved);
        found.map(|range| range.start)
    };
    assert_eq!(place(highest, 9), Ok(Page(0x40)));
    assert_eq!(place(highest, 8), Ok(Page(0x60)));
    assert_eq!(place(lowest, 17), Err(VmError::NoMemory));
    assert_eq!(place(highest, 17), Err(VmError::NoMemory));
    let (lowest, highest) = (Place::Lowest(span(0)), Place::Highest(span(0)));
    assert_eq!(place(lowest, 1), Err(VmError::NoMemory));
    assert_eq!(place(highest, 1), Err(VmError::NoMemory));
    assert_eq!(place(Place::ANYWHERE, 0), Err(VmError::NoMemory));
    let huge = u64::MAX;
    assert_eq!(place(Place::ANYWHERE, huge), Err(VmError::NoMemory));
    let at = Place::At(Page(huge));
    assert_eq!(place(at, 2), Err(VmError::ConflictingAddresses));
}

#[test]
fn a_space_with_all_its_runs_refuses_what_needs_more() {
    let mut regions = space();
    for number in 0..MAX_RUNS as u64 - 2 {
        let at = Place::At(Page(0x100 + 16 * number));
        let placed = regions.place(at, 4, Kind::Private, RW, State::Committed(RW));
        placed.unwrap();
    }
    regions.protect(0x10_1000, 0x2000, RO).unwrap();
    let before = regions.runs.clone();
    let committed_pages = regions.committed_pages();
    let second = 0x11_1000;
    let guard = regions.clear_guard(Page::containing(second));
    assert_eq!(guard, Ok(false));
    for refused in [
        regions.protect(second, 1, RO).map(|_| ()),
        regions.commit(second, 1, RO).map(|_| ()),
        regions.decommit(second, 1).map(|_| ()),
        regions.release(second, 1).map(|_| ()),
        regions.place_stack(Place::ANYWHERE, 4, 1).map(|_| ()),
        allocate(&mut regions, BOTH, 0, 1, RW).map(|_| ()),
    ] {
        assert_eq!(status(refused), NO_MEMORY);
    }
    assert_eq!(before, regions.runs);
    assert_eq!(committed_pages, regions.committed_pages());
    regions.check();
    assert!(regions.decommit(0x11_0000, 0).is_ok());
    assert!(regions.release(0x11_0000, 0).is_ok());
    assert!(regions.remove_allocation(Page(0x100)).is_some());
    regions.check();
}

#[test]
fn a_full_space_has_no_memory() {
    let mut regions = Regions::new(PageRange::new(Page(0x10), Page(0x30)), 100);
    allocate(&mut regions, RESERVE, 0x1_0000, 0x1000, RO).unwrap();
    allocate(&mut regions, RESERVE, 0x2_0000, 0x1000, RO).unwrap();
    for kind in [RESERVE, RESERVE | TOP_DOWN] {
        let refused = allocate(&mut regions, kind, 0, 1, RO);
        assert_eq!(status(refused), NO_MEMORY);
    }
}

#[test]
fn decommit_rounds_out_and_knows_the_base() {
    let mut regions = space();
    allocate(&mut regions, BOTH, BASE, 0x1_0000, RW).unwrap();
    let freed = regions.decommit(BASE + 0x1FFF, 2).unwrap();
    assert_eq!(freed.unmap, PageRange::sized(Page(0x50001), 2));
    assert_eq!(freed.reported_size_bytes, 0x2000);
    assert_eq!(regions.committed_pages(), 14);
    let off_base = regions.decommit(BASE + 0x1001, 0);
    assert_eq!(status(off_base), FREE_VM_NOT_AT_BASE);
    let all = regions.decommit(BASE + 0xFFE, 0).unwrap();
    assert_eq!(all.unmap, PageRange::sized(Page(0x50000), 16));
    assert_eq!(all.reported_size_bytes, 0);
    assert_eq!((regions.committed_pages(), regions.runs.len()), (0, 1));
    let off_base = regions.release(BASE + 0x1001, 0);
    assert_eq!(status(off_base), FREE_VM_NOT_AT_BASE);
    let released = regions.release(BASE + 0xFFF, 0).unwrap();
    assert_eq!(released.reported_size_bytes, 0x1_0000);
    assert_eq!(regions, space_after_use(&regions));
}

/// An empty space, equal to `used` when that is empty too.
fn space_after_use(used: &Regions) -> Regions {
    Regions::new(used.bounds, used.commit_limit_pages)
}

#[test]
fn releasing_needs_an_allocation_that_covers_the_range() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, BASE, 0x3000, RO).unwrap();
    allocate(&mut regions, RESERVE, BASE + 0x2_0000, 0x1_0000, RO).unwrap();
    for (address, size, expected) in [
        (BASE + 0x1_0000, 0x1000, MEMORY_NOT_ALLOCATED),
        (BASE + 0x8000, 0x1000, MEMORY_NOT_ALLOCATED),
        (BASE + 0x8000, 0, MEMORY_NOT_ALLOCATED),
        (BASE, 0x4000, UNABLE_TO_FREE_VM),
        (BASE, 0x3_0000, UNABLE_TO_FREE_VM),
        (u64::MAX, 0, parameter(2)),
        (BASE, u64::MAX, parameter(3)),
        (BASE, 1 << 47, parameter(3)),
    ] {
        assert_eq!(status(regions.release(address, size)), expected);
        assert_eq!(status(regions.decommit(address, size)), expected);
    }
    regions.release(BASE, 0x3000).unwrap();
}

#[test]
fn what_is_left_above_a_released_part_is_an_allocation() {
    let mut regions = space();
    allocate(&mut regions, BOTH, BASE, 0x3_0000, RW).unwrap();
    regions.protect(BASE + 0x2_8000, 1, RO).unwrap();
    regions.release(BASE + 0x1_0000, 0x1_0000).unwrap();
    regions.check();
    let again = regions.release(BASE + 0x1_0000, 0x1_0000);
    assert_eq!(status(again), MEMORY_NOT_ALLOCATED);
    let upper = regions.query(BASE + 0x2_9000).unwrap();
    assert_eq!(upper.allocation_base, BASE + 0x2_0000);
    let across = regions.release(BASE, 0x3_0000);
    assert_eq!(status(across), UNABLE_TO_FREE_VM);
    let freed = regions.release(BASE + 0x2_0000, 0).unwrap();
    assert_eq!(freed.reported_size_bytes, 0x1_0000);
    regions.release(BASE, 0x1_0000).unwrap();
    assert_eq!(regions.runs.len(), 0);
}

#[test]
fn protect_reports_the_first_page_and_refuses_what_is_not_committed() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, BASE, 0x4000, RW).unwrap();
    regions.commit(BASE, 0x1000, RO).unwrap();
    regions.commit(BASE + 0x1000, 0x2000, RW).unwrap();
    let done = regions.protect(BASE + 0xFFF, 2, Protection::EXECUTE_READ);
    let done = done.unwrap();
    assert_eq!(done.range, PageRange::sized(Page(0x50000), 2));
    assert_eq!(done.old, RO);
    assert_eq!(done.change, Change::Update(done.range));
    regions.check();
    let before = regions.runs.clone();
    for (address, size, protection, expected) in [
        (BASE, 0, RO, parameter(3)),
        (BASE, u64::MAX, RO, parameter(3)),
        (END.address(), 1, RO, parameter(2)),
        (BASE + 0x2000, 0x1001, RO, NOT_COMMITTED),
        (BASE + 0x3000, 1, RO, NOT_COMMITTED),
        (BASE + 0x4000, 1, RO, CONFLICTING_ADDRESSES),
        (BASE, 0x5000, RO, CONFLICTING_ADDRESSES),
        (BASE, 1, Protection::WRITE_COPY, INVALID_PAGE_PROTECTION),
        (
            BASE,
            1,
            Protection::EXECUTE_WRITE_COPY,
            INVALID_PAGE_PROTECTION,
        ),
    ] {
        let refused = regions.protect(address, size, protection);
        assert_eq!(status(refused), expected);
    }
    assert_eq!(before, regions.runs);
}

#[test]
fn query_describes_runs_and_gaps() {
    let mut regions = space();
    allocate(&mut regions, RESERVE, BASE, 0x1_0000, RO).unwrap();
    regions.commit(BASE + 0x1000, 0x2000, RW).unwrap();
    let committed = MemoryInfo {
        base_address: BASE + 0x1000,
        allocation_base: BASE,
        allocation_protect: 0x02,
        region_size_bytes: 0x2000,
        state: 0x1000,
        protect: 0x04,
        kind: 0x2_0000,
    };
    assert_eq!(regions.query(BASE + 0x1FFF), Ok(committed));
    let second_page = MemoryInfo {
        base_address: BASE + 0x2000,
        region_size_bytes: 0x1000,
        ..committed
    };
    assert_eq!(regions.query(BASE + 0x2000), Ok(second_page));
    let reserved = MemoryInfo {
        base_address: BASE + 0x3000,
        region_size_bytes: 0xD000,
        state: 0x2000,
        protect: 0,
        ..committed
    };
    assert_eq!(regions.query(BASE + 0x3000), Ok(reserved));
    let free = |base_address, end: u64| MemoryInfo {
        base_address,
        region_size_bytes: end - base_address,
        state: 0x1_0000,
        protect: 0x01,
        ..MemoryInfo::default()
    };
    assert_eq!(regions.query(0xFFF), Ok(free(0, BASE)));
    let above = free(BASE + 0x1_0000, END.address());
    assert_eq!(regions.query(BASE + 0x1_0001), Ok(above));
    assert_eq!(status(regions.query(END.address())), Some(0xC000_000D));
    assert_eq!(status(regions.query(u64::MAX)), Some(0xC000_000D));
}

#[test]
fn the_commitment_limit_holds_and_is_given_back() {
    let mut regions = Regions::new(PageRange::new(FIRST, END), 4);
    allocate(&mut regions, RESERVE, BASE, 0x10_0000, RW).unwrap();
    regions.commit(BASE, 0x3000, RW).unwrap();
    let before = regions.runs.clone();
    assert_eq!(status(regions.commit(BASE, 0x5000, RO)), COMMITMENT_LIMIT);
    let more = allocate(&mut regions, BOTH, 0, 0x2000, RW);
    assert_eq!(status(more), COMMITMENT_LIMIT);
    assert_eq!(before, regions.runs);
    regions.commit(BASE, 0x4000, RO).unwrap();
    regions.decommit(BASE, 0x1000).unwrap();
    allocate(&mut regions, BOTH, 0, 0x1000, RW).unwrap();
    assert_eq!(regions.committed_pages(), 4);
}

#[test]
fn what_the_kernel_placed_is_not_the_programs_to_change() {
    let mut regions = space();
    let page = Page(0x7FFE0);
    let address = page.address();
    let state = State::Committed(RO);
    let placed = regions.place(Place::At(page), 1, Kind::Fixed, RO, state);
    assert_eq!(placed, Ok(PageRange::sized(page, 1)));
    assert_eq!(status(regions.release(address, 0)), Some(0xC000_001B));
    assert_eq!(status(regions.decommit(address, 0)), Some(0xC000_001B));
    let protected = regions.protect(address, 1, RW);
    assert_eq!(status(protected), INVALID_PAGE_PROTECTION);
    assert_eq!(
        status(regions.commit(address, 1, RW)),
        CONFLICTING_ADDRESSES
    );
    assert_eq!(status(regions.unmap_view(address)), Some(0xC000_0019));
    assert_eq!(regions.remove_allocation(Page(0x7FFE1)), None);
    assert_eq!(regions.remove_allocation(page), placed.ok());
    assert_eq!(regions.committed_pages(), 0);
}
