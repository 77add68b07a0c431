//! A screen buffer: what programs have written, and where they go on.

use crate::cells::{Cell, Cells, LEADING, PLAIN, Place, TRAILING};
use crate::code_page::Partial;
use crate::modes::{
    NO_AUTO_RETURN, OUTPUT_DEFAULT, PROCESSED_OUTPUT, VIRTUAL_TERMINAL, WRAP_AT_END,
};
use crate::output::Output;
use crate::vt::{Parser, Sequence, Step};
use crate::width::width_of;
use crate::{ConsoleStatus, Size};

const BELL: u16 = 0x07;
const BACKSPACE: u16 = 0x08;
const TAB: u16 = 0x09;
const LINE_FEED: u16 = 0x0A;
const RETURN: u16 = 0x0D;
/// Every so many columns is a tab stop.
pub(crate) const TAB_COLUMNS: u16 = 8;
/// How much of its cell the cursor fills, in percent.
const CURSOR_PERCENT: u16 = 25;
/// What control characters show that do nothing (code page 437).
const SYMBOLS: [char; 32] = [
    ' ', '☺', '☻', '♥', '♦', '♣', '♠', '•', '◘', '○', '◙', '♂', '♀', '♪', '♫', '☼', '►', '◄', '↕',
    '‼', '¶', '§', '▬', '↨', '↑', '↓', '→', '←', '∟', '↔', '▲', '▼',
];
/// The colours that programs find (NT's, as `COLORREF`).
const COLOURS: [u32; 16] = [
    0x00_0000, 0x80_0000, 0x00_8000, 0x80_8000, 0x00_0080, 0x80_0080, 0x00_8080, 0xC0_C0C0,
    0x80_8080, 0xFF_0000, 0x00_FF00, 0xFF_FF00, 0x00_00FF, 0xFF_00FF, 0x00_FFFF, 0xFF_FFFF,
];

/// A screen buffer, as large as the window.
#[derive(Debug)]
pub(crate) struct Screen {
    pub(crate) cells: Cells,
    pub(crate) cursor: Place,
    /// The last column has a character, and the next one belongs to the next line.
    is_full: bool,
    pub(crate) attribute: u16,
    pub(crate) popup_attribute: u16,
    pub(crate) mode: u32,
    pub(crate) cursor_percent: u16,
    pub(crate) is_cursor_shown: bool,
    pub(crate) colours: [u32; 16],
    saved: Place,
    /// The rows that scroll.
    region: (u16, u16),
    parser: Parser,
    /// How many lines went out at the top.
    pub(crate) scrolled: u64,
    /// The last unit was a carriage return.
    has_returned: bool,
    /// Half of a character outside the first plane.
    high: Option<u16>,
    /// Bytes of a character that is not complete.
    pub(crate) partial: Partial,
}

impl Screen {
    pub(crate) fn new(size: Size) -> Result<Self, ConsoleStatus> {
        Ok(Self {
            cells: Cells::new(size)?,
            cursor: Place::default(),
            is_full: false,
            attribute: PLAIN,
            popup_attribute: 0xF5,
            mode: OUTPUT_DEFAULT,
            cursor_percent: CURSOR_PERCENT,
            is_cursor_shown: true,
            colours: COLOURS,
            saved: Place::default(),
            region: (0, size.rows),
            parser: Parser::default(),
            scrolled: 0,
            has_returned: false,
            high: None,
            partial: Partial::default(),
        })
    }

    pub(crate) fn size(&self) -> Size {
        self.cells.size()
    }

    /// The window has another size: the cursor's line stays in it.
    pub(crate) fn resize(&mut self, size: Size) -> Result<(), ConsoleStatus> {
        let last = size.rows.saturating_sub(1);
        let lost = self.cursor.y.saturating_sub(last);
        self.cells.resize(size, lost)?;
        self.scrolled = self.scrolled.saturating_add(lost.into());
        self.region = (0, size.rows);
        self.is_full = false;
        self.cursor = self.clamp(self.cursor.x, self.cursor.y.saturating_sub(lost));
        self.saved = self.clamp(self.saved.x, self.saved.y);
        Ok(())
    }

    fn clamp(&self, x: u16, y: u16) -> Place {
        let Size { columns, rows } = self.size();
        Place {
            x: x.min(columns.saturating_sub(1)),
            y: y.min(rows.saturating_sub(1)),
        }
    }

