//! Splitting the command line into tokens: quotes and backslashes.

use arrayvec::ArrayString;

use crate::error::{ConfigError, Problem};

/// The longest command line, counted after quotes and backslashes are gone.
pub const TEXT_MAX_BYTES: usize = 4096;

/// A piece of a text, by byte offsets at character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The piece itself.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The last `length` bytes of the piece.
    pub fn tail(self, length: usize) -> Self {
        Self {
            start: self.end.saturating_sub(length).max(self.start),
            end: self.end,
        }
    }
}

/// The tokens of a line that are not yet read.
pub struct Tokens<'a> {
    line: &'a str,
    rest: core::str::Chars<'a>,
}

impl<'a> Tokens<'a> {
    pub fn of(line: &'a str) -> Self {
        Self {
            line,
            rest: line.chars(),
        }
    }

    /// Writes the next token behind `text`, without quotes and backslashes,
    /// and returns where it is.
    pub fn next(
        &mut self,
        text: &mut ArrayString<TEXT_MAX_BYTES>,
    ) -> Result<Option<Span>, ConfigError> {
        let bad = |problem| ConfigError::of_line(self.line, problem);
        let start = text.len();
        let mut has_begun = false;
        let mut is_quoted = false;
        loop {
            let character = self.rest.next();
            let is_space = character.is_none_or(|character| character.is_ascii_whitespace());
            let kept = match character {
                None if is_quoted => return Err(bad(Problem::OpenQuote)),
                _ if is_space && has_begun && !is_quoted => {
                    let end = text.len();
                    return Ok(Some(Span { start, end }));
                }
                None => return Ok(None),
                _ if is_space && !is_quoted => continue,
                Some('"') => {
                    has_begun = true;
                    is_quoted = !is_quoted;
                    continue;
                }
                Some('\\') => self
                    .rest
                    .next()
                    .ok_or_else(|| bad(Problem::LastBackslash))?,
                Some(other) => other,
            };
            has_begun = true;
            text.try_push(kept).map_err(|_| bad(Problem::LineTooLong))?;
        }
    }
}
