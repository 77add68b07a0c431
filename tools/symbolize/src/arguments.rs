//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
symbolize: prints the crash reports of a log again, in full, with every name,
line and inlined function found anew from the addresses alone.

usage:
  symbolize [--kernel ELF] [--image EXE]... [--pdb PDB]... [--images DIR]
            [--source DIR] [--context N] [--color WHEN] [LOG]
  symbolize --raw --kernel ELF [--source DIR] [--context N] [--color WHEN] [LOG]
  symbolize --help                print this

LOG           what the serial line said, colours and other output included, or
              the one line of JSON of a report; standard input without LOG or
              with -
--kernel ELF  the kernel with its debug information, petrel.debug.elf, which
              the build keeps beside the petrel.elf that it boots
--image EXE   a program of a report, with DWARF or COFF symbols in it
--pdb PDB     the debug information of such a program
--images DIR  look there for the programs that the reports name, and for a .pdb
              of the same name beside each
--source DIR  the checkout that short paths begin in, such as
              kernel/hal/src/log.rs; the current folder if it is not given
--context N   lines of source shown before and after that of a frame; 2 if it is
              not given, and 0 shows the line alone
--color WHEN  always, never, or auto: only on a terminal
--raw         read the text of reports, not their JSON; see below

Where a file is given, nothing that the report says of those frames is trusted
but the addresses. Frames for which no file is given stay as they are. Sources
that are not there, such as the standard library's, are left out; the lines
shown are those of the files as they are now.

Nothing is printed if a file is not the one that ran: the build id of a report
must be that of ELF, the identity of a program in it that of EXE (its time
stamp, size, checksum and length), and EXE must ask for the PDB.

--raw is for reports without JSON: of a panic in a panic, which has nothing but
addresses, or of a log that was cut off. It reads lines such as
  #3   0xffffffff8010a823  ?
  --- page fault in kernel mode
and those below `PANIC while reporting a panic; return addresses:`. Names are
found for frames of the kernel; those of programs stay as they are, for the text
does not say which files ran. Where the text does not tell, an address is taken
to be a return address, whose call lies before it, with two exceptions, which
are interrupted instructions: the first after a mark of a trap (`--- ... in
kernel mode` or `in user mode`; a system call is none), and the first of a
report that has registers.

example, after a run with `scons run headless=1`:
  build/tools/release/symbolize --kernel build/debug/petrel.debug.elf \\
    --images build/debug/programs build/debug/serial.log

exit status:
  0  done
  1  a fault, said in one sentence on standard error
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Print(Options),
}

/// How to print which log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) kernel: Option<PathBuf>,
    pub(crate) images: Vec<PathBuf>,
    pub(crate) pdbs: Vec<PathBuf>,
    pub(crate) images_folder: Option<PathBuf>,
    pub(crate) source: PathBuf,
    pub(crate) context_lines: usize,
    pub(crate) color: Color,
    pub(crate) is_raw: bool,
    /// Standard input if there is none.
    pub(crate) log: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kernel: None,
            images: Vec::new(),
            pdbs: Vec::new(),
            images_folder: None,
            source: ".".into(),
            context_lines: 2,
            color: Color::Auto,
            is_raw: false,
            log: None,
        }
    }
}

/// When to write control sequences for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    /// If the output is a terminal.
    Auto,
    Always,
    Never,
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options::default();
    let mut given: Vec<OsString> = Vec::new();
    let mut log: Option<OsString> = None;
    let mut rest = arguments;
    while let Some(argument) = rest.next() {
        let name = argument.to_string_lossy().into_owned();
        if !name.starts_with('-') || name == "-" {
            if log.replace(argument).is_some() {
                return Err(format!("{name} is a second log; give one"));
            }
            continue;
        }
        let repeats = matches!(&*name, "--image" | "--pdb");
        if !repeats && given.contains(&argument) {
            return Err(format!("{name} is given twice; give it once"));
        }
        given.push(argument);
        let mut value = |what: &str| {
            let missing = || format!("{name} needs {what}; see --help");
            rest.next().ok_or_else(missing)
        };
        match &*name {
            "--help" | "-h" => return Ok(Command::Help),
            "--raw" => options.is_raw = true,
            "--kernel" => options.kernel = Some(value("a file")?.into()),
            "--image" => options.images.push(value("a file")?.into()),
            "--pdb" => options.pdbs.push(value("a file")?.into()),
            "--images" => options.images_folder = Some(value("a folder")?.into()),
            "--source" => options.source = value("a folder")?.into(),
            "--context" => options.context_lines = context_lines(&value("a number")?)?,
            "--color" => options.color = color(&value("always, auto or never")?)?,
            _ => return Err(format!("unknown argument {name}; see --help")),
        }
    }
    options.log = log.filter(|log| log != "-").map(PathBuf::from);
    check(&options)?;
    Ok(Command::Print(options))
}

fn context_lines(value: &OsString) -> Result<usize, String> {
    let value = value.to_string_lossy();
    value
        .parse()
        .map_err(|_| format!("--context takes a number of lines, not {value}"))
}

fn color(value: &OsString) -> Result<Color, String> {
    match &*value.to_string_lossy() {
        "auto" => Ok(Color::Auto),
        "always" => Ok(Color::Always),
        "never" => Ok(Color::Never),
        other => Err(format!("--color takes always, auto or never, not {other}")),
    }
}

/// Refuses what cannot be meant together.
fn check(options: &Options) -> Result<(), String> {
    let has_programs =
        !options.images.is_empty() || !options.pdbs.is_empty() || options.images_folder.is_some();
    match options.is_raw {
        true if options.kernel.is_none() => {
            Err("--raw finds the names of kernel frames; give --kernel too".into())
        }
        true if has_programs => Err(
            "--raw cannot tell which programs ran; leave --image, --images and --pdb out".into(),
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Command, String> {
        parse(words.split_whitespace().map(OsString::from))
    }

    #[test]
    fn reads_each_option() {
        assert_eq!(parse_words("--kernel k --help"), Ok(Command::Help));
        assert_eq!(parse_words("-"), Ok(Command::Print(Options::default())));
        assert_eq!(
            parse_words(
                "--image a --image b --pdb c --images d --source e --context 7 --color never log"
            ),
            Ok(Command::Print(Options {
                images: vec!["a".into(), "b".into()],
                pdbs: vec!["c".into()],
                images_folder: Some("d".into()),
                source: "e".into(),
                context_lines: 7,
                color: Color::Never,
                log: Some("log".into()),
                ..Options::default()
            }))
        );
        assert_eq!(
            parse_words("--raw --kernel k"),
            Ok(Command::Print(Options {
                kernel: Some("k".into()),
                is_raw: true,
                ..Options::default()
            }))
        );
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for words in [
            "--kernel",
            "--kernel a --kernel b",
            "--context -1",
            "--color red",
            "--names",
            "a b",
            "--raw",
            "--raw --kernel k --images d",
            "--raw --kernel k --pdb p",
        ] {
            assert!(parse_words(words).is_err(), "{words}");
        }
    }
}
