//! A line as somebody types it: editing, showing, and the lines before.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::cells::Place;
use crate::keys::{BACK, DELETE, DOWN, END, ESCAPE, HOME, INSERT, LEFT, RETURN, RIGHT, UP};
use crate::output::Output;
use crate::record::{ALT, CTRL, Key};
use crate::screen::{Screen, TAB_COLUMNS};
use crate::width::width_of;

/// The longest line; more is not taken.
const MOST_UNITS: usize = 8190;
/// How many lines are remembered.
const MOST_LINES: usize = 50;

/// The line, and where it is shown.
#[derive(Debug, Default)]
pub(crate) struct Editor {
    line: Vec<u16>,
    cursor: usize,
    /// What is typed replaces what is there.
    pub(crate) is_overstriking: bool,
    is_begun: bool,
    /// Where it begins, and how far the screen had scrolled then.
    origin: Place,
    scrolled: u64,
    /// How many cells it was last shown in.
    shown: usize,
    history: VecDeque<Vec<u16>>,
    /// Which of them it is; behind the last: none.
    at: usize,
}

/// Where a line is shown; `None`: nowhere.
pub(crate) struct Shown<'a, 'b> {
    pub(crate) screen: &'a mut Screen,
    pub(crate) out: &'a mut Output<'b>,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The line goes on.
    Edited,
    /// It is complete.
    Entered,
    /// The reader wants to know of this character, which is in the line now.
    Woke(u32),
}

/// How many cells a unit takes in some column.
fn width_at(unit: u16, column: usize) -> usize {
    match unit {
        9 => {
            let stop = usize::from(TAB_COLUMNS);
            stop.saturating_sub(column & stop.saturating_sub(1))
        }
        0..0x20 | 0x7F => 2,
        0xD800..0xDC00 => 2,
        0xDC00..0xE000 => 0,
        _ => char::from_u32(unit.into()).map_or(1, |c| width_of(c).into()),
    }
}

impl Editor {
    /// A line begins where the cursor is, behind what of it the reader shows already.
    pub(crate) fn begin(&mut self, initial: &[u16], screen: &Screen) {
        if self.is_begun {
            return;
        }
        self.is_begun = true;
        self.line.clear();
        if self.line.try_reserve(initial.len().min(MOST_UNITS)).is_ok() {
            self.line.extend(initial.iter().take(MOST_UNITS));
        }
        self.cursor = self.line.len();
        self.at = self.history.len();
        self.scrolled = screen.scrolled;
        self.origin = Place::default();
        let columns = usize::from(screen.size().columns);
        let cells = self.cells(self.cursor);
        let row = usize::from(screen.cursor.y).saturating_mul(columns);
        let start = row.saturating_add(screen.cursor.x.into());
        // The last column's character belongs to it, though the cursor is there.
        let start = start.saturating_add(usize::from(screen.is_full()));
        let start = start.saturating_sub(cells);
        let part = |number: Option<usize>| u16::try_from(number.unwrap_or(0)).unwrap_or(0);
        self.origin = Place {
            x: part(start.checked_rem(columns)),
            y: part(start.checked_div(columns)),
        };
        self.shown = cells;
    }

    /// Nothing of the line is wanted any more.
    pub(crate) fn abort(&mut self) {
        self.is_begun = false;
        self.line.clear();
        self.cursor = 0;
    }

    /// A key; `wakes` has a bit for each control character that the reader waits for.
    pub(crate) fn press(&mut self, key: &Key, wakes: u32, to: &mut Option<Shown<'_, '_>>) -> Typed {
        let is_ctrl = key.state & CTRL != 0 && key.state & ALT == 0;
        if key.unit < 0x20
            && key.unit != 0
            && wakes.checked_shr(key.unit.into()).unwrap_or(0) & 1 != 0
        {
            let end = self.line.len();
            self.show_from(end, to);
            self.insert(key.unit, &mut None);
            return Typed::Woke(key.state);
        }
        match key.code {
            RETURN => {
                self.place_cursor(self.line.len(), to);
                return Typed::Entered;
            }
            BACK if key.unit != 0 => {
                let start = self.before(self.cursor);
                self.remove(start, self.cursor, to);
            }
            DELETE if key.unit == 0 => self.remove(self.cursor, self.after(self.cursor), to),
            HOME if is_ctrl => self.remove(0, self.cursor, to),
            END if is_ctrl => self.remove(self.cursor, self.line.len(), to),
            LEFT if is_ctrl => self.place_cursor(self.word_before(), to),
            RIGHT if is_ctrl => self.place_cursor(self.word_after(), to),
            LEFT => self.place_cursor(self.before(self.cursor), to),
            RIGHT => self.place_cursor(self.after(self.cursor), to),
            HOME => self.place_cursor(0, to),
            END => self.place_cursor(self.line.len(), to),
            INSERT => self.is_overstriking = !self.is_overstriking,
            UP => self.recall(self.at.checked_sub(1), to),
            DOWN => self.recall(self.at.checked_add(1), to),
            ESCAPE => self.remove(0, self.line.len(), to),
            _ if key.unit != 0 => self.insert(key.unit, to),
            _ => {}
        }
        Typed::Edited
    }

    /// Takes the line, which is remembered if it is to be.
    pub(crate) fn take(&mut self, is_kept: bool) -> Vec<u16> {
        self.is_begun = false;
        self.cursor = 0;
        let line = core::mem::take(&mut self.line);
        if is_kept && !line.is_empty() && self.history.back() != Some(&line) {
            let mut copy = Vec::new();
            // Without memory it is forgotten.
            if copy.try_reserve_exact(line.len()).is_ok() && self.history.try_reserve(1).is_ok() {
                copy.extend_from_slice(&line);
                self.history.push_back(copy);
            }
            while self.history.len() > MOST_LINES {
                self.history.pop_front();
            }
        }
        line
    }

