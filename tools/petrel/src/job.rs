//! The job: what the kernel is to start, as it reads it from the boot image.

use config::JOB_HEADER;

use crate::arguments::Options;
use crate::exit::Failure;
use crate::quoting::{self, MOST_UNITS};
use crate::shares::{CURRENT, Share};
use crate::streams::Input;

/// The file beside the job that has the input, or the first of it.
pub(crate) const INPUT: &str = "input";

/// Where the kernel puts programs.
const PROGRAMS: &str = r"C:\programs\";

/// The file of a job for a program of that name in the guest.
pub(crate) fn file(
    name: &str,
    (options, shares): (&Options, &[Share]),
    input: &Input,
) -> Result<Vec<u8>, Failure> {
    // As cargo calls tests, some of which call themselves by it.
    let called = match options.is_test {
        true => format!("{PROGRAMS}{name}"),
        false => name.to_owned(),
    };
    let line = quoting::command_line(&called, &options.arguments);
    let units = line.encode_utf16().count();
    if units > MOST_UNITS {
        return Err(Failure::usage(format!(
            "the arguments make a command line of {units} characters, and Windows has room for \
             {MOST_UNITS}; give fewer"
        )));
    }
    let mut records = vec![
        JOB_HEADER.to_owned(),
        format!("program={name}"),
        format!("line={line}"),
    ];
    if let Some(directory) = directory(options, shares)? {
        records.push(format!("directory={directory}"));
    }
    if input.is_null {
        records.push("input=".to_owned());
    } else if input.is_all() {
        records.push(format!("input={INPUT}"));
    } else if !input.first.is_empty() {
        records.push(format!("begins={INPUT}"));
    }
    let variables = options.variables.iter();
    records.extend(variables.map(|variable| format!("variable={variable}")));
    let bytes = records.iter().flat_map(|record| record.bytes().chain([0]));
    Ok(bytes.collect())
}

/// How long the path of a current directory is at most (`MAX_PATH` less a zero).
const MOST_PATH_UNITS: usize = 259;

/// The current directory, a backslash at its end: where petrel is called, unless
/// another is asked for or that is not shared.
fn directory(options: &Options, shares: &[Share]) -> Result<Option<String>, Failure> {
    let is_shared = |letter| shares.iter().any(|share| share.letter == letter);
    match &options.directory {
        Some(asked) if asked.drive() == 'C' || is_shared(asked.drive()) => {
            let path = asked.as_directory();
            match path.encode_utf16().count() <= MOST_PATH_UNITS {
                true => Ok(Some(path)),
                false => Err(Failure::usage(format!(
                    "{path} is too long for a current directory, which has at most \
                     {MOST_PATH_UNITS} characters; give a shorter --cwd"
                ))),
            }
        }
        Some(asked) => Err(Failure::usage(format!(
            "--cwd {}: no folder is shared as {}:, which --dir HOST:{1}: would do",
            asked.as_directory(),
            asked.drive()
        ))),
        None if options.shares_current && is_shared(CURRENT) => Ok(Some(format!("{CURRENT}:\\"))),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use config::Job;
    use std::ffi::OsString;
    use std::io::empty;

    fn options(words: &[&str]) -> Options {
        let words = [&["run"], words].concat();
        match crate::arguments::parse(words.iter().map(OsString::from)) {
            Ok(crate::arguments::Command::Run(options)) => *options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_kernel_reads_what_is_written() {
        let words = [
            "--env", "A=b=c", "--cwd", "C:\\x", "--env", "B=", "p.exe", "a b", "\n\"=",
        ];
        let bytes = file(
            "p q.exe",
            (&options(&words), &[]),
            &Input::of(empty(), false),
        )
        .unwrap();
        let job = Job::parse(&bytes).unwrap().steps().next().unwrap();
        assert_eq!(job.program, "p q.exe");
        assert_eq!(job.command_line, "\"p q.exe\" \"a b\" \"\n\\\"=\"");
        assert_eq!(job.directory, Some("C:\\x\\"));
        assert_eq!(job.input, config::Input::Image(INPUT));
        let variables: Vec<_> = job.environment().collect();
        assert_eq!(variables, [("A", "b=c"), ("B", "")]);
    }

    #[test]
    fn tests_are_called_by_their_path() {
        let mut options = options(&["t.exe", "x"]);
        options.is_test = true;
        let bytes = file("t.exe", (&options, &[]), &Input::of(empty(), false)).unwrap();
        let step = Job::parse(&bytes).unwrap().steps().next().unwrap();
        assert_eq!(step.program, "t.exe");
        assert_eq!(step.command_line, "C:\\programs\\t.exe x");
    }

    #[test]
    fn the_longest_command_line() {
        let argument = "x".repeat(MOST_UNITS - "p.exe ".len());
        let none = Input::of(empty(), false);
        assert!(file("p.exe", (&options(&["p.exe", &argument]), &[]), &none).is_ok());
        let longer = argument + "x";
        let failure = file("p.exe", (&options(&["p.exe", &longer]), &[]), &none).unwrap_err();
        assert_eq!(failure.code, crate::exit::USAGE);
    }

    #[test]
    fn the_longest_current_directory() {
        let directory = |units| {
            let path = format!("C:\\y\\{}", "x".repeat(units));
            super::directory(&options(&["--cwd", &path, "p.exe"]), &[])
        };
        let units = MOST_PATH_UNITS - "C:\\y\\\\".len();
        assert_eq!(directory(units).unwrap().unwrap().len(), MOST_PATH_UNITS);
        let failure = directory(units + 1).unwrap_err();
        assert_eq!(failure.code, crate::exit::USAGE);
    }
}
