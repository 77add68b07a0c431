//! The start list: which programs run, in which order, with which result.
//!
//! Groups separated by `;` run one after the other; programs of a group,
//! separated by `&`, run together. `=> STATUS` behind a program states its
//! expected status, 0 otherwise. Inside double quotes these signs mean
//! nothing; a quote behind an odd number of backslashes is no quote, as for
//! Windows programs. What is left is handed to the program as it stands.

use crate::error::{ConfigError, Problem};
use crate::number::parse_status;

const GROUP_END: &str = ";";
const TOGETHER: &str = "&";
const EXPECTS: &str = "=>";

/// The groups of programs that run one after the other.
#[derive(Debug, Clone, Copy)]
pub struct StartList<'a> {
    rest: Option<&'a str>,
}

/// Programs that are started together.
#[derive(Debug, Clone, Copy)]
pub struct StartGroup<'a> {
    rest: Option<&'a str>,
}

/// A program to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartEntry<'a> {
    /// Program and arguments, as given.
    pub command_line: &'a str,
    /// The program's name, without quotes around it.
    pub program: &'a str,
    /// The status it must end with.
    pub expected: u32,
}

impl<'a> StartList<'a> {
    /// Parses a start list; nothing but spaces is the empty list.
    ///
    /// # Errors
    /// A [`ConfigError`] about the option `start`.
    pub fn parse(value: &'a str) -> Result<Self, ConfigError> {
        let bad = |problem| ConfigError::new("start", value, problem);
        if Scan::of(value).last().is_some_and(|place| place.is_quoted) {
            return Err(bad(Problem::OpenQuote));
        }
        let list = Self::checked(value);
        for mut group in list {
            while let Some(entry) = take(&mut group.rest, TOGETHER) {
                entry_of(entry).map_err(bad)?;
            }
        }
        Ok(list)
    }

    /// A list that was parsed without error before.
    pub(crate) fn checked(value: &'a str) -> Self {
        Self {
            rest: Some(value).filter(|value| !value.trim().is_empty()),
        }
    }
}

impl<'a> Iterator for StartList<'a> {
    type Item = StartGroup<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let group = take(&mut self.rest, GROUP_END)?;
        Some(StartGroup { rest: Some(group) })
    }
}

impl<'a> Iterator for StartGroup<'a> {
    type Item = StartEntry<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        take(&mut self.rest, TOGETHER).and_then(|entry| entry_of(entry).ok())
    }
}

fn entry_of(entry: &str) -> Result<StartEntry<'_>, Problem> {
    let (command_line, status) = split(entry, EXPECTS);
    let command_line = command_line.trim();
    let program = program_of(command_line);
    if program.is_empty() {
        return Err(Problem::EmptyEntry);
    }
    let expected = match status {
        None => 0,
        Some(status) => parse_status(status.trim()).ok_or(Problem::Status)?,
    };
    Ok(StartEntry {
        command_line,
        program,
        expected,
    })
}

/// The first word of a command line, without quotes around it.
fn program_of(command_line: &str) -> &str {
    match command_line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => command_line.split_ascii_whitespace().next(),
    }
    .unwrap_or_default()
}

/// Takes what stands before the next separator.
fn take<'a>(rest: &mut Option<&'a str>, separator: &str) -> Option<&'a str> {
    let (piece, behind) = split(rest.take()?, separator);
    *rest = behind;
    Some(piece)
}

/// What stands before and behind the first separator outside quotes.
fn split<'a>(text: &'a str, separator: &str) -> (&'a str, Option<&'a str>) {
    Scan::of(text)
        .filter(|place| !place.is_quoted)
        .find_map(|place| {
            let (before, rest) = text.split_at_checked(place.offset)?;
            Some((before, Some(rest.strip_prefix(separator)?)))
        })
        .unwrap_or((text, None))
}

/// A character's place, and whether it stands inside quotes.
struct Place {
    offset: usize,
    is_quoted: bool,
}

/// The places of a text, in order; the last one is its end.
struct Scan<'a> {
    characters: core::str::Chars<'a>,
    offset: Option<usize>,
    is_quoted: bool,
    is_escaped: bool,
}

impl<'a> Scan<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            characters: text.chars(),
            offset: Some(0),
            is_quoted: false,
            is_escaped: false,
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let place = Place {
            offset: self.offset?,
            is_quoted: self.is_quoted,
        };
        let character = self.characters.next();
        self.offset = character.map(|character| place.offset.saturating_add(character.len_utf8()));
        if character == Some('"') && !self.is_escaped {
            self.is_quoted = !self.is_quoted;
        }
        self.is_escaped = character == Some('\\') && !self.is_escaped;
        Some(place)
    }
}
