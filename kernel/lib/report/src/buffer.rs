//! Text put together in a place of its own, and cut where that is full.

use core::fmt::{self, Display, Write};

/// The beginning of a text, often the whole of it: a name that is put together
/// from many pieces is written several times, and a form takes it in one.
pub struct Buffer<const BYTES: usize> {
    bytes: [u8; BYTES],
    length: usize,
    is_whole: bool,
}

impl<const BYTES: usize> Buffer<BYTES> {
    /// What `write` writes. It is told when nothing more fits.
    pub fn of(write: impl FnOnce(&mut Self) -> fmt::Result) -> Self {
        let mut buffer = Self {
            bytes: [0; BYTES],
            length: 0,
            is_whole: true,
        };
        // The error only stops the writing of what does not fit.
        let _ = write(&mut buffer);
        buffer
    }

    /// The text, as much of it as fits in whole characters.
    #[must_use]
    pub fn text(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        match core::str::from_utf8(bytes) {
            Ok(text) => text,
            // Cut inside a character.
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                core::str::from_utf8(valid).unwrap_or_default()
            }
        }
    }

    /// This text if it is the whole, which `all` writes too, else that.
    pub fn or<'a>(&'a self, all: &'a dyn Display) -> impl Display + 'a {
        fmt::from_fn(move |out| match self.is_whole {
            true => out.write_str(self.text()),
            false => all.fmt(out),
        })
    }
}

impl<const BYTES: usize> Write for Buffer<BYTES> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.length..).unwrap_or_default();
        let taken = text.len().min(room.len());
        let parts = room.get_mut(..taken).zip(text.as_bytes().get(..taken));
        let (to, from) = parts.ok_or(fmt::Error)?;
        to.copy_from_slice(from);
        self.length = self.length.saturating_add(taken);
        match taken == text.len() {
            true => Ok(()),
            false => {
                self.is_whole = false;
                Err(fmt::Error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_between_characters() {
        for (text, beginning) in [
            ("", ""),
            ("abcd", "abcd"),
            ("abcde", "abcd"),
            ("abc\u{e9}", "abc"),
        ] {
            let buffer = Buffer::<4>::of(|out| out.write_str(text));
            assert_eq!(buffer.text(), beginning);
            assert_eq!(buffer.or(&text).to_string(), text);
        }
    }
}