    fn insert(&mut self, unit: u16, to: &mut Option<Shown<'_, '_>>) {
        if self.is_overstriking
            && let Some(there) = self.line.get_mut(self.cursor)
        {
            *there = unit;
        } else if self.line.len() >= MOST_UNITS || self.line.try_reserve(1).is_err() {
            if let Some(Shown { out, .. }) = to {
                out.put(b"\x07");
            }
            return;
        } else if self.cursor <= self.line.len() {
            self.line.insert(self.cursor, unit);
        }
        let from = self.cursor;
        self.cursor = self.cursor.saturating_add(1);
        self.show_from(from, to);
    }

    fn remove(&mut self, start: usize, end: usize, to: &mut Option<Shown<'_, '_>>) {
        if start < end && end <= self.line.len() {
            self.line.drain(start..end);
            self.cursor = start;
            self.show_from(start, to);
        }
    }

    /// Another of the lines before, or none behind the last.
    fn recall(&mut self, at: Option<usize>, to: &mut Option<Shown<'_, '_>>) {
        let Some(at) = at.filter(|at| *at <= self.history.len()) else {
            return;
        };
        self.at = at;
        let line = self.history.get(at).map(Vec::as_slice).unwrap_or_default();
        self.line.clear();
        if self.line.try_reserve(line.len()).is_ok() {
            self.line.extend_from_slice(line);
        }
        self.cursor = self.line.len();
        self.show_from(0, to);
    }

    fn is_low(&self, at: usize) -> bool {
        matches!(self.line.get(at), Some(0xDC00..0xE000))
    }

    fn before(&self, at: usize) -> usize {
        let before = at.saturating_sub(1);
        match self.is_low(before) {
            true => before.saturating_sub(1),
            false => before,
        }
    }

    fn after(&self, at: usize) -> usize {
        let after = at.saturating_add(1);
        let after = match self.is_low(after) {
            true => after.saturating_add(1),
            false => after,
        };
        after.min(self.line.len())
    }

    fn is_space(&self, at: usize) -> bool {
        self.line.get(at) == Some(&0x20)
    }

    fn word_before(&self) -> usize {
        let mut at = self.cursor;
        while at > 0 && self.is_space(at.saturating_sub(1)) {
            at = at.saturating_sub(1);
        }
        while at > 0 && !self.is_space(at.saturating_sub(1)) {
            at = at.saturating_sub(1);
        }
        at
    }

    fn word_after(&self) -> usize {
        let (mut at, end) = (self.cursor, self.line.len());
        while at < end && !self.is_space(at) {
            at = at.saturating_add(1);
        }
        while at < end && self.is_space(at) {
            at = at.saturating_add(1);
        }
        at
    }

    /// How many cells the units before `end` take.
    fn cells(&self, end: usize) -> usize {
        let start = usize::from(self.origin.x);
        let units = self.line.iter().take(end);
        let column = units.fold(start, |column, unit| {
            column.saturating_add(width_at(*unit, column))
        });
        column.saturating_sub(start)
    }

    fn place_cursor(&mut self, at: usize, to: &mut Option<Shown<'_, '_>>) {
        self.cursor = at;
        let cells = self.cells(at);
        if let Some(shown) = to {
            self.go(cells, shown);
        }
    }

    /// Goes to the cell so many behind the line's beginning.
    fn go(&self, cells: usize, to: &mut Shown<'_, '_>) {
        let size = to.screen.size();
        let columns = usize::from(size.columns);
        let at = usize::from(self.origin.x).saturating_add(cells);
        let (Some(row), Some(column)) = (at.checked_div(columns), at.checked_rem(columns)) else {
            return;
        };
        let scrolled = to.screen.scrolled.saturating_sub(self.scrolled);
        let row = u64::try_from(row).unwrap_or(u64::MAX);
        let y = row
            .saturating_add(self.origin.y.into())
            .saturating_sub(scrolled);
        let x = u16::try_from(column).unwrap_or(0);
        let last = u64::from(size.rows.saturating_sub(1));
        to.screen
            .move_to(x, u16::try_from(y.min(last)).unwrap_or(0), to.out);
        for _ in last..y {
            to.screen.next_line(x, to.out);
        }
    }

    /// Shows the line anew from a unit on.
    fn show_from(&mut self, from: usize, to: &mut Option<Shown<'_, '_>>) {
        let (start, all) = (self.cells(from), self.cells(self.line.len()));
        let cursor = self.cells(self.cursor);
        if let Some(shown) = to {
            self.go(start, shown);
            let mut column = usize::from(self.origin.x).saturating_add(start);
            for unit in self.line.get(from..).unwrap_or_default() {
                let width = width_at(*unit, column);
                match *unit {
                    9 => (0..width).for_each(|_| shown.screen.echo(0x20, shown.out)),
                    0..0x20 | 0x7F => {
                        shown.screen.echo(b'^'.into(), shown.out);
                        shown.screen.echo(*unit ^ 0x40, shown.out);
                    }
                    unit => shown.screen.echo(unit, shown.out),
                }
                column = column.saturating_add(width);
            }
            for _ in all..self.shown {
                shown.screen.echo(0x20, shown.out);
            }
            self.go(cursor, shown);
        }
        self.shown = all;
    }
}
