//! Paths after the volume, and the names that files can have.
//!
//! A component has up to 255 units, none below a space and none of
//! `" * / : < > ? |`; it is not `.` or `..`, which Win32 resolves before NT
//! sees them. Dots and spaces at its end stay, as only Win32 strips them. Two
//! backslashes are an empty component and wrong, but for a pair at the very
//! start, which NTFS takes for one; a single one at the end asks for a
//! directory.
//!
//! Of NTFS's streams there are the unnamed ones: `name::$DATA` is the file
//! `name`, and `name::$INDEX_ALLOCATION` or `name:$I30:$INDEX_ALLOCATION` the
//! directory. Other streams are well-formed names of nothing.

#[cfg(test)]
mod tests;

use crate::FileError;
use objects::{Case, SEPARATOR, compare};

/// Most units in a component.
pub const MAX_COMPONENT: usize = 255;

/// Most units in a path.
pub const MAX_PATH_UNITS: usize = 32_767;

const DOT: u16 = b'.' as u16;
const COLON: u16 = b':' as u16;
const PIPE: u16 = b'|' as u16;

/// What a component names besides its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Nothing.
    None,
    /// The data of a file, `::$DATA`.
    Data,
    /// The entries of a directory.
    Index,
    /// A named stream: there are none.
    Named,
}

/// A path, checked as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed<'path> {
    /// The rest of it, without separators at its ends.
    rest: &'path [u16],
    /// Whether it ends with a separator and so asks for a directory.
    pub needs_directory: bool,
}

/// Checks a path. One that is empty leads nowhere and is correct.
pub fn parse(path: &[u16], is_absolute: bool) -> Result<Parsed<'_>, FileError> {
    if path.len() > MAX_PATH_UNITS {
        return Err(FileError::NameInvalid);
    }
    let mut rest = path;
    // One separator belongs to an absolute path, two are taken for one.
    for _ in 0..if is_absolute { 2 } else { 0 } {
        rest = rest.strip_prefix(&[SEPARATOR]).unwrap_or(rest);
    }
    let (rest, needs_directory) = match rest.strip_suffix(&[SEPARATOR]) {
        Some(before) => (before, true),
        None => (rest, false),
    };
    if rest.is_empty() {
        // A lone separator after those at the start is an empty component.
        return match needs_directory {
            true => Err(FileError::NameInvalid),
            false => Ok(Parsed {
                rest,
                needs_directory: path.contains(&SEPARATOR),
            }),
        };
    }
    let mut unchecked = rest;
    while let Some((.., after)) = split(unchecked)? {
        unchecked = after;
    }
    Ok(Parsed {
        rest,
        needs_directory,
    })
}

impl<'path> Parsed<'path> {
    /// Takes off the next component; `None` at the end.
    pub fn next(&mut self) -> Option<Component<'path>> {
        // It was checked.
        let (name, stream, rest) = split(self.rest).ok()??;
        self.rest = rest;
        Some(Component {
            name,
            stream,
            is_last: rest.is_empty(),
        })
    }
}

/// One component of a checked path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'path> {
    /// The name of the file.
    pub name: &'path [u16],
    /// What it names of the file.
    pub stream: Stream,
    /// Whether no other follows.
    pub is_last: bool,
}

/// Whether a file can have this name.
///
/// # Errors
/// [`FileError::NameInvalid`].
pub fn check_name(name: &[u16]) -> Result<(), FileError> {
    match name.iter().any(|unit| is_invalid(*unit)) {
        true => Err(FileError::NameInvalid),
        false => check_valid_units(name),
    }
}

/// The same, of units each of which can be in a name.
fn check_valid_units(name: &[u16]) -> Result<(), FileError> {
    match name {
        [] | [DOT] | [DOT, DOT] => Err(FileError::NameInvalid),
        _ if name.len() > MAX_COMPONENT => Err(FileError::NameInvalid),
        _ => Ok(()),
    }
}

/// Units that are in no file's name.
#[inline]
fn is_invalid(unit: u16) -> bool {
    /// Those below 40h, one bit each: what is below a space, and `"*/:<>?`.
    const LOW: u64 = 0xFFFF_FFFF
        | 1 << b'"'
        | 1 << b'*'
        | 1 << b'/'
        | 1 << b':'
        | 1 << b'<'
        | 1 << b'>'
        | 1 << b'?';
    match unit {
        0..0x40 => LOW & 1 << unit != 0,
        _ => unit == SEPARATOR || unit == PIPE,
    }
}

/// The first name of a path, what of it is named, and the path after it.
type First<'path> = (&'path [u16], Stream, &'path [u16]);

/// Takes the first component off a path; `None`: it is empty.
fn split(path: &[u16]) -> Result<Option<First<'_>>, FileError> {
    // Separators are in no name either.
    let end = path.iter().position(|unit| is_invalid(*unit));
    let (name, rest) = path.split_at(end.unwrap_or(path.len()));
    let (stream, rest) = match rest {
        [] if name.is_empty() => return Ok(None),
        [] => (Stream::None, rest),
        // There is no empty one behind it.
        [SEPARATOR, rest @ ..] if !rest.is_empty() => (Stream::None, rest),
        [COLON, rest @ ..] => {
            let mut halves = rest.splitn(2, |unit| *unit == SEPARATOR);
            let stream = stream_of(halves.next().unwrap_or_default())?;
            match halves.next() {
                Some([]) => return Err(FileError::NameInvalid),
                rest => (stream, rest.unwrap_or_default()),
            }
        }
        _ => return Err(FileError::NameInvalid),
    };
    check_valid_units(name)?;
    Ok(Some((name, stream, rest)))
}

/// What is named by what follows the colon behind a name.
fn stream_of(rest: &[u16]) -> Result<Stream, FileError> {
    let mut parts = rest.splitn(2, |unit| *unit == COLON);
    let (stream, kind) = (parts.next().unwrap_or_default(), parts.next());
    // Anything but a few units can be in a stream's name.
    let is_wrong = |unit: &u16| matches!(*unit, 0 | 0x2F | COLON);
    if stream.len() > MAX_COMPONENT || stream.iter().any(is_wrong) {
        return Err(FileError::NameInvalid);
    }
    let is_data = kind.is_none_or(|kind| is(kind, "$DATA"));
    let is_index = kind.is_some_and(|kind| is(kind, "$INDEX_ALLOCATION"));
    match (stream.is_empty(), is_data, is_index) {
        // `name:` names nothing.
        (true, true, _) if kind.is_none() => Err(FileError::NameInvalid),
        (true, true, _) => Ok(Stream::Data),
        (true, _, true) => Ok(Stream::Index),
        (false, true, _) => Ok(Stream::Named),
        (false, _, true) if is(stream, "$I30") => Ok(Stream::Index),
        _ => Err(FileError::NameInvalid),
    }
}

/// Whether units spell a text, in whatever case.
fn is(units: &[u16], text: &str) -> bool {
    let mut buffer = [0; 32];
    let mut len = 0usize;
    for (place, unit) in buffer.iter_mut().zip(text.encode_utf16()) {
        *place = unit;
        len = len.saturating_add(1);
    }
    let text = buffer.get(..len).unwrap_or_default();
    compare(units, text, Case::Insensitive).is_eq()
}
