//! Regions against the model, under random operations.

use super::model::{Cell, END, FIRST, LIMIT, MOST_LOCKED, Model};
use super::*;
use crate::{AllocateRequest, AllocationType, Place};
use proptest::prelude::*;

extern crate std;
use std::vec;

#[derive(Clone, Copy, Debug)]
enum Step {
    Allocate(u32, u64, u64, Protection),
    Release(u64, u64),
    Decommit(u64, u64),
    Protect(u64, u64, Protection),
    Place(u64, u64, Kind, Protection, bool),
    Stack(u64, u64),
    Grow(u64, u64),
    Unmap(u64),
    ClearGuard(u64),
    Adopt(u64, u64),
    Hold(u64, u64),
    Preserve(u64, u64),
    Coalesce(u64, u64),
    Replace(u64, u64, Kind, Protection, bool),
    UnmapToPlaceholder(u64),
    Lock(u64, u64, u32),
    Unlock(u64, u64, u32),
}

fn protection() -> impl Strategy<Value = Protection> {
    prop::sample::select(std::vec![
        0x01, 0x02, 0x04, 0x04, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x104, 0x102
    ])
    .prop_map(|number| Protection::from_nt(number).unwrap())
}

fn step() -> impl Strategy<Value = Step> {
    let page = FIRST..END;
    let kinds = prop::sample::select(std::vec![
        Kind::Fixed,
        Kind::Private,
        Kind::Watched,
        Kind::Image { id: 1 },
        Kind::Image { id: 2 },
        Kind::Mapped { id: 3 },
    ]);
    let address = || {
        page.clone().prop_flat_map(|page| {
            prop::sample::select(std::vec![0, 0, 1, 0xFFF])
                .prop_map(move |offset| page * 0x1000 + offset)
        })
    };
    let any_or = || prop_oneof![Just(0), address()];
    let size =
        || prop_oneof![3 => (1..12u64).prop_map(|pages| pages * 0x1000), 1 => 0..0x2_8000u64];
    let shared = kinds.clone();
    let pages = || (FIRST..END, 0..20u64);
    let locks = || (FIRST..END, 1..8u64, 1..4u32);
    let mode = prop::sample::select(std::vec![
        0x1000, 0x1000, 0x2000, 0x3000, 0x10_3000, 0x20_3000, 0x40_2000
    ]);
    prop_oneof![
        6 => (mode, any_or(), size(), protection())
            .prop_map(|(mode, address, size, p)| Step::Allocate(mode, address, size, p)),
        2 => (address(), any_or_size()).prop_map(|(address, size)| Step::Release(address, size)),
        2 => (address(), any_or_size()).prop_map(|(address, size)| Step::Decommit(address, size)),
        4 => (address(), size(), protection()).prop_map(|(a, s, p)| Step::Protect(a, s, p)),
        2 => (page.clone(), 0..9u64, kinds, protection(), any::<bool>())
            .prop_map(|(page, size, kind, p, committed)| Step::Place(page, size, kind, p, committed)),
        1 => (1..20u64, 0..6u64).prop_map(|(size, committed)| Step::Stack(size, committed)),
        4 => (page.clone(), 0_u64..4).prop_map(|(page, guaranteed)| Step::Grow(page, guaranteed)),
        1 => address().prop_map(Step::Unmap),
        1 => page.clone().prop_map(Step::ClearGuard),
        2 => (page.clone(), 0..5u64).prop_map(|(page, size)| Step::Adopt(page, size)),
        2 => pages().prop_map(|(page, size)| Step::Hold(page, size)),
        3 => pages().prop_map(|(page, size)| Step::Preserve(page, size)),
        2 => pages().prop_map(|(page, size)| Step::Coalesce(page, size)),
        3 => (page.clone(), 0..20u64, shared, protection(), any::<bool>())
            .prop_map(|(page, size, kind, p, committed)| {
                Step::Replace(page, size, kind, p, committed)
            }),
        1 => address().prop_map(Step::UnmapToPlaceholder),
        3 => locks().prop_map(|(page, size, locks)| Step::Lock(page, size, locks)),
        2 => locks().prop_map(|(page, size, locks)| Step::Unlock(page, size, locks)),
    ]
}

fn any_or_size() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1..0x8000u64]
}

/// A page that is placed like that; its base is told later.
fn cell(kind: Kind, made_with: Protection, state: State) -> Cell {
    let is_reserved = state == State::Reserved;
    let charged = match kind {
        Kind::Image { .. } => false,
        Kind::Mapped { .. } => is_reserved && made_with.is_copy_on_write(),
        _ => !is_reserved,
    };
    Cell {
        base: 0,
        kind,
        made_with,
        state,
        charged,
        held: false,
        locks: 0,
    }
}

