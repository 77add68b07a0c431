//! The parsed command line, with its own copy of the text.

use arrayvec::{ArrayString, ArrayVec};

use crate::error::{ConfigError, Problem};
use crate::log::LogFilter;
use crate::number::parse_u64;
use crate::panic::PanicKind;
use crate::start::StartList;
use crate::terminal::Terminal;
use crate::tokens::{Span, TEXT_MAX_BYTES, Tokens};
use crate::trace::TraceFilter;
use crate::wine::Channels;

/// How many environment variables can be given.
pub const ENVIRONMENT_MAX: usize = 32;

/// How many unknown options are kept for the log.
pub const UNKNOWN_MAX: usize = 16;

/// What to do after the last program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndAction {
    /// Leave the machine with the verdict.
    #[default]
    Exit,
    /// Stay, so that the screen can be read.
    Halt,
}

/// Where the standard streams of programs lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Streams {
    /// To the console: serial line and screen.
    #[default]
    Console,
    /// To the host, each on a device of its own.
    Host,
}

/// How many directories of the host can be shared.
pub const SHARES_MAX: usize = 8;

/// A directory of the host's that programs have under a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The drive's letter, a capital one.
    pub letter: u8,
    /// Where the machine has its device.
    pub slot: u32,
    /// Whether nothing is to be changed there.
    pub is_read_only: bool,
}

impl Share {
    /// Reads a letter from D on, a number and `ro` or `rw`.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let (letter, slot) = (parts.next()?, parts.next()?);
        let is_read_only = match parts.next()? {
            "ro" => true,
            "rw" => false,
            _ => return None,
        };
        let &[letter @ b'D'..=b'Z'] = letter.as_bytes() else {
            return None;
        };
        parts.next().is_none().then_some(Self {
            letter,
            slot: u32::try_from(parse_u64(slot)?).ok()?,
            is_read_only,
        })
    }
}

/// Everything the command line says, checked. About 5 KiB; it borrows nothing.
#[derive(Debug, Clone)]
pub struct Config {
    text: ArrayString<TEXT_MAX_BYTES>,
    options: Options,
}

/// What the options say; spans are places in the text.
#[derive(Debug, Clone, Default)]
struct Options {
    log: LogFilter,
    start: Span,
    trace: Option<Span>,
    panic: Option<PanicKind>,
    selftests: Span,
    seed: Option<u64>,
    failing_allocation: Option<u64>,
    calls_may_fail: bool,
    environment: ArrayVec<Span, ENVIRONMENT_MAX>,
    has_colours: bool,
    streams: Streams,
    shares: ArrayVec<Share, SHARES_MAX>,
    terminal: Option<Terminal>,
    wine: Option<Span>,
    end: EndAction,
    unknown: ArrayVec<Span, UNKNOWN_MAX>,
}

impl Config {
    /// The configuration of an empty command line.
    #[must_use]
    pub fn new() -> Self {
        Self {
            text: ArrayString::new(),
            options: Options::default(),
        }
    }

    /// Parses a command line. Unknown options are kept for
    /// [`Config::unknown_options`].
    ///
    /// # Errors
    /// The first bad option, with a sentence for the one who wrote it.
    pub fn parse(command_line: &str) -> Result<Self, ConfigError> {
        let mut config = Self::new();
        let mut tokens = Tokens::of(command_line);
        while let Some(token) = tokens.next(&mut config.text)? {
            config.options.take(token, token.of(&config.text))?;
        }
        Ok(config)
    }

    /// What to log.
    #[must_use]
    pub fn log(&self) -> &LogFilter {
        &self.options.log
    }

