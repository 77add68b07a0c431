//! Watched memory, and memory that need not keep what it holds.

use super::*;
use crate::{AllocateRequest, AllocationType};

const BASE: u64 = 0x5000_0000;
const RW: Protection = Protection::READ_WRITE;

fn space() -> Regions {
    let bounds = PageRange::new(Page(0x10), Page(0x7_FFFF_FFF0));
    let mut regions = Regions::new(bounds, 100);
    allocate(&mut regions, 0x20_2000, BASE, 0x8000).unwrap();
    regions
}

fn allocate(
    regions: &mut Regions,
    kind: u32,
    address: u64,
    size_bytes: u64,
) -> Result<(u64, u64), VmError> {
    let allocated = regions.allocate(&AllocateRequest {
        address,
        span: Span::ALL,
        size_bytes,
        allocation_type: AllocationType::from_nt(kind)?,
        protection: RW,
    });
    regions.check();
    allocated.map(|done| (done.range.start.address(), done.range.size_bytes()))
}

#[test]
fn writes_are_asked_of_one_watched_allocation() {
    let mut regions = space();
    allocate(&mut regions, 0x3000, BASE + 0x1_0000, 0x1000).unwrap();
    let all = PageRange::sized(Page::containing(BASE), 8);
    assert_eq!(regions.watched(BASE, 0x8000), Ok(all), "reserved or not");
    let one = PageRange::sized(Page::containing(BASE), 1);
    assert_eq!(regions.watched(BASE + 0xFFF, 1), Ok(one));
    let first = Err(VmError::InvalidParameter(Parameter::First));
    for (address, size) in [
        (BASE, 0x8001),
        (BASE + 0x7000, 0x1001),
        (BASE + 0x1_0000, 1),
        (BASE - 1, 1),
        (0, 1),
    ] {
        assert_eq!(regions.watched(address, size), first);
    }
    let third = Err(VmError::InvalidParameter(Parameter::Third));
    assert_eq!(regions.watched(BASE, 0), third);
    assert_eq!(regions.watched(BASE, u64::MAX), third);
    let second = Err(VmError::InvalidParameter(Parameter::Second));
    assert_eq!(regions.watched(u64::MAX, 1), second);
}

#[test]
fn decommitted_pages_stay_watched() {
    let mut regions = space();
    allocate(&mut regions, 0x1000, BASE, 0x2000).unwrap();
    let freed = regions.decommit(BASE, 0x1000).unwrap();
    assert!(freed.keeps_writes);
    assert_eq!(
        regions.look_up(freed.unmap.start).unwrap().kind,
        Kind::Watched
    );
    assert!(!regions.release(BASE, 0).unwrap().keeps_writes);
}

#[test]
fn a_reset_is_of_whole_pages_and_changes_nothing() {
    let mut regions = space();
    allocate(&mut regions, 0x1000, BASE, 0x4000).unwrap();
    let before = regions.runs.clone();
    for kind in [0x8_0000, 0x100_0000] {
        let mut reset = |address, size| allocate(&mut regions, kind, address, size);
        assert_eq!(reset(BASE, 0x8000), Ok((BASE, 0x8000)));
        assert_eq!(reset(BASE + 1, 0x2FFE), Ok((BASE + 0x1000, 0x1000)));
        assert_eq!(reset(BASE + 1, 5), Ok((BASE + 0x1000, 0)));
        let conflict = Err(VmError::ConflictingAddresses);
        assert_eq!(reset(BASE, 0x8001), conflict);
        assert_eq!(reset(0, 1), conflict);
        let fourth = Err(VmError::InvalidParameter(Parameter::Fourth));
        assert_eq!(reset(BASE, 0), fourth);
        assert_eq!(reset(BASE, u64::MAX), fourth);
    }
    assert_eq!(before, regions.runs);
}
