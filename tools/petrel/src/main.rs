//! The command: runs a Windows console program as if it ran here.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};

mod arguments;
mod copies;
mod debugger;
mod dlls;
mod exit;
mod gdb_script;
mod guest_path;
mod home;
mod imports;
mod job;
mod log;
mod machine;
mod program;
mod quoting;
mod run;
mod shares;
mod streams;
mod terminal;
mod testing;
mod verdict;
mod work;

use arguments::Command;
use exit::Failure;

fn main() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        terminal::restore();
        report(panic);
    }));
    let code = match run(std::env::args_os().skip(1)) {
        Ok(code) => code,
        Err(failure) => {
            say(&failure.sentence);
            failure.code
        }
    };
    // At once: a thread may still wait for standard input.
    std::process::exit(code.into());
}

fn run(arguments: impl Iterator<Item = OsString>) -> Result<u8, Failure> {
    match arguments::parse(arguments)? {
        Command::Help => {
            print(&arguments::help())?;
            Ok(0)
        }
        Command::TestHelp => {
            print(arguments::TEST_HELP)?;
            Ok(0)
        }
        Command::Run(mut options) => {
            if options.is_test {
                testing::prepare(&mut options)?;
            }
            run::run(&options)
        }
    }
}

/// A sentence on standard error, where nobody is left to tell if that fails.
fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "petrel: {sentence}");
}

/// Writes to standard output; a reader that has seen enough is no fault.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Failure::output(&error)),
    })
}
