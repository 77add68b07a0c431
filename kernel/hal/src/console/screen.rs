//! A screen of character cells with a cursor, on whichever hardware there is.

use super::{framebuffer, vga};

/// What hardware must be able to do to be a screen.
pub(super) trait Cells {
    /// Columns and rows.
    fn size(&self) -> (usize, usize);
    /// Shows a character.
    fn put(&mut self, column: usize, row: usize, character: u8);
    /// Moves everything up by one row and empties the last.
    fn scroll(&mut self);
    /// The cursor, moved by the text written.
    fn cursor(&mut self) -> &mut (usize, usize);
}

/// The screen, if there is one.
pub(super) enum Screen {
    None,
    Text(vga::Console),
    Pixels(framebuffer::Console),
}

impl Screen {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Text(_) => "VGA text",
            Self::Pixels(_) => "framebuffer",
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::None => {}
            Self::Text(console) => write(console, bytes),
            Self::Pixels(console) => write(console, bytes),
        }
    }
}

fn write(cells: &mut impl Cells, bytes: &[u8]) {
    const TAB: usize = 8;
    let (columns, rows) = cells.size();
    for &byte in bytes {
        let (column, row) = *cells.cursor();
        let next = match byte {
            b'\n' => (0, row + 1),
            b'\r' => (0, row),
            b'\t' => ((column / TAB + 1) * TAB, row),
            byte => {
                cells.put(
                    column,
                    row,
                    if byte.is_ascii_graphic() || byte == b' ' {
                        byte
                    } else {
                        b'?'
                    },
                );
                (column + 1, row)
            }
        };
        let next = if next.0 >= columns {
            (0, next.1 + 1)
        } else {
            next
        };
        let next = if next.1 >= rows {
            cells.scroll();
            (next.0, rows - 1)
        } else {
            next
        };
        *cells.cursor() = next;
    }
}
