//! What is wrong with a command line, in sentences.

use core::fmt;

use arrayvec::ArrayString;

use crate::log::{LOG_RULES_MAX, LogLevel, MODULE_NAME_MAX_BYTES};
use crate::panic::PanicKind;
use crate::tokens::TEXT_MAX_BYTES;
use crate::trace::{TRACE_EVENTS, TRACE_FAMILIES};

/// How much of a bad value an error repeats.
pub const QUOTE_MAX_BYTES: usize = 64;

/// Stands where a value was cut.
const CUT: &str = "...";

/// A command line that cannot be followed.
///
/// Its `Display` names the option, repeats the value and lists what is
/// accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigError {
    /// The option, or `None` when the line as a whole is at fault.
    pub option: Option<&'static str>,
    /// The bad value, or its start and dots.
    pub value: ArrayString<QUOTE_MAX_BYTES>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The line is longer than [`TEXT_MAX_BYTES`].
    LineTooLong,
    /// A double quote is not closed.
    OpenQuote,
    /// A backslash with nothing behind it.
    LastBackslash,
    /// More of something than is kept.
    TooMany {
        /// The most that is kept.
        most: usize,
    },
    /// Not a log level.
    LogLevel,
    /// A module name of the log filter is empty or too long.
    LogModule,
    /// An entry of the start list without a program.
    EmptyEntry,
    /// What stands after `=>` is no status.
    Status,
    /// The trace is in none of its forms.
    TraceInterface,
    /// Not what a trace in JSON has, or it is not in JSON.
    TraceEvents,
    /// Not a condition on traced calls.
    TraceCondition,
    /// Not a family of services.
    TraceFamily,
    /// Not a name of [`PanicKind`].
    PanicKind,
    /// A list without names.
    NoNames,
    /// Not a 64-bit number.
    Seed,
    /// Neither `calls` nor `alloc:` and a number from 1 on.
    Failure,
    /// Not `NAME=VALUE`.
    Environment,
    /// Neither `on` nor `off`.
    Switch,
    /// Neither `console` nor `host`.
    Streams,
    /// Not a letter from D on, a number and `ro` or `rw`.
    Share,
    /// A letter that another directory has.
    LetterTwice,
    /// Not a size and which streams a terminal has.
    Terminal,
    /// Not a list of channels of messages.
    Channel,
    /// Neither `exit` nor `halt`.
    End,
}

impl ConfigError {
    pub(crate) fn new(option: &'static str, value: &str, problem: Problem) -> Self {
        Self {
            option: Some(option),
            value: shortened(value),
            problem,
        }
    }

    pub(crate) fn of_line(line: &str, problem: Problem) -> Self {
        Self {
            option: None,
            value: shortened(line),
            problem,
        }
    }
}

/// The value, or its start and dots.
fn shortened(value: &str) -> ArrayString<QUOTE_MAX_BYTES> {
    if let Ok(whole) = ArrayString::from(value) {
        return whole;
    }
    let mut quote = ArrayString::new();
    for character in value.chars() {
        let length = quote.len().saturating_add(character.len_utf8());
        if length.saturating_add(CUT.len()) > QUOTE_MAX_BYTES {
            break;
        }
        quote.push(character);
    }
    quote.push_str(CUT);
    quote
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.option {
            Some(option) => write!(f, "the kernel option {option}={}", self.value)?,
            None => write!(f, "the kernel command line {}", self.value)?,
        }
        self.problem.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineTooLong => write!(
                f,
                " is longer than {TEXT_MAX_BYTES} bytes; shorten it, or start fewer programs"
            ),
            Self::OpenQuote => f.write_str(" has a double quote that is not closed; add one"),
            Self::LastBackslash => {
                f.write_str(" ends with a backslash; write two for the character itself")
            }
            Self::TooMany { most } => write!(f, " is more than the {most} that are accepted"),
            Self::LogLevel => {
                f.write_str(" names no log level; write LEVEL,MODULE=LEVEL,... with a level of")?;
                list(f, LogLevel::ALL.iter().map(|level| level.name()))
            }
            Self::LogModule => write!(
                f,
                " has a module name that is empty or longer than {MODULE_NAME_MAX_BYTES} bytes, \
                 or more than {LOG_RULES_MAX} of them; write LEVEL,MODULE=LEVEL,..."
            ),
            Self::EmptyEntry => f.write_str(
                " has an entry without a program; remove the extra ; or &, or name a program",
            ),
            Self::Status => f.write_str(
                " has no 32-bit status after =>; write a hexadecimal one like 0xC0000005, or a \
                 decimal one like 3 or -1",
            ),
            Self::TraceInterface => f.write_str(
                " is no trace; write trace=nt for text or trace=json for tools, or \
                 trace=nt,family=wait|file,name=NtOpen*",
            ),
            Self::TraceEvents => {
                f.write_str(
                    " has events= for another form than trace=json, or not some of these, \
                     joined by |:",
                )?;
                list(f, TRACE_EVENTS.into_iter())
            }
            Self::TraceCondition => f.write_str(
                " has another condition than process=NAME.exe, family=A|B and name=NtOpen*",
            ),
            Self::TraceFamily => {
                f.write_str(" needs some of these, joined by |:")?;
                list(f, TRACE_FAMILIES.into_iter())
            }
            Self::PanicKind => {
                f.write_str(" names no panic; it is one of")?;
                list(f, PanicKind::ALL.iter().map(|kind| kind.name()))
            }
            Self::NoNames => f.write_str(" names nothing; write names separated by commas"),
            Self::Seed => f.write_str(
                " is no 64-bit number; write a decimal one, or a hexadecimal one after 0x",
            ),
            Self::Failure => f.write_str(
                " names nothing that can fail; write alloc:N for the Nth allocation, from 1 on, or \
                 calls for programs to choose",
            ),
            Self::Environment => f.write_str(" is no variable; write env=NAME=VALUE"),
            Self::Channel => f.write_str(
                " is no list of channels; write +loaddll,+relay or err+all,-file, names up to 14 letters",
            ),
            Self::Switch => f.write_str(" is neither on nor off"),
            Self::Streams => f.write_str(" is neither console nor host"),
            Self::Share => f.write_str(" is not a letter from D to Z, a slot and ro or rw"),
            Self::LetterTwice => f.write_str(" has a letter that another directory has"),
            Self::Terminal => {
                f.write_str(" is no size and streams of a terminal, such as 80x25,in,out,err")
            }
            Self::End => f.write_str(" names no way to end; it is one of exit halt"),
        }
    }
}

fn list<'a>(f: &mut fmt::Formatter<'_>, names: impl Iterator<Item = &'a str>) -> fmt::Result {
    for name in names {
        write!(f, " {name}")?;
    }
    Ok(())
}

impl core::error::Error for ConfigError {}
