//! The screen that the boot loader set up.

/// A screen in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framebuffer {
    /// Physical address of its first byte.
    pub address: u64,
    /// Bytes from one line to the next.
    pub pitch_bytes: u32,
    /// Pixels in a line; characters for [`FramebufferFormat::EgaText`].
    pub width: u32,
    /// Lines of pixels; of characters for [`FramebufferFormat::EgaText`].
    pub height: u32,
    /// Bits of a pixel; 16 for [`FramebufferFormat::EgaText`].
    pub bits_per_pixel: u8,
    /// How a pixel is coded.
    pub format: FramebufferFormat,
}

/// How a pixel is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FramebufferFormat {
    /// Direct colour: three bit fields in a little-endian pixel.
    Rgb {
        /// Where red is.
        red: ColourField,
        /// Where green is.
        green: ColourField,
        /// Where blue is.
        blue: ColourField,
    },
    /// A number into a palette.
    Indexed,
    /// No pixels: character and attribute bytes as in VGA's text mode.
    EgaText,
}

/// A colour's bits within a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColourField {
    /// Number of its lowest bit.
    pub position: u8,
    /// How many bits it has.
    pub bits: u8,
}

impl Framebuffer {
    /// Bytes from the first to the end of the last line.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        u64::from(self.pitch_bytes).saturating_mul(u64::from(self.height))
    }

    /// Whether the numbers fit together, so that every pixel has its place.
    pub(crate) fn is_consistent(&self) -> bool {
        let bits = u32::from(self.bits_per_pixel);
        let line_bytes = u64::from(self.width).saturating_mul(u64::from(bits.div_ceil(8)));
        let fields_fit = match self.format {
            FramebufferFormat::Rgb { red, green, blue } => {
                (15..=32).contains(&bits) && [red, green, blue].iter().all(|field| field.fits(bits))
            }
            FramebufferFormat::Indexed => (1..=8).contains(&bits),
            FramebufferFormat::EgaText => bits == 16,
        };
        self.address != 0
            && self.width != 0
            && self.height != 0
            && line_bytes <= u64::from(self.pitch_bytes)
            && self.address.checked_add(self.size_bytes()).is_some()
            && fields_fit
    }
}

impl ColourField {
    fn fits(self, pixel_bits: u32) -> bool {
        (1..=16).contains(&self.bits)
            && u32::from(self.position).saturating_add(u32::from(self.bits)) <= pixel_bits
    }
}
