//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::exit::{CODES, Failure};
use crate::guest_path::{self, GuestPath};

const HELP: &str = "\
petrel: runs an unmodified Windows console program (x64) on Petrel, a kernel of its
own in a virtual machine, as if it ran here.

usage:
  petrel run [OPTIONS] PROGRAM.exe [ARGUMENTS...]
  petrel test [OPTIONS] PROGRAM.exe [ARGUMENTS...]
                        the same for test programs of cargo's; `petrel test --help`
  petrel --help         print this

What the program writes to its standard output and standard error is all that
comes out of petrel's, byte for byte and apart; it reads petrel's standard input,
to its end. Those of the three that are a terminal are a console to the program,
with keys, colours and Ctrl-C, of which the third within a second ends it. When
something fails petrel adds a sentence, and what the kernel reports, on standard
error. Each run is a new machine: what the program writes to its drive C: is gone
when it ends. Processes that it leaves behind are ended with it.

The folder that petrel is called in is the program's drive Z: and current directory:
it reads and writes the files that are here.

ARGUMENTS              reach the program as they are: they are quoted as Windows
                       programs expect it. All that follows PROGRAM is theirs

options:
  --env NAME=VALUE     set a variable of the program's environment; repeatable.
                       Nothing of the environment here is passed on
  --cwd DIR            the program's current directory, such as C:\\data; one on
                       C: is made if it is not there (Z:\\, or C:\\ without it)
  --dir HOST[:X:][:ro] share a folder with the program, as drive X: (the first
                       free one from D: on); repeatable. With :ro it can only be
                       read, with :rw also written (that is so without either)
  --no-dir             do not share the folder that petrel is called in
  --copy HOST[:GUEST]  copy a folder into the machine before the program starts,
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
                       its end before the program starts, and the folder that
                       petrel is called in is not shared
  --gdb[=PORT]         wait for gdb, stop where the program begins, and show its
                       own sources; petrel says what to type. --timeout does not
                       count then
  --keep               keep the folder with the kernel's log and the images
  --help               print this

The program is C:\\programs\\PROGRAM.exe there. DLLs that it names are taken along from
its folder, and those of mingw's libraries from the compiler; others, too:
  petrel run --copy path/of/dlls:C:\\\\programs path/of/program.exe

exit codes:
  0 to 99  the program's own
";

/// All that `petrel test --help` prints.
pub(crate) const TEST_HELP: &str = "\
petrel test: runs a test program that cargo has built for Windows. Put this into
.cargo/config.toml, and say `cargo test --target x86_64-pc-windows-gnu`, or
`cargo nextest run --target x86_64-pc-windows-gnu`:

  [target.x86_64-pc-windows-gnu]
  linker = \"x86_64-w64-mingw32-gcc\"
  runner = [\"petrel\", \"test\"]

usage:
  petrel test [OPTIONS] PROGRAM.exe [ARGUMENTS...]

All options of `petrel run` are there, and what follows differs:
- all files of this system are the program's drive Z:, under their own paths, and it
  may do with them what you may: paths that are compiled into a test lead there. Its
  current directory is the one here;
- variables of cargo, libtest and nextest are passed on: CARGO_*, RUST_*, NEXTEST*,
  OUT_DIR, INSTA_*, PROPTEST_*; those that are paths as they are there;
- DLLs that it needs are also looked for where cargo has them;
- --timeout is 600 if it is not given;
- an exit code up to 255 is petrel's, too: 101 says that a test has failed. The codes
  of `petrel --help` from 102 on come with a sentence when they are petrel's.
";

/// What was asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    TestHelp,
    Run(Box<Options>),
}

/// A folder to copy into the machine.
#[derive(Debug, PartialEq)]
pub(crate) struct Folder {
    pub(crate) host: PathBuf,
    pub(crate) guest: GuestPath,
}

