//! The buddy allocator against a list of frames, one by one.

use super::*;
use proptest::prelude::*;
use std::vec::Vec;

extern crate std;

const FIRST: u64 = 37;
const COUNT: usize = 3000;

impl Buddy<'_> {
    /// Panics when lists, tags and counts disagree.
    fn check(&self) {
        let mut free = 0;
        for order in 0..ORDERS {
            let (mut next, mut previous, mut blocks) = (self.heads[order], NONE, 0);
            assert_eq!(self.available >> order & 1 == 1, next != NONE);
            while next != NONE {
                let meta = self.meta[next as usize];
                assert_eq!(meta.tag, FREE | order as u8);
                assert_eq!(meta.previous, previous);
                assert_eq!((self.first.0 + u64::from(next)) % (1 << order), 0);
                blocks += 1;
                (previous, next) = (next, meta.next_or_owners);
            }
            assert_eq!(self.free_blocks[order], blocks);
            free += blocks << order;
        }
        let heads = self.meta.iter().filter(|meta| meta.tag & FREE != 0);
        assert_eq!(heads.count() as u64, self.free_blocks.iter().sum());
        assert_eq!(self.counts().free, free);
        assert_eq!(self.counts().used + free, self.counts().total);
    }
}

/// What one frame is, without any cleverness.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Foreign,
    Free,
    Head { order: usize, owners: u32 },
    Tail,
}

struct Model(Vec<Cell>);

impl Model {
    fn new() -> Self {
        Self(Vec::from([Cell::Foreign; COUNT]))
    }

    fn get(&self, frame: Frame) -> Option<Cell> {
        let index = frame.0.checked_sub(FIRST)?;
        self.0.get(usize::try_from(index).ok()?).copied()
    }

    fn set(&mut self, start: u64, count: u64, cell: Cell) {
        let start = (start - FIRST) as usize;
        self.0[start..start + count as usize].fill(cell);
    }

    fn are_all(&self, start: u64, count: u64, cell: Cell) -> bool {
        (start..start + count).all(|frame| self.get(Frame(frame)) == Some(cell))
    }

    fn has_room(&self, order: usize) -> bool {
        let size = 1u64 << order;
        let first_block = FIRST.next_multiple_of(size);
        (first_block..FIRST + COUNT as u64)
            .step_by(size as usize)
            .any(|start| self.are_all(start, size, Cell::Free))
    }

    fn put(&mut self, frame: Frame, order: usize, owners: u32) {
        self.set(frame.0, 1 << order, Cell::Tail);
        self.set(frame.0, 1, Cell::Head { order, owners });
    }
}

