//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::exit::{CODES, Failure};
use crate::guest_path::GuestPath;

const HELP: &str = "\
petrel: runs an unmodified Windows console program (x64) on Petrel, a kernel of its
own in a virtual machine, as if it ran here.

usage:
  petrel run [OPTIONS] PROGRAM.exe [ARGUMENTS...]
  petrel --help         print this

What the program writes to its standard output and standard error is all that
comes out of petrel's, byte for byte and apart; it reads petrel's standard input,
to its end. When something fails petrel adds a sentence, and what the kernel
reports, on standard error. Each run is a new machine: what the program writes to
files is gone when it ends.

ARGUMENTS              reach the program as they are: they are quoted as Windows
                       programs expect it. All that follows PROGRAM is theirs

options:
  --env NAME=VALUE     set a variable of the program's environment; repeatable.
                       Nothing of the environment here is passed on
  --cwd DIR            the program's current directory, such as C:\\data; it is
                       made if it is not there (C:\\)
  --dir HOST[:GUEST]   copy a folder into the machine before the program starts,
                       as GUEST, such as C:\\data (C:\\NAME-OF-HOST); repeatable.
                       The folder here is never written to. Links are followed;
                       what is neither file nor folder is left out
  --mem MIB            memory of the machine (512)
  --timeout S          end the program after so many seconds, parts allowed (none)
  --trace[=FILE.json]  also write what the program asked of the kernel, for
                       https://ui.perfetto.dev (trace.json)
  --deterministic      time is counted in instructions and begins on 2026-01-01:
                       the same program with the same input prints the same, at
                       the same time of its own clock. Standard input is read to
                       its end before the program starts
  --keep               keep the folder with the kernel's log and the images
  --help               print this

The program is C:\\programs\\PROGRAM.exe there; DLLs of its own are found beside it:
  petrel run --dir path/of/dlls:C:\\\\programs path/of/program.exe

exit codes:
  0 to 99  the program's own
";

/// What was asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Run(Options),
}

/// A folder to copy into the machine.
#[derive(Debug, PartialEq)]
pub(crate) struct Folder {
    pub(crate) host: PathBuf,
    pub(crate) guest: GuestPath,
}

/// What to run, and how.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// `NAME=VALUE`.
    pub(crate) variables: Vec<String>,
    pub(crate) directory: Option<GuestPath>,
    pub(crate) folders: Vec<Folder>,
    pub(crate) memory_mib: u32,
    pub(crate) timeout: Option<Duration>,
    pub(crate) trace: Option<PathBuf>,
    pub(crate) is_deterministic: bool,
    pub(crate) keeps: bool,
}

impl Options {
    fn new() -> Self {
        Self {
            program: PathBuf::new(),
            arguments: Vec::new(),
            variables: Vec::new(),
            directory: None,
            folders: Vec::new(),
            memory_mib: 512,
            timeout: None,
            trace: None,
            is_deterministic: false,
            keeps: false,
        }
    }
}

/// All that `--help` prints.
pub(crate) fn help() -> String {
    let mut text = HELP.to_owned();
    for (code, meaning) in CODES {
        text.push_str(&format!("  {code:<7}  {meaning}\n"));
    }
    text
}

/// Reads the arguments after petrel's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, Failure> {
    let mut rest = arguments.map(text);
    match rest.next().transpose()?.as_deref() {
        Some("run") => {}
        Some("--help" | "-h" | "help") => return Ok(Command::Help),
        None => return Err(Failure::usage("what is to be done? `petrel --help` tells")),
        Some(other) => {
            return Err(Failure::usage(format!(
                "{other} is no command; write `petrel run PROGRAM.exe`, or see `petrel --help`"
            )));
        }
    }
    let mut options = Options::new();
    while let Some(argument) = rest.next().transpose()? {
        if !argument.starts_with('-') || argument == "-" {
            options.program = argument.into();
            options.arguments = rest.collect::<Result<_, _>>()?;
            return Ok(Command::Run(options));
        }
        let (name, joined) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let has_value = joined.is_some();
        let mut value = |what: &str| match joined.clone() {
            Some(value) => Ok(value),
            None => rest.next().unwrap_or_else(|| {
                Err(Failure::usage(format!(
                    "{name} needs {what}; see `petrel --help`"
                )))
            }),
        };
        match name {
            "--env" => options.variables.push(variable(value("NAME=VALUE")?)?),
            "--cwd" => options.directory = Some(guest_path(&value("a path")?)?),
            "--dir" => options.folders.push(folder(&value("a folder")?)?),
            "--mem" => options.memory_mib = memory(&value("a number of MiB")?)?,
            "--timeout" => options.timeout = Some(seconds(&value("a number of seconds")?)?),
            "--trace" => options.trace = Some(joined.unwrap_or("trace.json".into()).into()),
            "--deterministic" if !has_value => options.is_deterministic = true,
            "--keep" if !has_value => options.keeps = true,
            "--help" | "-h" if !has_value => return Ok(Command::Help),
            _ => {
                return Err(Failure::usage(format!(
                    "there is no option {argument}; see `petrel --help`"
                )));
            }
        }
    }
    Err(Failure::usage(
        "which program? Write `petrel run PROGRAM.exe`",
    ))
}

