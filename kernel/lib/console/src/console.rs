//! One console.

use alloc::vec::Vec;

use crate::ConsoleStatus;
use crate::code_page::CodePage;
use crate::editor::Shown;
use crate::input::{Answer, Input, Want};
use crate::keys;
use crate::modes::{PROCESSED_INPUT, VIRTUAL_TERMINAL_INPUT, WINDOW_INPUT};
use crate::output::{Output, Sink};
use crate::record::{Key, Record};
use crate::screen::Screen;

/// The system's code page for consoles.
const OEM: u32 = 437;
/// What a terminal has that does not say.
const USUAL: Size = Size {
    columns: 80,
    rows: 25,
};
/// More cells than that a terminal has not.
const MOST_COLUMNS: u16 = 1000;

/// The size of a window, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How wide.
    pub columns: u16,
    /// How high.
    pub rows: u16,
}

impl Size {
    /// One that a screen can have.
    fn usable(self) -> Self {
        match self {
            Self { columns: 0, .. } | Self { rows: 0, .. } => USUAL,
            Self { columns, rows } => Self {
                columns: columns.min(MOST_COLUMNS),
                rows: rows.min(MOST_COLUMNS),
            },
        }
    }
}

/// What processes are told of; the values are NT's (`CTRL_*_EVENT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Ctrl-C.
    C = 0,
    /// Ctrl-Break.
    Break = 1,
}

/// A part of a console that programs have open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its input, or the console as such.
    Input,
    /// A screen buffer, by its number.
    Screen(usize),
}

/// A screen buffer, and how often it is open.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) screen: Screen,
    opens: usize,
}

/// A console.
#[derive(Debug)]
pub struct Console {
    pub(crate) input: Input,
    /// By their numbers; the first one stays.
    pub(crate) screens: Vec<Option<Slot>>,
    pub(crate) active: usize,
    pub(crate) output_page: CodePage,
    pub(crate) title: Vec<u16>,
    size: Size,
    /// The host lets lines be edited, and shows what is typed.
    host_echoes: bool,
}

impl Console {
    /// One over a terminal of this size.
    ///
    /// # Errors
    /// There is not enough memory.
    pub fn new(size: Size, host_echoes: bool) -> Result<Self, ConsoleStatus> {
        let size = size.usable();
        let mut screens = Vec::new();
        screens.try_reserve_exact(1)?;
        screens.push(Some(Slot {
            screen: Screen::new(size)?,
            opens: 1,
        }));
        Ok(Self {
            input: Input::new(OEM),
            screens,
            active: 0,
            output_page: CodePage::bare(OEM),
            title: Vec::new(),
            size,
            host_echoes,
        })
    }

    /// A byte that the terminal sent. What it comes to, if no program reads it.
    pub fn take(&mut self, byte: u8) -> Option<Event> {
        let mut decoder = core::mem::take(&mut self.input.decoder);
        decoder.is_raw = self.input.mode & VIRTUAL_TERMINAL_INPUT != 0;
        let mut event = None;
        decoder.take(byte, &mut |key| event = self.press(&key).or(event));
        self.input.decoder = decoder;
        event
    }

    /// Nothing was sent for a while.
    pub fn pause(&mut self) {
        let mut decoder = core::mem::take(&mut self.input.decoder);
        decoder.give_up(&mut |key| {
            self.press(&key);
        });
    }

    /// Whether the terminal has begun to send a key.
    #[must_use]
    pub fn awaits_more(&self) -> bool {
        self.input.decoder.has_begun()
    }

    #[inline(never)]
    fn press(&mut self, key: &Key) -> Option<Event> {
        if keys::is_ctrl_c(key) && self.input.mode & PROCESSED_INPUT != 0 {
            return Some(Event::C);
        }
        let released = Key {
            is_down: false,
            ..*key
        };
        // What there is no room for is lost, as on every console.
        let _ = self.input.push(Record::key(*key)) && self.input.push(Record::key(released));
        None
    }

    /// Whoever reads text now is told that Ctrl-C came.
    pub fn abort_reads(&mut self, is_aborted: bool) {
        self.input.is_aborted = is_aborted;
    }

    /// Nothing is typed any more.
    pub fn end(&mut self) {
        self.pause();
        self.input.has_ended = true;
    }

    /// The window has another size.
    pub fn resize(&mut self, size: Size) {
        let size = size.usable();
        if size == self.size {
            return;
        }
        let mut changed = true;
        for slot in self.screens.iter_mut().flatten() {
            // Without memory for it a screen stays as it is.
            changed &= slot.screen.resize(size).is_ok();
        }
        if changed {
            self.size = size;
        }
        if self.input.mode & WINDOW_INPUT != 0 {
            self.input.push(Record::size(size.columns, size.rows));
        }
    }

