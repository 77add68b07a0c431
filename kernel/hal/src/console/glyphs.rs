//! The font: one raster for each ASCII character.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

const HEIGHT: RasterHeight = RasterHeight::Size16;

/// Pixels of a glyph, across.
pub(super) const GLYPH_WIDTH: usize = get_raster_width(FontWeight::Regular, HEIGHT);
/// Pixels of a glyph, down.
pub(super) const GLYPH_HEIGHT: usize = HEIGHT.val();

/// The rows of a character's glyph, a byte of intensity for each pixel.
pub(super) fn rows(character: u8) -> impl Iterator<Item = &'static [u8]> {
    let raster = get_raster(char::from(character), FontWeight::Regular, HEIGHT)
        .or_else(|| get_raster('?', FontWeight::Regular, HEIGHT));
    raster.into_iter().flat_map(|raster| raster.rows())
}
