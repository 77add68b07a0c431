//! A job: one program to run, with what no command line has room for.
//!
//! A file of records, each ended by a NUL: first [`JOB_HEADER`], then `NAME=VALUE`.
//! Values are any text without NUL. `program` is the program's file name and `line`
//! its whole command line, both needed; `directory` is where it starts, `variable` a
//! variable of its environment as `NAME=VALUE`, repeatable, and `input=` says
//! whether what it reads from its standard input is in the boot image too: `image` all
//! of it, `begins` the first of it.

use core::fmt;

/// What a job begins with.
pub const JOB_HEADER: &str = "petrel job 1";

const END: u8 = 0;

/// A program to run, as a job says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job<'a> {
    /// Its file name.
    pub program: &'a str,
    /// Its command line, the name it goes by and all arguments.
    pub command_line: &'a str,
    /// Where it starts, if not where all do.
    pub directory: Option<&'a str>,
    /// Where its input is.
    pub input: Input,
    records: &'a str,
}

/// Where a program's input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// With the host, which is asked for it.
    Host,
    /// All of it in the image.
    Image,
    /// The first of it in the image, the rest with the host.
    Begins,
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
    /// It names no program, or has no command line.
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
        let mut job = Self {
            program: "",
            command_line: "",
            directory: None,
            input: Input::Host,
            records,
        };
        for (record, number) in each(records).zip(1..) {
            match record.split_once('=') {
                Some(("program", name)) => job.program = name,
                Some(("line", line)) => job.command_line = line,
                Some(("directory", directory)) => job.directory = Some(directory),
                Some(("input", "image")) => job.input = Input::Image,
                Some(("input", "begins")) => job.input = Input::Begins,
                Some(("variable", variable)) if variable_of(variable).is_some() => {}
                _ => return Err(JobError::Record { number }),
            }
        }
        match job.program.is_empty() || job.command_line.is_empty() {
            true => Err(JobError::Incomplete),
            false => Ok(job),
        }
    }

    /// Variables of its environment, name and value, in the order given.
    pub fn environment(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        each(self.records)
            .filter_map(|record| record.strip_prefix("variable="))
            .filter_map(variable_of)
    }
}

fn each(records: &str) -> impl Iterator<Item = &str> {
    records.split_terminator(char::from(END))
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
            Self::Incomplete => f.write_str("the job names no program, or no command line"),
        }
    }
}

impl core::error::Error for JobError {}
