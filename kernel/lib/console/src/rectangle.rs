//! Cells that programs write, fill, move and read by their places.

use alloc::vec::Vec;

use crate::ConsoleStatus;
use crate::cells::{Cell, Place, TRAILING};
use crate::output::Output;
use crate::screen::Screen;

/// A part of the screen, its last row and column included (NT `SMALL_RECT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rectangle {
    pub(crate) left: u16,
    pub(crate) top: u16,
    pub(crate) right: u16,
    pub(crate) bottom: u16,
}

/// What of cells is meant (0 text, 1 attributes, 2 both).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Text,
    Attributes,
    Both,
}

impl What {
    pub(crate) fn of(mode: u32) -> Result<Self, ConsoleStatus> {
        match mode {
            0 => Ok(Self::Text),
            1 => Ok(Self::Attributes),
            2 => Ok(Self::Both),
            _ => Err(ConsoleStatus::InvalidParameter),
        }
    }

    /// The bytes of each.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Both => 4,
            _ => 2,
        }
    }

    /// A cell with what is meant taken from another.
    fn change(self, cell: Cell, from: Cell) -> Cell {
        match self {
            Self::Text => Cell {
                unit: from.unit,
                ..cell
            },
            Self::Attributes => Cell {
                attribute: from.attribute,
                ..cell
            },
            Self::Both => from,
        }
    }
}

impl Screen {
    /// Everything.
    pub(crate) fn whole(&self) -> Rectangle {
        let size = self.size();
        Rectangle {
            left: 0,
            top: 0,
            right: size.columns.saturating_sub(1),
            bottom: size.rows.saturating_sub(1),
        }
    }

    /// Changes cells one after the other; how many there were.
    pub(crate) fn change(
        &mut self,
        start: Place,
        what: What,
        cells: impl Iterator<Item = Cell>,
        out: &mut Output<'_>,
    ) -> u32 {
        let mut count = 0_usize;
        for cell in cells {
            let Some(place) = self.cells.behind(start, count) else {
                break;
            };
            if let Some(before) = self.cells.get(place) {
                self.cells.set(place, what.change(before, cell));
            }
            count = count.saturating_add(1);
        }
        if let Some(last) = count.checked_sub(1)
            && let Some(end) = self.cells.behind(start, last)
        {
            let whole = self.whole();
            let (left, right) = match start.y == end.y {
                true => (start.x, end.x),
                false => (0, whole.right),
            };
            self.repaint(
                Rectangle {
                    left,
                    top: start.y,
                    right,
                    bottom: end.y,
                },
                out,
            );
        }
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Changes the cells of a rectangle, row by row; what of it is on the screen.
    pub(crate) fn change_in(
        &mut self,
        area: Rectangle,
        what: What,
        cells: impl Iterator<Item = Cell>,
        out: &mut Output<'_>,
    ) -> Rectangle {
        let whole = self.whole();
        let mut cells = cells;
        for y in area.top..=area.bottom {
            for x in area.left..=area.right {
                let (Some(cell), place) = (cells.next(), Place { x, y }) else {
                    break;
                };
                if let Some(before) = self.cells.get(place) {
                    self.cells.set(place, what.change(before, cell));
                }
            }
        }
        let seen = Rectangle {
            right: area.right.min(whole.right),
            bottom: area.bottom.min(whole.bottom),
            ..area
        };
        self.repaint(seen, out);
        seen
    }

    /// Moves a rectangle, as far as the clip allows; where it was comes the fill.
    pub(crate) fn scroll_area(
        &mut self,
        from: Rectangle,
        to: (i32, i32),
        clip: Rectangle,
        fill: Cell,
        out: &mut Output<'_>,
    ) -> Result<(), ConsoleStatus> {
        let mut moved = Vec::new();
        let places = |area: Rectangle| {
            (area.top..=area.bottom)
                .flat_map(move |y| (area.left..=area.right).map(move |x| Place { x, y }))
        };
        moved.try_reserve_exact(places(from).count())?;
        moved.extend(places(from).map(|place| self.cells.get(place)));
        let is_clipped = |place: Place| {
            !(clip.left..=clip.right).contains(&place.x)
                || !(clip.top..=clip.bottom).contains(&place.y)
        };
        for place in places(from).filter(|place| !is_clipped(*place)) {
            self.cells.set(place, fill);
        }
        let shifted = |at: u16, start: u16, to: i32| {
            let at = i32::from(at)
                .saturating_sub(start.into())
                .saturating_add(to);
            u16::try_from(at).ok()
        };
        let mut changed = from;
        for (place, cell) in places(from).zip(moved) {
            let (Some(x), Some(y)) = (
                shifted(place.x, from.left, to.0),
                shifted(place.y, from.top, to.1),
            ) else {
                continue;
            };
            let place = Place { x, y };
            if let (Some(cell), false) = (cell, is_clipped(place)) {
                self.cells.set(place, cell);
                changed.left = changed.left.min(x);
                changed.right = changed.right.max(x);
                changed.top = changed.top.min(y);
                changed.bottom = changed.bottom.max(y);
            }
        }
        let whole = self.whole();
        changed.right = changed.right.min(whole.right);
        changed.bottom = changed.bottom.min(whole.bottom);
        self.repaint(changed, out);
        Ok(())
    }

    /// Shows a rectangle anew; the cursor is where it was.
    pub(crate) fn repaint(&mut self, area: Rectangle, out: &mut Output<'_>) {
        let cursor = self.cursor;
        let mut attribute = None;
        let is_all = area == self.whole();
        if is_all {
            Self::show_attribute(self.attribute, out);
            attribute = Some(self.attribute);
            out.put(b"\x1b[H\x1b[2J");
            self.cursor = Place::default();
        }
        for y in area.top..=area.bottom {
            if is_all && self.is_blank(y) {
                continue;
            }
            self.move_to(area.left, y, out);
            for x in area.left..=area.right {
                let Some(cell) = self.cells.get(Place { x, y }) else {
                    break;
                };
                if cell.attribute & TRAILING != 0 && x != area.left {
                    continue;
                }
                if attribute.replace(cell.attribute) != Some(cell.attribute) {
                    Self::show_attribute(cell.attribute, out);
                }
                let character = char::from_u32(cell.unit.into());
                out.put_char(character.filter(|c| !c.is_control()).unwrap_or(' '));
            }
            // Wherever it is now, the next move says its column.
            self.forget_column(area.right);
        }
        if attribute != Some(self.attribute) {
            Self::show_attribute(self.attribute, out);
        }
        self.move_to(cursor.x, cursor.y, out);
    }

    /// Whether nothing is to be shown of a row of an empty screen.
    fn is_blank(&self, y: u16) -> bool {
        let columns = 0..self.size().columns;
        let mut cells = columns.filter_map(|x| self.cells.get(Place { x, y }));
        cells.all(|cell| cell == Cell::blank(self.attribute))
    }

    /// Reads cells one after the other.
    pub(crate) fn read(&self, start: Place, most: usize) -> impl Iterator<Item = Cell> {
        let places = (0..most).map_while(move |count| self.cells.behind(start, count));
        places.filter_map(|place| self.cells.get(place))
    }
}
