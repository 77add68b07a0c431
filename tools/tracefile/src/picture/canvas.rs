//! Pixels, letters, and the file of a picture.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use super::colours::Colour;

const FONT: RasterHeight = RasterHeight::Size16;
const LETTER_WIDTH: usize = get_raster_width(FontWeight::Regular, FONT);
pub(crate) const TEXT_HEIGHT: usize = FONT.val();

/// How wide a text is.
pub(crate) fn text_width(text: &str) -> usize {
    text.chars().count() * LETTER_WIDTH
}

/// A picture that is being drawn. What lies outside is not drawn.
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self {
            width,
            height,
            pixels: vec![colour; width * height],
        }
    }

    fn pixel(&mut self, x: usize, y: usize) -> Option<&mut Colour> {
        let is_inside = x < self.width && y < self.height;
        is_inside.then(|| &mut self.pixels[y * self.width + x])
    }

    /// Fills a rectangle.
    pub(crate) fn fill(
        &mut self,
        left: usize,
        top: usize,
        width: usize,
        height: usize,
        colour: Colour,
    ) {
        for y in top..top + height {
            for x in left..left + width {
                if let Some(pixel) = self.pixel(x, y) {
                    *pixel = colour;
                }
            }
        }
    }

    /// Writes a line of text.
    pub(crate) fn text(&mut self, left: usize, top: usize, text: &str, ink: Colour) {
        for (place, letter) in text.chars().enumerate() {
            let raster = get_raster(letter, FontWeight::Regular, FONT)
                .or_else(|| get_raster('?', FontWeight::Regular, FONT));
            let Some(raster) = raster else {
                continue;
            };
            let left = left + place * LETTER_WIDTH;
            for (y, row) in raster.rows().enumerate() {
                for (x, intensity) in row.iter().enumerate() {
                    if let Some(pixel) = self.pixel(left + x, top + y) {
                        *pixel = pixel.mixed_with(ink, *intensity);
                    }
                }
            }
        }
    }

    /// The picture as a PNG file.
    pub(crate) fn into_png(self) -> Result<Vec<u8>, String> {
        let bad = |error: png::EncodingError| format!("the picture cannot be made: {error}");
        let size = |length: usize| u32::try_from(length).map_err(|_| "the picture is too large");
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, size(self.width)?, size(self.height)?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let bytes: Vec<u8> = self.pixels.iter().flat_map(|pixel| pixel.0).collect();
        let mut writer = encoder.write_header().map_err(bad)?;
        writer.write_image_data(&bytes).map_err(bad)?;
        writer.finish().map_err(bad)?;
        Ok(file)
    }
}
