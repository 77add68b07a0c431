//! Locks of pages: what counts, and what takes them away.

use super::*;
use crate::Place;

const RW: Protection = Protection::READ_WRITE;
const MOST: u64 = 4;

fn space() -> (Regions, PageRange) {
    let mut regions = Regions::new(PageRange::new(Page(0x10), Page(0x1000)), 100);
    let state = State::Committed(RW);
    let range = regions.place(Place::ANYWHERE, 6, Kind::Private, RW, state);
    (regions, range.unwrap())
}

fn part(range: PageRange, first: u64, pages: u64) -> PageRange {
    PageRange::sized(range.start.plus(first), pages)
}

#[test]
fn a_page_is_locked_once_in_each_way() {
    let (mut regions, range) = space();
    let [process, system, both] = [1, 2, 3].map(|number| Locks::from_nt(number).unwrap());
    let one = part(range, 1, 2);
    assert_eq!(regions.lock(one, process, MOST), Ok(false));
    assert_eq!(regions.lock(one, process, MOST), Ok(true));
    assert_eq!(regions.lock(one, system, MOST), Ok(false));
    assert_eq!(regions.locked_pages(), 2);
    let found = regions.query(range.start.address()).unwrap();
    assert_eq!(found.region_size_bytes, 0x6000, "queries do not tell");
    assert_eq!(regions.unlock(one, process), Ok(()));
    assert_eq!(regions.unlock(one, both), Err(VmError::NotLocked));
    assert!(regions.is_locked(one.start));
    assert_eq!(regions.unlock(one, system), Ok(()));
    assert!(!regions.is_locked(one.start));
    assert_eq!(regions.unlock(one, system), Err(VmError::NotLocked));
    assert_eq!(regions.runs.len(), 1, "nothing is left of it");
    assert_eq!(Locks::from_nt(0), None);
    assert_eq!(Locks::from_nt(4), None);
    assert!(both.is_system() && !process.is_system());
}

#[test]
fn only_so_many_pages_are_locked() {
    let (mut regions, range) = space();
    let lock = Locks::from_nt(1).unwrap();
    assert_eq!(regions.lock(part(range, 0, 3), lock, MOST), Ok(false));
    let more = regions.lock(part(range, 2, 3), lock, MOST);
    assert_eq!(more, Err(VmError::WorkingSetQuota));
    assert_eq!(regions.lock(part(range, 2, 2), lock, MOST), Ok(true));
    assert_eq!(regions.locked_pages(), MOST);
}

#[test]
fn memory_that_goes_takes_its_locks_along() {
    let (mut regions, range) = space();
    let lock = Locks::from_nt(1).unwrap();
    regions.lock(part(range, 0, 4), lock, MOST).unwrap();
    regions.decommit(range.start.address(), 0x1000).unwrap();
    regions
        .release(range.start.plus(1).address(), 0x1000)
        .unwrap();
    regions.check();
    assert_eq!(regions.locked_pages(), 2);
    let refused = regions.lock(part(range, 0, 3), lock, MOST);
    assert_eq!(refused, Err(VmError::NotCommitted));
    regions.commit(range.start.address(), 0x1000, RW).unwrap();
    assert!(!regions.is_locked(range.start));
    let unlocked = regions.unlock(part(range, 0, 1), lock);
    assert_eq!(unlocked, Err(VmError::NotLocked));
}
