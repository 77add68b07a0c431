//! Reads a minidump and walks the stack of the thread that crashed.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

mod arguments;
mod dump;
mod frames;
mod image;
mod images;
mod report;
mod unwind_info;

use arguments::{Command, HELP};
use dump::Dump;
use images::Images;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = arguments::parse(&arguments).and_then(|command| match command {
        Command::Help => Ok(HELP.into()),
        Command::Walk { dump, images } => walk(&dump, images.as_deref()),
    });
    match result.and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dumpwalk: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes to standard output; a reader that has seen enough is no fault.
fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(format!("standard output cannot be written: {error}")),
    })
}

/// The whole report.
fn walk(path: &Path, folder: Option<&Path>) -> Result<String, String> {
    let bytes =
        std::fs::read(path).map_err(|error| in_file(path, format!("cannot be read: {error}")))?;
    let dump = Dump::parse(&bytes).map_err(|error| in_file(path, error))?;
    let images = match folder {
        Some(folder) => Images::load(folder, &dump)?,
        None => Images::default(),
    };
    Ok(report::report(&dump, &images))
}

fn in_file(path: &Path, error: impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