    /// Moves the cursor; from line to line relative to where it is.
    pub(crate) fn move_to(&mut self, x: u16, y: u16, out: &mut Output<'_>) {
        let to = self.clamp(x, y);
        let up = self.cursor.y.saturating_sub(to.y);
        if up != 0 {
            out.csi(up.into(), b'A');
        }
        // Lines below may not be there yet.
        for _ in self.cursor.y..to.y {
            out.put(b"\n");
        }
        if self.cursor != to || self.is_full {
            out.csi(u32::from(to.x).saturating_add(1), b'G');
        }
        self.cursor = to;
        self.is_full = false;
    }

    /// Has the terminal use the colours of cells from now on.
    pub(crate) fn show_attribute(attribute: u16, out: &mut Output<'_>) {
        use core::fmt::Write;
        /// Blue and red have changed places.
        const ORDER: [u8; 8] = [0, 4, 2, 6, 1, 5, 3, 7];
        let colour = |bits: u16| ORDER.get(usize::from(bits & 7)).copied().unwrap_or(7);
        let (front, back) = (attribute & 0xF, attribute >> 4 & 0xF);
        out.put(b"\x1b[0");
        let mut one = |plain: u16, bits: u16, base: u8| {
            let bright = if bits & 8 == 0 { 0 } else { 60 };
            if bits != plain {
                let number = u32::from(base).saturating_add(bright);
                let number = number.saturating_add(colour(bits).into());
                let _ = write!(out, ";{number}");
            }
        };
        one(PLAIN, front, 30);
        one(0, back, 40);
        if attribute & 0x4000 != 0 {
            out.put(b";7");
        }
        if attribute & 0x8000 != 0 {
            out.put(b";4");
        }
        out.put(b"m");
    }

    /// What is written from now on has these colours.
    pub(crate) fn set_attribute(&mut self, attribute: u16, out: &mut Output<'_>) {
        self.attribute = attribute;
        Self::show_attribute(attribute, out);
    }

    /// Shows the cursor, or does not.
    pub(crate) fn show_cursor(&mut self, is_shown: bool, out: &mut Output<'_>) {
        self.is_cursor_shown = is_shown;
        out.put(match is_shown {
            true => b"\x1b[?25h",
            false => b"\x1b[?25l",
        });
    }

    /// Writes a unit of text.
    pub(crate) fn write(&mut self, unit: u16, out: &mut Output<'_>) {
        if self.mode & PROCESSED_OUTPUT == 0 {
            return self.print(unit, out);
        }
        match self.parser.take(unit) {
            Step::Plain => self.control_or_print(unit, out),
            Step::Inside => self.pass(unit, out),
            Step::Over(sequence) => {
                self.pass(unit, out);
                self.apply(&sequence);
            }
        }
    }

    /// A part of a sequence, or of a text in one.
    fn pass(&mut self, unit: u16, out: &mut Output<'_>) {
        if let Some(character) = self.joined(unit) {
            out.put_char(character);
        }
    }

