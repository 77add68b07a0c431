//! Lines: editing, showing, the lines before, and their ends.

use std::string::String;

use super::{Got, console, cursor, read, rows, show, type_in};
use crate::{Part, Want};

/// The line that keys give.
fn line(keys: &[u8]) -> String {
    let mut console = console(80, 25);
    type_in(&mut console, keys);
    read(&mut console, 1000)
}

#[test]
fn keys_that_edit() {
    for (keys, expected) in [
        (&b"abc\r"[..], "abc\r\n"),
        (b"abc\x7f\x7fX\r", "aX\r\n"),
        (b"ab\x1b[DX\r", "aXb\r\n"),
        (b"ab\x1b[D\x1b[D\x1b[DX\x1b[C\x1b[CY\r", "XabY\r\n"),
        (b"ab\x1b[HX\x1b[FY\r", "XabY\r\n"),
        (b"abc\x1b[H\x1b[3~\r", "bc\r\n"),
        (b"abc\x1b[H\x1b[2~XY\r", "XYc\r\n"),
        (b"one two\x1b[1;5DX\r", "one Xtwo\r\n"),
        (b"one two\x1b[H\x1b[1;5CX\r", "one Xtwo\r\n"),
        (b"one two\x1b[1;5D\x1b[1;5F\r", "one \r\n"),
        (b"one two\x1b[1;5D\x1b[1;5H\r", "two\r\n"),
        (b"\x7f\x1b[D\x1b[3~a\r", "a\r\n"),
        (b"a\x04\x0eb\r", "a\x04\x0eb\r\n"),
        (b"a\n", "a\r\n"),
    ] {
        assert_eq!(line(keys), expected, "{keys:?}");
    }
    assert_eq!(line("a😀b\x1b[D\x7f\r".as_bytes()), "ab\r\n");
    assert_eq!(line("é\x7fü\r".as_bytes()), "ü\r\n");
}

#[test]
fn escape_clears_the_line() {
    let mut console = console(80, 25);
    type_in(&mut console, b"abc\x1b");
    console.pause();
    type_in(&mut console, b"d\r");
    assert_eq!(read(&mut console, 100), "d\r\n");
}

#[test]
fn the_lines_before() {
    let mut console = console(80, 25);
    for text in [&b"one\r"[..], b"two\r", b"two\r", b"\r"] {
        type_in(&mut console, text);
        read(&mut console, 100);
    }
    for (keys, expected) in [
        (&b"\x1b[A\r"[..], "two\r\n"),
        (b"\x1b[A\x1b[A\r", "one\r\n"),
        (b"\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[B!\r", "two!\r\n"),
        (b"\x1b[A\x1b[B\x1b[Bx\r", "x\r\n"),
    ] {
        type_in(&mut console, keys);
        assert_eq!(read(&mut console, 100), expected, "{keys:?}");
    }
}

#[test]
fn what_has_no_room_is_read_later() {
    let mut console = console(80, 25);
    type_in(&mut console, b"abcd\rxy\r");
    assert_eq!(read(&mut console, 4), "ab");
    assert_eq!(read(&mut console, 6), "cd\r");
    assert_eq!(read(&mut console, 100), "\n");
    assert_eq!(read(&mut console, 100), "xy\r\n");
    let nothing = console.serve(&mut Want::Text { room: 2 }, &mut Got::default());
    assert_eq!(nothing, None);
}

fn bytes(console: &mut crate::Console, room: usize) -> Option<std::vec::Vec<u8>> {
    let answer = console.serve(&mut Want::Bytes { room }, &mut Got::default());
    answer.map(|answer| answer.data)
}

#[test]
fn ctrl_z_at_the_beginning_is_the_end_of_a_file() {
    let mut console = console(80, 25);
    type_in(&mut console, b"\x1aabc\rnext\ra\x1a\r");
    assert_eq!(bytes(&mut console, 100).unwrap(), b"");
    assert_eq!(bytes(&mut console, 100).unwrap(), b"next\r\n");
    assert_eq!(bytes(&mut console, 100).unwrap(), b"a\x1a\r\n");
    type_in(&mut console, b"\x1a\r");
    assert_eq!(read(&mut console, 100), "\x1a\r\n");
}

#[test]
fn characters_come_whole_or_in_pieces() {
    let mut console = console(80, 25);
    console.set_code_page(crate::CodePage::bare(65001), false);
    type_in(&mut console, "é😀\r".as_bytes());
    assert_eq!(bytes(&mut console, 3).unwrap(), "é😀".as_bytes()[..3]);
    assert_eq!(bytes(&mut console, 3).unwrap(), "é😀".as_bytes()[3..]);
    assert_eq!(bytes(&mut console, 3).unwrap(), b"\r\n");
}

