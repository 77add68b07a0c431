//! The control codes of NT's console driver, as the DLLs send them.

mod screens;

use alloc::vec::Vec;

use crate::ConsoleStatus::{self, InvalidHandle, InvalidParameter};
use crate::fields::{Fields, bytes_of};
use crate::input::Want;
use crate::modes::{ECHO_INPUT, EXTENDED_FLAGS, INPUT_ALL, INSERT_MODE, LINE_INPUT, OUTPUT_ALL};
use crate::output::{Output, Sink};
use crate::record::{RECORD_BYTES, Record};
use crate::{Console, Event, Part};

const GET_MODE: u32 = 0x50_4000;
const SET_MODE: u32 = 0x50_8004;
const READ_CONSOLE: u32 = 0x50_4028;
const READ_FILE: u32 = 0x50_402C;
const READ_INPUT: u32 = 0x50_4030;
const WRITE_INPUT: u32 = 0x50_8034;
const PEEK: u32 = 0x50_4038;
const GET_INPUT_INFO: u32 = 0x50_403C;
const SET_INPUT_INFO: u32 = 0x50_8040;
const GET_TITLE: u32 = 0x50_4044;
const SET_TITLE: u32 = 0x50_8048;
const CTRL_EVENT: u32 = 0x50_004C;
const BEEP: u32 = 0x50_0050;
const FLUSH: u32 = 0x50_0054;
const GET_WINDOW: u32 = 0x50_0058;
const GET_PROCESS_LIST: u32 = 0x50_005C;
const READ_CONSOLE_CONTROL: u32 = 0x50_4060;
const GET_INPUT_COUNT: u32 = 0x50_4064;
const WRITE_CONSOLE: u32 = 0x50_8078;
const WRITE_FILE: u32 = 0x50_807C;
const READ_OUTPUT: u32 = 0x50_4080;
const WRITE_OUTPUT: u32 = 0x50_8084;
const GET_OUTPUT_INFO: u32 = 0x50_4088;
const SET_OUTPUT_INFO: u32 = 0x50_808C;
const ACTIVATE: u32 = 0x50_8090;
const FILL_OUTPUT: u32 = 0x50_8094;
const SCROLL: u32 = 0x50_8098;
const BIND_PID: u32 = 0x50_00CC;

/// The bytes of what [`GET_OUTPUT_INFO`] gives.
const OUTPUT_INFO_BYTES: usize = 100;
/// Two numbers: code pages, an event and a group.
const PAIR_BYTES: usize = 8;
/// What a title has before and behind its characters.
const TITLE_BYTES: usize = 8;
/// The most of one that is kept.
const MOST_TITLE: usize = 1024;
/// The most records that are written at once.
const MOST_RECORDS: usize = 0x1000;

/// What becomes of a code.
#[derive(Debug)]
pub enum Reply {
    /// It is done; the bytes are the answer.
    Done(Vec<u8>),
    /// It is done once there is this.
    Read(Want),
    /// The rest is the executive's: to tell a group of processes, 0 for all.
    Tell(Event, u32),
    /// Which processes have the console.
    Processes,
    /// The console of this process is meant.
    Bind(u32),
    /// These code pages are wanted, of input and of output; 0: as it is.
    CodePages(u32, u32),
}

impl Reply {
    fn none() -> Result<Self, ConsoleStatus> {
        Ok(Self::Done(Vec::new()))
    }

    fn number(number: u32) -> Result<Self, ConsoleStatus> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size_of::<u32>())?;
        bytes.extend_from_slice(&number.to_le_bytes());
        Ok(Self::Done(bytes))
    }
}

/// Refuses what has other sizes than these; what has none may have any.
fn check(given: usize, wanted: usize) -> Result<(), ConsoleStatus> {
    match given == wanted {
        true => Ok(()),
        false => Err(InvalidParameter),
    }
}

impl Console {
    /// Does what a code says: with what a program gives, and room for so much.
    ///
    /// # Errors
    /// The status for the program.
    pub fn control(
        &mut self,
        part: Part,
        code: u32,
        input: &[u8],
        room: usize,
        sink: &mut dyn Sink,
    ) -> Result<Reply, ConsoleStatus> {
        match part {
            Part::Input => self.control_input(code, input, room, sink),
            Part::Screen(number) => self.control_screen(number, code, input, room, sink),
        }
    }