    /// The character that ends with a unit.
    fn joined(&mut self, unit: u16) -> Option<char> {
        let pair = [self.high.take().unwrap_or(unit), unit];
        let units = match pair {
            [high, _] if high != unit => &pair[..],
            _ => &pair[..1],
        };
        if let 0xD800..0xDC00 = unit {
            self.high = Some(unit);
            return None;
        }
        let decoded = char::decode_utf16(units.iter().copied()).last();
        Some(decoded?.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn control_or_print(&mut self, unit: u16, out: &mut Output<'_>) {
        let has_returned = core::mem::replace(&mut self.has_returned, unit == RETURN);
        match unit {
            BELL => out.put(b"\x07"),
            BACKSPACE => {
                if self.cursor.x != 0 {
                    out.put(b"\x08");
                    self.is_full = false;
                }
                self.cursor.x = self.cursor.x.saturating_sub(1);
            }
            TAB => {
                out.put(b"\t");
                let next = (self.cursor.x | (TAB_COLUMNS - 1)).saturating_add(1);
                self.cursor = self.clamp(next, self.cursor.y);
                self.is_full = false;
            }
            LINE_FEED => {
                let stays = NO_AUTO_RETURN | VIRTUAL_TERMINAL;
                if self.mode & stays != stays {
                    self.cursor.x = 0;
                    if !has_returned {
                        out.put(b"\r");
                    }
                }
                out.put(b"\n");
                self.is_full = false;
                self.feed();
            }
            RETURN => {
                out.put(b"\r");
                self.is_full = false;
                self.cursor.x = 0;
            }
            _ => self.print(unit, out),
        }
    }

    /// Goes down a line, at the end of the region by moving it up.
    fn feed(&mut self) {
        let (top, bottom) = self.region;
        if self.cursor.y.saturating_add(1) == bottom {
            self.scroll(top..bottom, 1);
        } else {
            self.cursor = self.clamp(self.cursor.x, self.cursor.y.saturating_add(1));
        }
    }

    fn scroll(&mut self, rows: core::ops::Range<u16>, count: i32) {
        if rows.start == 0 && count > 0 {
            let lines = count.unsigned_abs().min(rows.end.into());
            self.scrolled = self.scrolled.saturating_add(lines.into());
        }
        self.cells.shift(rows, count, Cell::blank(self.attribute));
    }

    /// Shows a character at the cursor, which goes on.
    fn print(&mut self, unit: u16, out: &mut Output<'_>) {
        let Some(character) = self.joined(unit) else {
            return;
        };
        let shown = match SYMBOLS.get(usize::from(unit)) {
            Some(symbol) => *symbol,
            None => character,
        };
        let width = width_of(shown);
        let Size { columns, .. } = self.size();
        let ends = self.cursor.x.saturating_add(width);
        if width != 0 && (self.is_full || ends > columns) {
            if self.mode & WRAP_AT_END != 0 {
                // The terminal does so itself, with this character.
                self.cursor.x = 0;
                self.feed();
            } else {
                self.cursor.x = columns.saturating_sub(width);
                out.csi(u32::from(self.cursor.x).saturating_add(1), b'G');
            }
            self.is_full = false;
        }
        out.put_char(shown);
        let at = self.cursor;
        let low = u16::try_from(u32::from(shown)).unwrap_or(unit);
        let cell = |attribute| Cell {
            unit: low,
            attribute,
        };
        match width {
            0 => return,
            1 => self.cells.set(at, cell(self.attribute)),
            _ => {
                self.cells.set(at, cell(self.attribute | LEADING));
                let next = Place {
                    x: at.x.saturating_add(1),
                    ..at
                };
                self.cells.set(next, cell(self.attribute | TRAILING));
            }
        }
        let next = at.x.saturating_add(width);
        self.is_full = next >= columns;
        self.cursor = self.clamp(next, at.y);
    }

    /// Does what a sequence has the terminal do.
    fn apply(&mut self, sequence: &Sequence) {
        let Place { x, y } = self.cursor;
        let (top, bottom) = self.region;
        let Size { columns, rows } = self.size();
        let count = sequence.count(0);
        let below = |from: u16| from.saturating_add(count);
        let first = |at: usize| sequence.count(at).saturating_sub(1);
        let was_full = core::mem::take(&mut self.is_full);
        match (sequence.is_csi, sequence.mark, sequence.letter) {
            (true, 0, b'A') => self.cursor.y = y.saturating_sub(count),
            (true, 0, b'B' | b'e') => self.cursor = self.clamp(x, below(y)),
            (true, 0, b'C' | b'a') => self.cursor = self.clamp(below(x), y),
            (true, 0, b'D') => self.cursor.x = x.saturating_sub(count),
            (true, 0, b'E') => self.cursor = self.clamp(0, below(y)),
            (true, 0, b'F') => self.cursor = self.clamp(0, y.saturating_sub(count)),
            (true, 0, b'G' | b'`') => self.cursor = self.clamp(first(0), y),
            (true, 0, b'd') => self.cursor = self.clamp(x, first(0)),
            (true, 0, b'H' | b'f') => self.cursor = self.clamp(first(1), first(0)),
            (true, 0, b'J') => self.erase(sequence.number(0), true),
            (true, 0, b'K') => self.erase(sequence.number(0), false),
            (true, 0, b'X') => {
                let blank = Cell::blank(self.attribute);
                self.cells.fill(y, x..below(x).min(columns), blank);
            }
            (true, 0, b'P') => self.pull(i32::from(count)),
            (true, 0, b'@') => self.pull(i32::from(count).saturating_neg()),
            (true, 0, b'L') => self.scroll(y..bottom, i32::from(count).saturating_neg()),
            (true, 0, b'M') => {
                let blank = Cell::blank(self.attribute);
                self.cells.shift(y..bottom, count.into(), blank);
            }
            (true, 0, b'S') => self.scroll(top..bottom, count.into()),
            (true, 0, b'T') => self.scroll(top..bottom, i32::from(count).saturating_neg()),
            (true, 0, b'r') => {
                let end = match sequence.number(1) {
                    0 => rows,
                    end => end.min(rows),
                };
                if first(0).saturating_add(1) < end {
                    self.region = (first(0), end);
                }
                self.cursor = Place::default();
            }
            (true, 0, b's') | (false, _, b'7') => self.saved = self.cursor,
            (true, 0, b'u') | (false, _, b'8') => self.cursor = self.saved,
            (true, 0, b'm') => {
                self.is_full = was_full;
                self.colour(sequence);
            }
            (true, b'?', letter @ (b'h' | b'l')) => match sequence.number(0) {
                25 => self.is_cursor_shown = letter == b'h',
                47 | 1047 | 1049 => {
                    self.erase(2, true);
                    self.cursor = match letter {
                        b'h' => {
                            self.saved = self.cursor;
                            self.cursor
                        }
                        _ => self.saved,
                    };
                }
                _ => {}
            },
            (false, _, b'D') => self.feed(),
            (false, _, b'E') => {
                self.cursor.x = 0;
                self.feed();
            }
            (false, _, b'M') if y == top => self.scroll(top..bottom, -1),
            (false, _, b'M') => self.cursor.y = y.saturating_sub(1),
            (false, _, b'c') => {
                self.attribute = PLAIN;
                self.region = (0, rows);
                self.erase(2, true);
                self.cursor = Place::default();
            }
            _ => self.is_full = was_full,
        }
    }

    /// Moves the rest of the line to the left, or to the right.
    fn pull(&mut self, count: i32) {
        let Place { x, y } = self.cursor;
        let columns = x..self.size().columns;
        let each = |x: u16, this: &mut Self| {
            let from = u16::try_from(i32::from(x).saturating_add(count)).ok();
            let from = from.filter(|from| columns.contains(from));
            let cell = from.and_then(|x| this.cells.get(Place { x, y }));
            let blank = Cell::blank(this.attribute);
            this.cells.set(Place { x, y }, cell.unwrap_or(blank));
        };
        match count {
            0.. => columns.clone().for_each(|x| each(x, self)),
            _ => columns.clone().rev().for_each(|x| each(x, self)),
        }
    }

    /// Erases behind the cursor (0), before it (1) or all (2), in its line or in all.
    fn erase(&mut self, what: u16, all_lines: bool) {
        let Place { x, y } = self.cursor;
        let Size { columns, rows } = self.size();
        let blank = Cell::blank(self.attribute);
        let own = match what {
            0 => x..columns,
            1 => 0..x.saturating_add(1),
            _ => 0..columns,
        };
        self.cells.fill(y, own, blank);
        let others = match what {
            _ if !all_lines => 0..0,
            0 => y.saturating_add(1)..rows,
            1 => 0..y,
            _ => 0..rows,
        };
        for y in others {
            self.cells.fill(y, 0..columns, blank);
        }
    }

    /// Notes the colours that a sequence sets.
    fn colour(&mut self, sequence: &Sequence) {
        /// Blue and red have changed places.
        const ORDER: [u16; 8] = [0, 4, 2, 6, 1, 5, 3, 7];
        let colour = |number: u16| ORDER.get(usize::from(number)).copied().unwrap_or(7);
        let with = |all: u16, mask: u16, bits: u16| all & !mask | bits;
        if sequence.numbers.is_empty() {
            self.attribute = PLAIN;
        }
        for number in &sequence.numbers {
            let now = self.attribute;
            self.attribute = match *number {
                0 => PLAIN,
                1 => now | 8,
                22 => now & !8,
                4 => now | 0x8000,
                24 => now & !0x8000,
                7 => now | 0x4000,
                27 => now & !0x4000,
                number @ 30..=37 => with(now, 7, colour(number.saturating_sub(30))),
                39 => with(now, 0xF, PLAIN),
                number @ 40..=47 => with(now, 0x70, colour(number.saturating_sub(40)) << 4),
                49 => with(now, 0xF0, 0),
                number @ 90..=97 => with(now, 0xF, colour(number.saturating_sub(90)) | 8),
                number @ 100..=107 => {
                    with(now, 0xF0, (colour(number.saturating_sub(100)) | 8) << 4)
                }
                // Colours by number, which follow, are none of the sixteen.
                38 | 48 => return,
                _ => now,
            };
        }
    }
}

impl Screen {
    /// The cursor is in some column of its line behind that one.
    pub(crate) fn forget_column(&mut self, x: u16) {
        self.cursor.x = x;
        self.is_full = true;
    }

    /// Whether the next character goes to the next line.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }
}

impl Screen {
    /// Shows a character that is typed, whatever the mode is.
    pub(crate) fn echo(&mut self, unit: u16, out: &mut Output<'_>) {
        let mode = core::mem::replace(&mut self.mode, OUTPUT_DEFAULT);
        self.print(unit, out);
        self.mode = mode;
    }

    /// Goes to a column of the next line.
    pub(crate) fn next_line(&mut self, x: u16, out: &mut Output<'_>) {
        out.put(b"\r\n");
        self.cursor.x = 0;
        self.is_full = false;
        self.feed();
        self.move_to(x, self.cursor.y, out);
    }
}
