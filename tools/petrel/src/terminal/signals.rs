//! Signals while a terminal is there: Ctrl-C, the window's size, and ends.

use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::line::{Kind, Line};
use super::{Terminal, raw};
use crate::machine::Event;

/// So many times Ctrl-C within so long end the machine.
const MOST_PRESSES: usize = 3;
const WITHIN: Duration = Duration::from_secs(1);

/// When Ctrl-C was pressed last.
#[derive(Clone)]
pub(crate) struct Presses {
    times: Arc<Mutex<Vec<Instant>>>,
    events: Sender<Event>,
}

impl Presses {
    pub(super) fn new(events: Sender<Event>) -> Self {
        Self {
            times: Arc::new(Mutex::new(Vec::new())),
            events,
        }
    }

    /// Once more: the last of several in a row ends the machine.
    pub(super) fn note(&self) {
        let Ok(mut times) = self.times.lock() else {
            return;
        };
        let now = Instant::now();
        times.retain(|time| now.duration_since(*time) < WITHIN);
        times.push(now);
        if times.len() >= MOST_PRESSES {
            // A machine that has ended needs no telling.
            let _ = self.events.send(Event::Interrupted);
        }
    }
}

/// Passes signals on to the console, and leaves the terminal as it was at an end.
pub(super) fn watch(terminal: Terminal, line: Line, presses: Presses) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGWINCH, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGINT => {
                    presses.note();
                    line.send(Kind::Event, &[0]);
                }
                SIGWINCH => {
                    let (columns, rows) = raw::size();
                    line.size(columns, rows);
                }
                SIGCONT => {
                    if terminal.is_raw() {
                        raw::enter();
                    }
                }
                ends => {
                    raw::restore();
                    // Where it does nothing there is nothing else to do either.
                    let _ = emulate_default_handler(ends);
                }
            }
        }
    });
    Ok(())
}
