//! Views of images and sections, and stacks that grow.

use super::*;
use crate::{Place, StackGrowth};

const RW: Protection = Protection::READ_WRITE;
const RO: Protection = Protection::READ_ONLY;
const WC: Protection = Protection::WRITE_COPY;
const RX: Protection = Protection::EXECUTE_READ;
const BASE: u64 = 0x1_4000_0000;

fn space(commit_limit_pages: u64) -> Regions {
    let bounds = PageRange::new(Page(0x10), Page(0x7_FFFF_FFF0));
    Regions::new(bounds, commit_limit_pages)
}

/// An image of headers, two code pages, two data pages and one more.
fn image(regions: &mut Regions) -> PageRange {
    let place = Place::At(Page::containing(BASE));
    let allocation = Protection::EXECUTE_WRITE_COPY;
    let state = State::Committed(RO);
    let range = regions.place(place, 6, Kind::Image { id: 7 }, allocation, state);
    regions.protect(BASE + 0x1000, 0x2000, RX).unwrap();
    regions.protect(BASE + 0x3000, 0x2000, RW).unwrap();
    regions.check();
    range.unwrap()
}

#[test]
fn writable_image_pages_are_copied_and_charged() {
    let mut regions = space(2);
    let range = image(&mut regions);
    assert_eq!(regions.committed_pages(), 2);
    let data = regions.look_up(Page::containing(BASE + 0x4000)).unwrap();
    assert_eq!(data.state, State::Committed(WC));
    assert_eq!(data.kind, Kind::Image { id: 7 });
    assert_eq!(data.allocation_base, range.start);
    let info = regions.query(BASE + 0x3000).unwrap();
    assert_eq!((info.allocation_protect, info.protect), (0x80, 0x08));
    assert_eq!((info.kind, info.region_size_bytes), (0x100_0000, 0x2000));
    let more = regions.protect(BASE + 0x4000, 0x2000, RW);
    assert_eq!(more, Err(VmError::CommitmentLimit));
    let again = regions.protect(BASE + 0x3000, 0x2000, RW);
    assert_eq!(again.map(|done| done.old), Ok(WC), "charged once");
    regions.check();
}

#[test]
fn a_copied_page_stays_charged_and_looks_like_its_neighbours() {
    let mut regions = space(10);
    image(&mut regions);
    let old = regions.protect(BASE + 0x3000, 0x1000, RO).unwrap().old;
    assert_eq!(old, WC, "what the program gets back it can restore");
    regions.protect(BASE + 0x4000, 0x1000, RO).unwrap();
    assert_eq!(regions.committed_pages(), 2);
    let info = regions.query(BASE + 0x3000).unwrap();
    assert_eq!(info.region_size_bytes, 0x3000);
    regions.check();
}

#[test]
fn code_of_an_image_that_is_made_writable_is_copied() {
    let mut regions = space(10);
    image(&mut regions);
    let before = regions.committed_pages();
    for protection in [
        Protection::EXECUTE_READ_WRITE,
        Protection::EXECUTE_WRITE_COPY,
    ] {
        regions.protect(BASE + 0x1000, 1, protection).unwrap();
        assert_eq!(regions.query(BASE + 0x1000).unwrap().protect, 0x80);
        assert_eq!(regions.committed_pages(), before + 1);
    }
}

#[test]
fn a_view_is_unmapped_whole_and_not_freed() {
    let mut regions = space(10);
    let range = image(&mut regions);
    let refused = regions.release(BASE, 0).map(|_| ());
    assert_eq!(refused, Err(VmError::UnableToDeleteSection));
    let refused = regions.commit(BASE, 1, RO).map(|_| ());
    assert_eq!(refused, Err(VmError::AlreadyCommitted));
    let unmapped = regions.unmap_view(BASE + 0x4123);
    assert_eq!(unmapped, Ok((range, Kind::Image { id: 7 })));
    assert_eq!(regions.unmap_view(BASE), Err(VmError::NotMappedView));
    assert_eq!(regions.committed_pages(), 0);
    regions.check();
}

