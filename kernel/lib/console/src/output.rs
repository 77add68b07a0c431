//! The way to the terminal: bytes, a few at a time.

use core::fmt;

use arrayvec::ArrayVec;

const BUFFER_BYTES: usize = 256;

/// Where the bytes for the terminal go.
pub trait Sink {
    /// Takes them all.
    fn put(&mut self, bytes: &[u8]);
}

/// Collects bytes; a screen that is not shown has nowhere to send them.
pub(crate) struct Output<'a> {
    sink: Option<&'a mut dyn Sink>,
    buffer: ArrayVec<u8, BUFFER_BYTES>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(sink: Option<&'a mut dyn Sink>) -> Self {
        Self {
            sink,
            buffer: ArrayVec::new_const(),
        }
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) {
        if self.sink.is_none() {
            return;
        }
        for byte in bytes {
            if self.buffer.is_full() {
                self.flush();
            }
            // There is room.
            let _ = self.buffer.try_push(*byte);
        }
    }

    pub(crate) fn put_char(&mut self, character: char) {
        self.put(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// `ESC [`, a number unless it is 1 and may be left out, and the last letter.
    pub(crate) fn csi(&mut self, number: u32, letter: u8) {
        let _ = match number {
            1 => fmt::Write::write_str(self, "\x1b["),
            _ => fmt::Write::write_fmt(self, format_args!("\x1b[{number}")),
        };
        self.put(&[letter]);
    }

    fn flush(&mut self) {
        if let Some(sink) = &mut self.sink
            && !self.buffer.is_empty()
        {
            sink.put(&self.buffer);
        }
        self.buffer.clear();
    }
}

impl fmt::Write for Output<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }
}

impl Drop for Output<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}
