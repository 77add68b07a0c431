//! Tests of the whole console.

mod editing;
mod keys;
mod properties;
mod requests;
mod screens;

use std::string::String;
use std::vec::Vec;

use crate::{Console, Part, Reply, Sink, Size, Want};

/// What the terminal got.
#[derive(Default)]
pub(super) struct Got(pub(super) Vec<u8>);

impl Sink for Got {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

impl Got {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.clone()).unwrap()
    }
}

pub(super) fn console(columns: u16, rows: u16) -> Console {
    Console::new(Size { columns, rows }, false).unwrap()
}

/// Types bytes.
pub(super) fn type_in(console: &mut Console, bytes: &[u8]) {
    for byte in bytes {
        assert_eq!(console.take(*byte), None);
    }
}

/// Reads text, which must be there.
pub(super) fn read(console: &mut Console, room: usize) -> String {
    let answer = console.serve(&mut Want::Text { room }, &mut Got::default());
    text_of(&answer.unwrap().data)
}

pub(super) fn text_of(bytes: &[u8]) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    assert!(rest.is_empty());
    let units: Vec<_> = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16(&units).unwrap()
}

pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Shows text on the first screen; what the terminal got.
pub(super) fn show(console: &mut Console, text: &str) -> String {
    let mut got = Got::default();
    console.write(0, &utf16(text), true, &mut got).unwrap();
    got.text()
}

/// The answer to a code that is done at once, and what the terminal got.
pub(super) fn ask(
    console: &mut Console,
    part: Part,
    code: u32,
    input: &[u8],
    room: usize,
) -> (Vec<u8>, String) {
    let mut got = Got::default();
    match console.control(part, code, input, room, &mut got) {
        Ok(Reply::Done(data)) => (data, got.text()),
        other => panic!("{code:#x}: {other:?}"),
    }
}

/// The rows of the first screen, without blanks at their ends.
pub(super) fn rows(console: &mut Console) -> Vec<String> {
    let info = ask(console, Part::Screen(0), 0x50_4088, &[], 100).0;
    let number = |at: usize| u16::from_le_bytes([info[at], info[at + 1]]);
    let (columns, rows) = (number(8), number(10));
    (0..rows)
        .map(|y| {
            let parameters: Vec<u8> = [0, u32::from(y), 0, 0]
                .into_iter()
                .flat_map(u32::to_le_bytes)
                .collect();
            let room = usize::from(columns) * 2;
            let row = ask(console, Part::Screen(0), 0x50_4080, &parameters, room).0;
            text_of(&row).trim_end().into()
        })
        .collect()
}

/// Column and row of the cursor on the first screen.
pub(super) fn cursor(console: &mut Console) -> (u16, u16) {
    let info = ask(console, Part::Screen(0), 0x50_4088, &[], 100).0;
    let number = |at: usize| u16::from_le_bytes([info[at], info[at + 1]]);
    (number(4), number(6))
}