#[test]
fn a_data_view_gets_no_more_than_it_was_made_for() {
    let mut regions = space(10);
    let mut map = |allocation, asked| {
        let state = State::Committed(RO);
        let kind = Kind::Mapped { id: 1 };
        let range = regions.place(Place::ANYWHERE, 1, kind, allocation, state);
        let address = range.unwrap().start.address();
        let done = regions.protect(address, 1, asked);
        done.map(|_| regions.query(address).unwrap().protect)
    };
    assert_eq!(map(RO, RW), Err(VmError::SectionProtection));
    assert_eq!(map(RW, RX), Err(VmError::SectionProtection));
    assert_eq!(map(RW, RW), Ok(0x04));
    assert_eq!(map(RW, WC), Ok(0x08));
    assert_eq!(map(WC, RW), Ok(0x08), "the section is never written");
    assert_eq!(map(RX, RX), Ok(0x20));
    assert_eq!(map(RW, RO.with_guard()), Ok(0x102));
}

#[test]
fn a_stack_grows_page_by_page_to_its_end() {
    let mut regions = space(100);
    let stack = regions.place_stack(Place::ANYWHERE, 6, 2).unwrap();
    regions.check();
    assert_eq!(regions.committed_pages(), 3);
    let page = |number| stack.start.plus(number);
    assert_eq!(regions.grow_stack(page(4), 1), Ok(StackGrowth::NotGuard));
    assert_eq!(regions.grow_stack(page(2), 1), Ok(StackGrowth::NotGuard));
    for guard in [3, 2] {
        let grown = StackGrowth::Grown {
            guard: page(guard - 1),
        };
        assert_eq!(regions.grow_stack(page(guard), 1), Ok(grown));
        regions.check();
    }
    let overflow = StackGrowth::Overflow { limit: page(1) };
    assert_eq!(regions.grow_stack(page(1), 1), Ok(overflow));
    regions.check();
    assert_eq!(regions.committed_pages(), 5);
    let lowest = regions.look_up(page(0)).unwrap();
    assert_eq!(lowest.state, State::Reserved);
    let usable = regions.look_up(page(1)).unwrap();
    assert_eq!(usable.run, PageRange::new(page(1), stack.end));
    assert_eq!(usable.state, State::Committed(RW));
    assert_eq!(regions.grow_stack(page(1), 1), Ok(StackGrowth::NotGuard));
    assert_eq!(regions.grow_stack(stack.end, 1), Ok(StackGrowth::NotGuard));
}

#[test]
fn a_stack_keeps_what_is_guaranteed_for_its_end() {
    for guaranteed in [0, 1, 2, 3, 4, 100] {
        let mut regions = space(100);
        let stack = regions.place_stack(Place::ANYWHERE, 8, 2).unwrap();
        let mut guard = stack.start.plus(5);
        let limit = stack.start.plus(1);
        while regions.grow_stack(guard, guaranteed).unwrap() != (StackGrowth::Overflow { limit }) {
            regions.check();
            guard = guard.minus(1);
        }
        regions.check();
        let left = guard.pages_since(stack.start);
        assert_eq!(left, guaranteed.clamp(1, 5), "where the guard was");
        assert_eq!(regions.committed_pages(), 7);
        let usable = regions.look_up(limit).unwrap();
        assert_eq!(usable.run, PageRange::new(limit, stack.end));
    }
}

#[test]
fn a_stack_that_may_not_commit_what_is_guaranteed_stays_as_it_is() {
    let mut regions = space(4);
    let stack = regions.place_stack(Place::ANYWHERE, 6, 2).unwrap();
    let before = regions.runs.clone();
    let refused = regions.grow_stack(stack.start.plus(3), 3);
    assert_eq!(refused, Err(VmError::CommitmentLimit));
    assert_eq!(before, regions.runs);
}

#[test]
fn a_stack_that_may_not_commit_stays_as_it_is() {
    let mut regions = space(3);
    let stack = regions.place_stack(Place::ANYWHERE, 6, 2).unwrap();
    let before = regions.runs.clone();
    let refused = regions.grow_stack(stack.start.plus(3), 1);
    assert_eq!(refused, Err(VmError::CommitmentLimit));
    assert_eq!(before, regions.runs);
}

#[test]
fn a_stack_needs_room_for_a_guard_and_the_lowest_page() {
    for (size_pages, committed_pages) in [(0, 0), (3, 0), (3, 2), (2, 1), (4, 100)] {
        let refused = space(100).place_stack(Place::ANYWHERE, size_pages, committed_pages);
        let unnumbered = VmError::InvalidParameter(crate::Parameter::Unnumbered);
        assert_eq!(refused, Err(unnumbered));
    }
    let smallest = space(100).place_stack(Place::ANYWHERE, 3, 1);
    assert!(smallest.is_ok());
}

