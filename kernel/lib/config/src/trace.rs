//! The trace: its form, and what is wanted in it.
//!
//! `nt` is lines of text and has system calls only; `json` is records for tools and
//! has switches and page faults too, unless `events` chooses some of the three. Of
//! calls, every one is wanted unless there are conditions. They follow behind commas, each a key with
//! alternatives between bars; of conditions with the same key one must hold, of
//! those with different keys all. Case does not matter, and `*` in a name stands
//! for any characters.

use crate::error::{ConfigError, Problem};

const ANYTHING: u8 = b'*';

/// The families of services, as the system-call interface names them.
pub const TRACE_FAMILIES: [&str; 10] = [
    "object", "wait", "thread", "process", "memory", "file", "registry", "token", "message",
    "system",
];

/// What a trace in JSON has besides processes and threads.
pub const TRACE_EVENTS: [&str; 3] = [CALLS, "switches", "faults"];
const CALLS: &str = "calls";
const EVENTS: &str = "events";

/// How a trace is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceForm {
    /// A line of text for each system call.
    Text,
    /// Records for tools.
    Json,
}

impl TraceForm {
    fn of(name: &str) -> Option<Self> {
        match name {
            "nt" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// What to trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceFilter<'a> {
    form: TraceForm,
    conditions: &'a str,
}

/// One system call, as a filter looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TracedCall<'a> {
    /// The file name of the caller's program.
    pub process: &'a str,
    /// One of [`TRACE_FAMILIES`]; empty: a number without a service.
    pub family: &'a str,
    /// Its name.
    pub name: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Process,
    Family,
    Name,
}

impl Key {
    const ALL: [Self; 3] = [Self::Process, Self::Family, Self::Name];

    fn of(name: &str) -> Option<Self> {
        match name {
            "process" => Some(Self::Process),
            "family" => Some(Self::Family),
            "name" => Some(Self::Name),
            _ => None,
        }
    }
}

impl<'a> TraceFilter<'a> {
    /// Parses what stands behind `trace=`.
    ///
    /// # Errors
    /// A [`ConfigError`] about the option `trace`.
    pub fn parse(value: &'a str) -> Result<Self, ConfigError> {
        let bad = |problem| ConfigError::new("trace", value, problem);
        let filter = Self::of(value).ok_or(bad(Problem::TraceInterface))?;
        for condition in filter.conditions() {
            let (key, alternatives) = condition
                .split_once('=')
                .ok_or(bad(Problem::TraceCondition))?;
            if key.trim() == EVENTS {
                let is_known = |event| TRACE_EVENTS.contains(&event);
                match filter.form == TraceForm::Json && each(alternatives).all(is_known) {
                    true => continue,
                    false => return Err(bad(Problem::TraceEvents)),
                }
            }
            let key = Key::of(key.trim()).ok_or(bad(Problem::TraceCondition))?;
            for alternative in each(alternatives) {
                if alternative.is_empty() {
                    return Err(bad(Problem::TraceCondition));
                }
                if key == Key::Family && !is_family(alternative) {
                    return Err(bad(Problem::TraceFamily));
                }
            }
        }
        Ok(filter)
    }

    /// A filter that may have been parsed without error before.
    pub(crate) fn of(value: &'a str) -> Option<Self> {
        let (form, conditions) = split(value);
        let form = TraceForm::of(form)?;
        Some(Self { form, conditions })
    }

    /// How the trace is written.
    #[must_use]
    pub fn form(&self) -> TraceForm {
        self.form
    }

    /// Whether it has the events of that name, one of [`TRACE_EVENTS`].
    #[must_use]
    pub fn has(&self, event: &str) -> bool {
        let mut chosen = self.values(|key| key == EVENTS).peekable();
        match chosen.peek() {
            None => self.form == TraceForm::Json || event == CALLS,
            Some(_) => chosen.any(|one| one == event),
        }
    }

    /// Whether a call is to be printed.
    #[must_use]
    pub fn wants(&self, call: &TracedCall<'_>) -> bool {
        Key::ALL.into_iter().all(|key| {
            let text = match key {
                Key::Process => call.process,
                Key::Family => call.family,
                Key::Name => call.name,
            };
            let mut alternatives = self.alternatives(key).peekable();
            alternatives.peek().is_none() || alternatives.any(|pattern| fits(text, pattern))
        })
    }

    fn conditions(self) -> impl Iterator<Item = &'a str> {
        // Behind the last comma, and without conditions, there may be nothing.
        self.conditions
            .split(',')
            .map(str::trim)
            .filter(|condition| !condition.is_empty())
    }

    fn alternatives(self, key: Key) -> impl Iterator<Item = &'a str> {
        self.values(move |name| Key::of(name) == Some(key))
    }

    fn values(self, is_key: impl Fn(&str) -> bool) -> impl Iterator<Item = &'a str> {
        self.conditions()
            .filter_map(|condition| condition.split_once('='))
            .filter(move |(name, _)| is_key(name.trim()))
            .flat_map(|(_, alternatives)| each(alternatives))
    }
}

/// The form and the conditions.
fn split(value: &str) -> (&str, &str) {
    let (form, conditions) = value.split_once(',').unwrap_or((value, ""));
    (form.trim(), conditions)
}

fn each(alternatives: &str) -> impl Iterator<Item = &str> {
    alternatives.split('|').map(str::trim)
}

fn is_family(name: &str) -> bool {
    TRACE_FAMILIES
        .iter()
        .any(|family| family.eq_ignore_ascii_case(name))
}

/// Whether a text fits a pattern as a whole. Takes time in proportion to both
/// lengths, whatever they are.
fn fits(text: &str, pattern: &str) -> bool {
    let (mut text, mut pattern) = (text.as_bytes(), pattern.as_bytes());
    // Where to go on when the text turns out to be longer: the last star takes
    // one byte more.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (text.split_first(), pattern.split_first()) {
            (_, Some((&ANYTHING, behind))) => {
                pattern = behind;
                retry = Some((text, behind));
            }
            (Some((byte, text_behind)), Some((wanted, pattern_behind)))
                if byte.eq_ignore_ascii_case(wanted) =>
            {
                (text, pattern) = (text_behind, pattern_behind);
            }
            (None, None) => return true,
            _ => {
                let Some((taken, behind)) = retry else {
                    return false;
                };
                let Some((_, rest)) = taken.split_first() else {
                    return false;
                };
                (text, pattern) = (rest, behind);
                retry = Some((rest, behind));
            }
        }
    }
}
