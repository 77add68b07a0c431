//! Keys: what terminals send, and the records that programs read.

use std::vec;
use std::vec::Vec;

use super::{Got, console, type_in};
use crate::record::{ENHANCED, Key, LEFT_ALT, LEFT_CTRL, Record, SHIFT};
use crate::{Channel, Event, Message, Size, Want};

/// The keys that bytes give: virtual key, scan code, unit, what is held; each must be
/// let go of again.
fn pressed(bytes: &[u8]) -> Vec<(u16, u16, u16, u32)> {
    let mut console = console(80, 25);
    type_in(&mut console, bytes);
    console.pause();
    let answer = console.serve(&mut Want::Records { room: 1 << 16 }, &mut Got::default());
    let Some(answer) = answer else {
        return vec![];
    };
    let (records, rest) = answer.data.as_chunks::<20>();
    assert!(rest.is_empty());
    let keys: Vec<Key> = records
        .iter()
        .map(|record| Record(*record).as_key().unwrap())
        .collect();
    let (pairs, rest) = keys.as_chunks::<2>();
    assert!(rest.is_empty());
    pairs
        .iter()
        .map(|[down, up]| {
            assert!(down.is_down && !up.is_down);
            assert_eq!(
                *up,
                Key {
                    is_down: false,
                    ..*down
                }
            );
            (down.code, down.scan, down.unit, down.state)
        })
        .collect()
}

#[test]
fn letters_and_digits() {
    assert_eq!(pressed(b"a"), [(0x41, 0x1E, 0x61, 0)]);
    assert_eq!(pressed(b"Z"), [(0x5A, 0x2C, 0x5A, SHIFT)]);
    assert_eq!(pressed(b"1!"), [(0x31, 2, 0x31, 0), (0x31, 2, 0x21, SHIFT)]);
    assert_eq!(pressed(b"0"), [(0x30, 0x0B, 0x30, 0)]);
    assert_eq!(
        pressed(b"/?"),
        [(0xBF, 0x35, 0x2F, 0), (0xBF, 0x35, 0x3F, SHIFT)]
    );
    assert_eq!(pressed(b" "), [(0x20, 0x39, 0x20, 0)]);
    for byte in b' '..=b'~' {
        let [(code, scan, unit, _)] = pressed(&[byte])[..] else {
            panic!("{byte}");
        };
        assert!(code != 0 && scan != 0 && unit == byte.into(), "{byte}");
    }
}

#[test]
fn keys_with_ctrl_and_alt() {
    assert_eq!(pressed(b"\x01"), [(0x41, 0x1E, 1, LEFT_CTRL)]);
    assert_eq!(pressed(b"\x1a"), [(0x5A, 0x2C, 0x1A, LEFT_CTRL)]);
    assert_eq!(pressed(b"\x1bx"), [(0x58, 0x2D, 0x78, LEFT_ALT)]);
    assert_eq!(pressed(b"\r"), [(0x0D, 0x1C, 0x0D, 0)]);
    assert_eq!(pressed(b"\t"), [(9, 0x0F, 9, 0)]);
    assert_eq!(pressed(b"\x7f"), [(8, 0x0E, 8, 0)]);
    assert_eq!(pressed(b"\x08"), [(8, 0x0E, 8, LEFT_CTRL)]);
    assert_eq!(pressed(b"\x1b[Z"), [(9, 0x0F, 9, SHIFT)]);
}

#[test]
fn keys_without_characters() {
    for (bytes, code, scan) in [
        (&b"\x1b[A"[..], 0x26, 0x48),
        (b"\x1bOB", 0x28, 0x50),
        (b"\x1b[C", 0x27, 0x4D),
        (b"\x1bOD", 0x25, 0x4B),
        (b"\x1b[H", 0x24, 0x47),
        (b"\x1b[F", 0x23, 0x4F),
        (b"\x1b[1~", 0x24, 0x47),
        (b"\x1b[2~", 0x2D, 0x52),
        (b"\x1b[3~", 0x2E, 0x53),
        (b"\x1b[5~", 0x21, 0x49),
        (b"\x1b[6~", 0x22, 0x51),
    ] {
        assert_eq!(pressed(bytes), [(code, scan, 0, ENHANCED)], "{bytes:?}");
    }
    for (bytes, code, scan) in [
        (&b"\x1bOP"[..], 0x70, 0x3B),
        (b"\x1b[[A", 0x70, 0x3B),
        (b"\x1b[15~", 0x74, 0x3F),
        (b"\x1b[17~", 0x75, 0x40),
        (b"\x1b[21~", 0x79, 0x44),
        (b"\x1b[24~", 0x7B, 0x58),
    ] {
        assert_eq!(pressed(bytes), [(code, scan, 0, 0)], "{bytes:?}");
    }
    let held = ENHANCED | LEFT_CTRL | SHIFT;
    assert_eq!(pressed(b"\x1b[1;6A"), [(0x26, 0x48, 0, held)]);
    assert_eq!(
        pressed(b"\x1b[3;5~"),
        [(0x2E, 0x53, 0, ENHANCED | LEFT_CTRL)]
    );
}

#[test]
fn escape_alone_and_before_others() {
    assert_eq!(pressed(b"\x1b"), [(0x1B, 1, 0x1B, 0)]);
    assert_eq!(pressed(b"\x1b\x1b"), [(0x1B, 1, 0x1B, LEFT_ALT)]);
    let units: Vec<_> = pressed(b"\x1b[12;40R").iter().map(|key| key.2).collect();
    assert_eq!(units, "\x1b[12;40R".encode_utf16().collect::<Vec<_>>());
}

#[test]
fn characters_outside_ascii() {
    assert_eq!(pressed("é".as_bytes()), [(0, 0, 0xE9, 0)]);
    let units: Vec<_> = pressed("😀".as_bytes()).iter().map(|key| key.2).collect();
    assert_eq!(units, [0xD83D, 0xDE00]);
    // What is no UTF-8 is shown as such, and loses nothing behind it.
    let units: Vec<_> = pressed(b"\xC3a\xFFb").iter().map(|key| key.2).collect();
    assert_eq!(units, "?a?b".encode_utf16().collect::<Vec<_>>());
}

#[test]
fn ctrl_c_is_an_event_while_input_is_processed() {
    let mut console = console(80, 25);
    assert_eq!(console.take(3), Some(Event::C));
    assert!(!console.has_records());
    let mode = 0x1F6_u32.to_le_bytes();
    let part = crate::Part::Input;
    super::ask(&mut console, part, 0x50_8004, &mode, 0);
    assert_eq!(console.take(3), None);
    assert!(console.has_records());
}

#[test]
fn raw_sequences_where_they_are_asked_for() {
    let mut console = console(80, 25);
    let mode = 0x201_u32.to_le_bytes();
    super::ask(&mut console, crate::Part::Input, 0x50_8004, &mode, 0);
    type_in(&mut console, b"\x1b[A");
    assert_eq!(super::read(&mut console, 100), "\x1b[A");
}

#[test]
fn messages_of_the_host() {
    let mut channel = Channel::new();
    let mut all = Vec::new();
    for byte in b"k\x02abw\x04\x50\0\x19\0i\x01xc\x01\0z\x02??e\0c\x01\x01k\0w\x01x" {
        all.extend(channel.take(*byte));
    }
    assert_eq!(
        all,
        [
            Message::Key(b'a'),
            Message::Key(b'b'),
            Message::Size(Size {
                columns: 80,
                rows: 25
            }),
            Message::Input(b'x'),
            Message::Event(Event::C),
            Message::End,
            Message::Event(Event::Break),
        ]
    );
}
