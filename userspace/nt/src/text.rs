//! A short string decoded from UTF-16.
use core::fmt;

/// UTF-8 text of at most 256 bytes; the rest is cut off.
pub struct Text {
    bytes: [u8; 256],
    used: usize,
}

impl Text {
    /// Decodes UTF-16; what is not valid becomes U+FFFD.
    pub fn new(units: impl Iterator<Item = u16>) -> Self {
        let mut text = Self {
            bytes: [0; 256],
            used: 0,
        };
        for character in char::decode_utf16(units) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            let end = text.used + character.len_utf8();
            let Some(place) = text.bytes.get_mut(text.used..end) else {
                break;
            };
            character.encode_utf8(place);
            text.used = end;
        }
        text
    }

    /// What a format says.
    pub fn formatted(of: fmt::Arguments<'_>) -> Self {
        let mut text = Self::new(core::iter::empty());
        // It never fails: what does not fit is cut off.
        let _ = fmt::Write::write_fmt(&mut text, of);
        text
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.used]).unwrap_or_default()
    }

    /// The number it spells, decimal or `0x` hexadecimal.
    pub fn number(&self) -> Option<u64> {
        let text = self.as_str();
        match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        }
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for character in more.chars() {
            let end = self.used + character.len_utf8();
            let Some(place) = self.bytes.get_mut(self.used..end) else {
                break;
            };
            character.encode_utf8(place);
            self.used = end;
        }
        Ok(())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