#[test]
fn a_guard_is_cleared_once() {
    let mut regions = space(100);
    let state = State::Committed(RW.with_guard());
    let range = regions.place(Place::ANYWHERE, 3, Kind::Private, RW, state);
    let middle = range.unwrap().start.plus(1);
    assert_eq!(regions.clear_guard(middle), Ok(true));
    assert_eq!(regions.clear_guard(middle), Ok(false));
    assert_eq!(regions.clear_guard(Page(1)), Ok(false));
    let around = regions.runs(range.unwrap()).map(|run| run.state);
    let around: Vec<State> = around.collect();
    assert_eq!(around, [state, State::Committed(RW), state]);
}

/// A view of a reserved section, made with this protection.
fn reserved_view(regions: &mut Regions, allocation: Protection) -> PageRange {
    let kind = Kind::Mapped { id: 4 };
    let placed = regions.place(Place::ANYWHERE, 4, kind, allocation, State::Reserved);
    placed.unwrap()
}

#[test]
fn a_reserved_view_is_committed_once_and_charged_by_its_section() {
    let mut regions = space(0);
    let view = reserved_view(&mut regions, RW);
    let address = view.start.address();
    assert!(regions.commit(address, 0x2000, RO).is_ok());
    assert_eq!(regions.query(address).unwrap().protect, RO.nt());
    let again = regions.commit(address, 0x2000, RW).map(|_| ());
    assert_eq!(again, Err(VmError::AlreadyCommitted));
    let refused = regions.commit(address + 0x2000, 1, RX).map(|_| ());
    assert_eq!(refused, Err(VmError::SectionProtection));
    assert_eq!(regions.committed_pages(), 0);
    regions.check();
}

#[test]
fn a_view_that_copies_is_charged_when_it_is_made() {
    let mut regions = space(4);
    let view = reserved_view(&mut regions, WC);
    let address = view.start.address();
    assert_eq!(regions.committed_pages(), 4, "no touch is refused");
    assert!(regions.commit(address, 0x2000, RW).is_ok());
    assert_eq!(regions.query(address).unwrap().protect, WC.nt());
    assert_eq!(
        regions.adopt(PageRange::sized(view.start.plus(2), 1)),
        Ok(())
    );
    assert_eq!(regions.committed_pages(), 4, "once");
    let kind = Kind::Mapped { id: 5 };
    let more = regions.place(Place::ANYWHERE, 1, kind, WC, State::Reserved);
    assert_eq!(more, Err(VmError::CommitmentLimit));
    regions.check();
}

#[test]
fn what_another_view_committed_is_adopted_as_the_view_was_made() {
    let mut regions = space(4);
    for (made_with, charged_pages) in [(RO, 0), (RW, 0), (WC, 4)] {
        let view = reserved_view(&mut regions, made_with);
        let second = PageRange::sized(view.start.plus(1), 1);
        assert_eq!(regions.adopt(second), Ok(()));
        let found = regions.look_up(second.start).map(|info| info.state);
        assert_eq!(found, Some(State::Committed(made_with)));
        assert_eq!(regions.committed_pages(), charged_pages);
        assert_eq!(regions.adopt(second), Err(VmError::NotMappedView));
        let empty = PageRange::sized(view.start, 0);
        assert_eq!(regions.adopt(empty), Err(VmError::NotMappedView));
        regions.check();
    }
}

#[test]
fn a_sealed_view_keeps_its_protection() {
    let mut regions = space(10);
    let committed = State::Committed(RW);
    let kind = Kind::Mapped { id: 1 };
    let view = regions.place(Place::ANYWHERE, 3, kind, RW, committed);
    let view = view.unwrap();
    let after = regions.place(Place::ANYWHERE, 3, kind, RW, committed);
    let after = after.unwrap().start.address();
    regions.seal(view.start);
    let address = view.start.address();
    for asked in [RO, WC, Protection::NO_ACCESS, RW.with_guard()] {
        let refused = regions.protect(address + 0x1000, 1, asked);
        assert_eq!(refused, Err(VmError::InvalidPageProtection));
    }
    let same = regions.protect(address, 0x3000, RW).map(|done| done.old);
    assert_eq!(same, Ok(RW));
    assert!(regions.protect(after, 0x3000, RO).is_ok(), "only that view");
    assert_eq!(regions.unmap_view(address), Ok((view, kind)));
    let reserved = reserved_view(&mut regions, RW);
    regions.seal(reserved.start);
    let address = reserved.start.address();
    let refused = regions.commit(address, 1, RO).map(|_| ());
    assert_eq!(refused, Err(VmError::InvalidPageProtection));
    assert!(regions.commit(address, 1, RW).is_ok());
    regions.check();
}