fn text(argument: OsString) -> Result<String, Failure> {
    argument.into_string().map_err(|argument| {
        let shown = argument.to_string_lossy();
        Failure::usage(format!("{shown} is not UTF-8, as all arguments must be"))
    })
}

fn variable(text: String) -> Result<String, Failure> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() => Ok(text),
        _ => Err(Failure::usage(format!(
            "--env {text} sets no variable; write --env NAME=VALUE"
        ))),
    }
}

fn guest_path(text: &str) -> Result<GuestPath, Failure> {
    GuestPath::parse(text).map_err(Failure::usage)
}

/// `HOST` or `HOST:GUEST`, where a path of the guest begins with its drive.
fn folder(text: &str) -> Result<Folder, Failure> {
    let place = text.char_indices().rev().find(|(place, letter)| {
        let behind = text.get(place + 1..).unwrap_or_default();
        *letter == ':' && GuestPath::parse(behind).is_ok()
    });
    if let Some((place, _)) = place.filter(|(place, _)| *place > 0) {
        let (host, guest) = text.split_at(place);
        let guest = guest_path(guest.trim_start_matches(':'))?;
        let host = host.into();
        return Ok(Folder { host, guest });
    }
    let host = PathBuf::from(text);
    let whole = std::path::absolute(&host).unwrap_or_else(|_| host.clone());
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    match GuestPath::in_root(&name) {
        Some(guest) => Ok(Folder { host, guest }),
        None => Err(Failure::usage(format!(
            "--dir {text} has no name that the guest could use; write --dir {text}:C:\\NAME"
        ))),
    }
}

fn memory(text: &str) -> Result<u32, Failure> {
    let number = text.parse().ok();
    number
        .filter(|mib| (16..=1 << 20).contains(mib))
        .ok_or_else(|| Failure::usage(format!("--mem {text} is no number of MiB from 16 on")))
}

fn seconds(text: &str) -> Result<Duration, Failure> {
    let number = text.parse().ok().filter(|seconds: &f64| *seconds > 0.0);
    number
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| Failure::usage(format!("--timeout {text} is no number of seconds above 0")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::USAGE;

    fn parsed(words: &[&str]) -> Result<Command, Failure> {
        parse(words.iter().map(OsString::from))
    }

    fn options(words: &[&str]) -> Options {
        match parsed(&[&["run"], words].concat()) {
            Ok(Command::Run(options)) => options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_options() {
        let options = options(&[
            "--env",
            "A=1",
            "--env=B==",
            "--cwd",
            "C:\\x",
            "--mem",
            "64",
            "--timeout=1.5",
            "--dir",
            "a:C:\\y",
            "--trace=t.json",
            "--deterministic",
            "--keep",
            "p.exe",
            "--help",
        ]);
        assert_eq!(options.variables, ["A=1", "B=="]);
        assert_eq!(options.directory, GuestPath::parse("C:\\x").ok());
        assert_eq!(
            (options.memory_mib, options.timeout),
            (64, Some(Duration::from_millis(1500)))
        );
        assert_eq!(options.trace, Some("t.json".into()));
        assert!(options.is_deterministic && options.keeps);
        assert_eq!(options.program, PathBuf::from("p.exe"));
        assert_eq!(options.arguments, ["--help"]);
    }

    #[test]
    fn folders() {
        let of = |text: &str| options(&["--dir", text, "p"]).folders.remove(0);
        assert_eq!(of("x/y").host, PathBuf::from("x/y"));
        assert_eq!(of("x/y").guest, GuestPath::parse("C:\\y").unwrap());
        assert_eq!(of("a:b:c:/d").host, PathBuf::from("a:b"));
        assert_eq!(of("a:b:c:/d").guest, GuestPath::parse("C:\\d").unwrap());
        assert!(parsed(&["run", "--dir", "/", "p"]).is_err());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for words in [
            &[][..],
            &["walk"],
            &["run"],
            &["run", "--fast", "p"],
            &["run", "--env", "A", "p"],
            &["run", "--env", "=1", "p"],
            &["run", "--cwd", "/x", "p"],
            &["run", "--mem", "1", "p"],
            &["run", "--timeout", "0", "p"],
            &["run", "--timeout", "inf", "p"],
            &["run", "--timeout", "nan", "p"],
            &["run", "--keep=1", "p"],
            &["run", "--mem"],
        ] {
            let failure = parsed(words).unwrap_err();
            assert_eq!(failure.code, USAGE, "{words:?}");
        }
        assert_eq!(parsed(&["run", "--help"]), Ok(Command::Help));
        assert!(help().contains("\n  120      petrel was called wrongly\n"));
    }
}
