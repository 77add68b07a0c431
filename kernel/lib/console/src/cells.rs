//! The cells of a screen buffer.

use alloc::vec::Vec;

use crate::{ConsoleStatus, Size};

/// The colours of a cell: white on black, as at first.
pub(crate) const PLAIN: u16 = 7;
/// The two halves of what takes two cells (NT `COMMON_LVB_*`).
pub(crate) const LEADING: u16 = 0x100;
pub(crate) const TRAILING: u16 = 0x200;

/// A cell (NT `CHAR_INFO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) unit: u16,
    pub(crate) attribute: u16,
}

impl Cell {
    pub(crate) const fn blank(attribute: u16) -> Self {
        Self {
            unit: 0x20,
            attribute,
        }
    }
}

/// A place: column and row, from 0 on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) x: u16,
    pub(crate) y: u16,
}

/// All cells, row by row.
#[derive(Debug)]
pub(crate) struct Cells {
    size: Size,
    cells: Vec<Cell>,
}

fn blanks(size: Size) -> Result<Vec<Cell>, ConsoleStatus> {
    let count = usize::from(size.columns).saturating_mul(size.rows.into());
    let mut cells = Vec::new();
    cells.try_reserve_exact(count)?;
    cells.resize(count, Cell::blank(PLAIN));
    Ok(cells)
}

impl Cells {
    pub(crate) fn new(size: Size) -> Result<Self, ConsoleStatus> {
        Ok(Self {
            size,
            cells: blanks(size)?,
        })
    }

    pub(crate) fn size(&self) -> Size {
        self.size
    }

    /// The same cells in another number, those of the rows from `first_row` on.
    pub(crate) fn resize(&mut self, size: Size, first_row: u16) -> Result<(), ConsoleStatus> {
        let cells = blanks(size)?;
        let before = core::mem::replace(self, Self { size, cells });
        for y in 0..size.rows {
            for x in 0..size.columns {
                let from = Place {
                    x,
                    y: y.saturating_add(first_row),
                };
                if let Some(cell) = before.get(from) {
                    self.set(Place { x, y }, cell);
                }
            }
        }
        Ok(())
    }

    fn index(&self, place: Place) -> Option<usize> {
        let Size { columns, rows } = self.size;
        (place.x < columns && place.y < rows).then(|| {
            let row = usize::from(place.y).saturating_mul(columns.into());
            row.saturating_add(place.x.into())
        })
    }

    pub(crate) fn get(&self, place: Place) -> Option<Cell> {
        self.cells.get(self.index(place)?).copied()
    }

    pub(crate) fn set(&mut self, place: Place, cell: Cell) {
        if let Some(at) = self.index(place)
            && let Some(there) = self.cells.get_mut(at)
        {
            *there = cell;
        }
    }

    /// The cell so many behind a place, rows following each other.
    pub(crate) fn behind(&self, place: Place, count: usize) -> Option<Place> {
        let at = self.index(place)?.checked_add(count)?;
        let columns = usize::from(self.size.columns);
        let (y, x) = (at.checked_div(columns)?, at.checked_rem(columns)?);
        let place = Place {
            x: u16::try_from(x).ok()?,
            y: u16::try_from(y).ok()?,
        };
        (place.y < self.size.rows).then_some(place)
    }

    /// Fills a part of a row.
    pub(crate) fn fill(&mut self, y: u16, columns: core::ops::Range<u16>, cell: Cell) {
        for x in columns {
            self.set(Place { x, y }, cell);
        }
    }

    /// Moves rows of a region up, or down if `count` is negative; what comes is blank.
    pub(crate) fn shift(&mut self, rows: core::ops::Range<u16>, count: i32, blank: Cell) {
        let each = |y: u16, this: &mut Self| {
            let from = i32::from(y).saturating_add(count);
            let from = u16::try_from(from).ok().filter(|from| rows.contains(from));
            for x in 0..this.size.columns {
                let cell = from.and_then(|y| this.get(Place { x, y }));
                this.set(Place { x, y }, cell.unwrap_or(blank));
            }
        };
        match count {
            0.. => rows.clone().for_each(|y| each(y, self)),
            _ => rows.clone().rev().for_each(|y| each(y, self)),
        }
    }
}
