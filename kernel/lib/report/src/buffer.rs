//! Text put together in a place of its own, and cut where that is full.

use core::fmt::{self, Display, Write};

use arrayvec::ArrayString;

/// The beginning of a text, often the whole of it: a name that is put together
/// from many pieces is written several times, and a form takes it in one.
pub struct Buffer<const BYTES: usize> {
    text: ArrayString<BYTES>,
    is_whole: bool,
}

impl<const BYTES: usize> Buffer<BYTES> {
    /// What `write` writes. It is told when nothing more fits.
    pub fn of(write: impl FnOnce(&mut Self) -> fmt::Result) -> Self {
        let mut buffer = Self {
            text: ArrayString::new(),
            is_whole: true,
        };
        // The error only stops the writing of what does not fit.
        let _ = write(&mut buffer);
        buffer
    }

    /// The text, as much of it as fits in whole characters.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
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
        if self.text.try_push_str(text).is_ok() {
            return Ok(());
        }
        let (beginning, _) =
            text.split_at(text.floor_char_boundary(self.text.remaining_capacity()));
        // It fits.
        let _ = self.text.try_push_str(beginning);
        self.is_whole = false;
        Err(fmt::Error)
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
