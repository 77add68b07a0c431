//! The console over the host's terminal: behind `\Device\ConDrv`.
//!
//! It is shown where a standard stream of programs is a terminal. The host sends keys,
//! sizes and Ctrl-C over its line without being asked; it is looked at on the timer's
//! tick, so that a program that computes is told, too. What programs write goes the way
//! of the standard stream that is the terminal. Where streams are the host's and none is
//! a terminal nobody sees it. There is one console: whoever wants one of its own gets this
//! one.

mod attached;
mod open;
mod requests;

use core::sync::atomic::{AtomicBool, Ordering};

use ::console::{Channel, CodePage, Console, ConsoleStatus, Message, Sink, Size};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use hal::Ref;
use hal::debug_port::{self, DebugPort};
use hal::host_input;
use hal::lock::{Guard, Lock};
use nls::File as NlsFile;
use sched::Signal;
use spin::Once;

use super::host;
use super::irp::Answers;
use crate::process::Thread;
use crate::scheduler::{self, Waitable};
use crate::{Error, rank};

use attached::Attached;
pub use attached::processes;
pub use open::{ConsoleFile, open, open_in, reference, standard_input, standard_output};
use requests::Read;

/// How many bytes of the host's are taken at once.
const MOST_BYTES: usize = 512;
/// A code page without a file.
const UTF8: u32 = 65001;
/// What tells the host that its messages are not lost any more.
const LISTENING: u8 = b'!';
/// For so many ticks threads that deal with Ctrl-C are waited for.
const ABORT_TICKS: u32 = 500;
/// After so many ticks without a byte no more of a key comes.
const PAUSE_TICKS: u32 = 20;

static TERMINAL: Once<Terminal> = Once::new();
/// Whether there is one.
static IS_THERE: AtomicBool = AtomicBool::new(false);
/// Whether the host's terminal is behind it.
static IS_SHOWN: AtomicBool = AtomicBool::new(false);

/// The console.
struct Terminal {
    state: Lock<rank::Console, State>,
    /// Signalled while there are records to read.
    records: Waitable,
    /// Which way what is shown goes.
    port: Option<&'static DebugPort>,
}

struct State {
    console: Console,
    channel: Channel,
    /// For how many ticks nothing has come.
    quiet_ticks: u32,
    /// Those who wait for what is typed, in their order.
    reads: VecDeque<Read>,
    attached: Attached,
    /// Ctrl-C is to end their waits.
    aborting: Option<Aborting>,
}

/// Threads that deal with Ctrl-C: who waits for a line learns of it when they are done,
/// and finds what they did.
struct Aborting {
    threads: Vec<Ref<Thread>>,
    /// For how many ticks they are waited for.
    ticks: u32,
}

