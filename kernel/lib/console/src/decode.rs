//! What a terminal sends, as keys.

use arrayvec::ArrayVec;

use crate::keys::{self, DELETE, DOWN, END, F1, HOME, INSERT, LEFT, NEXT, PRIOR, RIGHT, TAB, UP};
use crate::record::{Key, LEFT_ALT, SHIFT};

const ESCAPE: u8 = 0x1b;
/// Sequences are shorter; what is longer is none.
const MOST_BYTES: usize = 32;

/// Puts bytes together to keys.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// What has begun and is not over.
    pending: ArrayVec<u8, MOST_BYTES>,
    /// Whether sequences are passed on as they are.
    pub(crate) is_raw: bool,
}

impl Decoder {
    /// The next byte; `press` gets the keys that are complete by it.
    pub(crate) fn take(&mut self, byte: u8, press: &mut dyn FnMut(Key)) {
        if self.pending.try_push(byte).is_err() {
            self.give_up(press);
            let _ = self.pending.try_push(byte);
        }
        let is_over = match self.pending.first() {
            Some(&ESCAPE) if !self.is_raw => self.end_sequence(press),
            _ => self.end_character(0, 0, press),
        };
        if is_over {
            self.pending.clear();
        }
    }

    /// Nothing has followed for a while: what has begun is all there is.
    pub(crate) fn give_up(&mut self, press: &mut dyn FnMut(Key)) {
        for byte in core::mem::take(&mut self.pending) {
            press(keys::of_unit(byte.into(), 0));
        }
    }

    /// Whether something has begun.
    pub(crate) fn has_begun(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether the character that begins there is complete, which is pressed then.
    fn end_character(&self, start: usize, held: u32, press: &mut dyn FnMut(Key)) -> bool {
        let bytes = self.pending.get(start..).unwrap_or_default();
        match core::str::from_utf8(bytes) {
            Ok(text) => {
                for unit in text.encode_utf16() {
                    press(keys::of_unit(unit, held));
                }
                true
            }
            // The end is missing yet.
            Err(error) if error.error_len().is_none() => false,
            Err(_) => {
                press(keys::of_unit(u16::from(b'?'), held));
                // The last one may begin something, if it is not what is wrong.
                if let [_, .., last] = bytes
                    && (last.is_ascii())
                {
                    press(keys::of_unit((*last).into(), held));
                }
                true
            }
        }
    }

    /// Whether the sequence is complete, whose key is pressed then.
    fn end_sequence(&self, press: &mut dyn FnMut(Key)) -> bool {
        let Some((_, behind)) = self.pending.split_first() else {
            return false;
        };
        let key = match behind {
            [] | [b'[' | b'O'] => return false,
            // The Linux console's function keys.
            [b'[', b'['] => return false,
            [b'[', b'[', letter @ b'A'..=b'E'] => {
                function(u32::from(letter.saturating_sub(b'A')), 0)
            }
            [b'O', letter] => of_letter(*letter, 0),
            [b'[', parameters @ .., last] => match last {
                0x20..=0x3F => return false,
                _ => of_csi(parameters, *last),
            },
            [ESCAPE] => Some(keys::of_unit(ESCAPE.into(), LEFT_ALT)),
            _ => return self.end_character(1, LEFT_ALT, press),
        };
        match key {
            Some(key) => press(key),
            // An answer of the terminal's, say: programs get it as it came.
            None => {
                for byte in &self.pending {
                    press(keys::of_unit((*byte).into(), 0));
                }
            }
        }
        true
    }
}

fn of_csi(parameters: &[u8], last: u8) -> Option<Key> {
    let text = core::str::from_utf8(parameters).ok()?;
    let (first, held) = match text.split_once(';') {
        None if text.is_empty() => (1, 0),
        None => (text.parse().ok()?, 0),
        Some((first, second)) => {
            let held: u32 = second.parse().ok()?;
            (first.parse().ok()?, keys::held_by(held))
        }
    };
    match last {
        b'~' => of_number(first, held),
        b'Z' => Some(keys::of_code(TAB, SHIFT)),
        // The place of the cursor looks like F3.
        _ if first == 1 => of_letter(last, held),
        _ => None,
    }
}

fn of_letter(letter: u8, held: u32) -> Option<Key> {
    Some(match letter {
        b'A' => keys::of_code(UP, held),
        b'B' => keys::of_code(DOWN, held),
        b'C' => keys::of_code(RIGHT, held),
        b'D' => keys::of_code(LEFT, held),
        b'H' => keys::of_code(HOME, held),
        b'F' => keys::of_code(END, held),
        b'P'..=b'S' => return function(u32::from(letter.saturating_sub(b'P')), held),
        b'M' => keys::of_unit(0x0D, held),
        _ => return None,
    })
}

fn of_number(number: u32, held: u32) -> Option<Key> {
    let code = match number {
        1 | 7 => HOME,
        2 => INSERT,
        3 => DELETE,
        4 | 8 => END,
        5 => PRIOR,
        6 => NEXT,
        11..=15 => return function(number.saturating_sub(11), held),
        17..=21 => return function(number.saturating_sub(12), held),
        23 | 24 => return function(number.saturating_sub(13), held),
        _ => return None,
    };
    Some(keys::of_code(code, held))
}

/// F1 and the others, from 0 on.
fn function(number: u32, held: u32) -> Option<Key> {
    let number = u16::try_from(number).ok()?;
    Some(keys::of_code(F1.saturating_add(number), held))
}
