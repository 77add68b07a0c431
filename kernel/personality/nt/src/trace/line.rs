//! The text of a line of the trace, as long as it must be.

use core::fmt::{self, Write};

use alloc::string::String;

/// No call needs more; beyond it, or without memory, a line is cut.
const BYTES_MAX: usize = 4096;
const CUT: &str = "...";

/// A text that ends in dots if it was cut.
pub(super) struct Line {
    text: String,
    is_cut: bool,
}

impl Line {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            is_cut: false,
        }
    }

    /// Adds what is written, as far as it goes.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> fmt::Result) {
        self.is_cut |= write(&mut Writer(&mut self.text)).is_err();
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str(if self.is_cut { CUT } else { "" })
    }
}

struct Writer<'a>(&'a mut String);

impl Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len().saturating_add(text.len()) > BYTES_MAX {
            return Err(fmt::Error);
        }
        self.0.try_reserve(text.len()).map_err(|_| fmt::Error)?;
        self.0.push_str(text);
        Ok(())
    }
}
