//! Input: records, and reading them as text.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::ConsoleStatus;
use crate::code_page::CodePage;
use crate::decode::Decoder;
use crate::editor::{Editor, Shown, Typed};
use crate::modes::{ECHO_INPUT, INPUT_DEFAULT, LINE_INPUT, PROCESSED_INPUT};
use crate::record::{RECORD_BYTES, Record};

/// The most records; more is not taken.
const MOST_RECORDS: usize = 0x1_0000;
/// Ctrl-Z: at the beginning of a line it is the end of a file.
const END_OF_FILE: u16 = 0x1A;
const LINE_END: [u16; 2] = [0x0D, 0x0A];

/// What somebody waits for.
#[derive(Debug)]
pub enum Want {
    /// Records, as many as there is room for.
    Records {
        /// Room in bytes.
        room: usize,
    },
    /// Text.
    Text {
        /// Room in bytes.
        room: usize,
    },
    /// Text, ended by control characters, too.
    Woken {
        /// Room in bytes.
        room: usize,
        /// A bit for each of these characters.
        mask: u32,
        /// What of the line the reader shows already.
        initial: Vec<u16>,
    },
    /// Bytes in the code page.
    Bytes {
        /// Room in bytes.
        room: usize,
    },
}

/// What somebody gets.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The bytes.
    pub data: Vec<u8>,
    /// Whether Ctrl-C ended the wait.
    pub is_aborted: bool,
}

/// What is typed and not read.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) mode: u32,
    pub(crate) records: VecDeque<Record>,
    pub(crate) decoder: Decoder,
    pub(crate) editor: Editor,
    pub(crate) code_page: CodePage,
    /// Text that is complete and not read.
    ready: VecDeque<u16>,
    /// Whether that is the beginning of a line.
    is_new_line: bool,
    /// Bytes of a character of which some were read.
    kept: Vec<u8>,
    pub(crate) has_ended: bool,
    pub(crate) is_aborted: bool,
    /// What was held down with the character that woke a reader.
    woke: Option<u32>,
}

impl Input {
    pub(crate) fn new(code_page: u32) -> Self {
        Self {
            mode: INPUT_DEFAULT,
            records: VecDeque::new(),
            decoder: Decoder::default(),
            editor: Editor::default(),
            code_page: CodePage::bare(code_page),
            ready: VecDeque::new(),
            is_new_line: false,
            kept: Vec::new(),
            has_ended: false,
            is_aborted: false,
            woke: None,
        }
    }

    /// One more record; false: there is no room.
    pub(crate) fn push(&mut self, record: Record) -> bool {
        if self.records.len() >= MOST_RECORDS || self.records.try_reserve(1).is_err() {
            return false;
        }
        self.records.push_back(record);
        true
    }

    /// Whether typing is shown.
    fn is_echoing(&self) -> bool {
        self.mode & (LINE_INPUT | ECHO_INPUT) == LINE_INPUT | ECHO_INPUT
    }

    /// The records that there is room for; they stay there if they are only looked at.
    pub(crate) fn take_records(
        &mut self,
        room: usize,
        stay: bool,
    ) -> Result<Vec<u8>, ConsoleStatus> {
        let count = room.checked_div(RECORD_BYTES).unwrap_or(0);
        let count = count.min(self.records.len());
        let mut data = Vec::new();
        data.try_reserve_exact(count.saturating_mul(RECORD_BYTES))?;
        let records = self.records.iter().take(count);
        records.for_each(|record| data.extend_from_slice(&record.0));
        if !stay {
            self.records.drain(..count);
        }
        Ok(data)
    }

