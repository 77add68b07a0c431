//! Names that files can have and that come back as they went; and others.
use super::*;
use nt::volume::{new_name, rename};

const MOST_UNITS: usize = 300;

/// What a file can be called, in units; also no text at all.
const GOOD: [&[u16]; 12] = [
    &[0xD800],
    &[0xDC00],
    &[0xDC00, 0xD800],
    &[0xD83D, 0xDD25],
    &[0xFFFE],
    &[0xFFFF],
    &[0xFEFF, 0x61],
    &[0x7F],
    &[0x85],
    &[0x2028],
    &[0x2E, 0x2E, 0x2E],
    &[0x20],
];

/// The same as texts: what Win32 alone would change or take for devices.
const ORDINARY: [&str; 15] = [
    "CON",
    "NUL",
    "nul.txt",
    "aux",
    "PRN.",
    "COM1",
    "LPT9.log",
    "CONIN$",
    "a.",
    "a ",
    " a",
    "a. .",
    ".a",
    "a;b=c,d+[e]",
    "$Mft",
];

/// What no file can be called.
const BAD: [&str; 14] = [
    ".", "..", "a*", "a?", "a<", "a>", "a\"", "a|", "a/b", "a:b", ":", "a\0", "a\u{1}", "\u{1f}",
];

pub fn all(program: &Program) {
    let place = program.done("the place", open(PLACE, READ));
    for units in GOOD {
        comes_back(program, &place, units);
    }
    for text in ORDINARY {
        let (units, length) = units_of(text);
        comes_back(program, &place, &units[..length]);
    }
    let longest = [u16::from(b'n'); 255];
    comes_back(program, &place, &longest);
    for text in BAD {
        cannot_be(program, &place, text);
    }
    case_is_kept(program, &place);
}

fn units_of(text: &str) -> ([u16; MOST_UNITS], usize) {
    let mut units = [0; MOST_UNITS];
    let mut length = 0;
    for unit in text.encode_utf16() {
        units[length] = unit;
        length += 1;
    }
    (units, length)
}

/// Makes a file of a name and looks what the directory and the file say.
fn comes_back(program: &Program, place: &Handle, units: &[u16]) {
    let name = Name::of_units(units, place.raw());
    let how = How::open(READ | DELETE, SHARE_ALL).disposed(FILE_CREATE);
    let made = file::create(&name, how.with(FILE_DELETE_ON_CLOSE));
    let (made, _) = program.done("a name", made);
    let mut bytes = [0; 2 * MOST_UNITS];
    // A FILE_NAMES_INFORMATION; the directory has no other file.
    let found = file::list(
        place,
        FILE_NAMES_INFORMATION,
        None,
        (true, true),
        &mut bytes,
    );
    let mut found = found;
    while bytes[12..].starts_with(b".\0") && found.0.is_success() && is_dots(&bytes) {
        found = file::list(
            place,
            FILE_NAMES_INFORMATION,
            None,
            (true, false),
            &mut bytes,
        );
    }
    program.check("listed", found.0, NtStatus::SUCCESS);
    check_units(program, &bytes[12..][..found.1 - 12], units);
    let (status, length) = file::query_bytes(&made, FILE_NAME_INFORMATION, &mut bytes);
    program.check("its name", status, NtStatus::SUCCESS);
    // A FILE_NAME_INFORMATION: the path on the volume.
    let skipped = 4 + 2 * "\\paths\\".len();
    check_units(program, &bytes[skipped..length], units);
    let again = file::create(&name, How::open(READ, SHARE_ALL));
    program.done("again", again);
}

/// Whether an entry is the directory itself or the one above.
fn is_dots(entry: &[u8]) -> bool {
    match entry[8] {
        2 => true,
        4 => entry[14..16] == *b".\0",
        _ => false,
    }
}

fn check_units(program: &Program, bytes: &[u8], units: &[u16]) {
    let found = bytes
        .chunks(2)
        .map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    program.require("unit by unit", found.eq(units.iter().copied()));
}

/// No call gives a file such a name.
fn cannot_be(program: &Program, place: &Handle, text: &str) {
    let invalid = NtStatus::OBJECT_NAME_INVALID;
    let name = Name::with(text, place.raw(), OBJ_CASE_INSENSITIVE);
    for (disposition, options) in [
        (FILE_CREATE, 0),
        (FILE_OPEN_IF, FILE_DIRECTORY_FILE),
        (FILE_OVERWRITE_IF, 0),
        (FILE_SUPERSEDE, 0),
    ] {
        // There are no streams, which is no matter of the name.
        let expected = match text {
            "a:b" => NtStatus::OBJECT_NAME_NOT_FOUND,
            _ => invalid,
        };
        let how = How::open(ALL, SHARE_ALL)
            .disposed(disposition)
            .with(options);
        let made = status_of(file::create(&name, how));
        program.check("made", (text, made), (text, expected));
    }
    let file = Name::with("renamed", place.raw(), OBJ_CASE_INSENSITIVE);
    let how = How::open(ALL, SHARE_ALL).disposed(FILE_CREATE);
    let made = file::create(&file, how.with(FILE_DELETE_ON_CLOSE));
    let (made, _) = program.done("a file", made);
    for (root, flags) in [(0, Err(false)), (place.raw(), Err(true)), (0, Ok(3))] {
        let renamed = rename(&made, root, text, flags);
        program.require(text, !renamed.is_success());
        if !matches!(text, "a:b" | ":") {
            program.check("renamed", (text, renamed), (text, invalid));
        }
    }
    let linked = new_name(&made, FILE_LINK_INFORMATION, place.raw(), text, 0);
    program.require("linked", !linked.is_success());
    let (status, _) = file::query_bytes(&made, FILE_NAME_INFORMATION, &mut [0; 64]);
    program.check("its own name", status, NtStatus::SUCCESS);
}

/// A file is called what it was made as, however it is found.
fn case_is_kept(program: &Program, place: &Handle) {
    let how = How::open(READ | DELETE, SHARE_ALL).disposed(FILE_CREATE);
    let first = Name::with("MiXed.ÄöΣ", place.raw(), 0);
    let made = file::create(&first, how.with(FILE_DELETE_ON_CLOSE));
    let (_made, _) = program.done("a name", made);
    // Whatever the caller says of case.
    for flags in [0, OBJ_CASE_INSENSITIVE] {
        let other = Name::with("mIxED.äÖσ", place.raw(), flags);
        let taken = status_of(file::create(&other, how));
        program.check("taken", taken, NtStatus::OBJECT_NAME_COLLISION);
        let (found, _) = program.done("found", file::create(&other, How::open(READ, SHARE_ALL)));
        let mut bytes = [0; 64];
        let (status, length) = file::query_bytes(&found, FILE_NAME_INFORMATION, &mut bytes);
        program.check("its name", status, NtStatus::SUCCESS);
        let (units, count) = units_of("\\paths\\MiXed.ÄöΣ");
        check_units(program, &bytes[4..length], &units[..count]);
    }
}
