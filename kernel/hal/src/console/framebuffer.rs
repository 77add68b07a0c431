//! A linear framebuffer as a screen of character cells.

use core::ptr::NonNull;

use bootinfo::{ColourField, Framebuffer, FramebufferFormat};
use report::Style;

use super::glyphs::{self, GLYPH_HEIGHT, GLYPH_WIDTH};
use super::screen::Cells;
use crate::memory::kernel_space::{self, DeviceError};

const BYTES_PER_PIXEL: usize = 4;

/// A framebuffer of 32 bits a pixel.
pub(crate) struct Console {
    pixels: NonNull<u8>,
    pitch: usize,
    columns: usize,
    rows: usize,
    cursor: (usize, usize),
    /// Where red, green and blue are in a pixel.
    fields: [ColourField; 3],
}

// SAFETY: the pixels are device memory reached only through this value.
unsafe impl Send for Console {}

impl Console {
    /// Maps and clears it, if it is of a kind that can be drawn on.
    pub(super) fn open(described: &Framebuffer) -> Result<Option<Self>, DeviceError> {
        let FramebufferFormat::Rgb { red, green, blue } = described.format else {
            return Ok(None);
        };
        if described.bits_per_pixel != 32 {
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
            fields: [red, green, blue],
        };
        for row in 0..rows {
            console.clear(row);
        }
        Ok(Some(console))
    }

    fn row_bytes(&self) -> usize {
        self.pitch * GLYPH_HEIGHT
    }

    /// The pixel of a colour.
    fn pixel(&self, colour: Colour) -> u32 {
        colour
            .into_iter()
            .zip(&self.fields)
            .fold(0, |pixel, (channel, field)| {
                // Fields narrower than a byte keep the upper bits.
                let value = u32::from(channel) >> 8_u8.saturating_sub(field.bits);
                pixel | value.checked_shl(field.position.into()).unwrap_or(0)
            })
    }
}

/// The colour that is so much of the way from one to another.
fn mixed(from: Colour, to: Colour, intensity: u8) -> Colour {
    const WHOLE: u16 = 255;
    let intensity = u16::from(intensity);
    core::array::from_fn(|channel| {
        let (from, to) = (u16::from(from[channel]), u16::from(to[channel]));
        ((from * (WHOLE - intensity) + to * intensity) / WHOLE) as u8
    })
}

/// Red, green and blue.
type Colour = [u8; 3];

/// Background and foreground of a style.
fn colours(style: Style) -> (Colour, Colour) {
    const BLACK: Colour = [0, 0, 0];
    match style {
        Style::Plain => (BLACK, [0xc8, 0xc8, 0xc8]),
        Style::Heading => ([0xb0, 0, 0], [0xff, 0xff, 0xff]),
        Style::Kernel => (BLACK, [0xff, 0xd7, 0x5f]),
        Style::Library => (BLACK, [0x80, 0x80, 0x80]),
        Style::Program => (BLACK, [0x5f, 0xd7, 0xff]),
    }
}

impl Cells for Console {
    fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    fn put(&mut self, column: usize, row: usize, character: u8, style: Style) {
        assert!(
            column < self.columns && row < self.rows,
            "cell ({column}, {row}) is off the screen"
        );
        let (background, foreground) = colours(style);
        let (nothing, all) = (self.pixel(background), self.pixel(foreground));
        let corner = row * self.row_bytes() + column * GLYPH_WIDTH * BYTES_PER_PIXEL;
        for (y, line) in glyphs::rows(character).enumerate() {
            for (x, &intensity) in line.iter().enumerate().take(GLYPH_WIDTH) {
                let pixel = match intensity {
                    0 => nothing,
                    255 => all,
                    _ => self.pixel(mixed(background, foreground, intensity)),
                };
                let offset = corner + y * self.pitch + x * BYTES_PER_PIXEL;
                // SAFETY: the cell, as checked above, lies in the framebuffer.
                unsafe { self.pixels.add(offset).cast::<u32>().write_volatile(pixel) }
            }
        }
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
