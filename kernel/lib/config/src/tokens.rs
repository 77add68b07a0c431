//! Splitting the command line into tokens: quotes and backslashes.

use arrayvec::{ArrayString, ArrayVec};

use crate::error::{ConfigError, Problem};

/// The longest command line, counted after quotes and backslashes are gone.
pub const TEXT_MAX_BYTES: usize = 4096;

/// How many tokens a command line may have.
const TOKENS_MAX: usize = 128;

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

/// Writes the tokens of `line` to `text`, without quotes and backslashes, and
/// returns where they are.
pub fn split_tokens(
    line: &str,
    text: &mut ArrayString<TEXT_MAX_BYTES>,
) -> Result<ArrayVec<Span, TOKENS_MAX>, ConfigError> {
    let mut tokens = ArrayVec::new();
    let mut characters = line.chars();
    let mut start = None;
    let mut is_quoted = false;
    loop {
        let character = characters.next();
        let ends_token = match character {
            None => true,
            Some(space) => space.is_ascii_whitespace() && !is_quoted,
        };
        if ends_token {
            if is_quoted {
                return Err(ConfigError::of_line(line, Problem::OpenQuote));
            }
            if let Some(start) = start.take() {
                let end = text.len();
                tokens.try_push(Span { start, end }).map_err(|_| {
                    ConfigError::of_line(line, Problem::TooMany { most: TOKENS_MAX })
                })?;
            }
        } else {
            start.get_or_insert(text.len());
        }
        let kept = match character {
            None => return Ok(tokens),
            Some(_) if ends_token => continue,
            Some('"') => {
                is_quoted = !is_quoted;
                continue;
            }
            Some('\\') => characters
                .next()
                .ok_or_else(|| ConfigError::of_line(line, Problem::LastBackslash))?,
            Some(other) => other,
        };
        text.try_push(kept)
            .map_err(|_| ConfigError::of_line(line, Problem::LineTooLong))?;
    }
}
