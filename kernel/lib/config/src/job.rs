//! A job: programs to run one after the other, with all that is said of them.
//!
//! A file of records, each ended by a NUL: first [`JOB_HEADER`], then `NAME=VALUE`.
//! Values are any text without NUL. `program` begins what is said of a program: its
//! file name, or its path from `C:\` on. `line` is its whole command line, needed too;
//! `directory` is where it starts, `variable` a variable of its environment as
//! `NAME=VALUE`, repeatable. What it reads from its standard input comes from the host,
//! unless a file of the boot image has all of it (`input`) or the first of it
//! (`begins`): their values are its name. With an `input` of no name it has none.

use core::fmt;

/// What a job begins with.
pub const JOB_HEADER: &str = "petrel job 1";

const END: u8 = 0;
/// What the records of a program begin with.
const PROGRAM: &str = "program=";

/// Programs to run, as a job says it: one at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job<'a> {
    /// All but the header.
    records: &'a str,
}

/// One of the programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// Its file name or path.
    pub program: &'a str,
    /// Its command line, the name it goes by and all arguments.
    pub command_line: &'a str,
    /// Where it starts, if not where all do.
    pub directory: Option<&'a str>,
    /// Where its input is.
    pub input: Input<'a>,
    records: &'a str,
}

/// Where a program's input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// With the host, which is asked for it.
    Host,
    /// Nowhere: its standard input is the null device.
    Nothing,
    /// All of it in a file of the image.
    Image(&'a str),
    /// The first of it in a file of the image, the rest with the host.
    Begins(&'a str),
}

/// What is wrong with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobError {
    /// It is not UTF-8.
    NotText,
    /// It does not begin with [`JOB_HEADER`].
    NoHeader,
    /// Its last record has no end.
    Cut,
    /// A record that means nothing, by its number from 1 on.
    Record {
        /// The number.
        number: usize,
    },
    /// It names no program, or one of them has no name or no command line.
    Incomplete,
}

impl<'a> Job<'a> {
    /// Reads a job.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, JobError> {
        let text = core::str::from_utf8(bytes).map_err(|_| JobError::NotText)?;
        let records = text
            .strip_prefix(JOB_HEADER)
            .and_then(|rest| rest.strip_prefix(char::from(END)))
            .ok_or(JobError::NoHeader)?;
        if !records.is_empty() && !records.ends_with(char::from(END)) {
            return Err(JobError::Cut);
        }
        let mut number = 1;
        let mut rest = records;
        while !rest.is_empty() {
            let (step, behind) = Step::parse(rest, &mut number)?;
            if step.program.is_empty() || step.command_line.is_empty() {
                return Err(JobError::Incomplete);
            }
            rest = behind;
        }
        match records.is_empty() {
            true => Err(JobError::Incomplete),
            false => Ok(Self { records }),
        }
    }

    /// The programs, in the order they run.
    pub fn steps(&self) -> impl Iterator<Item = Step<'a>> + use<'a> {
        let mut rest = self.records;
        core::iter::from_fn(move || {
            let mut number = 1;
            let (step, behind) = Step::parse(rest, &mut number).ok()?;
            rest = behind;
            (!step.program.is_empty()).then_some(step)
        })
    }
}

impl<'a> Step<'a> {
    /// The first program, and the records of those behind it.
    fn parse(records: &'a str, number: &mut usize) -> Result<(Self, &'a str), JobError> {
        let mut step = Self {
            program: "",
            command_line: "",
            directory: None,
            input: Input::Host,
            records,
        };
        let mut rest = records;
        while let Some((record, behind)) = rest.split_once(char::from(END)) {
            if !step.program.is_empty() && record.starts_with(PROGRAM) {
                break;
            }
            match record.split_once('=') {
                Some(("program", name)) => step.program = name,
                Some(("line", line)) => step.command_line = line,
                Some(("directory", directory)) => step.directory = Some(directory),
                Some(("input", "")) => step.input = Input::Nothing,
                Some(("input", file)) => step.input = Input::Image(file),
                Some(("begins", file)) => step.input = Input::Begins(file),
                Some(("variable", variable)) if variable_of(variable).is_some() => {}
                _ => return Err(JobError::Record { number: *number }),
            }
            *number = number.saturating_add(1);
            rest = behind;
        }
        let own_bytes = records.len().saturating_sub(rest.len());
        step.records = records.get(..own_bytes).unwrap_or_default();
        Ok((step, rest))
    }

    /// Variables of its environment, name and value, in the order given.
    pub fn environment(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.records
            .split_terminator(char::from(END))
            .filter_map(|record| record.strip_prefix("variable="))
            .filter_map(variable_of)
    }
}

/// Name and value; only the names of the current directories of drives, which are the
/// system's own, begin with the sign.
fn variable_of(variable: &str) -> Option<(&str, &str)> {
    variable
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText => f.write_str("the job is not UTF-8"),
            Self::NoHeader => write!(f, "the job does not begin with \"{JOB_HEADER}\""),
            Self::Cut => f.write_str("the job is cut off"),
            Self::Record { number } => write!(f, "record {number} of the job means nothing"),
            Self::Incomplete => {
                f.write_str("the job names no program, or one without a command line")
            }
        }
    }
}

impl core::error::Error for JobError {}