    /// What somebody waits for, if it is there.
    pub(crate) fn serve(
        &mut self,
        want: &mut Want,
        shown: Shown<'_, '_>,
        host_echoes: bool,
    ) -> Result<Option<Answer>, ConsoleStatus> {
        let (room, mask, initial) = match want {
            Want::Records { .. } if self.records.is_empty() => return Ok(None),
            Want::Records { room } => {
                let data = self.take_records(*room, false)?;
                return Ok(Some(Answer {
                    data,
                    is_aborted: false,
                }));
            }
            Want::Text { room } | Want::Bytes { room } => (*room, 0, &[][..]),
            Want::Woken {
                room,
                mask,
                initial,
            } => (*room, *mask, initial.as_slice()),
        };
        if room == 0 {
            return Ok(Some(Answer::default()));
        }
        self.editor.begin(initial, shown.screen);
        let mut to = match self.is_echoing() && !host_echoes {
            true => Some(shown),
            false => None,
        };
        loop {
            if !self.ready.is_empty() || !self.kept.is_empty() {
                break;
            }
            if self.is_aborted {
                self.is_aborted = false;
                self.editor.abort();
                return Ok(Some(Answer {
                    data: Vec::new(),
                    is_aborted: true,
                }));
            }
            let Some(record) = self.records.pop_front() else {
                if self.has_ended {
                    break;
                }
                return Ok(None);
            };
            let Some(key) = record.as_key().filter(|key| key.is_down) else {
                continue;
            };
            for _ in 0..key.repeat.max(1) {
                if self.mode & LINE_INPUT == 0 {
                    if key.unit != 0 {
                        self.ready.try_reserve(1)?;
                        self.ready.push_back(key.unit);
                        self.editor.abort();
                    }
                    continue;
                }
                match self.editor.press(&key, mask, &mut to) {
                    Typed::Edited => {}
                    Typed::Entered => {
                        self.end_line(&mut to)?;
                        break;
                    }
                    Typed::Woke(state) => {
                        self.woke = Some(state);
                        let line = self.editor.take(false);
                        self.ready.try_reserve(line.len())?;
                        self.ready.extend(line);
                        break;
                    }
                }
            }
            // One character is enough; with all that were typed it is faster.
            while self.mode & LINE_INPUT == 0
                && !self.ready.is_empty()
                && let Some(next) = self.records.front().and_then(Record::as_key)
            {
                self.records.pop_front();
                if next.is_down && next.unit != 0 {
                    self.ready.try_reserve(1)?;
                    self.ready.push_back(next.unit);
                }
            }
        }
        self.deliver(want, room).map(Some)
    }

    fn end_line(&mut self, to: &mut Option<Shown<'_, '_>>) -> Result<(), ConsoleStatus> {
        let end = match self.mode & PROCESSED_INPUT {
            0 => LINE_END.get(..1).unwrap_or_default(),
            _ => &LINE_END,
        };
        if let Some(Shown { screen, out }) = to {
            match end {
                [_] => screen.move_to(0, screen.cursor.y, out),
                _ => screen.next_line(0, out),
            }
        }
        let line = self.editor.take(true);
        self.ready
            .try_reserve(line.len().saturating_add(end.len()))?;
        self.ready.extend(line);
        self.ready.extend(end);
        self.is_new_line = true;
        Ok(())
    }

    /// Hands over what is ready, as much as there is room for.
    fn deliver(&mut self, want: &Want, room: usize) -> Result<Answer, ConsoleStatus> {
        let mut data = Vec::new();
        let is_first = core::mem::take(&mut self.is_new_line);
        match want {
            Want::Bytes { .. } => {
                let may_end = self.mode & PROCESSED_INPUT != 0;
                if is_first && may_end && self.ready.front() == Some(&END_OF_FILE) {
                    self.ready.clear();
                    return Ok(Answer::default());
                }
                data.append(&mut self.kept);
                while data.len() < room
                    && let Some(first) = self.ready.pop_front()
                {
                    let pair = [first, self.ready.front().copied().unwrap_or(0)];
                    let character = char::decode_utf16(pair).next().and_then(Result::ok);
                    let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                    if character.len_utf16() == 2 {
                        self.ready.pop_front();
                    }
                    self.code_page.encode(character, &mut data)?;
                }
                if data.len() > room {
                    self.kept.try_reserve(data.len().saturating_sub(room))?;
                    self.kept.extend(data.drain(room..));
                }
            }
            Want::Records { .. } | Want::Text { .. } | Want::Woken { .. } => {
                data.try_reserve_exact(
                    room.min(self.ready.len().saturating_mul(2).saturating_add(4)),
                )?;
                let mut room = room;
                if let Want::Woken { .. } = want {
                    let state = self.woke.take().unwrap_or(0);
                    data.extend_from_slice(&state.to_le_bytes());
                    room = room.saturating_sub(data.len());
                }
                self.kept.clear();
                let units = self.ready.len().min(room.wrapping_shr(1));
                for unit in self.ready.drain(..units) {
                    data.extend_from_slice(&unit.to_le_bytes());
                }
            }
        }
        Ok(Answer {
            data,
            is_aborted: false,
        })
    }

    /// Forgets all that was typed.
    pub(crate) fn flush(&mut self) {
        self.records.clear();
    }
}