    fn control_input(
        &mut self,
        code: u32,
        input: &[u8],
        room: usize,
        sink: &mut dyn Sink,
    ) -> Result<Reply, ConsoleStatus> {
        let mut fields = Fields(input);
        match code {
            GET_MODE => {
                check(room, size_of::<u32>())?;
                Reply::number(self.input.mode)
            }
            SET_MODE => {
                check(input.len(), size_of::<u32>())?;
                let mode = fields.u32()?;
                // As NT does, even one that is refused.
                self.input.mode = mode & INPUT_ALL;
                if mode & EXTENDED_FLAGS != 0 {
                    self.input.editor.is_overstriking = mode & INSERT_MODE == 0;
                }
                let echoes = mode & (ECHO_INPUT | LINE_INPUT) == ECHO_INPUT;
                match mode & !INPUT_ALL != 0 || echoes {
                    true => Err(InvalidParameter),
                    false => Reply::none(),
                }
            }
            READ_CONSOLE if room.is_multiple_of(2) => {
                check(input.len(), 0)?;
                Ok(Reply::Read(Want::Text { room }))
            }
            READ_FILE => {
                check(input.len(), 0)?;
                Ok(Reply::Read(Want::Bytes { room }))
            }
            READ_CONSOLE_CONTROL => {
                let mask = fields.u32()?;
                if room < size_of::<u32>() {
                    return Err(InvalidParameter);
                }
                let mut initial = Vec::new();
                initial.try_reserve_exact(fields.0.len())?;
                initial.extend(fields.units()?);
                Ok(Reply::Read(Want::Woken {
                    room,
                    mask,
                    initial,
                }))
            }
            READ_INPUT | PEEK if input.is_empty() && is_records(room) => match code {
                PEEK => Ok(Reply::Done(self.input.take_records(room, true)?)),
                _ => Ok(Reply::Read(Want::Records { room })),
            },
            WRITE_INPUT if is_records(input.len()) => {
                let (records, _) = input.as_chunks::<RECORD_BYTES>();
                if records.len() > MOST_RECORDS {
                    return Err(InvalidParameter);
                }
                for record in records {
                    if !self.input.push(Record(*record)) {
                        return Err(ConsoleStatus::InsufficientResources);
                    }
                }
                Reply::none()
            }
            GET_INPUT_COUNT => {
                check(room, size_of::<u32>())?;
                Reply::number(u32::try_from(self.input.records.len()).unwrap_or(u32::MAX))
            }
            FLUSH => {
                check(input.len().saturating_add(room), 0)?;
                self.input.flush();
                Reply::none()
            }
            _ => self.control_all(code, input, room, sink),
        }
    }

