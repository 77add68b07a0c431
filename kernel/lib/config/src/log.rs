//! The log filter: a level for everything, and levels for single modules.

use arrayvec::{ArrayString, ArrayVec};

use crate::error::{ConfigError, Problem};

/// How many modules can have their own level.
pub const LOG_RULES_MAX: usize = 16;

/// The longest module name in a filter.
pub const MODULE_NAME_MAX_BYTES: usize = 40;

const PATH_SEPARATOR: &str = "::";

/// How important a log line is; `Off` lets none through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Something failed.
    Error,
    /// Something is odd.
    Warn,
    /// What a user wants to know.
    Info,
    /// What a developer wants to know.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// Every level, from nothing to everything.
    pub const ALL: [Self; 6] = [
        Self::Off,
        Self::Error,
        Self::Warn,
        Self::Info,
        Self::Debug,
        Self::Trace,
    ];

    /// Its name on the command line and in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// The level with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Which log lines are wanted.
///
/// A module name is one or more whole segments of a Rust module path: `vm`
/// and `executive::memory` fit `executive::memory::region` and `vm::fault`.
/// Where several names fit, the longest counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter {
    level: LogLevel,
    rules: ArrayVec<Rule, LOG_RULES_MAX>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    module: ArrayString<MODULE_NAME_MAX_BYTES>,
    level: LogLevel,
}

impl LogFilter {
    /// A filter with one level for everything.
    #[must_use]
    pub const fn new(level: LogLevel) -> Self {
        Self {
            level,
            rules: ArrayVec::new_const(),
        }
    }

    /// Parses `LEVEL,MODULE=LEVEL,...`, in any order.
    ///
    /// # Errors
    /// A [`ConfigError`] about the option `log`.
    pub fn parse(value: &str) -> Result<Self, ConfigError> {
        let bad = |problem| ConfigError::new("log", value, problem);
        let level_of = |name: &str| LogLevel::from_name(name).ok_or(bad(Problem::LogLevel));
        let mut filter = Self::default();
        for part in value.split(',') {
            let Some((module, level)) = part.split_once('=') else {
                filter.level = level_of(part)?;
                continue;
            };
            let rule = ArrayString::from(module)
                .ok()
                .filter(|name| !name.is_empty())
                .ok_or(bad(Problem::LogModule))?;
            filter
                .rules
                .try_push(Rule {
                    module: rule,
                    level: level_of(level)?,
                })
                .map_err(|_| bad(Problem::LogModule))?;
        }
        Ok(filter)
    }

    /// Whether a line of a level from a module is wanted.
    #[must_use]
    pub fn enabled(&self, module_path: &str, level: LogLevel) -> bool {
        let limit = self
            .rules
            .iter()
            .filter(|rule| has_segments(module_path, &rule.module))
            .max_by_key(|rule| rule.module.len())
            .map_or(self.level, |rule| rule.level);
        level != LogLevel::Off && level <= limit
    }

    /// The most detailed level that any module has: a line beyond it needs no
    /// further look.
    #[must_use]
    pub fn most_detailed(&self) -> LogLevel {
        self.rules
            .iter()
            .map(|rule| rule.level)
            .fold(self.level, LogLevel::max)
    }
}

impl Default for LogFilter {
    /// `info`.
    fn default() -> Self {
        Self::new(LogLevel::Info)
    }
}

/// Whether `name` stands in `path` as whole segments.
fn has_segments(path: &str, name: &str) -> bool {
    path.match_indices(name).any(|(start, _)| {
        let before = path.get(..start).unwrap_or_default();
        let after = path
            .get(start.saturating_add(name.len())..)
            .unwrap_or_default();
        (before.is_empty() || before.ends_with(PATH_SEPARATOR))
            && (after.is_empty() || after.starts_with(PATH_SEPARATOR))
    })
}