    /// The programs to run.
    #[must_use]
    pub fn start_list(&self) -> StartList<'_> {
        StartList::checked(self.options.start.of(&self.text))
    }

    /// The system calls to print; `None`: none.
    #[must_use]
    pub fn trace(&self) -> Option<TraceFilter<'_>> {
        let value = self.options.trace?;
        TraceFilter::of(value.of(&self.text))
    }

    /// The panic to provoke.
    #[must_use]
    pub fn panic(&self) -> Option<PanicKind> {
        self.options.panic
    }

    /// Names of the self-tests to run, as given.
    pub fn selftests(&self) -> impl Iterator<Item = &str> {
        names(self.options.selftests.of(&self.text))
    }

    /// The seed of everything random.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.options.seed
    }

    /// Which allocation is to fail, counted from 1 where the first program starts.
    #[must_use]
    pub fn failing_allocation(&self) -> Option<u64> {
        self.options.failing_allocation
    }

    /// Whether programs may have allocations of their calls fail.
    #[must_use]
    pub fn calls_may_fail(&self) -> bool {
        self.options.calls_may_fail
    }

    /// Environment variables, name and value, in the order given; of equal
    /// names the last one is meant.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options
            .environment
            .iter()
            .filter_map(|span| span.of(&self.text).split_once('='))
    }

    /// Whether the serial line's reader shows colours.
    #[must_use]
    pub fn has_colours(&self) -> bool {
        self.options.has_colours
    }

    /// Where the standard streams of programs lead.
    #[must_use]
    pub fn streams(&self) -> Streams {
        self.options.streams
    }

    /// The host's directories that programs have.
    #[must_use]
    pub fn shares(&self) -> &[Share] {
        &self.options.shares
    }

    /// The host's terminal, if programs have one.
    #[must_use]
    pub fn terminal(&self) -> Option<Terminal> {
        self.options.terminal
    }

    /// Which messages the Win32 DLLs print.
    #[must_use]
    pub fn wine(&self) -> Channels<'_> {
        let words = self.options.wine;
        words.map_or(Channels::NONE, |words| {
            Channels::checked(words.of(&self.text))
        })
    }

    /// What to do after the last program.
    #[must_use]
    pub fn end(&self) -> EndAction {
        self.options.end
    }

    /// Options that mean nothing to this kernel, whole tokens, for a warning;
    /// at most [`UNKNOWN_MAX`].
    pub fn unknown_options(&self) -> impl Iterator<Item = &str> {
        self.options.unknown.iter().map(|span| span.of(&self.text))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl Options {
    /// Notes one option; `whole` is the text of `token`.
    fn take(&mut self, token: Span, whole: &str) -> Result<(), ConfigError> {
        let (name, value) = whole.split_once('=').unwrap_or((whole, ""));
        let value_span = token.tail(value.len());
        let bad = |option, problem| ConfigError::new(option, value, problem);
        match name {
            "log" => self.log = LogFilter::parse(value)?,
            "start" => {
                StartList::parse(value)?;
                self.start = value_span;
            }
            "trace" => {
                TraceFilter::parse(value)?;
                self.trace = Some(value_span);
            }
            "panic" => {
                let kind = PanicKind::from_name(value);
                self.panic = Some(kind.ok_or(bad("panic", Problem::PanicKind))?);
            }
            "selftest" => {
                if names(value).next().is_none() {
                    return Err(bad("selftest", Problem::NoNames));
                }
                self.selftests = value_span;
            }
            "seed" => {
                let seed = parse_u64(value);
                self.seed = Some(seed.ok_or(bad("seed", Problem::Seed))?);
            }
            "fail" if value == "calls" => self.calls_may_fail = true,
            "fail" => {
                let number = value.strip_prefix("alloc:").and_then(parse_u64);
                let number = number.filter(|&number| number > 0);
                self.failing_allocation = Some(number.ok_or(bad("fail", Problem::Failure))?);
            }
            "env" => {
                if value
                    .split_once('=')
                    .is_none_or(|(name, _)| name.is_empty())
                {
                    return Err(bad("env", Problem::Environment));
                }
                self.environment.try_push(value_span).map_err(|_| {
                    bad(
                        "env",
                        Problem::TooMany {
                            most: ENVIRONMENT_MAX,
                        },
                    )
                })?;
            }
            "colour" => {
                self.has_colours = match value {
                    "on" => true,
                    "off" => false,
                    _ => return Err(bad("colour", Problem::Switch)),
                }
            }
            "stdio" => {
                self.streams = match value {
                    "console" => Streams::Console,
                    "host" => Streams::Host,
                    _ => return Err(bad("stdio", Problem::Streams)),
                }
            }
            "share" => {
                let share = Share::parse(value).ok_or(bad("share", Problem::Share))?;
                if self.shares.iter().any(|other| other.letter == share.letter) {
                    return Err(bad("share", Problem::LetterTwice));
                }
                let most = SHARES_MAX;
                let added = self.shares.try_push(share);
                added.map_err(|_| bad("share", Problem::TooMany { most }))?;
            }
            "terminal" => {
                let terminal = Terminal::parse(value);
                self.terminal = Some(terminal.ok_or(bad("terminal", Problem::Terminal))?);
            }
            "wine" => {
                Channels::parse(value)?;
                self.wine = Some(value_span);
            }
            "end" => {
                self.end = match value {
                    "exit" => EndAction::Exit,
                    "halt" => EndAction::Halt,
                    _ => return Err(bad("end", Problem::End)),
                }
            }
            _ => {
                // More than the log can use are left out.
                let _ = self.unknown.try_push(token);
            }
        }
        Ok(())
    }
}

/// The names of a list with commas.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}
