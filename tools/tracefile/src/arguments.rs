//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
tracefile: makes a file for trace viewers, or a picture, of the trace in a log.

usage:
  tracefile [--out FILE.json] [--picture FILE.png] [--from US] [--to US]
            [--with-own-time] [LOG]
  tracefile --help      print this

LOG                what the serial line said in a run with `trace=json` on the
                   kernel's command line; lines that are no records are passed
                   over. Standard input without LOG or with -
--out FILE.json    where to write the trace; standard output without it, unless
                   there is to be a picture
--picture FILE.png draw the trace: a row for the processor, one for each thread
--from US, --to US what part of it to draw, in microseconds from the beginning
                   of the first process; all of it without them
--with-own-time    leave the time in that the trace itself took

The trace has the format that https://ui.perfetto.dev and chrome://tracing open:
a process with its threads for each one that ran, a slice for each system call
with its arguments, its result and what it left, and one for each page fault; and
the processor, with a slice for each time that a thread ran.

Writing a record takes the kernel longer than most of what records tell of. That
time is taken out: what is shown is how the run goes without a trace, but for
whatever waits for the clock, which then seems to have come sooner. With
--with-own-time nothing is taken out, and gaps are mostly the trace's own.

A log that was cut off is shown as far as it goes: calls and threads of which no
end is in it end where it does, and say so.

options of `trace=json`, behind commas: those of `trace=nt` choose calls
(`process=a.exe|b.exe`, `family=wait|file`, `name=NtOpen*`), and
`events=calls|switches|faults` chooses some of the three.

example, after `scons run headless=1 cmdline='start=waits.exe trace=json'`:
  build/tools/release/tracefile --out waits.json build/debug/serial.log

exit status:
  0  done
  1  a fault, said in one sentence on standard error
";

/// What was asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Make(Options),
}

/// What to make of which log.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Options {
    pub(crate) out: Option<PathBuf>,
    pub(crate) picture: Option<PathBuf>,
    pub(crate) from_us: Option<f64>,
    pub(crate) to_us: Option<f64>,
    pub(crate) with_own_time: bool,
    /// Standard input if there is none.
    pub(crate) log: Option<PathBuf>,
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options::default();
    let mut given: Vec<String> = Vec::new();
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
        if given.contains(&name) {
            return Err(format!("{name} is given twice; give it once"));
        }
        given.push(name.clone());
        let mut value = |what: &str| {
            let missing = || format!("{name} needs {what}; see --help");
            rest.next().ok_or_else(missing)
        };
        match &*name {
            "--help" | "-h" => return Ok(Command::Help),
            "--out" => options.out = Some(value("a file")?.into()),
            "--picture" => options.picture = Some(value("a file")?.into()),
            "--from" => options.from_us = Some(microseconds(&value("a time")?)?),
            "--to" => options.to_us = Some(microseconds(&value("a time")?)?),
            "--with-own-time" => options.with_own_time = true,
            _ => return Err(format!("there is no option {name}; see --help")),
        }
    }
    if options.picture.is_none() && (options.from_us.is_some() || options.to_us.is_some()) {
        return Err("--from and --to are for --picture, which is not given".into());
    }
    options.log = log.filter(|log| log != "-").map(PathBuf::from);
    Ok(Command::Make(options))
}

fn microseconds(text: &OsString) -> Result<f64, String> {
    let text = text.to_string_lossy();
    let number = text.parse().ok();
    number
        .filter(|number: &f64| number.is_finite() && *number >= 0.0)
        .ok_or_else(|| format!("{text} is no number of microseconds"))
}
