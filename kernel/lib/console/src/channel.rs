//! What the host sends over its line: keys, sizes and events, each a message.
//!
//! A message is its kind, the number of bytes that follow, and these: `k` keys, as the
//! terminal sends them; `i` bytes of the answer to a question for standard input; `w`
//! the size of the window, columns and rows, two bytes each, the lower one first; `c`
//! a control event, one byte; `e` the end of keys.

use arrayvec::ArrayVec;

use crate::{Event, Size};

/// A message, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A byte of the terminal's.
    Key(u8),
    /// A byte of an answer for standard input.
    Input(u8),
    /// The window has another size.
    Size(Size),
    /// Something that programs are told of.
    Event(Event),
    /// Nothing is typed any more.
    End,
}

/// Takes messages apart, byte by byte.
#[derive(Debug, Default)]
pub struct Channel {
    kind: Option<u8>,
    /// How many bytes of it are to come, once that is known.
    left: Option<u8>,
    payload: ArrayVec<u8, 4>,
}

impl Channel {
    /// At the beginning of a message.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            kind: None,
            left: None,
            payload: ArrayVec::new_const(),
        }
    }

    /// The next byte. Kinds that mean nothing are passed over.
    pub fn take(&mut self, byte: u8) -> Option<Message> {
        let (Some(kind), left) = (self.kind, self.left) else {
            self.kind = Some(byte);
            return None;
        };
        let Some(left) = left else {
            self.left = Some(byte);
            self.payload.clear();
            return (byte == 0).then(|| self.finish(kind)).flatten();
        };
        let left = left.saturating_sub(1);
        self.left = Some(left);
        // Longer ones mean nothing but bytes.
        let _ = self.payload.try_push(byte);
        let message = match kind {
            b'k' => Some(Message::Key(byte)),
            b'i' => Some(Message::Input(byte)),
            _ => None,
        };
        match left {
            0 => self.finish(kind).or(message),
            _ => message,
        }
    }

    fn finish(&mut self, kind: u8) -> Option<Message> {
        (self.kind, self.left) = (None, None);
        match (kind, self.payload.as_slice()) {
            (b'w', &[a, b, c, d]) => Some(Message::Size(Size {
                columns: u16::from_le_bytes([a, b]),
                rows: u16::from_le_bytes([c, d]),
            })),
            (b'c', [0]) => Some(Message::Event(Event::C)),
            (b'c', [1]) => Some(Message::Event(Event::Break)),
            (b'e', _) => Some(Message::End),
            _ => None,
        }
    }
}
