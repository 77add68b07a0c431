//! One run: from the program's file to petrel's exit code.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};

use crate::arguments::Options;
use crate::debugger::{Debugger, Session};
use crate::exit::{Failure, GDB_LEFT, LARGEST_OF_TESTS, LARGEST_OWN};
use crate::home::Home;
use crate::machine::Machine;
use crate::program::Program;
use crate::shares::{self, Share};
use crate::streams::Input;
use crate::terminal::Terminal;
use crate::work::Work;
use crate::{gdb_script, log, machine, say, terminal, verdict};

/// Runs a program; petrel's exit code.
pub(crate) fn run(options: &Options) -> Result<u8, Failure> {
    let program = Program::read(&options.program)?;
    let home = Home::find()?;
    let shares = shares::of(options)?;
    let terminal = Terminal::find(options);
    let debugger = options.gdb.map(Debugger::listen).transpose()?;
    let input = Input::take(options.is_deterministic, terminal);
    let is_needed = options.keeps || options.trace.is_some() || debugger.is_some();
    let work = Arc::new(Work::new(is_needed)?);
    let ended = in_folder(
        (options, &shares),
        (&home, &program),
        (input, terminal),
        debugger,
        &work,
    );
    terminal::restore();
    work.finish(options.keeps);
    ended
}

fn in_folder(
    (options, shares): (&Options, &[Share]),
    (home, program): (&Home, &Program),
    (mut input, terminal): (Input, Option<Terminal>),
    debugger: Option<Debugger>,
    work: &Arc<Work>,
) -> Result<u8, Failure> {
    let image = work.make_images(home, program, (options, shares), &input)?;
    let socket = (terminal.is_some() || !input.is_all()).then(|| work.file("input"));
    let (events, told) = mpsc::channel();
    if let Some(socket) = &socket {
        let served = match terminal {
            Some(terminal) => terminal.serve(socket, input.take_rest(), &events),
            None => input.serve(socket),
        };
        served.map_err(|error| {
            let shown = socket.display();
            Failure::not_installed(format!("{shown} cannot be made: {error}; set TMPDIR"))
        })?;
    }
    if let Some(debugger) = &debugger {
        tell_gdb(home, options, program, debugger.port(), work)?;
    }
    let machine = Machine {
        kernel: &home.kernel,
        image: &image,
        socket: socket.as_deref(),
        shares,
        terminal,
    };
    let ended = machine::run(options, (&machine, debugger), work, (events, told));
    terminal::end(terminal);
    let ended = ended?;
    if let Some(trace) = &options.trace {
        write_trace(home, &ended.log, work, trace);
    } else if options.keeps {
        keep_log(&ended.log, &work.file("log"));
    }
    if ended.session.as_ref().is_some_and(Session::has_left) {
        say("gdb has ended the run");
        return Ok(GDB_LEFT);
    }
    let text = log::text(&ended.log);
    let limit_s = options.timeout.map_or(0.0, |limit| limit.as_secs_f64());
    let status = ended.status.map(|status| status.code());
    let largest_own = match options.is_test {
        true => LARGEST_OF_TESTS,
        false => LARGEST_OWN,
    };
    let verdict = verdict::of(&program.name, &text, status, (limit_s, largest_own));
    // Nobody is left to tell if this fails.
    let _ = io::stderr().write_all(verdict.said.as_bytes());
    if let Some(session) = ended.session {
        session.end(verdict.code);
    }
    Ok(verdict.code)
}

/// Writes the script for gdb, and says what to type.
fn tell_gdb(
    home: &Home,
    options: &Options,
    program: &Program,
    port: u16,
    work: &Work,
) -> Result<(), Failure> {
    let path = work.file("petrel.gdb");
    let script = gdb_script::of(home, &options.program, program, port)?;
    let shown = path.display();
    fs::write(&path, script).map_err(|error| {
        Failure::not_installed(format!("{shown} cannot be written: {error}; set TMPDIR"))
    })?;
    if !options.keeps {
        work.leave_no_trace();
    }
    say(&format!(
        "waiting for gdb; in another terminal: gdb -x {shown}"
    ));
    Ok(())
}

fn keep_log(log: &[u8], path: &Path) -> bool {
    let written = fs::write(path, log);
    if let Err(error) = &written {
        say(&format!("{} cannot be written: {error}", path.display()));
    }
    written.is_ok()
}

/// A trace is beside the matter: what became of the program counts.
fn write_trace(home: &Home, bytes: &[u8], work: &Work, trace: &Path) {
    let path = work.file("log");
    if !keep_log(bytes, &path) {
        return;
    }
    let mut tool = Command::new(&home.tracefile);
    tool.arg("--out").arg(trace).arg(&path).stdin(Stdio::null());
    match tool.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            say(&format!("no trace was written: {}", why.trim()));
        }
        Err(error) => say(&format!("no trace was written: {error}")),
    }
}
