//! What is asked of the console: control codes, reads and writes.

use ::console::{ConsoleStatus, Part, Reply, Want};
use alloc::vec::Vec;
use hal::Ref;
use hal::lock::Guard;

use super::open::Opened;
use super::{ConsoleFile, State, Terminal, attached, code_page};
use crate::io::console::write_each;
use crate::io::irp::{Answer, Answers, Asked, Begun, CANCELLED, Irp};
use crate::{Error, rank};

/// Ctrl-C has ended a read (NT `STATUS_ALERTED`).
const ALERTED: u32 = 0x101;
/// What a reader is charged with until something comes.
const CHARGED_BYTES: usize = 0x1000;

/// Somebody who waits for what is typed.
pub(super) struct Read {
    irp: Ref<Irp>,
    want: Want,
}

impl Terminal {
    /// Answers those who wait, as far as there is something for them.
    pub(super) fn serve(&self, state: &mut State) -> Answers {
        let mut answers = Answers::new();
        while let Some(read) = state.reads.front_mut() {
            let Some(answer) = state.console.serve(&mut read.want, &mut self.sink()) else {
                break;
            };
            let Some(Read { irp, .. }) = state.reads.pop_front() else {
                break;
            };
            let mut told = Answer::done(u64::try_from(answer.data.len()).unwrap_or(0));
            if answer.is_aborted {
                told.status = ALERTED;
            }
            told.data = answer.data.into();
            answers.push(irp, told);
        }
        answers
    }

    fn wait(&self, asked: &Asked<'_>, want: Want, buffer: u64) -> Result<Begun, Error> {
        let irp = asked.request(buffer, CHARGED_BYTES)?;
        let mut state = self.state.lock();
        if let Err(error) = state.reads.try_reserve(1) {
            drop(state);
            irp.give_up();
            return Err(error.into());
        }
        state.reads.push_back(Read {
            irp: irp.clone(),
            want,
        });
        let answers = self.serve(&mut state);
        self.finish(state, answers);
        Ok(Begun::Kept(irp))
    }

    fn refuse<T>(
        &self,
        state: Guard<'_, rank::Console, State>,
        refused: ConsoleStatus,
    ) -> Result<T, Error> {
        drop(state);
        Err(Error::Console(refused))
    }
}

/// An answer that is bytes.
fn done(data: Vec<u8>) -> Begun {
    Begun::Done(Answer {
        information: u64::try_from(data.len()).unwrap_or(0),
        data: data.into(),
        ..Answer::default()
    })
}

impl ConsoleFile {
    /// Does what a control code says.
    pub fn control(
        &self,
        asked: &Asked<'_>,
        code: u32,
        input: &[u8],
        buffer: u64,
        room: usize,
    ) -> Result<Begun, Error> {
        let terminal = Terminal::get()?;
        let mut state = terminal.state.lock();
        let sink = &mut terminal.sink();
        let reply = match state.console.control(self.part(), code, input, room, sink) {
            Ok(reply) => reply,
            Err(refused) => return terminal.refuse(state, refused),
        };
        let answers = terminal.serve(&mut state);
        terminal.finish(state, answers);
        match reply {
            Reply::Done(data) => Ok(done(data)),
            Reply::Read(want) => terminal.wait(asked, want, buffer),
            Reply::Tell(event, group) => {
                terminal.tell(event, group);
                Ok(done(Vec::new()))
            }
            Reply::Processes => list(room),
            Reply::Bind(process) => {
                self.bind(process)?;
                Ok(done(Vec::new()))
            }
            Reply::CodePages(of_input, of_output) => {
                for (number, is_output) in [(of_input, false), (of_output, true)] {
                    if number != 0 {
                        let page = code_page(number)?;
                        let mut state = terminal.state.lock();
                        state.console.set_code_page(page, is_output);
                    }
                }
                Ok(done(Vec::new()))
            }
        }
    }

    /// Reads what is typed, as bytes.
    #[cold]
    pub fn read(&self, asked: &Asked<'_>, to: u64, bytes: u64) -> Result<Begun, Error> {
        match self.what {
            Opened::Input => {
                let room = usize::try_from(bytes).unwrap_or(usize::MAX);
                Terminal::get()?.wait(asked, Want::Bytes { room }, to)
            }
            _ => Err(Error::Console(ConsoleStatus::InvalidHandle)),
        }
    }

    /// Shows bytes of the current process.
    #[cold]
    pub(in crate::io) fn write(&self, from: u64, bytes: u64) -> Result<(), Error> {
        let Part::Screen(screen) = self.part() else {
            return Err(Error::Console(ConsoleStatus::InvalidHandle));
        };
        let terminal = Terminal::get()?;
        write_each(from, bytes, |chunk| {
            let sink = &mut terminal.sink();
            let mut state = terminal.state.lock();
            // The screen is there as long as it is open.
            let _ = state.console.write(screen, chunk, false, sink);
        })
    }

    /// Cancels the requests that are meant; false: there is none.
    pub(in crate::io) fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let Ok(terminal) = Terminal::get() else {
            return false;
        };
        let mut answers = Answers::new();
        let mut is_any = false;
        let mut state = terminal.state.lock();
        let mut at = 0;
        while let Some(read) = state.reads.get(at) {
            if !is_meant(&read.irp) {
                at = at.saturating_add(1);
            } else if let Some(read) = state.reads.remove(at) {
                is_any = true;
                answers.push(read.irp, Answer::of_status(CANCELLED));
            }
        }
        drop(state);
        answers.give();
        is_any
    }
}

/// The numbers of the processes, if there is room for all; else how many there are.
fn list(room: usize) -> Result<Begun, Error> {
    const EACH: usize = size_of::<u32>();
    let all = attached::processes()?;
    let bytes = all.len().saturating_mul(EACH);
    let mut data = Vec::new();
    data.try_reserve_exact(bytes.max(EACH))?;
    if bytes > room {
        let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
        data.extend_from_slice(&count.to_le_bytes());
        return Ok(Begun::Done(Answer {
            status: ConsoleStatus::BufferTooSmall.status_code(),
            information: u64::try_from(data.len()).unwrap_or(0),
            data: data.into(),
        }));
    }
    for process in all {
        let number = u32::try_from(process).unwrap_or(0);
        data.extend_from_slice(&number.to_le_bytes());
    }
    Ok(done(data))
}