/// What the model says of a step, and what the regions say.
fn both(model: &mut Model, regions: &mut Regions, step: Step) {
    let covering = |address, size| PageRange::covering(address, size).unwrap();
    let in_bounds = |range: PageRange, parameter| match range.end.0 <= END {
        true => Ok(range),
        false => Err(VmError::InvalidParameter(parameter)),
    };
    let not_empty = |range: PageRange, parameter| match range.is_empty() {
        true => Err(VmError::InvalidParameter(parameter)),
        false => Ok(range),
    };
    match step {
        Step::Allocate(mode, address, size_bytes, protection) => {
            let request = AllocateRequest {
                address,
                span: Span::ALL,
                size_bytes,
                allocation_type: AllocationType::from_nt(mode).unwrap(),
                protection,
            };
            let expected = not_empty(covering(address, size_bytes), Parameter::Fourth)
                .and_then(|range| match protection.nt() & 0xFF {
                    0x08 | 0x80 => Err(VmError::InvalidPageProtection),
                    _ if mode & 0x40_0000 != 0 && protection.nt() != 0x04 => {
                        Err(VmError::InvalidParameter(Parameter::Sixth))
                    }
                    _ => in_bounds(range, Parameter::Fourth),
                })
                .and_then(|range| {
                    if address != 0 && mode & 0x2000 == 0 {
                        return model.commit(range, protection).map(|()| range);
                    }
                    let granule = PageRange::new(range.start.granule_down(), range.end);
                    let at = match address {
                        0 => model.search(range.size_pages(), mode & 0x10_0000 != 0),
                        _ => Some(granule),
                    };
                    let commits = mode & 0x1000 != 0;
                    let cell = Cell {
                        base: 0,
                        kind: match mode & 0x60_0000 {
                            0 => Kind::Private,
                            0x20_0000 => Kind::Watched,
                            _ => Kind::Window,
                        },
                        made_with: protection,
                        state: if commits {
                            State::Committed(protection)
                        } else {
                            State::Reserved
                        },
                        charged: commits,
                        held: false,
                        locks: 0,
                    };
                    model.place(at, cell)
                });
            let result = regions.allocate(&request).map(|done| done.range);
            assert_eq!(result, expected);
        }
        Step::Release(address, size) => {
            let expected = in_bounds(covering(address, size), Parameter::Third)
                .and_then(|range| model.release(range, size == 0));
            assert_eq!(regions.release(address, size).map(|f| f.unmap), expected);
        }
        Step::Decommit(address, size) => {
            let expected = in_bounds(covering(address, size), Parameter::Third)
                .and_then(|range| model.decommit(range, size == 0));
            assert_eq!(regions.decommit(address, size).map(|f| f.unmap), expected);
        }
        Step::Protect(address, size, protection) => {
            let expected = in_bounds(covering(address, size), Parameter::Third)
                .and_then(|range| not_empty(range, Parameter::Third))
                .and_then(|range| model.protect(range, protection));
            let result = regions.protect(address, size, protection);
            assert_eq!(result.map(|done| done.old), expected);
        }
        Step::Place(page, size, kind, protection, committed) => {
            let state = match committed {
                true => State::Committed(Protection::READ_ONLY),
                false => State::Reserved,
            };
            let at = PageRange::sized(Page(page), size);
            let cell = cell(kind, protection, state);
            let expected = match size {
                0 => Err(VmError::ConflictingAddresses),
                _ => model.place(Some(at), cell),
            };
            let result = regions.place(Place::At(Page(page)), size, kind, protection, state);
            assert_eq!(result, expected);
        }
        Step::Stack(size, committed) => {
            let rw = Protection::READ_WRITE;
            let expected = if committed == 0 || committed + 2 > size {
                Err(VmError::InvalidParameter(Parameter::Unnumbered))
            } else if model.committed() + committed + 1 > LIMIT {
                Err(VmError::CommitmentLimit)
            } else {
                let at = model.search(size, false);
                let cell = Cell {
                    base: 0,
                    kind: Kind::Stack,
                    made_with: rw,
                    state: State::Reserved,
                    charged: false,
                    held: false,
                    locks: 0,
                };
                model.place(at, cell).inspect(|range| {
                    let limit = range.end.minus(committed);
                    let guard = PageRange::new(limit.minus(1), limit);
                    model.commit(PageRange::new(limit, range.end), rw).unwrap();
                    model.commit(guard, rw.with_guard()).unwrap();
                })
            };
            let result = regions.place_stack(Place::ANYWHERE, size, committed);
            assert_eq!(result, expected);
        }
        Step::Grow(page, guaranteed) => {
            let expected = model.grow_stack(Page(page), guaranteed);
            assert_eq!(regions.grow_stack(Page(page), guaranteed), expected);
        }
        Step::Unmap(address) => {
            let found = model.allocation(Page::containing(address));
            let expected = match found {
                Some((range, cell))
                    if matches!(cell.kind, Kind::Image { .. } | Kind::Mapped { .. }) =>
                {
                    range
                        .pages()
                        .for_each(|page| model.0[page.0 as usize] = None);
                    Ok((range, cell.kind))
                }
                _ => Err(VmError::NotMappedView),
            };
            assert_eq!(regions.unmap_view(address), expected);
        }
        Step::Adopt(page, size) => {
            let range = PageRange::sized(Page(page), size);
            let expected = match range.end.0 <= END {
                true => model.adopt(range),
                false => Err(VmError::NotMappedView),
            };
            assert_eq!(regions.adopt(range), expected);
        }
        Step::Hold(page, size) => {
            let at = PageRange::sized(Page(page), size);
            let expected = match size {
                0 => Err(VmError::ConflictingAddresses),
                _ => model.place(Some(at), Cell::placeholder(page)),
            };
            let (kind, state) = (Kind::Placeholder, State::Reserved);
            let place = Place::At(Page(page));
            let result = regions.place(place, size, kind, Protection::NO_ACCESS, state);
            assert_eq!(result, expected);
        }
        Step::Preserve(page, size) => {
            let range = PageRange::sized(Page(page), size);
            let expected = in_bounds(range, Parameter::Third)
                .and_then(|range| not_empty(range, Parameter::Third))
                .and_then(|range| model.preserve(range));
            let result = regions.release_to_placeholder(page * 0x1000, size * 0x1000);
            assert_eq!(result.map(|freed| freed.unmap), expected);
        }
        Step::Coalesce(page, size) => {
            let range = PageRange::sized(Page(page), size);
            let expected = in_bounds(range, Parameter::Third)
                .and_then(|range| not_empty(range, Parameter::Third))
                .and_then(|range| model.coalesce(range));
            let result = regions.coalesce(page * 0x1000, size * 0x1000);
            assert_eq!(result.map(|_| ()), expected);
        }
        Step::Replace(page, size, kind, protection, committed) => {
            let state = match committed {
                true => State::Committed(Protection::READ_ONLY),
                false => State::Reserved,
            };
            let range = PageRange::sized(Page(page), size);
            let expected = model.replace(range, cell(kind, protection, state));
            let place = Place::Placeholder(Page(page));
            let result = regions.place(place, size, kind, protection, state);
            assert_eq!(result, expected);
        }
        Step::UnmapToPlaceholder(address) => {
            let expected = model.unmap_to_placeholder(Page::containing(address));
            let result = regions.unmap_view_to_placeholder(address);
            assert_eq!(result.map(|(range, _)| range), expected);
        }
        Step::Lock(page, size, locks) => {
            let range = PageRange::sized(Page(page), size.min(END - page));
            let asked = Locks::from_nt(locks).unwrap();
            let expected = model.lock(range, locks);
            assert_eq!(regions.lock(range, asked, MOST_LOCKED), expected);
        }
        Step::Unlock(page, size, locks) => {
            let range = PageRange::sized(Page(page), size.min(END - page));
            let asked = Locks::from_nt(locks).unwrap();
            assert_eq!(regions.unlock(range, asked), model.unlock(range, locks));
        }
        Step::ClearGuard(page) => {
            let mut cleared = false;
            if let Some(cell) = &mut model.0[page as usize]
                && let State::Committed(protection) = cell.state
            {
                cleared = protection.is_guard();
                cell.state = State::Committed(protection.without_guard());
            }
            assert_eq!(regions.clear_guard(Page(page)), Ok(cleared));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn behave_as_a_map_of_pages(steps in prop::collection::vec(step(), 0..60)) {
        let mut model = Model([None; END as usize]);
        let bounds = PageRange::new(Page(FIRST), Page(END));
        let mut regions = Regions::new(bounds, LIMIT);
        for step in steps {
            both(&mut model, &mut regions, step);
            regions.check();
            prop_assert_eq!(regions.committed_pages(), model.committed());
            for number in 0..END {
                let page = Page(number);
                let expected = model.query(page);
                prop_assert_eq!(regions.query(page.address()), Ok(expected));
                let cell = model.0[number as usize];
                let info = regions.look_up(page);
                prop_assert_eq!(info.map(|info| (info.kind, info.state)),
                    cell.map(|cell| (cell.kind, cell.state)));
                prop_assert!(info.is_none_or(|info| info.run.contains(page)));
                prop_assert_eq!(regions.is_locked(page), cell.is_some_and(|cell| cell.locks != 0));
                prop_assert_eq!(regions.was_placeholder(page), cell.is_some_and(|cell| cell.held));
                let watched = cell.is_some_and(|cell| cell.kind == Kind::Watched);
                prop_assert_eq!(regions.watched(page.address(), 1).is_ok(), watched);
            }
        }
    }
}