/// What is shown goes there.
struct Port(Option<&'static DebugPort>);

impl Sink for Port {
    fn put(&mut self, bytes: &[u8]) {
        if let Some(port) = self.0 {
            port.write(bytes);
        }
    }
}

/// Makes the console, shown by the way of the output stream or of that of errors; without
/// a terminal nobody sees it, and nothing is typed. Before the first program. False: there
/// is no line to the host.
pub fn connect(terminal: Option<&config::Terminal>) -> Result<bool, Error> {
    let is_shown = terminal.is_some();
    if is_shown && !host_input::open() {
        return Ok(false);
    }
    let terminal = terminal.copied().unwrap_or_default();
    let size = Size {
        columns: terminal.columns,
        rows: terminal.rows,
    };
    let records = Waitable::new(Signal::Notification { is_set: false })?;
    let made = TERMINAL.try_call_once(|| {
        Ok::<_, Error>(Terminal {
            records,
            port: match (terminal.is_output, terminal.is_errors) {
                (true, _) => Some(&debug_port::OUTPUT),
                (_, true) => Some(&debug_port::ERRORS),
                _ => None,
            },
            state: Lock::new(State {
                channel: Channel::new(),
                quiet_ticks: 0,
                reads: VecDeque::new(),
                attached: Attached::new(),
                aborting: None,
                // Last: nothing that can fail follows.
                console: Console::new(size, terminal.echoes).map_err(Error::Console)?,
            }),
        })
    })?;
    IS_THERE.store(true, Ordering::Relaxed);
    if !is_shown {
        made.state.lock().console.end();
        return Ok(true);
    }
    let (number, _) = made.state.lock().console.code_pages();
    for is_output in [false, true] {
        // Without its file only ASCII is known.
        if let Ok(page) = code_page(number) {
            made.state.lock().console.set_code_page(page, is_output);
        }
    }
    IS_SHOWN.store(true, Ordering::Relaxed);
    host_input::send(LISTENING);
    Ok(true)
}

/// Whether programs have a console.
pub fn is_there() -> bool {
    IS_THERE.load(Ordering::Relaxed)
}

/// Whether it is the host's terminal.
pub fn is_shown() -> bool {
    IS_SHOWN.load(Ordering::Relaxed)
}

/// A tick, while no lock is held and processes can be told of events.
#[inline]
pub(crate) fn tick() {
    if IS_THERE.load(Ordering::Relaxed)
        && let Some(terminal) = TERMINAL.get()
    {
        terminal.look();
    }
}

/// The code page of a number, as the volume has it.
fn code_page(number: u32) -> Result<CodePage, Error> {
    if number == UTF8 {
        return Ok(CodePage::bare(number));
    }
    let found = NlsFile::CodePage(number).paths().find_map(|path| {
        let data = crate::nls::file_at(&path).ok()?;
        CodePage::of_file(number, data.unchanged()?)
    });
    found.ok_or(Error::Console(ConsoleStatus::InvalidParameter))
}

impl State {
    /// Those who dealt with Ctrl-C, once they are done.
    fn take_aborted(&mut self) -> Option<Aborting> {
        let aborting = self.aborting.as_mut()?;
        aborting.ticks = aborting.ticks.saturating_sub(1);
        let is_over = aborting
            .threads
            .iter()
            .all(|thread| thread.ended().is_some());
        match is_over || aborting.ticks == 0 {
            true => self.aborting.take(),
            false => None,
        }
    }
}

impl Terminal {
    fn get() -> Result<&'static Self, Error> {
        TERMINAL.get().ok_or(Error::InvalidDeviceRequest)
    }

    fn sink(&self) -> Port {
        Port(self.port)
    }

    /// Takes what the host has sent.
    #[cold]
    fn look(&self) {
        let mut state = self.state.lock();
        let mut event = None;
        let mut has_come = false;
        // Otherwise the line is the input stream's.
        let most = if is_shown() { MOST_BYTES } else { 0 };
        for _ in 0..most {
            let Some(byte) = host_input::read_byte() else {
                break;
            };
            has_come = true;
            match state.channel.take(byte) {
                Some(Message::Key(byte)) => event = state.console.take(byte),
                Some(Message::Input(byte)) => host::arrive(byte),
                Some(Message::Size(size)) => state.console.resize(size),
                Some(Message::Event(told)) => event = Some(told),
                Some(Message::End) => state.console.end(),
                None => {}
            }
            if event.is_some() {
                break;
            }
        }
        let aborted = state.take_aborted();
        if has_come {
            state.quiet_ticks = 0;
        } else if state.console.awaits_more() {
            state.quiet_ticks = state.quiet_ticks.saturating_add(1);
            if state.quiet_ticks >= PAUSE_TICKS {
                state.console.pause();
            }
        } else if aborted.is_none() {
            return;
        }
        state.console.abort_reads(aborted.is_some());
        let answers = self.serve(&mut state);
        state.console.abort_reads(false);
        self.finish(state, answers);
        // Outside the lock: these may be the last references.
        drop(aborted);
        if let Some(event) = event {
            self.tell(event, 0);
        }
    }

    /// Notes whether there is something to read, and answers what was asked before.
    fn finish(&self, state: Guard<'_, rank::Console, State>, answers: Answers) {
        let has_records = state.console.has_records();
        scheduler::with_held(|dispatcher| match has_records {
            true => dispatcher.set(self.records.key()),
            false => dispatcher.reset(self.records.key()),
        });
        drop(state);
        answers.give();
    }
}
