//! Pages that are made at their first touch and shown to all who look.
//!
//! They lie in pieces, in a row that grows at both of its ends: one that is made
//! from front to back or from back to front moves no pieces.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use arrayvec::ArrayVec;
use hal::memory::{CommonFrame, CommonRow};

use crate::Error;

/// Pages in a piece.
const PIECE: u64 = 32;
/// Frames that are looked up at once.
pub(super) const RUN: usize = 16;

/// Those that have been touched.
pub(super) struct TouchedPages {
    /// Sorted by their numbers.
    pieces: VecDeque<Piece>,
    /// Where the last look led: most looks are for the pages after it.
    last: usize,
}

/// Pages one behind the other, of which some are there.
struct Piece {
    /// The number of its first page, by pieces.
    number: u64,
    pages: Vec<Option<CommonFrame>>,
    /// A bit for each that is there.
    made: u32,
}

impl TouchedPages {
    /// None.
    pub(super) const fn new() -> Self {
        Self {
            pieces: VecDeque::new(),
            last: 0,
        }
    }

    /// The frame of a page, if it has been touched.
    #[inline]
    pub(super) fn get(&mut self, number: u64) -> Option<&CommonFrame> {
        let index = self.find(number.wrapping_div(PIECE)).ok()?;
        self.pieces.get(index)?.get(number)
    }

    /// The frames of pages in a row, as many as there are before one that has not
    /// been touched or is in another piece.
    pub(super) fn run(&mut self, number: u64, most: u64) -> ArrayVec<CommonFrame, RUN> {
        let mut run = ArrayVec::new();
        let Ok(index) = self.find(number.wrapping_div(PIECE)) else {
            return run;
        };
        let pages = self.pieces.get(index).map(|piece| piece.pages.as_slice());
        let most = usize::try_from(most).unwrap_or(RUN).min(RUN);
        let rest = pages.and_then(|pages| pages.get(place(number)..));
        for frame in rest.unwrap_or_default().iter().take(most) {
            let Some(frame) = frame else { break };
            run.push(frame.clone());
        }
        run
    }

    /// The frame of a page, which is made now if it has none.
    pub(super) fn get_or_make(
        &mut self,
        number: u64,
        make: impl FnOnce() -> Result<CommonFrame, Error>,
    ) -> Result<&CommonFrame, Error> {
        let piece = self.piece(number)?;
        let is_new = piece.made == 0;
        let made = match piece.get(number).is_some() {
            true => Ok(()),
            false => make().map(|frame| piece.put(number, frame)),
        };
        if let Err(error) = made {
            if is_new {
                self.forget_last();
            }
            return Err(error);
        }
        match self
            .pieces
            .get(self.last)
            .and_then(|piece| piece.get(number))
        {
            Some(frame) => Ok(frame),
            None => unreachable!("it was found or put there"),
        }
    }

    /// Makes a frame that of a page, unless the page has one; whether it had none.
    pub(super) fn add(&mut self, number: u64, frame: CommonFrame) -> Result<bool, Error> {
        let piece = self.piece(number)?;
        let is_missing = piece.get(number).is_none();
        if is_missing {
            piece.put(number, frame);
        }
        Ok(is_missing)
    }

    /// Makes frames those of pages in a row, which are in one piece and have none.
    pub(super) fn add_row(&mut self, number: u64, row: CommonRow) -> Result<(), Error> {
        let piece = self.piece(number)?;
        for (number, frame) in (number..).zip(row) {
            piece.put(number, frame);
        }
        Ok(())
    }

    /// How many there are from a number up to another.
    pub(super) fn count(&self, from: u64, end: u64) -> u64 {
        let first = from.wrapping_div(PIECE);
        let start = self.pieces.partition_point(|piece| piece.number < first);
        let mut count = 0_u64;
        for piece in self.pieces.range(start..) {
            if piece.first_page() >= end {
                break;
            }
            let mut made = piece.made;
            if piece.first_page() < from {
                made &= !below(from);
            }
            if end.saturating_sub(piece.first_page()) < PIECE {
                made &= below(end);
            }
            count = count.saturating_add(made.count_ones().into());
        }
        count
    }

    /// Lets go of the pages from a number on; how many that were.
    pub(super) fn truncate(&mut self, from: u64) -> u64 {
        let number = from.div_ceil(PIECE);
        let mut removed = 0_u64;
        let kept = self.pieces.partition_point(|piece| piece.number < number);
        for piece in self.pieces.drain(kept..) {
            removed = removed.saturating_add(piece.made.count_ones().into());
        }
        if let Some(piece) = self.pieces.back_mut()
            && piece.number == from.wrapping_div(PIECE)
        {
            removed = removed.saturating_add(piece.truncate(from));
            if piece.made == 0 {
                self.pieces.pop_back();
            }
        }
        self.last = 0;
        removed
    }

    /// The piece of a page, which is added if it is not there.
    fn piece(&mut self, number: u64) -> Result<&mut Piece, Error> {
        let number = number.wrapping_div(PIECE);
        if let Err(index) = self.find(number) {
            let mut pages = Vec::new();
            pages.try_reserve_exact(PIECE as usize)?;
            pages.extend((0..PIECE).map(|_| None));
            self.pieces.try_reserve(1)?;
            let piece = Piece {
                number,
                pages,
                made: 0,
            };
            self.pieces.insert(index, piece);
            self.last = index;
        }
        match self.pieces.get_mut(self.last) {
            Some(piece) => Ok(piece),
            None => unreachable!("it was found or inserted there"),
        }
    }

    /// Takes out the piece that was last looked at and is empty.
    fn forget_last(&mut self) {
        self.pieces.remove(self.last);
        self.last = 0;
    }

    /// Where a piece is, or belongs.
    fn find(&mut self, number: u64) -> Result<usize, usize> {
        let is_there = |index: usize| {
            let piece = self.pieces.get(index);
            piece.is_some_and(|piece| piece.number == number)
        };
        if is_there(self.last) {
            return Ok(self.last);
        }
        let next = self.last.saturating_add(1);
        let index = match is_there(next) {
            true => next,
            false => self
                .pieces
                .binary_search_by_key(&number, |piece| piece.number)?,
        };
        self.last = index;
        Ok(index)
    }
}

impl Piece {
    fn get(&self, number: u64) -> Option<&CommonFrame> {
        self.pages.get(place(number))?.as_ref()
    }

    #[inline]
    fn put(&mut self, number: u64, frame: CommonFrame) {
        if let Some(page) = self.pages.get_mut(place(number)) {
            *page = Some(frame);
            self.made |= bit(number);
        }
    }

    fn first_page(&self) -> u64 {
        self.number.saturating_mul(PIECE)
    }

    /// Lets go of those from a number of its own on; how many that were.
    fn truncate(&mut self, from: u64) -> u64 {
        let before = self.made;
        for page in self.pages.iter_mut().skip(place(from)) {
            *page = None;
        }
        self.made &= below(from);
        (before & !self.made).count_ones().into()
    }
}

/// Where a page is in its piece.
fn place(number: u64) -> usize {
    usize::try_from(number.wrapping_rem(PIECE)).unwrap_or_default()
}

/// The bits of those before it.
fn below(number: u64) -> u32 {
    bit(number).saturating_sub(1)
}

/// Its bit.
fn bit(number: u64) -> u32 {
    1 << number.wrapping_rem(PIECE)
}