#[test]
fn single_characters_without_lines() {
    let mut console = console(80, 25);
    let mode = 1_u32.to_le_bytes();
    super::ask(&mut console, Part::Input, 0x50_8004, &mode, 0);
    let nothing = console.serve(&mut Want::Text { room: 100 }, &mut Got::default());
    assert_eq!(nothing, None);
    type_in(&mut console, b"\x1b[A");
    let nothing = console.serve(&mut Want::Text { room: 100 }, &mut Got::default());
    assert_eq!(nothing, None);
    type_in(&mut console, b"ab\r");
    assert_eq!(read(&mut console, 2), "a");
    assert_eq!(read(&mut console, 100), "b\r");
}

#[test]
fn the_end_of_input_ends_reads() {
    let mut console = console(80, 25);
    type_in(&mut console, b"ab");
    console.end();
    assert_eq!(bytes(&mut console, 100).unwrap(), b"");
    assert_eq!(bytes(&mut console, 100).unwrap(), b"");
    assert!(console.has_records());
}

#[test]
fn ctrl_c_ends_a_read_and_its_line() {
    let mut console = console(80, 25);
    type_in(&mut console, b"abc");
    let want = &mut Want::Text { room: 100 };
    assert_eq!(console.serve(want, &mut Got::default()), None);
    console.abort_reads(true);
    assert!(console.serve(want, &mut Got::default()).unwrap().is_aborted);
    console.abort_reads(false);
    type_in(&mut console, b"d\r");
    assert_eq!(read(&mut console, 100), "d\r\n");
}

#[test]
fn control_characters_wake_a_reader() {
    let mut console = console(80, 25);
    show(&mut console, "> di");
    let mut want = Want::Woken {
        room: 100,
        mask: 1 << 9,
        initial: "di".encode_utf16().collect(),
    };
    type_in(&mut console, b"r\x1b[D\x7f\t");
    let mut got = Got::default();
    let answer = console.serve(&mut want, &mut got).unwrap();
    assert_eq!(answer.data[..4], [0; 4]);
    assert_eq!(super::text_of(&answer.data[4..]), "d\tr");
    assert_eq!(rows(&mut console)[0], "> dr");
}

/// Types while a line is read, which is not complete.
fn shown(columns: u16, rows: u16, before: &str, keys: &[u8]) -> crate::Console {
    let mut console = console(columns, rows);
    show(&mut console, before);
    for key in keys {
        console.take(*key);
        let want = &mut Want::Text { room: 100 };
        assert_eq!(console.serve(want, &mut Got::default()), None);
    }
    console
}

#[test]
fn lines_are_shown_where_they_are() {
    let mut console = shown(10, 4, "> ", b"abc\x1b[D\x1b[DX");
    assert_eq!(rows(&mut console)[0], "> aXbc");
    assert_eq!(cursor(&mut console), (4, 0));
    let mut console = shown(10, 4, "> ", b"abcdefghij\x1b[HX");
    assert_eq!(rows(&mut console)[..2], ["> Xabcdefg", "hij"]);
    assert_eq!(cursor(&mut console), (3, 0));
    // At the last line the screen moves up.
    let mut console = shown(4, 2, "\n", b"abcdefg");
    assert_eq!(rows(&mut console)[..], ["abcd", "efg"]);
    assert_eq!(cursor(&mut console), (3, 1));
    let mut console = shown(10, 2, "", b"a\x03\x01\x7f");
    assert_eq!(rows(&mut console)[0], "a");
    let mut console = shown(10, 2, "", b"\x01\tb");
    assert_eq!(rows(&mut console)[0], "^A      b");
    let mut console = shown(1, 1, "", b"abc\x1b[D\x7f\x1b[H\x1b[Fd");
    assert_eq!(cursor(&mut console), (0, 0));
}

#[test]
fn nothing_is_shown_without_echo() {
    let mut console = console(10, 4);
    let mode = 3_u32.to_le_bytes();
    super::ask(&mut console, Part::Input, 0x50_8004, &mode, 0);
    type_in(&mut console, b"secret\r");
    let mut got = Got::default();
    console
        .serve(&mut Want::Text { room: 100 }, &mut got)
        .unwrap();
    assert_eq!(got.0, b"");
}
