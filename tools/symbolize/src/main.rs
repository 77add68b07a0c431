//! Prints crash reports again, with names, lines and source from debug files.

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::process::ExitCode;

use report::Text;

mod arguments;
mod describe;
mod fields;
mod files;
mod frame_line;
mod identity;
mod log;
mod names;
mod output;
mod programs;
mod record;
mod redo;
mod source;
mod text;

#[cfg(test)]
mod tests;

use arguments::{Color, Command, HELP, Options};
use files::{File, Files};
use identity::Kernel;
use output::Page;
use programs::{Pdbs, Programs};
use redo::Debug;
use source::Sources;

fn main() -> ExitCode {
    let result = run(std::env::args_os().skip(1));
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    // Nobody is left to tell if this fails.
    let _ = writeln!(io::stderr(), "symbolize: {error}");
    ExitCode::FAILURE
}

fn run(arguments: impl Iterator<Item = OsString>) -> Result<(), String> {
    match arguments::parse(arguments)? {
        Command::Help => print(HELP),
        Command::Print(options) => {
            let log = match &options.log {
                Some(path) => File::read(path)?.bytes,
                None => standard_input()?,
            };
            print(&symbolize(&options, &log)?)
        }
    }
}

/// The reports of a log, printed with what the options name.
fn symbolize(options: &Options, log: &[u8]) -> Result<String, String> {
    let log = log::plain(log);
    let mut reports = match options.is_raw {
        true => text::reports(&log),
        false => log::reports(&log),
    }?;
    let files = Files::read(options, &reports)?;
    let pdbs = Pdbs::open(&files)?;
    let debug = Debug {
        kernel: files.kernel.as_ref().map(Kernel::open).transpose()?,
        programs: Programs::new(&files, &pdbs)?,
    };
    reports.iter().try_for_each(|report| debug.check(report))?;
    for file in debug.programs.unused(&reports) {
        let path = file.path.display();
        let _ = writeln!(io::stderr(), "symbolize: note: no report names {path}");
    }
    let page = Page::new(match options.color {
        Color::Auto => io::stdout().is_terminal(),
        Color::Always => true,
        Color::Never => false,
    });
    let mut sources = Sources::new(options.source.clone(), options.context_lines);
    for report in &mut reports {
        debug.redo(report)?;
        let mut out = page.writer();
        describe::describe(report, &mut Text::new(&mut out), |frame| {
            sources.show(frame, &mut page.writer());
        });
    }
    Ok(page.into_text())
}

fn standard_input() -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match io::stdin().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("standard input cannot be read: {error}")),
    }
}

/// Writes to standard output; a reader that has seen enough is no fault.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(format!("standard output cannot be written: {error}")),
    })
}