/// A folder to share with the program.
#[derive(Debug, PartialEq)]
pub(crate) struct Shared {
    pub(crate) host: PathBuf,
    /// Its drive; `None`: the first that is free.
    pub(crate) letter: Option<char>,
    pub(crate) is_read_only: bool,
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
    pub(crate) shared: Vec<Shared>,
    /// Whether the current folder is shared.
    pub(crate) shares_current: bool,
    pub(crate) memory_mib: u32,
    pub(crate) timeout: Option<Duration>,
    pub(crate) trace: Option<PathBuf>,
    pub(crate) is_deterministic: bool,
    /// Whether it is a test program of cargo's.
    pub(crate) is_test: bool,
    /// The port where gdb is waited for; 0: any.
    pub(crate) gdb: Option<u16>,
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
            shared: Vec::new(),
            shares_current: true,
            memory_mib: 512,
            timeout: None,
            trace: None,
            is_deterministic: false,
            is_test: false,
            gdb: None,
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
    let mut options = Options::new();
    match rest.next().transpose()?.as_deref() {
        Some("run") => {}
        Some("test") => options.is_test = true,
        Some("--help" | "-h" | "help") => return Ok(Command::Help),
        None => return Err(Failure::usage("what is to be done? `petrel --help` tells")),
        Some(other) => {
            return Err(Failure::usage(format!(
                "{other} is no command; write `petrel run PROGRAM.exe`, or see `petrel --help`"
            )));
        }
    }
    while let Some(argument) = rest.next().transpose()? {
        if !argument.starts_with('-') || argument == "-" {
            options.program = argument.into();
            options.arguments = rest.collect::<Result<_, _>>()?;
            return Ok(Command::Run(Box::new(options)));
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
            "--dir" => options.shared.push(shared(&value("a folder")?)?),
            "--no-dir" if !has_value => options.shares_current = false,
            "--copy" => options.folders.push(folder(&value("a folder")?)?),
            "--mem" => options.memory_mib = memory(&value("a number of MiB")?)?,
            "--timeout" => options.timeout = Some(seconds(&value("a number of seconds")?)?),
            "--trace" => options.trace = Some(joined.unwrap_or("trace.json".into()).into()),
            "--deterministic" if !has_value => {
                (options.is_deterministic, options.shares_current) = (true, false);
            }
            "--gdb" => options.gdb = Some(port(joined.as_deref())?),
            "--keep" if !has_value => options.keeps = true,
            "--help" | "-h" if !has_value && options.is_test => return Ok(Command::TestHelp),
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
        *letter == ':' && GuestPath::parse(behind).is_ok_and(|path| path.drive() == 'C')
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
            "--copy {text} has no name that the guest could use; write --copy {text}:C:\\NAME"
        ))),
    }
}

/// `HOST`, a drive and `ro` or `rw`, with colons between them.
fn shared(text: &str) -> Result<Shared, Failure> {
    let (rest, is_read_only) = match text.rsplit_once(':') {
        Some((rest, "ro")) => (rest, true),
        Some((rest, "rw")) => (rest, false),
        _ => (text, false),
    };
    let trimmed = rest.strip_suffix(['\\', '/']).unwrap_or(rest);
    let drive = trimmed
        .strip_suffix(':')
        .and_then(|rest| rest.rsplit_once(':'))
        .and_then(|(host, letter)| Some((host, guest_path::drive(&format!("{letter}:"))?)));
    let (host, letter) = match drive {
        Some((_, 'C')) => {
            return Err(Failure::usage(format!(
                "--dir {text}: C: is the machine's own drive; give another letter, from D: to Z:"
            )));
        }
        Some((host, letter)) => (host, Some(letter)),
        None => (rest, None),
    };
    let behind = host.rsplit_once(':').filter(|_| letter.is_none());
    let is_path = behind.is_some_and(|(start, end)| {
        end.starts_with('\\')
            || (end.starts_with('/') && guest_path::drive(&format!("{}:", last(start))).is_some())
    });
    if is_path {
        return Err(Failure::usage(format!(
            "--dir {text}: a folder is shared as a drive, such as HOST:D:, or copied with --copy"
        )));
    }
    match host.is_empty() {
        true => Err(Failure::usage(format!("--dir {text} names no folder"))),
        false => Ok(Shared {
            host: host.into(),
            letter,
            is_read_only,
        }),
    }
}

