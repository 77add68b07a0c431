//! A screen of character cells with a cursor, on whichever hardware there is.

use core::fmt;

use report::{Output, Style};

use super::{framebuffer, vga};

/// What hardware must be able to do to be a screen.
pub(super) trait Cells {
    /// Columns and rows.
    fn size(&self) -> (usize, usize);
    /// Shows a character.
    fn put(&mut self, column: usize, row: usize, character: u8, style: Style);
    /// Empties a row.
    fn clear(&mut self, row: usize);
    /// Moves everything up by one row and empties the last.
    fn scroll(&mut self);
    /// The cursor, moved by the text written.
    fn cursor(&mut self) -> &mut (usize, usize);
}

/// The screen, if there is one.
pub(crate) enum Screen {
    /// None.
    None,
    /// VGA's text mode.
    Text(vga::Console),
    /// A framebuffer.
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

    fn cells(&mut self) -> Option<&mut dyn Cells> {
        match self {
            Self::None => None,
            Self::Text(console) => Some(console),
            Self::Pixels(console) => Some(console),
        }
    }

    /// Columns and rows; none of either without a screen.
    pub(crate) fn size(&mut self) -> (usize, usize) {
        self.cells().map_or((0, 0), |cells| cells.size())
    }

    /// Empties it and begins at the top.
    pub(crate) fn clear(&mut self) {
        if let Some(cells) = self.cells() {
            let (_, rows) = cells.size();
            (0..rows).for_each(|row| cells.clear(row));
            *cells.cursor() = (0, 0);
        }
    }

    /// Shows text where the cursor is.
    pub(super) fn write(&mut self, bytes: &[u8], style: Style) {
        if let Some(cells) = self.cells() {
            write(cells, bytes, style);
        }
    }
}

/// Text with a look on a screen that nobody else uses.
pub(crate) struct Styled<'a> {
    /// The screen.
    pub(crate) screen: &'a mut Screen,
    /// The look of what comes next.
    pub(crate) style: Style,
}

impl fmt::Write for Styled<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.screen.write(text.as_bytes(), self.style);
        Ok(())
    }
}

impl Output for Styled<'_> {
    fn style(&mut self, style: Style) {
        self.style = style;
    }
}

fn write(cells: &mut dyn Cells, bytes: &[u8], style: Style) {
    const TAB: usize = 8;
    let (columns, rows) = cells.size();
    for &byte in bytes {
        let (column, row) = *cells.cursor();
        let next = match byte {
            b'\n' => (0, row + 1),
            b'\r' => (0, row),
            b'\t' => ((column / TAB + 1) * TAB, row),
            byte => {
                let is_shown = byte.is_ascii_graphic() || byte == b' ';
                cells.put(column, row, if is_shown { byte } else { b'?' }, style);
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
