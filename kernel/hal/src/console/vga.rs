//! VGA text mode: 80 by 25 cells of two bytes at B8000h.

use core::ptr::NonNull;

use report::Style;
use x86_64::instructions::port::Port;

use super::screen::Cells;
use crate::memory::kernel_space::{self, DeviceError};

const ADDRESS: u64 = 0xb_8000;
const COLUMNS: usize = 80;
const ROWS: usize = 25;
/// The VGA's miscellaneous output register, read side.
const MISCELLANEOUS: u16 = 0x3cc;

/// The text screen.
pub(crate) struct Console {
    cells: NonNull<u16>,
    cursor: (usize, usize),
}

// SAFETY: the cells are device memory reached only through this value.
unsafe impl Send for Console {}

impl Console {
    /// Clears and takes the screen, if there is a VGA.
    pub(super) fn open() -> Result<Option<Self>, DeviceError> {
        // SAFETY: reading this register changes nothing; without a VGA the bus
        // gives all ones.
        let present = unsafe { Port::<u8>::new(MISCELLANEOUS).read() } != 0xff;
        if !present {
            return Ok(None);
        }
        hide_cursor();
        let cells = kernel_space::map_device(ADDRESS, (COLUMNS * ROWS * 2) as u64)?.cast();
        let mut console = Self {
            cells,
            cursor: (0, 0),
        };
        for row in 0..ROWS {
            console.clear(row);
        }
        Ok(Some(console))
    }

    fn cell(&self, column: usize, row: usize) -> NonNull<u16> {
        assert!(
            column < COLUMNS && row < ROWS,
            "cell ({column}, {row}) is off the screen"
        );
        // SAFETY: in bounds, as just checked.
        unsafe { self.cells.add(row * COLUMNS + column) }
    }
}

impl Cells for Console {
    fn size(&self) -> (usize, usize) {
        (COLUMNS, ROWS)
    }

    fn put(&mut self, column: usize, row: usize, character: u8, style: Style) {
        // SAFETY: a cell of the mapped screen.
        unsafe {
            self.cell(column, row)
                .write_volatile(attribute(style) << 8 | u16::from(character))
        }
    }

    fn clear(&mut self, row: usize) {
        for column in 0..COLUMNS {
            self.put(column, row, b' ', Style::Plain);
        }
    }

    fn scroll(&mut self) {
        for row in 1..ROWS {
            for column in 0..COLUMNS {
                // SAFETY: cells of the mapped screen.
                unsafe {
                    let value = self.cell(column, row).read_volatile();
                    self.cell(column, row - 1).write_volatile(value);
                }
            }
        }
        self.clear(ROWS - 1);
    }

    fn cursor(&mut self) -> &mut (usize, usize) {
        &mut self.cursor
    }
}

/// Hides the blinking cursor, which nobody moves.
fn hide_cursor() {
    const INDEX: u16 = 0x3d4;
    const CURSOR_START: u8 = 0x0a;
    const DISABLED: u8 = 1 << 5;
    // SAFETY: the index and data registers of the VGA's CRT controller, which
    // only change what is shown.
    unsafe {
        Port::new(INDEX).write(CURSOR_START);
        Port::new(INDEX + 1).write(DISABLED);
    }
}

/// Background and foreground, a digit each, of VGA's sixteen colours.
fn attribute(style: Style) -> u16 {
    match style {
        Style::Plain => 0x07,
        Style::Heading => 0x4f,
        Style::Kernel => 0x0e,
        Style::Library => 0x08,
        Style::Program => 0x0b,
    }
}