#[derive(Clone, Debug)]
enum Step {
    Add(u64, u64),
    Allocate(usize),
    AllocateRow(usize),
    Free(prop::sample::Index, usize),
    Share(prop::sample::Index),
    Release(prop::sample::Index),
    FreeAny(u64, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let frame = FIRST - 3..FIRST + COUNT as u64 + 3;
    prop_oneof![
        1 => (frame.clone(), 0..700u64).prop_map(|(start, count)| Step::Add(start, count)),
        6 => (0..=MAX_ORDER + 1).prop_map(Step::Allocate),
        6 => (0..4usize).prop_map(Step::Allocate),
        4 => (0..6usize).prop_map(Step::AllocateRow),
        6 => (any::<prop::sample::Index>(), 0..20usize).prop_map(|(i, o)| Step::Free(i, o)),
        2 => any::<prop::sample::Index>().prop_map(Step::Share),
        4 => any::<prop::sample::Index>().prop_map(Step::Release),
        2 => (frame, 0..4usize).prop_map(|(frame, order)| Step::FreeAny(frame, order)),
    ]
}

/// The result that freeing must have.
fn free_result(cell: Option<Cell>, order: usize) -> Result<(), FrameError> {
    match cell {
        None => Err(FrameError::NotManaged),
        Some(Cell::Head { order: own, .. }) if own != order => Err(FrameError::WrongOrder),
        Some(Cell::Head { owners: 1, .. }) => Ok(()),
        Some(Cell::Head { .. }) => Err(FrameError::Owners),
        Some(_) => Err(FrameError::NotAllocated),
    }
}

fn run(steps: Vec<Step>) {
    let mut storage = Vec::from([FrameMeta::default(); COUNT]);
    let mut buddy = Buddy::new(Frame(FIRST), &mut storage);
    let mut model = Model::new();
    let mut heads: Vec<Frame> = Vec::new();
    for step in steps {
        match step {
            Step::Add(start, count) => {
                // Ranges that overlap are the caller's to avoid.
                let outside = start < FIRST || start + count > FIRST + COUNT as u64;
                if outside && count > 0 {
                    let refused = buddy.add_range(Frame(start), count);
                    assert_eq!(refused, Err(FrameError::NotManaged));
                } else if model.are_all(start, count, Cell::Foreign) {
                    assert_eq!(buddy.add_range(Frame(start), count), Ok(()));
                    if count > 0 {
                        model.set(start, count, Cell::Free);
                    }
                }
            }
            Step::Allocate(order) => match buddy.allocate(order) {
                Some(frame) => {
                    assert_eq!(frame.0 % (1 << order), 0);
                    assert!(model.are_all(frame.0, 1 << order, Cell::Free));
                    model.put(frame, order, 1);
                    heads.push(frame);
                }
                None => assert!(order > MAX_ORDER || !model.has_room(order)),
            },
            Step::AllocateRow(order) => match buddy.allocate_row(order) {
                Some(first) => {
                    assert_eq!(first.0 % (1 << order), 0);
                    assert!(model.are_all(first.0, 1 << order, Cell::Free));
                    for frame in first.0..first.0 + (1 << order) {
                        model.put(Frame(frame), 0, 1);
                        heads.push(Frame(frame));
                    }
                }
                // Single frames that wait to be joined may be in it.
                None => {
                    let all = buddy.counts().free_blocks[order..].iter().sum::<u64>();
                    assert_eq!(all, 0);
                }
            },
            Step::Free(_, _) | Step::Share(_) | Step::Release(_) if heads.is_empty() => {}
            Step::Free(index, wrong_order) => {
                let at = index.index(heads.len());
                let frame = heads[at];
                let Some(Cell::Head { order: own, .. }) = model.get(frame) else {
                    panic!("the model lost a head");
                };
                let order = if wrong_order < 4 { wrong_order } else { own };
                let result = buddy.free(frame, order);
                assert_eq!(result, free_result(model.get(frame), order));
                if result.is_ok() {
                    model.set(frame.0, 1 << order, Cell::Free);
                    heads.swap_remove(at);
                }
            }
            Step::Share(index) => {
                let frame = heads[index.index(heads.len())];
                let Some(Cell::Head { order, owners }) = model.get(frame) else {
                    panic!("the model lost a head");
                };
                assert_eq!(buddy.share(frame), Ok(owners + 1));
                model.put(frame, order, owners + 1);
            }
            Step::Release(index) => {
                let at = index.index(heads.len());
                let frame = heads[at];
                let Some(Cell::Head { order, owners }) = model.get(frame) else {
                    panic!("the model lost a head");
                };
                assert_eq!(buddy.owners(frame), Ok(owners));
                assert_eq!(buddy.release(frame), Ok(owners == 1));
                if owners == 1 {
                    model.set(frame.0, 1 << order, Cell::Free);
                    heads.swap_remove(at);
                } else {
                    model.put(frame, order, owners - 1);
                }
            }
            Step::FreeAny(frame, order) => {
                let frame = Frame(frame);
                let expected = free_result(model.get(frame), order);
                if expected.is_err() {
                    assert_eq!(buddy.free(frame, order), expected);
                }
            }
        }
        buddy.check();
    }
    for frame in heads {
        while !buddy.release(frame).unwrap() {}
        assert_eq!(buddy.release(frame), Err(FrameError::NotAllocated));
        assert_eq!(buddy.share(frame), Err(FrameError::NotAllocated));
        assert_eq!(buddy.owners(frame), Err(FrameError::NotAllocated));
    }
    buddy.check();
    assert_eq!(buddy.counts().free, buddy.counts().total);
}

proptest! {
    #[test]
    fn behaves_as_a_list_of_frames(steps in prop::collection::vec(step(), 0..120)) {
        run(steps);
    }

    #[test]
    fn blocks_cover_a_range_exactly(start in 0..5000u64, count in 0..5000u64) {
        let mut next = start;
        for (block, order) in blocks(start, start + count) {
            prop_assert_eq!(block, next);
            prop_assert_eq!(block % (1 << order), 0);
            next += 1 << order;
        }
        prop_assert_eq!(next, start + count);
        prop_assert!(blocks(start, start + count).count() as u64 <= 2 * 11 + count / 1024);
    }
}

#[test]
fn a_range_added_twice_is_refused_and_adds_nothing() {
    let mut storage = Vec::from([FrameMeta::default(); 64]);
    let mut buddy = Buddy::new(Frame(0), &mut storage);
    buddy.add_range(Frame(8), 8).unwrap();
    let before = buddy.counts();
    for (start, count) in [(8, 8), (8, 16), (60, 5), (u64::MAX, 1), (64, 1)] {
        let refused = buddy.add_range(Frame(start), count);
        assert_eq!(refused, Err(FrameError::NotManaged), "{start} {count}");
    }
    assert_eq!(buddy.counts(), before);
    buddy.check();
}

#[test]
fn ranges_that_touch_become_one_block() {
    let mut storage = Vec::from([FrameMeta::default(); 64]);
    let mut buddy = Buddy::new(Frame(0), &mut storage);
    for start in [16, 0, 8, 24] {
        buddy.add_range(Frame(start), 8).unwrap();
    }
    assert_eq!(buddy.allocate(5), Some(Frame(0)));
    assert_eq!(buddy.allocate(0), None);
}

#[test]
fn single_frames_wait_until_a_larger_block_is_wanted() {
    let mut storage = Vec::from([FrameMeta::default(); 2048]);
    let mut buddy = Buddy::new(Frame(0), &mut storage);
    buddy.add_range(Frame(0), 2048).unwrap();
    let frames: Vec<Frame> = (0..2048).map_while(|_| buddy.allocate(0)).collect();
    assert_eq!((frames.len(), buddy.allocate(0)), (2048, None));
    for (number, frame) in frames.into_iter().enumerate() {
        buddy.free(frame, 0).unwrap();
        let waiting = (number as u64 + 1).min(WAITING_FRAMES + 1);
        assert!(buddy.counts().free_blocks[0] <= waiting);
        assert!(number >= 1024 || buddy.counts().free_blocks[0] == waiting);
    }
    assert!(buddy.allocate(10).is_some() && buddy.allocate(10).is_some());
    buddy.check();
    assert_eq!((buddy.allocate(0), buddy.counts().free), (None, 0));
    buddy.free(Frame(1024), 10).unwrap();
    assert_eq!(buddy.allocate(0), Some(Frame(1024)));
    buddy.check();
}

#[test]
fn a_block_with_most_owners_takes_no_other() {
    let mut storage = [FrameMeta::default(); 1];
    let mut buddy = Buddy::new(Frame(5), &mut storage);
    buddy.add_range(Frame(5), 1).unwrap();
    assert_eq!(buddy.allocate(0), Some(Frame(5)));
    buddy.meta[0].next_or_owners = u32::MAX;
    assert_eq!(buddy.share(Frame(5)), Err(FrameError::Owners));
    assert_eq!(buddy.owners(Frame(5)), Ok(u32::MAX));
}