    /// Whether there are records to read.
    #[must_use]
    pub fn has_records(&self) -> bool {
        !self.input.records.is_empty() || self.input.has_ended
    }

    /// What somebody waits for, if it is there.
    pub fn serve(&mut self, want: &mut Want, sink: &mut dyn Sink) -> Option<Answer> {
        let slot = self.screens.get_mut(self.active)?.as_mut()?;
        let mut out = Output::new(Some(sink));
        let shown = Shown {
            screen: &mut slot.screen,
            out: &mut out,
        };
        let served = self.input.serve(want, shown, self.host_echoes);
        // Without memory it is the end.
        served.unwrap_or_else(|_| Some(Answer::default()))
    }

    /// Shows text: UTF-16, or bytes in the output code page.
    ///
    /// # Errors
    /// There is no such screen, or half a unit.
    pub fn write(
        &mut self,
        screen: usize,
        text: &[u8],
        is_utf16: bool,
        sink: &mut dyn Sink,
    ) -> Result<(), ConsoleStatus> {
        let sink = (screen == self.active).then_some(sink);
        let Some(Some(slot)) = self.screens.get_mut(screen) else {
            return Err(ConsoleStatus::InvalidHandle);
        };
        let mut out = Output::new(sink);
        if is_utf16 {
            let (units, rest) = text.as_chunks::<2>();
            if !rest.is_empty() {
                return Err(ConsoleStatus::InvalidParameter);
            }
            for unit in units {
                slot.screen.write(u16::from_le_bytes(*unit), &mut out);
            }
            return Ok(());
        }
        let mut partial = core::mem::take(&mut slot.screen.partial);
        self.output_page.decode(text, &mut partial, &mut |unit| {
            slot.screen.write(unit, &mut out);
        });
        slot.screen.partial = partial;
        Ok(())
    }

    /// Uses a code page from now on.
    pub fn set_code_page(&mut self, page: CodePage, is_output: bool) {
        match is_output {
            true => self.output_page = page,
            false => self.input.code_page = page,
        }
    }

    /// The numbers of the code pages of input and output.
    #[must_use]
    pub fn code_pages(&self) -> (u32, u32) {
        (self.input.code_page.number(), self.output_page.number())
    }

    /// The screen buffer that is shown; it is open once more.
    pub fn open_active(&mut self) -> usize {
        if let Some(Some(slot)) = self.screens.get_mut(self.active) {
            slot.opens = slot.opens.saturating_add(1);
        }
        self.active
    }

    /// Makes a screen buffer, which is open once.
    ///
    /// # Errors
    /// There is not enough memory.
    pub fn open_new(&mut self) -> Result<usize, ConsoleStatus> {
        let screen = Screen::new(self.size)?;
        let slot = Some(Slot { screen, opens: 1 });
        if let Some(number) = self.screens.iter().position(Option::is_none)
            && let Some(place) = self.screens.get_mut(number)
        {
            *place = slot;
            return Ok(number);
        }
        self.screens.try_reserve(1)?;
        self.screens.push(slot);
        Ok(self.screens.len().saturating_sub(1))
    }

    /// A screen buffer is open once less, and goes if it is the last time.
    pub fn close(&mut self, number: usize, sink: &mut dyn Sink) {
        let Some(Some(slot)) = self.screens.get_mut(number) else {
            return;
        };
        slot.opens = slot.opens.saturating_sub(1);
        if slot.opens != 0 || number == 0 {
            return;
        }
        if self.active == number {
            self.activate(0, sink);
        }
        if let Some(place) = self.screens.get_mut(number) {
            *place = None;
        }
    }

    /// Shows another screen buffer.
    pub(crate) fn activate(&mut self, number: usize, sink: &mut dyn Sink) {
        let before = core::mem::replace(&mut self.active, number);
        let mut out = Output::new(Some(sink));
        if before == number {
            return;
        }
        match (before, number) {
            (_, 0) => out.put(b"\x1b[?1049l"),
            (0, _) => out.put(b"\x1b[?1049h"),
            _ => {}
        }
        let Some(Some(slot)) = self.screens.get_mut(number) else {
            return;
        };
        // The terminal has kept the first one, and its cursor.
        if number != 0 {
            let whole = slot.screen.whole();
            slot.screen.repaint(whole, &mut out);
        }
        let is_shown = slot.screen.is_cursor_shown;
        slot.screen.show_cursor(is_shown, &mut out);
        Screen::show_attribute(slot.screen.attribute, &mut out);
    }
}
