//! What directories have: masks, order, classes, buffers that are too small.
use super::*;

const PATH: &str = "\\??\\C:\\listed";
const FILES: [&str; 4] = ["Beta.txt", "alpha.txt", "gamma.c", "delta"];
/// Of an entry of class 12: what comes before its name.
const NAMES_BYTES: usize = 12;

/// The names in an answer of class 12, with blanks between them.
fn names_in(bytes: &[u8]) -> ([u8; 64], usize) {
    let (mut text, mut length, mut at) = ([0; 64], 0, 0);
    let word = |at: usize| u32::from_le_bytes(bytes[at..][..4].try_into().unwrap_or_default());
    loop {
        let name = &bytes[at + NAMES_BYTES..][..word(at + 8) as usize];
        for unit in name.chunks(2) {
            text[length] = unit[0];
            length += 1;
        }
        text[length] = b' ';
        length += 1;
        match word(at) {
            0 => return (text, length),
            offset => at += offset as usize,
        }
    }
}

pub fn all(program: &Program) {
    let directory = How::open(READ | DELETE, SHARE_ALL)
        .disposed(FILE_CREATE)
        .with(FILE_DIRECTORY_FILE);
    let directory = program
        .done("a directory", file::create(&name(PATH), directory))
        .0;
    for child in FILES {
        let child = Name::with(child, directory.raw(), OBJ_CASE_INSENSITIVE);
        let how = How::open(WRITE, SHARE_ALL).disposed(FILE_CREATE);
        let made = program.done("a file", file::create(&child, how)).0;
        program.check("write", file::write(&made, None, b"12345"), Ok(5));
    }
    masks(program);
    steps(program, &directory);
    classes(program);
    let file = program.done("a file", open("\\??\\C:\\listed\\delta", READ));
    let refused = file::list(
        &file,
        FILE_NAMES_INFORMATION,
        None,
        (false, false),
        &mut [0; 64],
    );
    program.check("of a file", refused.0, NtStatus::NOT_A_DIRECTORY);
    drop(file);
    for child in FILES {
        let child = Name::with(child, directory.raw(), OBJ_CASE_INSENSITIVE);
        program.check("delete", file::delete(&child), NtStatus::SUCCESS);
    }
    drop(directory);
    program.check("delete", file::delete(&name(PATH)), NtStatus::SUCCESS);
}

fn masks(program: &Program) {
    for (mask, names) in [
        (None, ". .. alpha.txt Beta.txt delta gamma.c "),
        (Some(""), ". .. alpha.txt Beta.txt delta gamma.c "),
        (Some("*"), ". .. alpha.txt Beta.txt delta gamma.c "),
        (Some("*.TXT"), "alpha.txt Beta.txt "),
        (Some("?e*"), "Beta.txt delta "),
        (Some("GAMMA.C"), "gamma.c "),
        (Some("<.txt"), "alpha.txt Beta.txt "),
    ] {
        let directory = program.done("the directory", open(PATH, READ));
        let mut bytes = [0; 512];
        let class = FILE_NAMES_INFORMATION;
        let (status, length) = file::list(&directory, class, mask, (false, false), &mut bytes);
        program.check("listed", status, NtStatus::SUCCESS);
        let (text, length) = names_in(&bytes[..length]);
        program.check("names", &text[..length], names.as_bytes());
        let (status, _) = file::list(&directory, class, None, (false, false), &mut bytes);
        program.check("no more", status, NtStatus::NO_MORE_FILES);
    }
    let directory = program.done("the directory", open(PATH, READ));
    let none = file::list(&directory, 12, Some("*.exe"), (false, false), &mut [0; 64]);
    program.check("none at all", none.0, NtStatus::NO_SUCH_FILE);
    let still = file::list(&directory, 12, Some("*"), (false, true), &mut [0; 64]);
    program.check("the first mask holds", still.0, NtStatus::NO_MORE_FILES);
}

fn steps(program: &Program, directory: &Handle) {
    let mut bytes = [0; 64];
    for expected in [". ", ".. ", "alpha.txt "] {
        let (status, length) = file::list(directory, 12, None, (true, false), &mut bytes);
        program.check("one", status, NtStatus::SUCCESS);
        let (text, length) = names_in(&bytes[..length]);
        program.check("its name", &text[..length], expected.as_bytes());
    }
    // What does not fit comes with the next call.
    let (status, length) = file::list(directory, 12, None, (false, false), &mut bytes[..50]);
    program.check("what fits", (status, length), (NtStatus::SUCCESS, 28));
    let (status, length) = file::list(directory, 12, None, (true, false), &mut bytes[..16]);
    program.check(
        "a cut name",
        (status, length),
        (NtStatus::BUFFER_OVERFLOW, 16),
    );
    let (status, _) = file::list(directory, 12, None, (true, false), &mut bytes[..8]);
    program.check("no room", status, NtStatus::INFO_LENGTH_MISMATCH);
    let (status, length) = file::list(directory, 12, None, (true, true), &mut bytes);
    program.check("again", status, NtStatus::SUCCESS);
    program.check("from the start", names_in(&bytes[..length]).1, 2);
    let (status, _) = file::list(directory, 99, None, (true, false), &mut bytes);
    program.check("no such class", status, NtStatus::INVALID_INFO_CLASS);
}

fn classes(program: &Program) {
    for (class, name_at) in [(1, 0x40), (2, 0x44), (3, 0x5E), (37, 0x68), (38, 0x50)] {
        let directory = program.done("the directory", open(PATH, READ));
        let mut bytes = [0xEE; 256];
        let (status, length) = file::list(
            &directory,
            class,
            Some("gamma.c"),
            (false, false),
            &mut bytes,
        );
        program.check(
            "listed",
            (status, length),
            (NtStatus::SUCCESS, name_at + 14),
        );
        let word = |at: usize| u64::from_le_bytes(bytes[at..][..8].try_into().unwrap_or_default());
        program.check("its size", word(0x28), 5);
        program.check("its attributes", bytes[0x38], FILE_ATTRIBUTE_ARCHIVE as u8);
        program.check("its name's length", bytes[0x3C], 14);
        program.check("its name", &bytes[name_at..][..4], b"g\0a\0");
        let number = match class {
            37 => word(0x60),
            38 => word(0x48),
            _ => continue,
        };
        let file = program.done("the file", open("\\??\\C:\\listed\\gamma.c", READ));
        let its = file::query::<u64>(&file, FILE_INTERNAL_INFORMATION);
        program.check("its number", its, Ok(number));
    }
}