/// What is behind the last colon.
fn last(text: &str) -> &str {
    text.rsplit(':').next().unwrap_or_default()
}

fn memory(text: &str) -> Result<u32, Failure> {
    let number = text.parse().ok();
    number
        .filter(|mib| (16..=1 << 20).contains(mib))
        .ok_or_else(|| Failure::usage(format!("--mem {text} is no number of MiB from 16 on")))
}

/// Where to wait for gdb; nothing given: any port.
fn port(text: Option<&str>) -> Result<u16, Failure> {
    let number = text.map_or(Ok(0), str::parse);
    number.map_err(|_| {
        let text = text.unwrap_or_default();
        Failure::usage(format!(
            "--gdb={text} is no port; write --gdb, or --gdb=1234"
        ))
    })
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
            Ok(Command::Run(options)) => *options,
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
            "--copy",
            "a:C:\\y",
            "--dir=b:d::ro",
            "--no-dir",
            "--trace=t.json",
            "--deterministic",
            "--gdb=1234",
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
        assert_eq!(options.gdb, Some(1234));
        assert_eq!(options.program, PathBuf::from("p.exe"));
        assert_eq!(options.arguments, ["--help"]);
    }

    #[test]
    fn folders() {
        let of = |text: &str| options(&["--copy", text, "p"]).folders.remove(0);
        assert_eq!(of("x/y").host, PathBuf::from("x/y"));
        assert_eq!(of("x/y").guest, GuestPath::parse("C:\\y").unwrap());
        assert_eq!(of("a:b:c:/d").host, PathBuf::from("a:b"));
        assert_eq!(of("a:b:c:/d").guest, GuestPath::parse("C:\\d").unwrap());
        assert_eq!(of("a:D:/d").host, PathBuf::from("a:D:/d"));
        assert!(parsed(&["run", "--copy", "/", "p"]).is_err());
    }

    #[test]
    fn shared_folders() {
        let of = |text: &str| {
            let shared = options(&["--dir", text, "p"]).shared.remove(0);
            let host = shared.host.to_str().map(str::to_owned);
            (host.unwrap(), shared.letter, shared.is_read_only)
        };
        assert_eq!(of("x/y"), ("x/y".into(), None, false));
        assert_eq!(of("x:ro"), ("x".into(), None, true));
        assert_eq!(of("x:rw"), ("x".into(), None, false));
        assert_eq!(of("x:d:"), ("x".into(), Some('D'), false));
        assert_eq!(of("a:b:Z:\\:ro"), ("a:b".into(), Some('Z'), true));
        assert_eq!(of("a:b"), ("a:b".into(), None, false));
        for wrong in ["", "x:C:", "x:C:\\y", "x:D:/y", ":D:", ":ro"] {
            assert!(parsed(&["run", "--dir", wrong, "p"]).is_err(), "{wrong}");
        }
        assert!(!options(&["--deterministic", "p"]).shares_current);
        assert!(options(&["p"]).shares_current);
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
            &["run", "--gdb=x", "p"],
            &["run", "--gdb=65536", "p"],
            &["run", "--mem"],
        ] {
            let failure = parsed(words).unwrap_err();
            assert_eq!(failure.code, USAGE, "{words:?}");
        }
        assert_eq!(parsed(&["run", "--help"]), Ok(Command::Help));
        assert_eq!(parsed(&["test", "--help"]), Ok(Command::TestHelp));
        assert!(help().contains("\n  120      petrel was called wrongly\n"));
    }
}
