//! The terminal that petrel runs on, where a standard stream is one.
//!
//! The kernel has a console for it: keys go there as they are typed, with the size of the
//! window and Ctrl-C, over the line that else answers questions for standard input. Where
//! both the input and the output are the terminal, the kernel edits lines and shows what
//! is typed, and the terminal leaves that to it (raw mode). Where only the input is one,
//! the terminal is left as it is: what is behind a pipe may be using it.

mod line;
mod raw;
mod signals;

use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::Options;
use crate::machine::Event;
use line::{Kind, Line};
pub(crate) use raw::restore;
pub(crate) use signals::Presses;

/// Ctrl-C and Ctrl-Z as terminals send them.
const CTRL_C: u8 = 3;
const END_OF_FILE: &[u8] = b"\x1a\r";
/// The end of input twice within that is no Ctrl-D: the terminal is gone.
const GONE: Duration = Duration::from_millis(50);
/// How often to look whether petrel may read the terminal again.
const BACKGROUND: Duration = Duration::from_millis(200);

/// Whether the program has had the terminal do more than show text.
static HAS_COMMANDED: AtomicBool = AtomicBool::new(false);

/// Which standard streams are a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    pub(crate) input: bool,
    output: bool,
    errors: bool,
}

impl Terminal {
    /// The terminal, unless the same input is to have the same output.
    pub(crate) fn find(options: &Options) -> Option<Self> {
        let terminal = Self {
            input: io::stdin().is_terminal(),
            output: io::stdout().is_terminal(),
            errors: io::stderr().is_terminal(),
        };
        let is_any = terminal.input || terminal.output || terminal.errors;
        (is_any && !options.is_deterministic).then_some(terminal)
    }

    /// Whether the kernel edits lines and shows what is typed.
    fn is_raw(self) -> bool {
        self.input && self.output
    }

    /// The kernel's option that says so.
    pub(crate) fn option(self) -> String {
        let (columns, rows) = raw::size();
        let mut option = format!(" terminal={columns}x{rows}");
        for (is_so, word) in [
            (self.input, ",in"),
            (self.output, ",out"),
            (self.errors, ",err"),
            (!self.is_raw(), ",echo"),
        ] {
            if is_so {
                option.push_str(word);
            }
        }
        option
    }

    /// Waits for the machine at a socket; what it asks for is the rest of standard input.
    pub(crate) fn serve(
        self,
        socket: &Path,
        rest: Option<Box<dyn Read + Send>>,
        events: &Sender<Event>,
    ) -> io::Result<()> {
        let listener = UnixListener::bind(socket)?;
        let line = Line::open(listener, rest);
        let (columns, rows) = raw::size();
        line.size(columns, rows);
        let presses = Presses::new(events.clone());
        signals::watch(self, line.clone(), presses.clone())?;
        if self.input {
            thread::spawn(move || self.read(&line, &presses));
        }
        Ok(())
    }

    /// Passes on what is typed.
    fn read(self, line: &Line, presses: &Presses) {
        let mut buffer = [0; 1024];
        let mut ended_at: Option<Instant> = None;
        loop {
            if !raw::is_foreground() {
                thread::sleep(BACKGROUND);
                continue;
            }
            if self.is_raw() {
                raw::enter();
            }
            let length = match io::stdin().read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read.unwrap_or(0),
            };
            let bytes = buffer.get_mut(..length).unwrap_or_default();
            if bytes.is_empty() {
                let is_gone = ended_at.is_some_and(|at| at.elapsed() < GONE);
                if self.is_raw() || is_gone {
                    line.send(Kind::End, &[]);
                    return;
                }
                ended_at = Some(Instant::now());
                line.send(Kind::Keys, END_OF_FILE);
                continue;
            }
            if self.is_raw() {
                (0..bytes.iter().filter(|byte| **byte == CTRL_C).count())
                    .for_each(|_| presses.note());
            } else {
                let ends = bytes.iter_mut().filter(|byte| **byte == b'\n');
                ends.for_each(|byte| *byte = b'\r');
            }
            line.send(Kind::Keys, bytes);
        }
    }
}

/// The terminal is as it was before the program, the cursor and the colours included.
pub(crate) fn end(terminal: Option<Terminal>) {
    let Some(terminal) = terminal else { return };
    if HAS_COMMANDED.load(Ordering::Relaxed) {
        // Nobody is left to tell if that fails.
        let _ = match terminal {
            Terminal { output: true, .. } => reset(&mut io::stdout()),
            _ => reset(&mut io::stderr()),
        };
    }
    restore();
}

fn reset(to: &mut impl Write) -> io::Result<()> {
    to.write_all(b"\x1b[0m\x1b[?25h")?;
    to.flush()
}

/// A stream, which notes whether the program commands the terminal.
pub(crate) struct Watched<W>(pub(crate) W);

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.contains(&0x1b) {
            HAS_COMMANDED.store(true, Ordering::Relaxed);
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
