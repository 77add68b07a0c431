//! Screens: what programs write, and the bytes that the terminal gets.

use std::vec::Vec;

use super::{Got, ask, console, cursor, rows, show, utf16};
use crate::{CodePage, Part, Size};

const SET_MODE: u32 = 0x50_8004;
const SET_OUTPUT_INFO: u32 = 0x50_808C;
const FILL: u32 = 0x50_8094;
const SCROLL: u32 = 0x50_8098;
const ACTIVATE: u32 = 0x50_8090;
const READ_OUTPUT: u32 = 0x50_4080;
const WRITE_OUTPUT: u32 = 0x50_8084;
const SCREEN: Part = Part::Screen(0);

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn shorts(numbers: &[i16]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

/// A mask, and the first numbers of what it sets.
fn info(mask: u32, first: &[i16]) -> Vec<u8> {
    let mut bytes = numbers(&[mask]);
    bytes.extend(shorts(first));
    bytes.resize(104, 0);
    bytes
}

#[test]
fn text_wraps_and_scrolls() {
    let mut console = console(4, 3);
    assert_eq!(show(&mut console, "abcde\nf"), "abcde\r\nf");
    assert_eq!(rows(&mut console), ["abcd", "e", "f"]);
    assert_eq!(cursor(&mut console), (1, 2));
    assert_eq!(show(&mut console, "\r\ng\x08h\ti"), "\r\ng\x08h\ti");
    assert_eq!(rows(&mut console), ["e", "f", "h  i"]);
    assert_eq!(show(&mut console, "j"), "j");
    assert_eq!(rows(&mut console), ["f", "h  i", "j"]);
}

#[test]
fn without_wrapping_the_last_column_is_written_over() {
    let mut console = console(4, 2);
    ask(&mut console, SCREEN, SET_MODE, &1_u32.to_le_bytes(), 0);
    assert_eq!(show(&mut console, "abcdef"), "abcd\x1b[4Ge\x1b[4Gf");
    assert_eq!(rows(&mut console), ["abcf", ""]);
}

#[test]
fn control_characters_show_pictures_where_nothing_is_processed() {
    let mut console = console(10, 2);
    ask(&mut console, SCREEN, SET_MODE, &2_u32.to_le_bytes(), 0);
    assert_eq!(show(&mut console, "a\r\n\x1b"), "a♪◙←");
}

#[test]
fn sequences_pass_and_move_the_cursor() {
    let mut console = console(10, 5);
    let text = "\x1b[3;4Hx\x1b[A\x1b[2Dy\x1b[K\x1b[31;1mz\x1b]0;title\x07";
    assert_eq!(show(&mut console, text), text);
    assert_eq!(rows(&mut console)[1..3], ["  yz", "   x"]);
    assert_eq!(cursor(&mut console), (4, 1));
    show(&mut console, "\x1b[2J\x1b[H");
    assert_eq!(rows(&mut console), ["", "", "", "", ""]);
    show(&mut console, "\x1b[2;3r\x1b[3;1Ha\nb\nc\x1b[r");
    assert_eq!(rows(&mut console), ["", "b", "c", "", ""]);
    show(&mut console, "\x1b[5;5Hend\x1b7\x1b[1;1Ha\x1b8!");
    assert_eq!(rows(&mut console)[4], "    end!");
    show(&mut console, "\x1b[5;1H\x1b[2P\x1b[1@");
    assert_eq!(rows(&mut console)[4], "   end!");
}

#[test]
fn attributes_are_colours() {
    let mut console = console(10, 5);
    for (attribute, expected) in [
        (7, "\x1b[0m"),
        (0xC, "\x1b[0;91m"),
        (0x1E, "\x1b[0;93;44m"),
        (0xF0, "\x1b[0;30;107m"),
        (0x4007, "\x1b[0;7m"),
    ] {
        let parameters = info(8, &[0, 0, 0, 0, 0, 0, attribute]);
        let (_, got) = ask(&mut console, SCREEN, SET_OUTPUT_INFO, &parameters, 0);
        assert_eq!(got, expected, "{attribute:#x}");
    }
    show(&mut console, "\x1b[0;32;44m");
    let data = ask(&mut console, SCREEN, 0x50_4088, &[], 100).0;
    assert_eq!(data[12..14], [0x12, 0]);
}

#[test]
fn the_cursor_goes_from_line_to_line_relative_to_where_it_is() {
    let mut console = console(10, 5);
    let place = |x, y| info(2, &[0, 0, x, y]);
    let (_, got) = ask(&mut console, SCREEN, SET_OUTPUT_INFO, &place(3, 2), 0);
    assert_eq!(got, "\n\n\x1b[4G");
    let (_, got) = ask(&mut console, SCREEN, SET_OUTPUT_INFO, &place(0, 0), 0);
    assert_eq!(got, "\x1b[2A\x1b[G");
    for (x, y) in [(-1, 0), (10, 0), (0, 5)] {
        let refused = console.control(
            SCREEN,
            SET_OUTPUT_INFO,
            &place(x, y),
            0,
            &mut Got::default(),
        );
        assert_eq!(refused.unwrap_err(), crate::ConsoleStatus::InvalidParameter);
    }
    let (_, got) = ask(&mut console, SCREEN, SET_OUTPUT_INFO, &info(1, &[50, 0]), 0);
    assert_eq!(got, "\x1b[?25l");
}

fn fill(x: u32, y: u32, what: u32, count: u32, unit: u16, attribute: u16) -> Vec<u8> {
    let mut bytes = numbers(&[x, y, what, count, 1]);
    bytes.extend(unit.to_le_bytes());
    bytes.extend(attribute.to_le_bytes());
    bytes
}

#[test]
fn cells_are_filled_and_counted() {
    let mut console = console(4, 3);
    let (written, got) = ask(&mut console, SCREEN, FILL, &fill(2, 0, 0, 4, 0x78, 0), 4);
    assert_eq!(written, 4_u32.to_le_bytes());
    assert_eq!(rows(&mut console), ["  xx", "xx", ""]);
    assert!(got.ends_with("\x1b[G") || got.ends_with('G'), "{got:?}");
    let (written, _) = ask(&mut console, SCREEN, FILL, &fill(3, 2, 1, 100, 0, 0x1F), 4);
    assert_eq!(written, 1_u32.to_le_bytes());
    let (written, _) = ask(&mut console, SCREEN, FILL, &fill(4, 0, 0, 1, 0x78, 0), 4);
    assert_eq!(written, 0_u32.to_le_bytes());
    // All of it is cleared by one command.
    let (_, got) = ask(
        &mut console,
        SCREEN,
        FILL,
        &fill(0, 0, 0, u32::MAX, 0x20, 0),
        4,
    );
    assert!(got.contains("\x1b[H\x1b[2J"), "{got:?}");
}

#[test]
fn rectangles_are_written_and_read() {
    let mut console = console(6, 4);
    let mut parameters = numbers(&[4, 1, 2, 3]);
    for unit in "abcdef".encode_utf16() {
        parameters.extend(unit.to_le_bytes());
        parameters.extend(0x2F_u16.to_le_bytes());
    }
    let (area, got) = ask(&mut console, SCREEN, WRITE_OUTPUT, &parameters, 8);
    assert_eq!(area, shorts(&[4, 1, 5, 2]));
    assert!(got.contains("\x1b[0;97;42mab"), "{got:?}");
    assert_eq!(rows(&mut console), ["", "    ab", "    de", ""]);
    let (read, _) = ask(
        &mut console,
        SCREEN,
        READ_OUTPUT,
        &numbers(&[4, 1, 2, 2]),
        8 + 16,
    );
    assert_eq!(read[..8], shorts(&[4, 1, 5, 2]));
    assert_eq!(read[8..12], [b'a', 0, 0x2F, 0]);
    let (read, _) = ask(
        &mut console,
        SCREEN,
        READ_OUTPUT,
        &numbers(&[5, 1, 1, 0]),
        4,
    );
    assert_eq!(read, [0x2F, 0, 7, 0]);
}

fn scroll(from: [i16; 4], to: [i16; 2], clip: [i16; 4]) -> Vec<u8> {
    let mut bytes = shorts(&from);
    bytes.extend(shorts(&to));
    bytes.extend(shorts(&clip));
    bytes.extend([b'.', 0, 7, 0]);
    bytes
}

#[test]
fn rectangles_move() {
    let all = [0, 0, i16::MAX, i16::MAX];
    let mut console = console(4, 3);
    show(&mut console, "abcdefgh");
    ask(
        &mut console,
        SCREEN,
        SCROLL,
        &scroll([0, 0, 1, 1], [1, 1], all),
        0,
    );
    assert_eq!(rows(&mut console), ["..cd", ".abh", " ef"]);
    ask(
        &mut console,
        SCREEN,
        SCROLL,
        &scroll([0, 1, 3, 2], [0, 0], all),
        0,
    );
    assert_eq!(rows(&mut console), [".abh", " ef", "...."]);
    ask(
        &mut console,
        SCREEN,
        SCROLL,
        &scroll([0, 0, 3, 2], [0, -1], [0, 0, 1, 1]),
        0,
    );
    assert_eq!(rows(&mut console), [" ebh", "..f", "...."]);
    ask(
        &mut console,
        SCREEN,
        SCROLL,
        &scroll([50, 50, 60, 60], [0, 0], all),
        0,
    );
    let bad = scroll([3, 0, 0, 0], [0, 0], all);
    assert!(
        console
            .control(SCREEN, SCROLL, &bad, 0, &mut Got::default())
            .is_err()
    );
}

#[test]
fn other_screens_are_shown_in_place_of_the_first() {
    let mut console = console(6, 3);
    show(&mut console, "first");
    let number = console.open_new().unwrap();
    assert_eq!(number, 1);
    let mut got = Got::default();
    console.write(1, &utf16("second"), true, &mut got).unwrap();
    assert_eq!(got.0, b"");
    let (_, got) = ask(&mut console, Part::Screen(1), ACTIVATE, &[], 0);
    assert!(
        got.starts_with("\x1b[?1049h") && got.contains("second"),
        "{got:?}"
    );
    assert_eq!(show(&mut console, "!"), "");
    assert_eq!(console.open_active(), 1);
    let mut got = Got::default();
    console.close(1, &mut got);
    assert_eq!(got.0, b"");
    console.close(1, &mut got);
    assert!(got.text().starts_with("\x1b[?1049l"), "{:?}", got.text());
    assert_eq!(rows(&mut console)[0], "first!");
    assert!(
        console
            .control(Part::Screen(1), 0x50_4000, &[], 4, &mut Got::default())
            .is_err()
    );
}

#[test]
fn other_sizes_keep_the_cursors_line() {
    let mut console = console(6, 4);
    show(&mut console, "a\nb\nc\nd");
    console.resize(Size {
        columns: 3,
        rows: 2,
    });
    assert_eq!(rows(&mut console), ["c", "d"]);
    assert_eq!(cursor(&mut console), (1, 1));
    console.resize(Size {
        columns: 0,
        rows: 0,
    });
    assert_eq!(rows(&mut console).len(), 25);
}

/// The file of a code page: the upper half from `first` on.
fn table(number: u16, first: u16) -> Vec<u8> {
    let mut words = Vec::from([13, number, 1, 0x3F, 0x3F, 0x3F, 0x3F]);
    words.resize(13, 0);
    words.push(259);
    words.extend((0..128).chain(first..first + 128));
    words.extend([0, 0]);
    words
        .iter()
        .flat_map(|word: &u16| word.to_le_bytes())
        .collect()
}

#[test]
fn bytes_are_characters_of_the_code_page() {
    let mut console = console(20, 2);
    let mut bytes = |page: CodePage, text: &[&[u8]]| {
        console.set_code_page(page, true);
        let mut got = Got::default();
        for text in text {
            console.write(0, text, false, &mut got).unwrap();
        }
        got.text()
    };
    let page = CodePage::of_file(1252, &table(1252, 0x400)).unwrap();
    assert_eq!(bytes(page, &[b"a\x80\xFF"]), "aЀѿ");
    assert_eq!(
        bytes(
            CodePage::bare(65001),
            &[b"\xC3", b"\xA9 \xF0\x9F", b"\x98\x80\xFF!"]
        ),
        "é 😀\u{FFFD}!"
    );
    assert_eq!(bytes(CodePage::bare(437), &[b"a\xFF"]), "a?");
    for cut in 0..table(1252, 0x400).len() {
        // Whatever a file has in it.
        let _ = CodePage::of_file(1252, &table(1252, 0x400)[..cut]);
    }
    assert!(CodePage::of_file(850, &table(1252, 0x400)).is_none());
}
