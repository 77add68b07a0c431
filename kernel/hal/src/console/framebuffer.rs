//! A linear framebuffer as a screen of character cells.

use core::ptr::NonNull;

use bootinfo::{Framebuffer, FramebufferFormat};

use super::glyphs::{self, GLYPH_HEIGHT, GLYPH_WIDTH};
use super::screen::Cells;
use crate::memory::kernel_space::{self, DeviceError};

const BYTES_PER_PIXEL: usize = 4;

/// A framebuffer of 32 bits a pixel.
pub(super) struct Console {
    pixels: NonNull<u8>,
    pitch: usize,
    columns: usize,
    rows: usize,
    cursor: (usize, usize),
}

// SAFETY: the pixels are device memory reached only through this value.
unsafe impl Send for Console {}

impl Console {
    /// Maps and clears it, if it is of a kind that can be drawn on.
    pub(super) fn open(described: &Framebuffer) -> Result<Option<Self>, DeviceError> {
        let is_direct = matches!(described.format, FramebufferFormat::Rgb { .. });
        if !is_direct || described.bits_per_pixel != 32 {
            return Ok(None);
        }
        let (width, height) = (described.width as usize, described.height as usize);
        let pitch = described.pitch_bytes as usize;
        let pixels = kernel_space::map_device(described.address, described.size_bytes())?;
        let (columns, rows) = (width / GLYPH_WIDTH, height / GLYPH_HEIGHT);
        if columns == 0 || rows == 0 || pitch < width * BYTES_PER_PIXEL || !pitch.is_multiple_of(8)
        {
            return Ok(None);
        }
        let mut console = Self {
            pixels,
            pitch,
            columns,
            rows,
            cursor: (0, 0),
        };
        for row in 0..rows {
            console.clear(row);
        }
        Ok(Some(console))
    }

    fn row_bytes(&self) -> usize {
        self.pitch * GLYPH_HEIGHT
    }

    fn clear(&mut self, row: usize) {
        assert!(row < self.rows, "row {row} is off the screen");
        // SAFETY: the row lies in the mapped framebuffer.
        unsafe {
            self.pixels
                .add(row * self.row_bytes())
                .write_bytes(0, self.row_bytes())
        }
    }
}

impl Cells for Console {
    fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    fn put(&mut self, column: usize, row: usize, character: u8) {
        assert!(
            column < self.columns && row < self.rows,
            "cell ({column}, {row}) is off the screen"
        );
        let corner = row * self.row_bytes() + column * GLYPH_WIDTH * BYTES_PER_PIXEL;
        for (y, line) in glyphs::rows(character).enumerate() {
            for (x, &intensity) in line.iter().enumerate().take(GLYPH_WIDTH) {
                // Grey has the same value in every order of the colours.
                let pixel = u32::from_ne_bytes([intensity; 4]) & 0x00ff_ffff;
                let offset = corner + y * self.pitch + x * BYTES_PER_PIXEL;
                // SAFETY: the cell, as checked above, lies in the framebuffer.
                unsafe { self.pixels.add(offset).cast::<u32>().write_volatile(pixel) }
            }
        }
    }

    fn scroll(&mut self) {
        let moved = (self.rows - 1) * self.row_bytes();
        // SAFETY: both ranges lie in the mapped framebuffer.
        unsafe {
            self.pixels
                .add(self.row_bytes())
                .copy_to(self.pixels, moved)
        };
        self.clear(self.rows - 1);
    }

    fn cursor(&mut self) -> &mut (usize, usize) {
        &mut self.cursor
    }
}
