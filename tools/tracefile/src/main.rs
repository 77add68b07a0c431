//! Makes a file for trace viewers, or a picture, of the trace in a log.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::process::ExitCode;

mod arguments;
mod build;
mod chrome;
mod log;
mod picture;
mod record;
mod trace;

#[cfg(test)]
mod tests;

use arguments::{Command, HELP, Options};

fn main() -> ExitCode {
    let Err(error) = run(std::env::args_os().skip(1)) else {
        return ExitCode::SUCCESS;
    };
    note(&error);
    ExitCode::FAILURE
}

fn run(arguments: impl Iterator<Item = OsString>) -> Result<(), String> {
    let options = match arguments::parse(arguments)? {
        Command::Help => return print(HELP.as_bytes()),
        Command::Make(options) => options,
    };
    let (records, mut notes) = log::records(&read(options.log.as_deref())?)?;
    let trace = build::build(&records, options.with_own_time, &mut notes);
    for text in &notes {
        note(&format!("note: {text}"));
    }
    make(&options, &trace)
}

/// Writes what the options name.
fn make(options: &Options, trace: &trace::Trace) -> Result<(), String> {
    if let Some(path) = &options.picture {
        let picture = picture::draw(trace, options.from_us, options.to_us)?;
        write(path, &picture.into_png()?)?;
    }
    let json = || Ok::<_, String>(chrome::to_json(trace)?.into_bytes());
    match (&options.out, &options.picture) {
        (Some(path), _) => write(path, &json()?),
        (None, Some(_)) => Ok(()),
        (None, None) => print(&json()?),
    }
}

fn read(path: Option<&Path>) -> Result<Vec<u8>, String> {
    let Some(path) = path else {
        let mut bytes = Vec::new();
        return match io::stdin().read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(format!("standard input cannot be read: {error}")),
        };
    };
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn note(text: &str) {
    // Nobody is left to tell if this fails.
    let _ = writeln!(io::stderr(), "tracefile: {text}");
}

/// Writes to standard output; a reader that has seen enough is no fault.
fn print(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(format!("standard output cannot be written: {error}")),
    })
}