    /// What is asked of the console as such.
    fn control_all(
        &mut self,
        code: u32,
        input: &[u8],
        room: usize,
        sink: &mut dyn Sink,
    ) -> Result<Reply, ConsoleStatus> {
        let mut fields = Fields(input);
        match code {
            GET_INPUT_INFO => {
                check(room, PAIR_BYTES)?;
                let (of_input, of_output) = self.code_pages();
                let mut bytes = Vec::new();
                bytes.try_reserve_exact(room)?;
                bytes.extend_from_slice(&of_input.to_le_bytes());
                bytes.extend_from_slice(&of_output.to_le_bytes());
                Ok(Reply::Done(bytes))
            }
            SET_INPUT_INFO => {
                check(input.len(), PAIR_BYTES.saturating_add(4))?;
                let mask = fields.u32()?;
                let (of_input, of_output) = (fields.u32()?, fields.u32()?);
                let wanted = |bit: u32, page: u32| if mask & bit == 0 { 0 } else { page };
                Ok(Reply::CodePages(wanted(1, of_input), wanted(2, of_output)))
            }
            GET_TITLE => {
                check(input.len(), size_of::<u32>())?;
                let most = room.checked_sub(TITLE_BYTES).ok_or(InvalidParameter)? / 2;
                let length = u32::try_from(self.title.len()).unwrap_or(u32::MAX);
                let shown = self.title.get(..most.min(self.title.len()));
                let text = bytes_of(shown.unwrap_or_default().iter().copied())?;
                let mut bytes = Vec::new();
                bytes.try_reserve_exact(text.len().saturating_add(TITLE_BYTES))?;
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(&text);
                bytes.extend_from_slice(&[0; 4]);
                Ok(Reply::Done(bytes))
            }
            SET_TITLE => {
                let units = fields.units()?;
                let mut title = Vec::new();
                title.try_reserve_exact(input.len().min(MOST_TITLE))?;
                title.extend(units.take(MOST_TITLE));
                let mut out = Output::new(Some(sink));
                out.put(b"\x1b]0;");
                for character in char::decode_utf16(title.iter().copied()).flatten() {
                    // What ends the text would begin commands for the terminal.
                    if !character.is_control() {
                        out.put_char(character);
                    }
                }
                out.put(b"\x07");
                self.title = title;
                Reply::none()
            }
            CTRL_EVENT => {
                check(input.len(), PAIR_BYTES)?;
                let event = match fields.u32()? {
                    0 => Event::C,
                    1 => Event::Break,
                    _ => return Err(InvalidParameter),
                };
                Ok(Reply::Tell(event, fields.u32()?))
            }
            BEEP => {
                check(input.len().saturating_add(room), 0)?;
                Output::new(Some(sink)).put(b"\x07");
                Reply::none()
            }
            GET_WINDOW => {
                check(room, size_of::<u32>())?;
                Reply::number(0)
            }
            GET_PROCESS_LIST if room != 0 && room.is_multiple_of(size_of::<u32>()) => {
                check(input.len(), 0)?;
                Ok(Reply::Processes)
            }
            BIND_PID => {
                check(input.len(), size_of::<u32>())?;
                Ok(Reply::Bind(fields.u32()?))
            }
            READ_CONSOLE | READ_INPUT | PEEK | WRITE_INPUT | GET_PROCESS_LIST => {
                Err(InvalidParameter)
            }
            _ => Err(InvalidHandle),
        }
    }

    fn control_screen(
        &mut self,
        number: usize,
        code: u32,
        input: &[u8],
        room: usize,
        sink: &mut dyn Sink,
    ) -> Result<Reply, ConsoleStatus> {
        let mut fields = Fields(input);
        match code {
            WRITE_CONSOLE | WRITE_FILE => {
                check(room, 0)?;
                self.write(number, input, code == WRITE_CONSOLE, sink)?;
                return Reply::none();
            }
            ACTIVATE => {
                check(input.len().saturating_add(room), 0)?;
                self.activate(number, sink);
                return Reply::none();
            }
            _ => {}
        }
        let sink = (number == self.active).then_some(sink);
        let Some(Some(slot)) = self.screens.get_mut(number) else {
            return Err(InvalidHandle);
        };
        let screen = &mut slot.screen;
        let mut out = Output::new(sink);
        match code {
            GET_MODE => {
                check(room, size_of::<u32>())?;
                Reply::number(screen.mode)
            }
            SET_MODE => {
                check(input.len(), size_of::<u32>())?;
                let mode = fields.u32()?;
                if mode & !OUTPUT_ALL != 0 {
                    return Err(InvalidParameter);
                }
                screen.mode = mode;
                Reply::none()
            }
            GET_OUTPUT_INFO if room >= OUTPUT_INFO_BYTES => screens::output_info(screen),
            SET_OUTPUT_INFO if input.len() >= OUTPUT_INFO_BYTES.saturating_add(4) => {
                check(room, 0)?;
                screens::set_output_info(screen, fields, &mut out)?;
                Reply::none()
            }
            FILL_OUTPUT => {
                check(input.len(), 24)?;
                screens::fill(screen, fields, room, &mut out)
            }
            SCROLL => {
                check(input.len(), 24)?;
                check(room, 0)?;
                screens::scroll(screen, fields, &mut out)?;
                Reply::none()
            }
            READ_OUTPUT => {
                check(input.len(), 16)?;
                screens::read(screen, fields, room)
            }
            WRITE_OUTPUT => screens::write(screen, fields, room, &mut out),
            GET_OUTPUT_INFO | SET_OUTPUT_INFO => Err(InvalidParameter),
            _ => Err(InvalidHandle),
        }
    }
}

/// Whether it is room for whole records, one at least.
fn is_records(bytes: usize) -> bool {
    bytes != 0 && bytes.is_multiple_of(RECORD_BYTES)
}
